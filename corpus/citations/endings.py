"""Endings of documents: by others that replace or repeal them, and by the table of laws, on a given day."""

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
from corpus.database.read_only import StoredDocument
from corpus.numbering.number import parse

ENDING = ("replaces", "repeals", "revokes")
_EVER = "9999-12-31"
_NOT_EARLIER = datetime.timedelta(days=45)
"""A central document counts from 45 days after its signing at the earliest (Luật Ban hành văn bản quy phạm pháp
luật)."""


@dataclass(frozen=True, slots=True)
class Ending:
    """Statement of a document `by` on file that `base` is ended by `name` of `date`,
    with page and printed words.
    """

    base: int
    by: int
    name: str | None
    date: str
    page: int | None
    printed: str


def of(session: Session, bases: Mapping[int, Law | None], day: str) -> list[Ending]:
    """Endings of the bases in effect by the day; `bases`: document → its row in the table of laws."""
    if not bases:
        return []
    found = _search(session, bases, day)
    return [one for one, fields in found if _was_over(bases[one.base], one, fields, day)]


def ended(session: Session, ids: Iterable[int], seen: ColumnElement[bool]) -> frozenset[int]:
    """Those of the documents that are ended as a whole by today: by another one (of those `seen`),
    or as one says.
    """
    today = utc_now().date().isoformat()
    found = _search(session, list(ids), _EVER, seen)
    return frozenset(one.base for one, fields in found if _was_over(None, one, fields, today))


def days(session: Session, ids: Iterable[int], seen: ColumnElement[bool]) -> dict[int, dict[int, str]]:
    """Base → document (of those `seen`) that ends it as a whole, or says so → the first day without it."""
    found: dict[int, dict[int, str]] = {}
    for one, fields in _search(session, list(ids), _EVER, seen):
        ended_by = found.setdefault(one.base, {})
        ended_by[one.by] = min(ended_by.get(one.by, _EVER), _over_from(one, fields))
    return found


def by_table(session: Session, document: StoredDocument) -> list[tuple[CitationRow, Law]]:
    """The bases that by the table of laws were no longer in force on the document's date, on record or not."""
    rows = session.scalars(
        select(CitationRow)
        .where(
            CitationRow.document_id == document.id,
            CitationRow.relation == "basis",
            CitationRow.status != "removed",
        )
        .order_by(CitationRow.position)
    )
    laws = [(row, law_of(row, document.date)) for row in rows]
    return [(row, law) for row, law in laws if law is not None and law.had_ended(document.date or "")]


def _search(
    session: Session, ids: Collection[int], before: str, seen: ColumnElement[bool] | None = None
) -> list[tuple[Ending, Any]]:
    """Endings of the documents found in the store, each with the record of the ending document."""
    asked = {"bases": list(ids), "before": before}
    said = [one if seen is None else one.where(seen) for one in (_query_of_endings(), _query_of_statements())]
    return [(Ending(*row[:-1]), row[-1]) for one in said for row in session.execute(one, asked)]


def _was_over(law: Law | None, ending: Ending, fields: Any, day: str) -> bool:
    """True if the ending had taken effect by the day; the table of laws decides where it knows the end."""
    if law is not None and law.ended:
        return law.had_ended(day)
    return _over_from(ending, fields) <= day


def _over_from(ending: Ending, fields: Any) -> str:
    """The first day without the base.

    That from which the ending document is in force, as it says, or by the table of laws; else a central one counts
    from 45 days after its signing, any other from the next day.
    """
    said = ((fields or {}).get("effective") or {}).get("from") or {}
    successor = law_numbered(ending.name or "")
    if begins := said.get("value") or (successor.effective if successor else ""):
        return str(begins)
    number = parse(ending.name) if ending.name else None
    central = number is not None and is_national(number) and number.year is not None
    try:
        signed = datetime.date.fromisoformat(ending.date)
        return (signed + (_NOT_EARLIER if central else datetime.timedelta(days=1))).isoformat()
    except (ValueError, OverflowError):
        return ending.date


def bases_of(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Documents on record that these documents declare ended, as a whole or in part, by them or by others."""
    ended = aliased(CitationRow)
    theirs = select(CitationRow.target_id).where(
        CitationRow.document_id.in_(ids), CitationRow.relation.in_(ENDING), CitationRow.target_id.is_not(None)
    )
    stated = (
        select(ended.target_id)
        .join(StatementRow, StatementRow.object_id == ended.id)
        .where(StatementRow.document_id.in_(ids), StatementRow.relation.in_(ENDING), ended.target_id.is_not(None))
    )
    return frozenset(base for asked in (theirs, stated) for base in session.scalars(asked) if base is not None)


def enders_of(session: Session, ids: Collection[int]) -> frozenset[int]:
    """Documents that end these, as a whole or in part."""
    asked = select(CitationRow.document_id).where(CitationRow.target_id.in_(ids), CitationRow.relation.in_(ENDING))
    return frozenset(session.scalars(asked))


@cache
def _query_of_endings() -> Any:
    """Query for (base, citing document, its name, its date, page, printed words) of documents that end a base as a
    whole.
    """
    return (
        select(
            CitationRow.target_id, Document.id, Document.number, Document.date, CitationRow.page,
            CitationRow.printed,
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
def _query_of_statements() -> Any:
    """Query of the same columns where a third document says that one it cites ended the base."""
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
            # Not by the index of relations, which has every ending of a store.
            (StatementRow.relation + "").in_(ENDING), ended.target_id.in_(bindparam("bases", expanding=True)),
            is_live(), subject.number.is_not(None), subject.status != "removed", ended.provision.is_(None),
            subject.date < bindparam("before"),
        )
        .order_by(subject.date, StatementRow.id)
    )  # fmt: skip
