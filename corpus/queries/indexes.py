"""The store's indexes as their marks have them: the last change that each has, and how far it is behind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from corpus.database.index_tables import SearchIndex, StoreIdentity
from corpus.database.models import Document
from corpus.database.store import Store


@dataclass(frozen=True, slots=True)
class IndexMark:
    """One index of the store; `machine` is empty for one that all machines share."""

    key: str
    engine: str
    machine: str
    place: str
    change: int
    """It has every change up to this one."""
    seen_at: datetime
    """Time at which a writer last looked after it."""
    behind: int
    """Documents with later changes."""


def marks(store: Store) -> list[IndexMark]:
    """Every index of the store, shared ones first."""
    behind = select(func.count()).select_from(Document).where(Document.change > SearchIndex.change)
    rows = select(SearchIndex, behind.scalar_subquery()).order_by(SearchIndex.machine, SearchIndex.key)
    with store.db.reading() as session:
        return [
            IndexMark(one.key, one.engine, one.machine, one.place, one.change, one.seen_at, late)
            for one, late in session.execute(rows)
        ]


def last_change(store: Store) -> int:
    """Number of the last change of a document; 0 for none."""
    with store.db.reading() as session:
        return session.scalar(select(func.max(Document.change))) or 0


def store_name(store: Store) -> str:
    """The store's own name on servers that several stores use: twelve hexadecimal digits."""
    with store.db.reading() as session:
        return session.scalars(select(StoreIdentity.name)).one()
