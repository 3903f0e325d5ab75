"""Citations of a document: out and in, the way up, wanted and ambiguous ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import takewhile
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, defer, load_only

from corpus.access import groups
from corpus.citations import absent, chain, conflicts
from corpus.citations.effect import Effect, effect_of
from corpus.citations.law_links import wanted_law
from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document
from corpus.database.read_only import StoredDocument
from corpus.database.store import Store
from corpus.errors import Language, caution_message
from corpus.field_labels import LABELS, named
from corpus.lifecycle import citation_edits, corrections
from corpus.numbering.typed_days import today

Json = dict[str, Any]
Visible = Callable[[Document], bool]

_SAID = load_only(CitationRow.document_id, CitationRow.relation, CitationRow.page, CitationRow.printed)
EVERYTHING: ColumnElement[bool] = true()
"""Condition on `documents` for a reader who sees all."""
_MOST_KEYS = 5000
"""Limit up to which wanted documents are counted in the index of keys alone."""
MOST_IN = 100
"""Most citing documents on a page; the rest is counted."""
LIGHT = (defer(Document.fields, raiseload=True), defer(Document.machine, raiseload=True))
"""Lists of documents need no evidence, and it is most of a row."""


@dataclass(frozen=True, slots=True)
class OutgoingCitation:
    """One citation that a document makes; `target` is None if it isn't on record or may not be seen."""

    row: CitationRow
    target: Document | None
    candidates: tuple[Document, ...]
    status: str
    """`found`, `ambiguous` or `wanted`, as visible to this reader."""


@dataclass(frozen=True, slots=True)
class WordedConflict:
    """A conflict in words; `document` is the other one it is about,
    None where the table of laws is the other side.
    """

    code: str
    message: str
    document: int | None
    fingerprint: str
    settled: str | None
    ours: conflicts.Evidence | None
    theirs: conflicts.Evidence | None


@dataclass(frozen=True, slots=True)
class DocumentCitations:
    """Citations of a document out and in, and the ways up to the top directive."""

    document: StoredDocument
    out: tuple[OutgoingCitation, ...]
    into: tuple[tuple[CitationRow, Document], ...]
    chains: tuple[tuple[Document, ...], ...]
    conflicts: tuple[WordedConflict, ...]
    counts: dict[str, int]
    """Relation → number of documents that cite this one so."""
    effect: Effect | None = None
    """Its effect today."""
    removed: tuple[CitationRow, ...] = ()
    """Citations that a person removed."""


@dataclass(frozen=True, slots=True)
class WantedDocument:
    """A document that is cited but not on record."""

    label: str
    doc_type: str | None
    date: str | None
    issuer: str | None
    count: int
    by: int
    """One of the documents that cite it."""
    title: str | None = None
    """Its name, where the label is its number."""

    @property
    def full(self) -> str:
        """Number and name."""
        return f"{self.label} {self.title}" if self.title else self.label


def cites(
    store: Store,
    found: StoredDocument,
    visible: Visible,
    seen: ColumnElement[bool] = EVERYTHING,
    *,
    most_in: int | None = MOST_IN,
) -> DocumentCitations:
    """Everything the citation page of a document shows; `most_in`: most citing documents (None: all).

    For a reader who may not see a document, its citation appears as of one that is not on record.
    """
    with store.db.reading() as session:
        rows = session.scalars(
            select(CitationRow).where(CitationRow.document_id == found.id).order_by(CitationRow.position)
        ).all()
        ways = chain.ways_up(session, found.id)
        told = conflicts.conflicts(session, found)
        ids = {i for row in rows for i in (row.target_id, *row.candidates) if i} | {i for way in ways for i in way}
        held = documents(session, ids | {one.other_id for one in told if one.other_id}, visible)
        into = [(row, source) for row, source in _into(session, found.id, most_in, seen) if visible(source)]
        counts = _counts(session, found.id, seen)
        effect = effect_of(session, found, today(), seen)
    out = tuple(_out(row, held) for row in rows if row.status != "removed")
    removed = tuple(row for row in rows if row.status == "removed")
    chains = tuple(dict.fromkeys(cut for way in ways if len(cut := _as_far_as(way, held)) > 1))
    shown = tuple(told_of(one, store.settings.lang) for one in conflicts.shown(told, held))
    return DocumentCitations(found, out, tuple(into), chains, shown, counts, effect, removed)


def out_of(store: Store, found: StoredDocument, visible: Visible) -> list[OutgoingCitation]:
    """Citations of a document, in the order of its text, without removed ones."""
    rows = select(CitationRow).where(CitationRow.document_id == found.id, CitationRow.status != "removed")
    with store.db.reading() as session:
        every = session.scalars(rows.order_by(CitationRow.position)).all()
        held = documents(session, {i for row in every for i in (row.target_id, *row.candidates) if i}, visible)
    return [_out(row, held) for row in every]


def _out(row: CitationRow, held: dict[int, Document]) -> OutgoingCitation:
    """A citation with its resolution among the documents visible to the reader."""
    target = held.get(row.target_id or 0)
    candidates = tuple(held[i] for i in row.candidates if i in held)
    there = {"found": target is not None, "ambiguous": bool(candidates)}
    return OutgoingCitation(row, target, candidates, row.status if there.get(row.status, False) else "wanted")


def _as_far_as(way: tuple[int, ...], held: dict[int, Document]) -> tuple[Document, ...]:
    return tuple(held[i] for i in takewhile(held.__contains__, way))


def _into(
    session: Session, document_id: int, most: int | None, seen: ColumnElement[bool]
) -> list[tuple[CitationRow, Document]]:
    """Citing documents with their citations, newest first."""
    rows = (
        select(CitationRow, Document)
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id == document_id, Document.id != document_id, is_live(),
            CitationRow.status == "found", seen,
        )
        .order_by(Document.date.desc(), CitationRow.id)
        .limit(most)
        .options(*LIGHT, _SAID)
    )  # fmt: skip
    return [(row, source) for row, source in session.execute(rows)]


def _counts(session: Session, document_id: int, seen: ColumnElement[bool]) -> dict[str, int]:
    """Number of citing documents by relation, largest first."""
    count = func.count(CitationRow.document_id.distinct())
    rows = (
        select(CitationRow.relation, count)
        .join(Document, Document.id == CitationRow.document_id)
        .where(CitationRow.target_id == document_id, Document.id != document_id, is_live(), seen)
        .group_by(CitationRow.relation)
        .order_by(count.desc(), CitationRow.relation)
    )
    return {row[0]: row[1] for row in session.execute(rows)}


def wanted(
    store: Store, limit: int = 200, seen: ColumnElement[bool] = EVERYTHING, hidden: frozenset[int] = frozenset()
) -> list[WantedDocument]:
    """Documents that others on record (those `seen`) cite and that are not on record, most cited first.

    hidden: documents that the reader may not know of; citations of them count as wanted.
    """
    count = func.count(CitationRow.document_id.distinct())
    label = func.coalesce(func.min(CitationRow.number), func.min(CitationRow.title), func.min(CitationRow.printed))
    columns = (
        CitationRow.wanted_key,
        func.min(CitationRow.title),
        label,
        func.min(CitationRow.doc_type),
        func.min(CitationRow.date),
        func.min(CitationRow.issuer),
        count,
        func.min(CitationRow.document_id),
    )
    with store.db.reading() as session:
        more: dict[str, list[CitationRow]] = {}
        for row, key in absent.citations(session, hidden):
            more.setdefault(key, []).append(row)
        rows = (
            select(*columns)
            .join(Document, Document.id == CitationRow.document_id)
            .where(CitationRow.wanted_key.in_(_most_wanted(session, limit * 2)), is_live(), seen)
            .group_by(CitationRow.wanted_key)
            .order_by(count.desc(), label)
            .limit(limit)
        )
        plain = rows.where(CitationRow.wanted_key.not_in(list(more))) if more else rows
        found = [
            _with_law(key or "", title, WantedDocument(label or "", kind, date, issuer, cited, by))
            for key, title, label, kind, date, issuer, cited, by in session.execute(plain)
        ]
        found += [_with_law(key, None, _merge_group(session, key, cited, seen)) for key, cited in more.items()]
    return sorted(found, key=lambda one: (-one.count, one.label))[:limit] if more else found


def _merge_group(
    session: Session, key: str, cited: list[CitationRow], seen: ColumnElement[bool]
) -> WantedDocument:
    """The wanted document of one key: citations of a hidden document together with those of one not on record."""
    rows = (
        select(CitationRow)
        .join(Document, Document.id == CitationRow.document_id)
        .where(CitationRow.wanted_key == key, is_live(), seen)
    )
    every = [*cited, *session.scalars(rows)]

    def least(values: list[str | None]) -> str | None:
        return min((value for value in values if value is not None), default=None)

    return WantedDocument(
        min(label_of(row) for row in every),
        least([row.doc_type for row in every]),
        least([row.date for row in every]),
        least([row.issuer for row in every]),
        len({row.document_id for row in every}),
        min(row.document_id for row in every),
    )


def _with_law(key: str, title: str | None, told: WantedDocument) -> WantedDocument:
    """A wanted document with number and name: one cited by name alone gets its number from the table of laws."""
    law = wanted_law(key)
    if law is not None:
        named = law.title or title
        label = law.title if law.type == "Hiến pháp" else law.number
        return replace(
            told,
            label=label,
            doc_type=law.type,
            date=law.passed or told.date,
            title=named if named != label else None,
        )
    return replace(told, title=title) if title != told.label else told


def _most_wanted(session: Session, limit: int) -> list[str] | Select[str | None]:
    """The keys cited most, counted in their index alone; all of them where the list is long anyway."""
    if limit > _MOST_KEYS:
        return select(CitationRow.wanted_key).where(CitationRow.wanted_key.is_not(None)).distinct()
    count = func.count()
    rows = (
        select(CitationRow.wanted_key, count)
        .where(CitationRow.wanted_key.is_not(None))
        .group_by(CitationRow.wanted_key)
        .order_by(count.desc(), CitationRow.wanted_key)
        .limit(limit)
    )
    return [key for key, _ in session.execute(rows) if key is not None]


def ambiguous(store: Store, visible: Visible, limit: int = 200) -> list[tuple[Document, OutgoingCitation]]:
    """Citations that may mean more than one document, and decided ones whose document may have arrived since."""
    rows = select(CitationRow).where(CitationRow.status == "ambiguous").order_by(CitationRow.id).limit(limit)
    with store.db.reading() as session:
        found = session.scalars(rows).all()
        since = _arrived_since(session, limit)
        ids = {i for row in found for i in (row.document_id, *row.candidates)}
        ids |= {i for row, came in since for i in (row.document_id, came)}
        held = documents(session, ids, visible)
    late: dict[int, OutgoingCitation] = {}
    for row, came in since:
        known = late[row.id].candidates if row.id in late else ()
        if came in held:
            late[row.id] = OutgoingCitation(row, None, (*known, held[came]), "ambiguous")
    every = [*(_out(row, held) for row in found), *late.values()]
    return [(held[one.row.document_id], one) for one in every if one.row.document_id in held]


def _arrived_since(session: Session, limit: int) -> list[tuple[CitationRow, int]]:
    """Citations that a person declared as not on record, each with a later document of their number."""
    rows = (
        select(CitationRow, Document.id)
        .join(Document, Document.number_key == CitationRow.number_key)
        .where(
            CitationRow.status == "wanted", CitationRow.settled_by.is_not(None), CitationRow.target_id.is_(None),
            Document.received_at > CitationRow.settled_at, Document.id != CitationRow.document_id, is_live(),
        )
        .order_by(CitationRow.id, Document.id)
        .limit(limit)
    )  # fmt: skip
    return [(row, came) for row, came in session.execute(rows)]


def edits(store: Store, document_id: int, visible: Visible) -> list[citation_edits.Edit]:
    """The changes by hand to a document's citations, newest first;
    documents that one may not know of are left out.
    """
    with store.db.reading() as session:
        found = citation_edits.history(session, document_id)
        held = documents(session, {one for edit in found for one in (edit.was, edit.target) if one}, visible)
    return [
        replace(one, was=one.was if one.was in held else None, target=one.target if one.target in held else None)
        for one in found
    ]


def label_of(row: CitationRow) -> str:
    """Label of a document that is only cited: its number, else its name."""
    return row.number or row.title or row.printed


def history(store: Store, document_id: int) -> list[Json]:
    """The changes to a record and to who may see it, newest first, each with what changed in words.

    `undo`: True for the last one that fields were changed by, which can be taken back.
    """
    with store.db.reading() as session:
        changes = corrections.history(session, document_id)
        limits = groups.limit_changes(session, document_id)
    lang = store.settings.lang
    told = [
        {
            "change": one,
            "action": one.action,
            "at": datetime.fromisoformat(one.at),
            "undo": one.can_undo,
            "undone": one.undone,
            "lines": [line for name in one.after if (line := _line(one, name))],
            "passed": [caution_message(code, lang, page="?") for code in one.passed],
        }
        for one in changes
    ]
    told += [
        {
            "change": one,
            "action": "limit",
            "at": datetime.fromisoformat(one.at),
            "undo": False,
            "undone": False,
            "lines": [_limit_line(one)],
            "passed": [],
        }
        for one in limits
    ]
    return sorted(told, key=lambda one: -one["change"].row)


def _limit_line(change: groups.LimitChange) -> tuple[str, str, str]:
    """Line of the history for a change of the limit; "Mọi người" if it was limited to none."""
    before, after = (", ".join(names) or "Mọi người" for names in (change.before, change.after))
    return "Giới hạn người xem", before, after


def _line(change: corrections.Change, name: str) -> tuple[str, str, str] | None:
    before, after = (named(name, _words(values.get(name))) for values in (change.before, change.after))
    return (LABELS.get(name, name), before, after) if before != after else None


def _words(value: Any) -> str:
    items = value if isinstance(value, list) else [value] if value else []
    return "; ".join(str(item["value"]) for item in items)


def documents(session: Session, ids: set[int], visible: Visible) -> dict[int, Document]:
    """Those of the documents that the viewer may know of."""
    rows = session.scalars(select(Document).where(Document.id.in_(ids)).options(*LIGHT))
    return {row.id: row for row in rows if visible(row)}


def told_of(one: conflicts.Conflict, language: Language) -> WordedConflict:
    """A conflict in words."""
    return WordedConflict(
        one.code, one.message(language), one.other_id, one.fingerprint, one.settled, one.ours, one.theirs
    )
