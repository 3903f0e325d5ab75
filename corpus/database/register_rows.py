"""Table of the registers (sổ văn bản): one row for each number that was ever given or reserved."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base

IN_FORCE = "state = 'given'"
"""Rows that are a document's number: it has one in each kind of register at most."""


class RegisterEntry(Base):
    """One number of a register: `ordinal` and, for a late insertion, `minor` (12, 12a, 12b).

    Rows are never deleted. What became of the paper (withdrawn, purged) is in its own row.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("kind", "year", "ordinal", "minor"),
        Index("ix_register_entries_kind_year_state", "kind", "year", "state", "ordinal", "minor"),
        Index("ix_register_entries_kind_year_day", "kind", "year", "day", "ordinal", "minor"),
        Index(
            "ix_register_entries_document_id_kind",
            "document_id",
            "kind",
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`incoming`, `outgoing` or `internal`."""
    year: Mapped[int]
    ordinal: Mapped[int]
    minor: Mapped[int] = mapped_column(default=0)
    """0; 1 for `a`, 2 for `b` of a number that was put in late."""
    state: Mapped[str] = mapped_column(String(10))
    """`given`, `reserved` or `cancelled`."""
    document_id: Mapped[int | None] = mapped_column(ForeignKey("documents.id", ondelete="SET NULL"), index=True)
    day: Mapped[str] = mapped_column(String(10))
    """Day of registration in Việt Nam, ISO 8601: ngày đến, ngày vào sổ."""
    unit: Mapped[str] = mapped_column(Text, default="")
    """Unit or person that gets the paper (incoming), or keeps its file copy (outgoing)."""
    copies: Mapped[int | None]
    note: Mapped[str] = mapped_column(Text, default="")
    purpose: Mapped[str] = mapped_column(Text, default="")
    """The reason for which it was reserved."""
    reason: Mapped[str] = mapped_column(Text, default="")
    """The reason for which it was cancelled."""
    by: Mapped[str] = mapped_column(String(100))
    at: Mapped[datetime]
    cancelled_by: Mapped[str | None] = mapped_column(String(100))
    cancelled_at: Mapped[datetime | None]
