"""Documents on lists, and the pages and citations of one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select

from corpus.citations import resolution
from corpus.database.models import CitationRow, Document, Enclosure, PageText
from corpus.database.store import Store

_NO_WORDS = 16
"""Bytes above which a page's packed words hold one."""

READABLE = ("review", "accepted")
"""States in which a document can be read by everybody who may see it."""
_AT_ONCE = 500
"""IDs of one query: within the limit of every database."""


@dataclass(frozen=True, slots=True)
class Listing:
    """Conditions of a list: who sees it, in which states (None: any),
    and the one state that is asked for (None: any).
    """

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


@dataclass(frozen=True, slots=True)
class Company:
    """The mails that a document came with, and, for a mail, what came with it; each with its name there."""

    covers: tuple[tuple[Document, str], ...]
    enclosed: tuple[tuple[Document, str], ...]


def company(store: Store, document_id: int, seen: ColumnElement[bool]) -> Company:
    """Documents that came together with a document, as far as the viewer may see them."""
    covers = select(Document, Enclosure.name).join(Enclosure, Enclosure.cover_id == Document.id)
    inside = select(Document, Enclosure.name).join(Enclosure, Enclosure.document_id == Document.id)
    with store.db.reading() as session:
        above = session.execute(covers.where(Enclosure.document_id == document_id, seen).order_by(Document.id))
        below = session.execute(inside.where(Enclosure.cover_id == document_id, seen).order_by(Enclosure.position))
        return Company(tuple((row[0], row[1]) for row in above), tuple((row[0], row[1]) for row in below))


def thumbnailed(store: Store, ids: Collection[int], kinds: Collection[str]) -> frozenset[int]:
    """Those of the documents with a small picture in lists: of these media types, read, limited to no group."""
    rows = select(Document.id).where(
        Document.id.in_(ids),
        Document.limited.is_(False),
        Document.page_count > 0,
        Document.media_type.in_(kinds),
        Document.status.in_(READABLE),
    )
    with store.db.reading() as session:
        return frozenset(session.scalars(rows))


def number_keys(store: Store, ids: Collection[int]) -> frozenset[str]:
    """Keys of the numbers of these documents."""
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


def is_pictured(store: Store, document_id: int) -> bool:
    """True if the words of its first page have places, as those of a scan or a PDF have."""
    row = page(store, document_id, 1)
    return row is not None and (row.origin == "ocr" or len(row.words) > _NO_WORDS)


def citation_rows(store: Store, document_id: int) -> list[CitationRow]:
    """Citations of a document, in the order of its text."""
    rows = select(CitationRow).where(CitationRow.document_id == document_id).order_by(CitationRow.position)
    with store.db.reading() as session:
        return list(session.scalars(rows))


def page(store: Store, document_id: int, number: int) -> PageText | None:
    """A page as it was read; None if it was not."""
    with store.db.reading() as session:
        return session.get(PageText, (document_id, number))


def evidence_boxes(store: Store, document_id: int, page: int | None, printed: str) -> list[list[float]]:
    """The boxes on a page of what a document prints so: of a citation, else of a field;
    none where neither does.
    """
    rows = select(CitationRow.boxes).where(
        CitationRow.document_id == document_id, CitationRow.page == page, CitationRow.printed == printed
    )
    with store.db.reading() as session:
        boxes = session.scalars(rows.limit(1)).first()
        record = session.scalar(select(Document.fields).where(Document.id == document_id)) or {}
    if boxes:
        return list(boxes)
    listed = [one for value in record.values() for one in _evidence(value)]
    same = (one for one in listed if one.get("page") == page and one.get("printed") == printed)
    return list(next(same, {}).get("boxes", []))


def _evidence(value: Any) -> Iterator[dict[str, Any]]:
    """The fields in a part of a record: one, a list, or several by name."""
    if isinstance(value, list):
        for one in value:
            yield from _evidence(one)
    elif isinstance(value, dict) and "printed" in value:
        yield value
    elif isinstance(value, dict):
        yield from _evidence(list(value.values()))
