"""Is a document in force on a day (tình trạng hiệu lực): not yet, in force, in part, no longer; by what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from corpus.authority.laws import Law, law_numbered
from corpus.citations import endings
from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document

State = Literal["coming", "in_force", "partly", "ended"]


@dataclass(frozen=True, slots=True)
class Effect:
    """How a document stands on a day; days are ISO 8601: the first in force, the last or the first without it."""

    state: State
    since: str | None
    until: str | None
    """Its last day, as its own closing article says."""
    ended: str | None
    """The first day without it, by the table of laws."""
    by: tuple[str, ...]
    """Numbers that ended it, by the table of laws."""
    by_table: bool
    """True if a day comes from the table of laws rather than from the paper."""


def effect_of(session: Session, document: Document, day: str, seen: ColumnElement[bool]) -> Effect | None:
    """The document's effect on the day by its own words, those of others (of the `seen`), and the table of laws.

    None where nothing is known: a plan or a letter says nothing of it.
    """
    law = law_numbered(document.number or "", document.doc_type)
    since, until = _own_days(document)
    begins = (law.effective if law else "") or since
    over = (law is not None and law.had_ended(day)) or bool(until and until < day)
    if over or document.id in endings.ended(session, [document.id], seen):
        return _effect("ended", begins, until, law)
    if begins and begins > day:
        return _effect("coming", begins, until, law)
    if _in_part(session, document, day, seen):
        return _effect("partly", begins, until, law)
    return _effect("in_force", begins, until, law) if begins else None


def _effect(state: State, since: str | None, until: str | None, law: Law | None) -> Effect:
    known = law is not None and bool(law.effective or law.ended)
    ended = (law.ended or None) if law else None
    return Effect(state, since or None, until, ended, law.ended_by if law else (), known)


def _own_days(document: Document) -> tuple[str | None, str | None]:
    """First and last day as the paper says; `ngày ký` is the day on record, which a person may have corrected."""
    said = (document.fields or {}).get("effective") or {}
    since, until = said.get("from") or {}, said.get("until") or {}
    first = (
        document.date
        if since.get("rule") == "effective.signing" and not since.get("review")
        else since.get("value")
    )
    return first, until.get("value")


def _in_part(session: Session, document: Document, day: str, seen: ColumnElement[bool]) -> bool:
    """True if another document ends provisions of it."""
    found = (
        select(CitationRow.id)
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id == document.id, CitationRow.relation.in_(endings.ENDING),
            CitationRow.provision.is_not(None), (Document.date + "") <= day, is_live(), seen,
        )
    )  # fmt: skip
    return session.scalar(found.limit(1)) is not None
