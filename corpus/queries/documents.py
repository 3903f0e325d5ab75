"""Documents on lists, and the pages and citations of one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from corpus.citations import resolution
from corpus.database.models import CitationRow, Document, PageText
from corpus.database.store import Store

READABLE = ("review", "accepted")
"""States in which a document can be read by everybody who may see it."""
_AT_ONCE = 500
"""IDs of one question: every database takes so many."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Conditions of a list: who sees it, in which states (None: any), and the one state that is asked for (None: any)."""

    seen: ColumnElement[bool]
    states: tuple[str, ...] | None = None
    state: str | None = None


def listed(store: Store, wanted: Listing, limit: int, offset: int = 0) -> list[Document]:
    """Documents of a list, newest arrival first."""
    rows = select(Document).where(wanted.seen).order_by(Document.received_at.desc(), Document.id.desc())
    if wanted.states is not None:
        rows = rows.where(Document.status.in_(wanted.states))
    if wanted.state is not None:
        rows = rows.where(Document.status == wanted.state)
    with store.db.reading() as session:
        return list(session.scalars(rows.limit(limit).offset(offset)))


def latest(store: Store, seen: ColumnElement[bool], limit: int = 8) -> list[Document]:
    """The latest arrivals that can be read."""
    return listed(store, Listing(seen, READABLE), limit)


def in_order(store: Store, ids: Collection[int]) -> list[Document]:
    """The documents with these IDs, in their order; one that is not there is left out."""
    with store.db.reading() as session:
        rows = {row.id: row for row in session.scalars(select(Document).where(Document.id.in_(ids)))}
    return [rows[at] for at in ids if at in rows]


def named(store: Store, ref: str) -> list[Document]:
    """The documents that a number in any spelling, or an ID, may mean."""
    with store.db.reading() as session:
        ids = resolution.find_documents(session, ref)
        return list(session.scalars(select(Document).where(Document.id.in_(ids))))


def number_keys(store: Store, ids: Collection[int]) -> frozenset[str]:
    """The keys of the numbers that these documents bear."""
    every, keys = sorted(ids), set[str]()
    with store.db.reading() as session:
        for at in range(0, len(every), _AT_ONCE):
            rows = select(Document.number_key).where(Document.id.in_(every[at : at + _AT_ONCE]))
            keys.update(key for key in session.scalars(rows) if key)
    return frozenset(keys)


def pages(store: Store, document_id: int) -> list[PageText]:
    """The pages of a document as they were read, in order."""
    rows = select(PageText).where(PageText.document_id == document_id).order_by(PageText.number)
    with store.db.reading() as session:
        return list(session.scalars(rows))


def page_texts(store: Store, document_id: int) -> list[tuple[int, str]]:
    """Number and text of each page, without the places of its words."""
    rows = select(PageText.number, PageText.text).where(PageText.document_id == document_id)
    with store.db.reading() as session:
        return [(number, text) for number, text in session.execute(rows.order_by(PageText.number))]


def citation_rows(store: Store, document_id: int) -> list[CitationRow]:
    """What a document cites, in the order of its text."""
    rows = select(CitationRow).where(CitationRow.document_id == document_id).order_by(CitationRow.position)
    with store.db.reading() as session:
        return list(session.scalars(rows))
