"""Tables of cataloguing: tags on documents, and fields of the office's own with their values."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class Tag(Base):
    """A tag (nhãn) of the office's list."""

    __tablename__ = "tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(50))
    key: Mapped[str] = mapped_column(String(50), unique=True)
    """The name as corpus.cataloguing.tags.key_of spells it."""
    colour: Mapped[str] = mapped_column(String(10))
    """A name of corpus.cataloguing.tags.COLOURS."""
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]


class DocumentTag(Base):
    """A tag on a document."""

    __tablename__ = "document_tags"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tags.id", ondelete="CASCADE"), primary_key=True, index=True)
    put_by: Mapped[str] = mapped_column(String(100))
    put_at: Mapped[datetime]


class OwnField(Base):
    """A field of the office's own (trường riêng)."""

    __tablename__ = "own_fields"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(10), unique=True)
    """Its name in searches, API and files."""
    label: Mapped[str] = mapped_column(String(100))
    kind: Mapped[str] = mapped_column(String(6))
    """`text`, `number`, `date` or `choice`."""
    choices: Mapped[list[Any]] = mapped_column(JSON(none_as_null=True), default=list)
    ended_at: Mapped[datetime | None]
    """Time from which it is shown and set no more; its values are kept."""


class OwnValue(Base):
    """The value of a field of the office's own on a document, canonical."""

    __tablename__ = "own_values"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    field_id: Mapped[int] = mapped_column(
        ForeignKey("own_fields.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    value: Mapped[str] = mapped_column(Text)
