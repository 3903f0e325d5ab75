"""Rows of the review queue: the documents that wait for a person, with the reasons."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select, true

from corpus.access import groups
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.lifecycle import holds, reread
from corpus.lifecycle.doubt_context import present_doubts
from corpus.record_fields import EDITABLE

MOST = 200
"""Most rows of the queue; further documents appear as these are done."""
EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""
BULK = tuple(field.name for field in EDITABLE if field.shared)
"""Fields that several documents may share."""

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
    "version_marked",
    "version_differs",
)
"""Warnings that explain why a look is needed, beyond the doubtful fields."""


TWIN, UNREAD, CLEAR = "trùng số", "chưa đọc được", "không có gì phải hỏi"
"""Groups of the queue besides the labels of fields."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One document of the queue: `fields` in doubt, pages `unread`, `notes` of the reader,
    and whether another has the same number.
    """

    found: Document
    fields: tuple[str, ...]
    unread: tuple[int, ...]
    notes: tuple[str, ...]
    twin: bool

    @property
    def questions(self) -> tuple[str, ...]:
        """Groups of the document: its fields in doubt, TWIN, UNREAD; CLEAR if there is nothing to ask."""
        more = ((TWIN, self.twin), (UNREAD, bool(self.unread)), (CLEAR, not self.has_reason))
        return (*self.fields, *(name for name, holds in more if holds))

    @property
    def has_reason(self) -> bool:
        """True if something of the document needs a look beyond its acceptance."""
        return bool(self.fields or self.unread or self.notes or self.twin)


def rows(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[QueueRow]:
    """The documents that wait (of those `seen`), oldest first."""
    documents = _with(store, "review", seen)
    twins = _with_twins(store, documents, seen)
    return [
        QueueRow(one, _fields(one), reread.unread_before(one), _notes(one), one.id in twins) for one in documents
    ]


def questions(rows: Sequence[QueueRow]) -> list[tuple[str, int]]:
    """Questions of the queue with their number of documents, the most frequent first."""
    return Counter(name for row in rows for name in row.questions).most_common()


def clear(store: Store, holder: str, by: groups.Groups, most: int) -> list[Document]:
    """Documents that wait with no question, unread page or doubt, oldest first, at most `most`.

    holder: the person who asks; what a colleague has open is left out. by: the groups of that person.
    """
    wanted = select(Document).where(Document.status == "review", groups.seen_by(by))
    wanted = wanted.where(func.json_array_length(Document.questions) == 0)
    found: list[Document] = []
    with store.db.reading() as session:
        held = holds.held(session)
        for one in session.scalars(wanted.order_by(Document.received_at, Document.id).limit(MOST)):
            taken = one.id in held and held[one.id][0] != holder
            if taken or reread.is_waiting(session, one.id):
                continue
            if not present_doubts(session, one, by):
                found.append(one)
            if len(found) == most:
                break
    return found


def failed(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> list[Document]:
    """Documents that could not be read or taken, oldest first."""
    return [one for status in ("failed", "refused") for one in _with(store, status, seen)]


def count(store: Store, seen: ColumnElement[bool] = EVERYTHING) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).where(Document.status == "review", seen)) or 0


def _fields(found: Document) -> tuple[str, ...]:
    labels = {field.question: field.label for field in reversed(EDITABLE)}
    return tuple(labels[name] for name in dict.fromkeys(found.questions or []) if name in labels)


def _notes(found: Document) -> tuple[str, ...]:
    warnings = (found.machine or {}).get("warnings", [])
    return tuple(dict.fromkeys(one["message"] for one in warnings if one["code"] in _TOLD))


def _with(store: Store, status: str, seen: ColumnElement[bool]) -> list[Document]:
    wanted = select(Document).where(Document.status == status, seen).order_by(Document.received_at, Document.id)
    with store.db.reading() as session:
        return list(session.scalars(wanted.limit(MOST)))


def _with_twins(store: Store, documents: list[Document], seen: ColumnElement[bool]) -> set[int]:
    """Those of the documents whose number, issuer and year another document has as well."""
    numbers = {one.number_key for one in documents if one.number_key}
    identity = (Document.number_key, Document.issuer_key, Document.year)
    held = select(*identity, func.count()).where(Document.status.in_(("review", "accepted")), seen)
    held = held.where(Document.number_key.in_(numbers)).group_by(*identity).having(func.count() > 1)
    with store.db.reading() as session:
        doubled = {(row[0], row[1], row[2]) for row in session.execute(held)}
    return {one.id for one in documents if (one.number_key, one.issuer_key, one.year) in doubled}
