"""Tables of the registers (sổ văn bản): the registers that an office keeps, their years, and one row for each
number that was ever given or reserved.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base

IN_FORCE = "state = 'given'"
"""Rows that are a document's number: it has one of each kind in the registers of one owner at most."""


class Register(Base):
    """A further register that the office keeps (corpus.registers.choice.Book): each direction has one without it.

    Its code is part of addresses and of every number's row: it never changes, and the row is never deleted once it
    has numbers.
    """

    __tablename__ = "registers"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    name: Mapped[str] = mapped_column(String(200))
    body_id: Mapped[int | None] = mapped_column(ForeignKey("own_bodies.id"))
    """The body of ours that keeps it; None: the office as a whole."""
    types: Mapped[str] = mapped_column(Text, default="")
    senders: Mapped[str] = mapped_column(Text, default="")
    """Types of papers that go into it by themselves, and their senders, apart by `;`."""
    first_year: Mapped[int | None]
    last_year: Mapped[int | None]
    """Years between which it is kept; None: no bound."""
    made_by: Mapped[str] = mapped_column(String(100))
    made_at: Mapped[datetime]


class RegisterYear(Base):
    """A year of a register that has a first number other than 1, or is closed (khóa sổ)."""

    __tablename__ = "register_years"
    __table_args__ = (UniqueConstraint("kind", "register", "year"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    register: Mapped[str] = mapped_column(String(40))
    """As in RegisterEntry."""
    year: Mapped[int]
    first: Mapped[int] = mapped_column(default=1)
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(String(100))


class RegisterEntry(Base):
    """One number of a register: `ordinal` and, for a late insertion, `minor` (12, 12a, 12b).

    Rows are never deleted. What became of the paper (withdrawn, purged) is in its own row.
    """

    __tablename__ = "register_entries"
    __table_args__ = (
        UniqueConstraint("kind", "register", "year", "ordinal", "minor"),
        Index("ix_register_entries_state", "kind", "register", "year", "state", "ordinal", "minor"),
        Index("ix_register_entries_day", "kind", "register", "year", "day", "ordinal", "minor"),
        Index(
            "ix_register_entries_held",
            "document_id",
            "kind",
            "owner",
            unique=True,
            sqlite_where=text(IN_FORCE),
            postgresql_where=text(IN_FORCE),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    """`incoming`, `outgoing` or `internal`."""
    register: Mapped[str] = mapped_column(String(40), default="", server_default="")
    """Code of the register; empty: the one that each direction has without anybody's doing."""
    owner: Mapped[int] = mapped_column(default=0, server_default="0")
    """ID of the body of ours whose register it is; 0: the office as a whole."""
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
    moved_to: Mapped[int | None]
    """The number in another register that took its place when the paper was moved there."""
