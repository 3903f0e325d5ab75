"""Answers found by citation: a paper that replies closes what was handed over, and opens it when it goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, event, exists, or_, select
from sqlalchemy.orm import Session, UOWTransaction

from corpus.citations.resolution import is_live
from corpus.database.handover_tables import Handover
from corpus.database.models import CitationRow, Document

REPLIES = "replies"
"""Relation of a citation by which a paper answers another."""
_TOUCHED = "handover_touched"


@dataclass(frozen=True, slots=True)
class AnswerChange:
    """A hand-over that an answer closes (`answer_id`, `citation_id`), or that has lost its answer (None)."""

    handover: Handover
    answer_id: int | None
    citation_id: int | None


def watch(session: Session) -> None:
    """Note from now on the documents of a session whose state or answering citations change."""
    session.info[_TOUCHED] = set()
    event.listen(session, "after_flush", _note)


def touched(session: Session) -> frozenset[int]:
    """The documents noted since `watch`."""
    session.flush()
    return frozenset(session.info.get(_TOUCHED, ()))


def changes(session: Session, documents: Collection[int] | None) -> list[AnswerChange]:
    """The hand-overs whose answer came or went with these documents; None: look at all."""
    found = {row.id: row for asked in _queries(documents) for row in session.scalars(asked)}
    changed = []
    for row in sorted(found.values(), key=lambda one: one.id):
        answer = _first(session, row.document_id, row.known)
        if row.state == "open" and answer is not None:
            changed.append(AnswerChange(row, *answer))
        elif row.state == "answered" and answer != (row.answer_id, row.answer_citation):
            changed.append(AnswerChange(row, *(answer or (None, None))))
    return changed


def known(session: Session, document_id: int) -> list[int]:
    """IDs of the papers on record that answer a document now."""
    return sorted({row[0] for row in session.execute(_answers(document_id))})


def _note(session: Session, _context: UOWTransaction) -> None:
    found: set[int] = session.info.get(_TOUCHED, set())
    for one in (*session.new, *session.dirty, *session.deleted):
        if isinstance(one, Document):
            found.add(one.id)
        elif isinstance(one, CitationRow) and one.relation == REPLIES:
            found.add(one.document_id)


def _queries(documents: Collection[int] | None) -> list[Select[Handover]]:
    """Queries for the hand-overs that may have changed: those answered by a touched document, and those that one
    answers.
    """
    waiting = select(Handover).where(Handover.state == "open", Handover.asks)
    replies = exists().where(CitationRow.relation == REPLIES, CitationRow.target_id == Handover.document_id)
    if documents is None:
        return [select(Handover).where(Handover.state == "answered"), waiting.where(replies)]
    ids = sorted(documents)
    if not ids:
        return []
    cited = select(CitationRow.target_id).where(CitationRow.relation == REPLIES, CitationRow.document_id.in_(ids))
    return [
        select(Handover).where(
            Handover.state == "answered", or_(Handover.answer_id.in_(ids), Handover.document_id.in_(cited))
        ),
        select(Handover).where(Handover.state == "open", Handover.asks, Handover.document_id.in_(cited)),
    ]


def _answers(document_id: int) -> Select[int, int]:
    """Query for the sure answers of a document: the citing document and its citation; doubtful ones wait for a
    person.
    """
    rows = select(CitationRow.document_id, CitationRow.id).join(Document, Document.id == CitationRow.document_id)
    return rows.where(
        CitationRow.target_id == document_id,
        CitationRow.relation == REPLIES,
        CitationRow.status == "found",
        CitationRow.review.is_(False),
        CitationRow.document_id != document_id,
        is_live(),
    ).order_by(CitationRow.document_id, CitationRow.id)


def _first(session: Session, document_id: int, known_ids: Collection[int]) -> tuple[int, int] | None:
    rows = session.execute(_answers(document_id).where(CitationRow.document_id.not_in(list(known_ids))))
    row = rows.first()
    return (row[0], row[1]) if row is not None else None
