"""What waits for a person, and why: the rows of the desk's queue."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true

from corpus.authority import bodies
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.field_labels import LABELS
from corpus.lifecycle import reread
from corpus.vietnamese.fold import fold

MOST = 200
"""Rows of the queue at a time; what lies behind comes up as these are done."""
EVERYTHING: ColumnElement[bool] = true()
"""The condition on `documents` of who sees all."""
BULK = ("issuer", "superior", "doc_type", "place", "signer_name", "signer_title", "signer_authority")
"""Fields that several documents may share."""

_MOST_NAMES = 2000
_TOLD = (
    "number_handwritten",
    "number_out_of_run",
    "number_missing",
    "signature_broken",
    "signature_changed",
    "low_confidence",
    "damaged",
    "number_ill_formed",
    "number_type_differs",
    "number_issuer_differs",
    "date_implausible",
    "doc_type_unknown",
    "urgency_unknown",
)
"""Warnings that tell why a look is needed, beside the fields in doubt."""


@dataclass(frozen=True, slots=True)
class Row:
    """One document of the queue: `fields` in doubt, pages `unread`, `notes` of the reader, and whether another has the same number."""

    found: Document
    fields: tuple[str, ...]
    unread: tuple[int, ...]
    notes: tuple[str, ...]
    twin: bool


def rows(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[Row]:
    """The documents that wait (of those `seen`), oldest first."""
    documents = _with(store, "review", seen)
    twins = _with_twins(store, documents, seen)
    return [Row(one, _fields(one), reread.unread_before(one), _notes(one), one.id in twins) for one in documents]


def failed(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[Document]:
    """Documents that could not be read or taken, oldest first."""
    return [one for status in ("failed", "refused") for one in _with(store, status, seen)]


def count(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).where(Document.status == "review", seen)) or 0


def names(store: Store, typed: str, seen: ColumnElement[bool] = EVERYTHING, limit: int = 12) -> list[str]:
    """Bodies whose name holds every word that was typed, accents or not: the commonest on record, then known ones."""
    wanted = fold(typed)[:100].split()
    if not wanted:
        return []
    used = select(Document.issuer).where(Document.issuer.is_not(None), seen).group_by(Document.issuer)
    with store.db.reading() as session:
        on_record = list(session.scalars(used.order_by(func.count().desc()).limit(_MOST_NAMES)))
    every = dict.fromkeys([*(name for name in on_record if name), *bodies.body_names()])
    return [name for name in every if all(word in fold(name) for word in wanted)][:limit]


def _fields(found: Document) -> tuple[str, ...]:
    names = ("signer_name" if name == "signer" else name for name in found.questions or [])
    return tuple(LABELS[name] for name in dict.fromkeys(names) if name in LABELS)


def _notes(found: Document) -> tuple[str, ...]:
    warnings = (found.machine or {}).get("warnings", [])
    return tuple(dict.fromkeys(one["message"] for one in warnings if one["code"] in _TOLD))


def _with(store: Store, status: str, seen: ColumnElement[bool]) -> list[Document]:
    wanted = select(Document).where(Document.status == status, seen).order_by(Document.received_at, Document.id)
    with store.db.reading() as session:
        return list(session.scalars(wanted.limit(MOST)))


def _with_twins(store: Store, documents: list[Document], seen: ColumnElement[bool]) -> set[int]:
    """Those of the documents whose number, issuer and year another document bears too."""
    numbers = {one.number_key for one in documents if one.number_key}
    identity = (Document.number_key, Document.issuer_key, Document.year)
    held = select(*identity, func.count()).where(Document.status.in_(("review", "accepted")), seen)
    held = held.where(Document.number_key.in_(numbers)).group_by(*identity).having(func.count() > 1)
    with store.db.reading() as session:
        doubled = {(row[0], row[1], row[2]) for row in session.execute(held)}
    return {one.id for one in documents if (one.number_key, one.issuer_key, one.year) in doubled}
