"""Effect of a document on a day (tình trạng hiệu lực): not yet, in force, in part, ended; and the cause."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from corpus.authority.laws import law_numbered
from corpus.citations import endings
from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document
from corpus.database.read_only import StoredDocument

State = Literal["coming", "in_force", "partly", "ended"]


@dataclass(frozen=True, slots=True)
class Effect:
    """Effect of a document on a day; days are ISO 8601: the first in force, the last or the first without it."""

    state: State
    since: str | None
    until: str | None
    """Its last day by its own closing article."""
    ended: str | None
    """The first day without it, by the table of laws."""
    by: tuple[str, ...]
    """Numbers that ended it, by the table of laws."""
    by_table: bool
    """True if a day comes from the table of laws rather than from the paper."""
    doubtful: bool = False
    """True if a day that the paper says was read in doubt, and no person has looked at it yet."""


@dataclass(frozen=True, slots=True)
class EffectDays:
    """The days that decide a document's effect on any day, ISO 8601; None: none, or not known."""

    since: str | None = None
    """The first day in force."""
    over: str | None = None
    """The first day without it, as a whole."""
    partly: str | None = None
    """The first day without some of its provisions."""
    enders: tuple[int, ...] = ()
    """Documents that end it, as a whole or in part."""


def effect_of(session: Session, document: StoredDocument, day: str, seen: ColumnElement[bool]) -> Effect | None:
    """The document's effect on the day by its own words, those of others (among the `seen`), and the table of
    laws.

    None if nothing is known: a plan or a letter says nothing about it.
    """
    days = days_of(session, [document], seen)[document.id]
    state = state_on(days, day)
    if state is None:
        return None
    law = law_numbered(document.number or "", document.doc_type)
    known = law is not None and bool(law.effective or law.ended)
    ended = (law.ended or None) if law else None
    until = _own_days(document)[1]
    return Effect(
        state, days.since, until or None, ended, law.ended_by if law else (), known, _is_doubtful(document)
    )


def _is_doubtful(document: StoredDocument) -> bool:
    said = (document.fields or {}).get("effective") or {}
    return any((said.get(name) or {}).get("review", False) for name in ("from", "until"))


def state_on(days: EffectDays, day: str) -> State | None:
    """The state on a day; None where nothing is known."""
    if days.over is not None and days.over <= day:
        return "ended"
    if days.since is not None and days.since > day:
        return "coming"
    if days.partly is not None and days.partly <= day:
        return "partly"
    return "in_force" if days.since is not None else None


def days_of(
    session: Session, documents: Sequence[StoredDocument], seen: ColumnElement[bool]
) -> dict[int, EffectDays]:
    """Document → the days that decide its effect, by its own words, those of others (of the `seen`),
    and the table of laws.
    """
    ids = [document.id for document in documents]
    ended, parts = endings.days(session, ids, seen), _parts(session, ids, seen)
    found: dict[int, EffectDays] = {}
    for document in documents:
        law = law_numbered(document.number or "", document.doc_type)
        since, until = _own_days(document)
        whole, partly = ended.get(document.id, {}), parts.get(document.id, {})
        overs = [law.ended if law else "", _next(until) if until else "", *whole.values()]
        found[document.id] = EffectDays(
            ((law.effective if law else "") or since) or None,
            min(filter(None, overs), default=None),
            min(partly.values(), default=None),
            tuple(sorted({*whole, *partly})),
        )
    return found


def _next(day: str) -> str:
    """The day after; an impossible day stays."""
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
    except (ValueError, OverflowError):
        return day


def _own_days(document: StoredDocument) -> tuple[str | None, str | None]:
    """First and last day by the paper's own words; `ngày ký` is the day on record, which a person may have
    corrected.
    """
    said = (document.fields or {}).get("effective") or {}
    since, until = said.get("from") or {}, said.get("until") or {}
    first = (
        document.date
        if since.get("rule") == "effective.signing" and not since.get("review")
        else since.get("value")
    )
    return first, until.get("value")


def _parts(session: Session, ids: Sequence[int], seen: ColumnElement[bool]) -> dict[int, dict[int, str]]:
    """Document → another one that ends provisions of it → its day."""
    asked = (
        select(CitationRow.target_id, Document.id, Document.date)
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id.in_(ids), CitationRow.relation.in_(endings.ENDING),
            CitationRow.provision.is_not(None), is_live(), seen,
        )
    )  # fmt: skip
    found: dict[int, dict[int, str]] = {}
    for base, by, day in session.execute(asked):
        if base is not None and day is not None:
            found.setdefault(base, {})[by] = day
    return found
