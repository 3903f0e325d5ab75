"""Tables of the desk: settings that an administrator keeps in the store; documents made of the pages of others."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class StoreSetting(Base):
    """One setting that is kept in the store and changed by page; `at` is UTC."""

    __tablename__ = "store_settings"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]


class PageWork(Base):
    """One act on pages (turn, split, merge, reorder, leave out): documents made of the pages of others; UTC."""

    __tablename__ = "page_works"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    """`pages` by a person, `batch` at the arrival of a file with many papers."""
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None] = mapped_column(String(100))


class PageSource(Base):
    """The origin of one page of a document that was made of others."""

    __tablename__ = "page_sources"

    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    """Number of the page in the new document."""
    work_id: Mapped[int] = mapped_column(ForeignKey("page_works.id", ondelete="CASCADE"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    source_page: Mapped[int]
    turn: Mapped[int] = mapped_column(default=0)
    """Degrees clockwise by which the page was turned."""


class WorkStart(Base):
    """State of a document before an act on pages took it out, for the way back."""

    __tablename__ = "work_starts"

    work_id: Mapped[int] = mapped_column(ForeignKey("page_works.id", ondelete="CASCADE"), primary_key=True)
    document_id: Mapped[int] = mapped_column(
        ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    was: Mapped[str] = mapped_column(String(16))
