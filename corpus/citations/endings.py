"""What ends a document: others that replace or repeal it, and the table of laws, judged by the day in force."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, null, select
from sqlalchemy.orm import Session, aliased

from corpus.authority.laws import Law, law_numbered
from corpus.citations.law_links import law_of
from corpus.citations.resolution import is_live, is_national
from corpus.database.connection import utc_now
from corpus.database.models import CitationRow, Document, StatementRow
from corpus.numbering.number import parse

ENDING = ("replaces", "repeals", "revokes")
_EVER = "9999-12-31"
_NOT_EARLIER = datetime.timedelta(days=45)
"""A central document counts from 45 days after its signing at the earliest (Luật Ban hành văn bản quy phạm pháp luật)."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A document `by` on file says that `base` is ended by `name` of `date`; page and printed words are its evidence."""

    base: int
    by: int
    name: str | None
    date: str
    page: int | None
    printed: str


def of(session: Session, bases: Mapping[int, Law | None], day: str) -> list[Ending]:
    """What had ended the bases by the day; `bases`: document → its row in the table of laws."""
    if not bases:
        return []
    found = _found(session, bases, day)
    return [one for one, fields in found if _was_over(bases[one.base], one, fields, day)]


def ended(session: Session, ids: Iterable[int], seen: ColumnElement[bool]) -> frozenset[int]:
    """Those of the documents that are ended as a whole by today: by another one (of those `seen`), or as one says."""
    today = utc_now().date().isoformat()
    found = _found(session, list(ids), _EVER, seen)
    return frozenset(one.base for one, fields in found if _was_over(None, one, fields, today))


def by_table(session: Session, document: Document) -> list[tuple[CitationRow, Law]]:
    """The bases that by the table of laws were no longer in force on the document's date, whether they are held or not."""
    rows = session.scalars(
        select(CitationRow)
        .where(CitationRow.document_id == document.id, CitationRow.relation == "basis")
        .order_by(CitationRow.position)
    )
    laws = [(row, law_of(row, document.date)) for row in rows]
    return [(row, law) for row, law in laws if law is not None and law.had_ended(document.date or "")]


def _found(
    session: Session, ids: Collection[int], before: str, seen: ColumnElement[bool] | None = None
) -> list[tuple[Ending, Any]]:
    """All that is said to have ended the documents, each with the record of the document that ends."""
    asked = {"bases": list(ids), "before": before}
    said = [one if seen is None else one.where(seen) for one in (_ended(), _stated())]
    return [(Ending(*row[:-1]), row[-1]) for one in said for row in session.execute(one, asked)]


def _was_over(law: Law | None, ending: Ending, fields: Any, day: str) -> bool:
    """True if the ending had taken effect by the day.

    The table of laws decides where it knows the end. Else the day from which the ending document is in force counts: as
    it says, or by the table; else a central one counts from 45 days after its signing, any other from the next day.
    """
    if law is not None and law.ended:
        return law.had_ended(day)
    said = ((fields or {}).get("effective") or {}).get("from") or {}
    successor = law_numbered(ending.name or "")
    if begins := said.get("value") or (successor.effective if successor else ""):
        return bool(begins <= day)
    number = parse(ending.name) if ending.name else None
    if number is not None and is_national(number) and number.year is not None:
        began = datetime.date.fromisoformat(ending.date) + _NOT_EARLIER
        return began.isoformat() <= day
    return ending.date < day


@cache
def _ended() -> Any:
    """(base, who says so, its name, its date, page, printed words) of documents that end a base as a whole."""
    return (
        select(
            CitationRow.target_id, Document.id, Document.number, Document.date, CitationRow.page, CitationRow.printed,
            Document.fields,
        )
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id.in_(bindparam("bases", expanding=True)), CitationRow.relation.in_(ENDING),
            CitationRow.provision.is_(None), is_live(), (Document.date + "") < bindparam("before"),
        )
        .order_by(Document.date, Document.id)
    )  # fmt: skip


@cache
def _stated() -> Any:
    """The same, where a third document says that one it cites ended the base."""
    subject, ended = aliased(CitationRow), aliased(CitationRow)
    return (
        select(
            ended.target_id, StatementRow.document_id, subject.number, subject.date, subject.page, subject.printed,
            null(),
        )
        .join(subject, subject.id == StatementRow.subject_id)
        .join(ended, ended.id == StatementRow.object_id)
        .join(Document, Document.id == StatementRow.document_id)
        .where(
            StatementRow.relation.in_(ENDING), ended.target_id.in_(bindparam("bases", expanding=True)),
            is_live(), subject.number.is_not(None), ended.provision.is_(None), subject.date < bindparam("before"),
        )
        .order_by(subject.date, StatementRow.id)
    )  # fmt: skip
