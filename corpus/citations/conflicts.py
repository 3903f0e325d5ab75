"""What contradicts itself between a document and those it cites: facts, each with both pieces of evidence."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import Session, aliased

from corpus.authority.identity import issuer_key, successor_keys
from corpus.citations import number_series
from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document, Settlement, StatementRow
from corpus.errors import Language
from corpus.vietnamese.fold import fold, words

_ENDED = ("replaces", "repeals", "revokes")
_EVER = "9999-12-31"

WORDS = {
    "date_differs": (
        "Viện dẫn {name} ghi ngày {cited}, nhưng văn bản ấy ghi ngày {held}.",
        "{name} is cited with the date {cited}, but is dated {held}.",
    ),
    "type_differs": (
        "Viện dẫn {name} ghi loại {cited}, nhưng văn bản ấy ghi loại {held}.",
        "{name} is cited as {cited}, but is headed {held}.",
    ),
    "issuer_differs": (
        "Viện dẫn {name} ghi cơ quan {cited}, nhưng văn bản ấy ghi cơ quan {held}.",
        "{name} is cited as issued by {cited}, but names {held} as its issuer.",
    ),
    "cites_later_document": (
        "Văn bản này ghi ngày {cited}, viện dẫn {name} ghi ngày {held}.",
        "This document is dated {cited} and cites {name}, dated {held}.",
    ),
    "superseded_basis": (
        "Văn bản này ghi ngày {cited} và căn cứ {name}; {held} ghi thay thế, bãi bỏ hoặc thu hồi văn bản ấy.",
        "This document is dated {cited} and rests on {name}, which {held} says is replaced, repealed or withdrawn.",
    ),
    "number_reused": (
        "Số {cited} của cùng cơ quan, cùng năm (của Đảng: cùng nhiệm kỳ) cũng ghi trên văn bản {held}.",
        "The number {cited} of the same issuer and year (of the Party: term) also stands on document {held}.",
    ),
    "title_of_another": (
        "Viện dẫn {name} ghi trích yếu «{cited}», nhưng trích yếu ấy ghi trên {held}.",
        "{name} is cited with the subject “{cited}”, which stands on {held}.",
    ),
    "number_gap": (
        "Trong dãy số của cùng cơ quan, cùng năm, kho có {held} và {name} mà không có số {cited}.",
        "Of this issuer's numbers of the year the archive holds {held} and {name}, but not {cited}.",
    ),
}
"""Code → its sentence in Vietnamese and English; `cited` is this document's evidence, `held` the other's."""

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one side stands on paper: the document, the page, the printed words."""

    document_id: int
    page: int | None
    printed: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction; the fingerprint stays the same as long as both pieces of evidence do."""

    code: str
    document_id: int
    other_id: int
    citation_id: int | None
    name: str
    cited: str
    held: str
    settled: str | None = None
    """Why a person let it stand."""
    ours: Evidence | None = None
    theirs: Evidence | None = None

    @property
    def fingerprint(self) -> str:
        parts = (self.code, self.document_id, self.other_id, self.cited, self.held)
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    def message(self, language: Language = "vi") -> str:
        """The contradiction as a statement of fact; days in the form people here write them."""
        told = WORDS[self.code][0 if language == "vi" else 1].format(
            name=self.name, cited=self.cited, held=self.held
        )
        return _ISO.sub(lambda iso: f"{int(iso[3])}/{int(iso[2])}/{iso[1]}", told)


@dataclass(frozen=True, slots=True)
class _Target:
    """What of a cited document is compared."""

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    issuer_key: str | None
    subject: str | None
    year: int | None

    @property
    def name(self) -> str:
        return self.number or self.subject or str(self.id)


_COLUMNS = (
    Document.id, Document.number, Document.date, Document.doc_type, Document.issuer, Document.issuer_key,
    Document.subject, Document.year,
)  # fmt: skip
_FIELDS = {"date_differs": "date", "type_differs": "doc_type", "issuer_differs": "issuer", "cites_later_document": "date",
           "number_reused": "number", "title_of_another": "subject", "number_gap": "number"}  # fmt: skip
"""Which field of the other document is the evidence."""


def conflicts(session: Session, document: Document) -> list[Conflict]:
    """Every contradiction of one document; those a person has settled carry the reason."""
    cited = _cited(session, document)
    found = [one for row, target in cited for one in _of_citation(document, row, target)]
    found += [one for row, target in cited if (one := _title(session, document, row, target)) is not None]
    found += _superseded(session, document, {t.id: (r, t) for r, t in cited if r.relation == "basis"})
    found += _numbering(session, document)
    return _with_reasons(session, document, _with_evidence(session, document, found, cited)) if found else []


def _cited(session: Session, document: Document) -> list[tuple[CitationRow, _Target]]:
    rows = session.execute(
        select(CitationRow, *_COLUMNS)
        .join(Document, Document.id == CitationRow.target_id)
        .where(CitationRow.document_id == document.id, is_live())
        .order_by(CitationRow.position)
    )
    return [(row[0], _Target(*row[1:])) for row in rows]


def _of_citation(document: Document, row: CitationRow, target: _Target) -> list[Conflict]:
    later = bool(document.date and target.date and document.date < target.date)
    compared = (
        ("date_differs", row.date, target.date, row.date != target.date),
        ("type_differs", row.doc_type, target.doc_type, not _same_type(row.doc_type, target.doc_type)),
        ("issuer_differs", row.issuer, target.issuer, not _same_issuer(row.issuer, target.issuer)),
        ("cites_later_document", document.date, target.date, later),
    )
    return [
        Conflict(code, document.id, target.id, row.id, target.name, ours, theirs)
        for code, ours, theirs, differs in compared
        if ours and theirs and differs
    ]


def _same_type(cited: str | None, held: str | None) -> bool:
    """`Báo cáo thẩm định` is a `Báo cáo`, a `Bộ luật` a `Luật`; `Văn bản` says nothing of a type."""
    ours, theirs = (re.sub(r"^bo luat", "luat", fold(name or "")) for name in (cited, held))
    return "van ban" in (ours, theirs) or ours.startswith(theirs) or theirs.startswith(ours)


def _same_issuer(cited: str | None, held: str | None) -> bool:
    """One body, a body named without its place, one of joint issuers, or one that took the other over."""
    ours, theirs = (
        [key for part in (name or "").split("; ") if (key := issuer_key(part))] for name in (cited, held)
    )
    return any(_same_key(one, other) for one in ours for other in theirs) or not ours or not theirs


def _same_key(one: str, other: str) -> bool:
    near = one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")
    return near or one in successor_keys(other) or other in successor_keys(one)


def _title(session: Session, document: Document, row: CitationRow, target: _Target) -> Conflict | None:
    """The quoted subject is not the cited document's, and stands on another one of its issuer and year or of its number."""
    quoted = words(row.title or "")
    if len(quoted) < 16 or not target.subject or _alike(quoted, target.subject) or row.number is None:
        return None
    phrase = " ".join((row.title or "").split()[1:6])
    others = select(*_COLUMNS).where(Document.subject.contains(phrase, autoescape=True), is_live())
    near = (
        others.where(Document.issuer_key == target.issuer_key, Document.year == target.year),
        others.where(Document.number_key == row.number_key),
    )
    for asked in near:
        for other in (_Target(*one) for one in session.execute(asked.order_by(Document.id))):
            if other.id not in (target.id, document.id) and _alike(quoted, other.subject or ""):
                told = f"{other.name} ({other.issuer})" if other.number == target.number else other.name
                return Conflict(
                    "title_of_another", document.id, other.id, row.id, target.name, row.title or "", told
                )
    return None


def _alike(quoted: str, subject: str) -> bool:
    """Whether the words quoted are the subject, or its beginning, or go on behind it."""
    held = re.sub(r"^(?:ve viec|v v|ve) ", "", words(subject))
    quoted = re.sub(r"^(?:ve viec|v v|ve) ", "", quoted)
    return bool(held) and (held.startswith(quoted) or quoted.startswith(held))


def _superseded(
    session: Session, document: Document, bases: dict[int, tuple[CitationRow, _Target]]
) -> list[Conflict]:
    """Bases that had been ended before this document's date, by a document on file or as one states; later ones don't count."""
    if not document.date or not bases:
        return []
    found: dict[tuple[int, str], Conflict] = {}
    asked = {"bases": list(bases), "before": document.date}
    for ended in (*session.execute(_ended(), asked), *session.execute(_stated(), asked)):
        base, by, name, date, page, printed = tuple(ended)
        row, target = bases[base]
        held = f"{name} ngày {date}"
        told = Conflict("superseded_basis", document.id, by, row.id, target.name, document.date, held,
                        theirs=Evidence(by, page, printed))  # fmt: skip
        found.setdefault((base, held), told)
    return list(found.values())


def ended(session: Session, ids: Iterable[int], seen: ColumnElement[bool]) -> frozenset[int]:
    """Those of the documents that another one (of those `seen`) ends as a whole, or says is ended."""
    asked = {"bases": list(ids), "before": _EVER}
    return frozenset(row[0] for said in (_ended(), _stated()) for row in session.execute(said.where(seen), asked))


@cache
def _ended() -> Any:
    """(base, who says so, its name, its date, page, printed words) of documents that end a base as a whole."""
    return (
        select(
            CitationRow.target_id, Document.id, Document.number, Document.date, CitationRow.page, CitationRow.printed
        )
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id.in_(bindparam("bases", expanding=True)), CitationRow.relation.in_(_ENDED),
            CitationRow.provision.is_(None), is_live(), (Document.date + "") < bindparam("before"),
        )
        .order_by(Document.date, Document.id)
    )  # fmt: skip


@cache
def _stated() -> Any:
    """The same, where a third document says that one it cites ended the base."""
    subject, ended = aliased(CitationRow), aliased(CitationRow)
    return (
        select(ended.target_id, StatementRow.document_id, subject.number, subject.date, subject.page, subject.printed)
        .join(subject, subject.id == StatementRow.subject_id)
        .join(ended, ended.id == StatementRow.object_id)
        .join(Document, Document.id == StatementRow.document_id)
        .where(
            StatementRow.relation.in_(_ENDED), ended.target_id.in_(bindparam("bases", expanding=True)),
            is_live(), subject.number.is_not(None), ended.provision.is_(None), subject.date < bindparam("before"),
        )
        .order_by(subject.date, StatementRow.id)
    )  # fmt: skip


def _numbering(session: Session, document: Document) -> list[Conflict]:
    number = document.number or ""
    found = [
        Conflict("number_reused", document.id, other, None, number, number, str(other))
        for other in number_series.reused(session, document)
    ]
    if (gap := number_series.gap_below(session, document)) is not None:
        found.append(Conflict("number_gap", document.id, gap.below, None, number, gap.told, gap.low))
    return found


def _with_evidence(
    session: Session, document: Document, found: list[Conflict], cited: list[tuple[CitationRow, _Target]]
) -> list[Conflict]:
    """Both sides as they stand on paper; only now are the records with their evidence loaded."""
    rows = {row.id: row for row, _ in cited}
    others = select(Document.id, Document.fields).where(Document.id.in_({one.other_id for one in found}))
    fields: dict[int, Any] = {id_: read or {} for id_, read in session.execute(others)}
    return [
        replace(
            one,
            ours=_on_citation(document, rows[one.citation_id])
            if one.citation_id is not None
            else _on_field(document.id, document.fields or {}, "number", document.number or ""),
            theirs=one.theirs
            or _on_field(one.other_id, fields.get(one.other_id, {}), _FIELDS[one.code], one.held),
        )
        for one in found
    ]


def _on_citation(document: Document, row: CitationRow) -> Evidence:
    return Evidence(document.id, row.page, row.printed)


def _on_field(document_id: int, fields: dict[str, Any], name: str, value: str) -> Evidence:
    field = fields.get(name) or {}
    return Evidence(document_id, field.get("page"), field.get("printed") or value)


def _with_reasons(session: Session, document: Document, found: list[Conflict]) -> list[Conflict]:
    rows = select(Settlement.fingerprint, Settlement.reason).where(Settlement.document_id == document.id)
    settled: dict[str, str] = {fingerprint: reason for fingerprint, reason in session.execute(rows)}  # noqa: C416
    return [replace(one, settled=settled.get(one.fingerprint)) for one in found]
