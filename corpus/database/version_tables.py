"""Table of the versions of a document's file (phiên bản tệp): better scans and corrected files of one paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class FileVersion(Base):
    """One file that was put in for a document, in the order of the acts; a document with one file has no row.

    The row in state `shown` has the bytes that `documents` names; those of the others are kept too.
    """

    __tablename__ = "file_versions"

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("documents.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    """1 for the file that the document came in with."""
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(String(100))
    size: Mapped[int]
    page_count: Mapped[int] = mapped_column(default=0)
    """0 until it has been read."""
    state: Mapped[str] = mapped_column(String(10))
    """`waiting` to be read, `shown`, `kept` (shown before), `failed` (not readable, or called off), `refused`
    (bears a secrecy mark; its bytes are gone)."""
    keep_values: Mapped[bool]
    """True if the values of the record stay as they are, whatever the new file reads."""
    reason: Mapped[str] = mapped_column(Text)
    released: Mapped[str | None] = mapped_column(Text)
    """Reason why a clerk declared a secrecy mark on this very file a false alarm."""
    fault: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """`{"code": …, "facts": {…}}` of one that failed or was refused."""
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    """Time at which it was last put in the place of another."""
