"""All conflicts of the archive, newest documents first, as far as who looks may see them: one page at a time,
or all.

The rules are those of one document (corpus.citations.conflicts); what can't have a conflict of the wanted kind is
left out beforehand, by questions that never miss one.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session, aliased

from corpus.authority.identity import issuer_key
from corpus.authority.laws import laws
from corpus.citations import conflicts, endings
from corpus.citations.resolution import LIVE
from corpus.database.models import CitationRow, Document, OwnBody, Settlement, StatementRow
from corpus.database.store import Store
from corpus.errors import Language
from corpus.numbering.number import match_key
from corpus.queries.citations import EVERYTHING, Visible, WordedConflict, documents, told_of

KINDS = (
    "superseded_basis", "cites_later_document", "date_differs", "type_differs", "issuer_differs",
    "title_of_another",
    "number_reused", "number_gap", "body_not_there", "signer_beyond_authority",
)  # fmt: skip
_ALONE = frozenset({"body_not_there", "signer_beyond_authority"})
"""Kinds that are seen on one paper alone."""
PER_PAGE = 50
MOST = 50_000
"""Conflicts of one file at most."""
_AT_ONCE = 200
_PATIENCE = 2.0
"""Seconds after which a page ends where it is: the next one goes on from there."""


@dataclass(frozen=True, slots=True)
class ConflictFilter:
    """Filter of the list of conflicts; empty parts are no condition."""

    kind: str = ""
    year: int | None = None
    issuer: str = ""
    state: str = "open"
    """`open`, `settled` or `all`."""
    document: int | None = None


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """One conflict with its document and the other one, where that is a document."""

    document: Document
    told: WordedConflict
    other: Document | None


@dataclass(frozen=True, slots=True)
class ConflictPage:
    """Some conflicts; `before`: the document that the next page begins below, None at the end."""

    rows: tuple[ConflictRow, ...]
    before: int | None


def page(
    store: Store,
    wanted: ConflictFilter,
    visible: Visible,
    seen: ColumnElement[bool] = EVERYTHING,
    before: int | None = None,
    most: int = PER_PAGE,
) -> ConflictPage:
    """The conflicts of documents with an ID below `before`, newest first, at least all of one document."""
    rows: list[ConflictRow] = []
    until, last = time.monotonic() + _PATIENCE, None
    for found, told in _every(store, wanted, visible, seen, before):
        if rows and (len(rows) >= most or time.monotonic() > until):
            return ConflictPage(tuple(rows), last)
        rows += told
        last = found
        if time.monotonic() > until:
            return ConflictPage(tuple(rows), last)
    return ConflictPage(tuple(rows), None)


def every(
    store: Store,
    wanted: ConflictFilter,
    visible: Visible,
    seen: ColumnElement[bool] = EVERYTHING,
    most: int = MOST,
) -> Iterator[ConflictRow]:
    """All of them, at most `most`."""
    count = 0
    for _, told in _every(store, wanted, visible, seen, None):
        for row in told:
            if count >= most:
                return
            yield row
            count += 1


def _every(
    store: Store, wanted: ConflictFilter, visible: Visible, seen: ColumnElement[bool], before: int | None
) -> Iterator[tuple[int, list[ConflictRow]]]:
    """(document, its conflicts) of every document looked at, newest first, those without one too."""
    last = before
    while True:
        with store.db.reading() as session:
            asked = _candidates(wanted).where(seen)
            if last is not None:
                asked = asked.where(Document.id < last)
            found = session.execute(asked.order_by(Document.id.desc()).limit(_AT_ONCE)).all()
            for document, compared in found:
                if visible(document):
                    told = conflicts.conflicts if compared else conflicts.of_the_paper
                    yield (
                        document.id,
                        _of(session, document, told(session, document), wanted, visible, store.settings.lang),
                    )
        if len(found) < _AT_ONCE:
            return
        last = found[-1][0].id


def _of(
    session: Session,
    document: Document,
    every: list[conflicts.Conflict],
    wanted: ConflictFilter,
    visible: Visible,
    language: Language,
) -> list[ConflictRow]:
    held = documents(session, {one.other_id for one in every if one.other_id}, visible)
    shown = [one for one in conflicts.shown(every, held) if not wanted.kind or one.code == wanted.kind]
    chosen = [
        one for one in shown if wanted.state == "all" or (one.settled is not None) == (wanted.state == "settled")
    ]
    return [ConflictRow(document, told_of(one, language), held.get(one.other_id or 0)) for one in chosen]


def _candidates(wanted: ConflictFilter) -> Select[Document, bool]:
    """Documents that may have a conflict of the wanted kind,
    and whether it may be one with another paper or a law.
    """
    kinds = (wanted.kind,) if wanted.kind else KINDS
    compared = or_(false(), *(clause for kind in kinds if kind not in _ALONE for clause in _possible(kind)))
    alone = or_(false(), *(clause for kind in kinds if kind in _ALONE for clause in _possible(kind)))
    asked = select(Document, compared).where((Document.status + "").in_(LIVE), or_(compared, alone))
    if wanted.document is not None:
        asked = asked.where(Document.id == wanted.document)
    if wanted.year is not None:
        asked = asked.where(Document.year == wanted.year)
    if wanted.issuer:
        key = issuer_key(wanted.issuer)
        named = Document.issuer.icontains(wanted.issuer, autoescape=True)
        asked = asked.where(or_(named, Document.issuer_key == key) if key else named)
    if wanted.state == "settled":
        asked = asked.where(Document.id.in_(select(Settlement.document_id)))
    return asked


def _possible(kind: str) -> list[ColumnElement[bool]]:
    row, other = aliased(CitationRow), aliased(Document)
    cited = select(row.id).join(other, other.id == row.target_id).where(row.document_id == Document.id)
    differing: dict[str, ColumnElement[bool]] = {
        "date_differs": row.date != other.date,
        "type_differs": row.doc_type != other.doc_type,
        "issuer_differs": row.issuer != other.issuer,
        "cites_later_document": Document.date < other.date,
        "title_of_another": func.length(row.title) >= 16,
    }
    if kind in differing:
        return [cited.where(differing[kind]).exists()]
    if kind == "superseded_basis":
        return [_on_ended(row)]
    if kind == "number_reused":
        same = and_(other.number_key == Document.number_key, other.issuer_key == Document.issuer_key)
        return [exists().where(same, other.id != Document.id)]
    if kind == "number_gap":
        return [Document.issuer_key.in_(select(OwnBody.issuer_key))]
    if kind == "body_not_there":
        return [and_(Document.issuer.is_not(None), Document.date.is_not(None))]
    if kind == "signer_beyond_authority":
        return [Document.signer.is_not(None)]
    return []


def _on_ended(row: Any) -> ColumnElement[bool]:
    """A basis that a row of the table of laws ends, or that a paper on file ends or states to be ended."""
    ends, said = aliased(CitationRow), aliased(StatementRow)
    keys = sorted({key for law in laws() if law.ended and (key := match_key(law.number))})
    ended = exists().where(ends.target_id == row.target_id, ends.relation.in_(endings.ENDING))
    stated = exists().where(ends.target_id == row.target_id, said.object_id == ends.id)
    by_name = and_(row.number_key.is_(None), row.title_key.is_not(None))
    return exists().where(
        row.document_id == Document.id, row.relation == "basis", row.status != "removed",
        or_(row.number_key.in_(keys), by_name, ended, stated),
    )  # fmt: skip
