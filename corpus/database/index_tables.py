"""Tables of search indexes: the mark of each, and the store's name on shared servers."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from corpus.database.models import Base


class SearchIndex(Base):
    """One index of the store: of one machine, or shared by all."""

    __tablename__ = "search_indexes"

    key: Mapped[str] = mapped_column(String(100), primary_key=True)
    engine: Mapped[str] = mapped_column(String(50))
    machine: Mapped[str] = mapped_column(String(200))
    """Name of the machine that has it; empty for a shared one."""
    place: Mapped[str] = mapped_column(Text)
    """Home folder on that machine."""
    change: Mapped[int] = mapped_column(BigInteger)
    """The index has every change of documents up to this one."""
    seen_at: Mapped[datetime]
    """Time at which a writer last looked after it."""


class StoreIdentity(Base):
    """Name of the store, in one row: what servers that several stores use know it by."""

    __tablename__ = "store_identity"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(32))
