"""Citations of a document read from the store: out and in, the way up, what is wanted, what is unsettled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus import corrections
from corpus.models import CitationRow, Document
from corpus.store import Store
from web.shown import LABELS

Json = dict[str, Any]
Visible = Callable[[Document], bool]

_UPWARD = ("implements", "basis", "guides")
"""Relations that lead from a document to the one that it carries out."""
_DEEPEST, _MOST_CHAINS = 8, 20


@dataclass(frozen=True, slots=True)
class Out:
    """One citation that a document makes; `target` is None when it isn't held or may not be seen."""

    row: CitationRow
    target: Document | None
    candidates: tuple[Document, ...]


@dataclass(frozen=True, slots=True)
class Cites:
    """What a document cites, what cites it, and the ways up to the top directive."""

    document: Document
    out: tuple[Out, ...]
    into: tuple[tuple[CitationRow, Document], ...]
    chains: tuple[tuple[Document, ...], ...]
    conflicts: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is cited but not held."""

    label: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    count: int
    by: int
    """One of the documents that cite it."""


def cites(store: Store, found: Document, visible: Visible) -> Cites:
    """Everything the citation page of a document shows."""
    with store.db.reading() as session:
        rows = session.scalars(
            select(CitationRow).where(CitationRow.document_id == found.id).order_by(CitationRow.position)
        ).all()
        held = _documents(session, {i for row in rows for i in (row.target_id, *row.candidates) if i}, visible)
        out = tuple(
            Out(row, held.get(row.target_id or 0), tuple(held[i] for i in row.candidates if i in held))
            for row in rows
        )
        into = session.execute(
            select(CitationRow, Document)
            .join(Document, Document.id == CitationRow.document_id)
            .where(CitationRow.target_id == found.id, Document.id != found.id)
            .order_by(Document.date.desc())
        ).all()
        chains = _chains(session, found, visible)
    seen = tuple((row, source) for row, source in into if visible(source))
    return Cites(found, out, seen, tuple(chains), tuple(_conflicts(found, out)))


def wanted(store: Store, limit: int = 200) -> list[Wanted]:
    """Documents that others on record cite and that are not held, most cited first."""
    label = func.coalesce(CitationRow.number, CitationRow.title, CitationRow.printed)
    key = func.coalesce(CitationRow.wanted_key, CitationRow.number_key, CitationRow.title_key, CitationRow.printed)
    count = func.count(CitationRow.document_id.distinct())
    columns = (
        func.min(label),
        func.min(CitationRow.doc_type),
        func.min(CitationRow.date),
        func.min(CitationRow.issuer),
        count,
        func.min(CitationRow.document_id),
    )
    rows = (
        select(*columns)
        .join(Document, Document.id == CitationRow.document_id)
        .where(CitationRow.status == "wanted", Document.status.in_(("review", "accepted")))
        .group_by(key)
        .order_by(count.desc(), func.min(label))
        .limit(limit)
    )
    with store.db.reading() as session:
        return [Wanted(*row) for row in session.execute(rows)]


def ambiguous(store: Store, visible: Visible, limit: int = 200) -> list[tuple[Document, Out]]:
    """Citations that may mean more than one document."""
    rows = select(CitationRow).where(CitationRow.status == "ambiguous").order_by(CitationRow.id).limit(limit)
    with store.db.reading() as session:
        found = session.scalars(rows).all()
        ids = {i for row in found for i in (row.document_id, *row.candidates)}
        held = _documents(session, ids, visible)
    return [
        (held[row.document_id], Out(row, None, tuple(held[i] for i in row.candidates if i in held)))
        for row in found
        if row.document_id in held
    ]


def history(store: Store, document_id: int) -> list[Json]:
    """The changes to a record, newest first, each with what changed in words."""
    with store.db.reading() as session:
        changes = corrections.history(session, document_id)
    return [
        {"change": change, "lines": [line for name in change.after if (line := _line(change, name))]}
        for change in reversed(changes)
    ]


def _line(change: corrections.Change, name: str) -> tuple[str, str, str] | None:
    before, after = _words(change.before.get(name)), _words(change.after.get(name))
    return (LABELS.get(name, name), before, after) if before != after else None


def _words(value: Any) -> str:
    items = value if isinstance(value, list) else [value] if value else []
    return "; ".join(str(item["value"]) for item in items)


def _documents(session: Session, ids: set[int], visible: Visible) -> dict[int, Document]:
    rows = session.scalars(select(Document).where(Document.id.in_(ids)))
    return {row.id: row for row in rows if visible(row)}


def _chains(session: Session, found: Document, visible: Visible) -> list[tuple[Document, ...]]:
    """Ways up by what each document implements or rests on, longest first; a circle ends where it closes."""
    done: list[tuple[Document, ...]] = []
    open_ways: list[tuple[Document, ...]] = [(found,)]
    while open_ways and len(done) < _MOST_CHAINS:
        way = open_ways.pop(0)
        above = [above for above in _above(session, way[-1], visible) if above not in way]
        if not above or len(way) == _DEEPEST:
            done.append(way)
        open_ways += [(*way, one) for one in above] if len(way) < _DEEPEST else []
    return sorted((way for way in done if len(way) > 1), key=len, reverse=True)


def _above(session: Session, lower: Document, visible: Visible) -> list[Document]:
    rows = (
        select(Document)
        .join(CitationRow, CitationRow.target_id == Document.id)
        .where(CitationRow.document_id == lower.id, CitationRow.relation.in_(_UPWARD))
        .distinct()
    )
    return [row for row in session.scalars(rows) if visible(row)]


def _conflicts(found: Document, out: tuple[Out, ...]) -> list[Json]:
    """A cited date that differs from the held document's own; a document that cites one issued after it."""
    faults: list[Json] = []
    for one in out:
        target, row = one.target, one.row
        if target is None or not target.date:
            continue
        name = target.number or target.subject or str(target.id)
        if row.date and row.date != target.date:
            message = f"Viện dẫn «{name}» ghi ngày {row.date}, nhưng văn bản ấy ghi ngày {target.date}."
            faults.append({"code": "date_differs", "message": message, "document": target.id})
        if found.date and target.date > found.date:
            message = f"Viện dẫn «{name}» ngày {target.date}, sau ngày của chính văn bản này ({found.date})."
            faults.append({"code": "cites_later_document", "message": message, "document": target.id})
    return faults
