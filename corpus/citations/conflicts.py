"""Contradictions between a document and those it cites: facts, each with evidence of both sides."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.authority.identity import issuer_key, successor_keys
from corpus.authority.laws import Law, law_numbered
from corpus.citations import endings, number_series, signing
from corpus.citations.conflict_words import BY_TABLE, EXCEPTIONS, FROM_MEMORY, SIGNED, WORDS
from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document, Settlement
from corpus.database.read_only import StoredDocument
from corpus.errors import Language
from corpus.numbering.typed_days import day_text
from corpus.vietnamese.fold import fold, words

_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence of one side: document, page, printed words."""

    document_id: int
    page: int | None
    printed: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One contradiction; the fingerprint stays the same as long as both pieces of evidence do."""

    code: str
    document_id: int
    other_id: int | None
    """The other document; None where the table of laws is the other side."""
    citation_id: int | None
    name: str
    cited: str
    held: str
    settled: str | None = None
    """Reason why a person let it remain."""
    ours: Evidence | None = None
    theirs: Evidence | None = None
    law: Law | None = None
    """The row of the table of laws that the conflict rests on."""

    @property
    def fingerprint(self) -> str:
        parts = (self.code, self.document_id, self.other_id, self.cited, self.held)
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    def message(self, language: Language = "vi") -> str:
        """The contradiction as a statement of fact; days in the form people here write them."""
        at = 0 if language == "vi" else 1
        if self.code == "signer_beyond_authority":
            return SIGNED[self.held][at].format(cited=self.cited)
        told = (BY_TABLE if self.law else WORDS[self.code])[at].format(
            name=self.name, cited=self.cited, held=self.held
        )
        if self.law is not None and self.law.note:
            told += EXCEPTIONS[at].format(note=self.law.note)
        if self.law is not None and self.law.end_is_from_memory:
            told += FROM_MEMORY[at]
        return _ISO.sub(lambda iso: day_text(iso[0]), told)


@dataclass(frozen=True, slots=True)
class _Target:
    """Fields of a cited document that are compared."""

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
_FIELDS = {"date_differs": "date", "type_differs": "doc_type", "issuer_differs": "issuer",
    "cites_later_document": "date",
           "number_reused": "number", "title_of_another": "subject", "number_gap": "number"}  # fmt: skip
"""Code → the field of the other document that is the evidence."""


def shown(found: list[Conflict], visible: Collection[int]) -> list[Conflict]:
    """The contradictions that a reader who sees the `visible` documents may know of.

    One by the table of laws is left out if a visible document says the same.
    """
    told = [one for one in found if one.other_id is None or one.other_id in visible]
    said = {one.citation_id for one in told if one.code == "superseded_basis" and one.law is None}
    return [one for one in told if one.law is None or one.citation_id not in said]


def conflicts(session: Session, document: StoredDocument) -> list[Conflict]:
    """Every contradiction of one document; those a person has settled carry the reason."""
    cited = _cited_documents(session, document)
    found = [one for row, target in cited for one in _of_citation(document, row, target)]
    found += [one for row, target in cited if (one := _title(session, document, row, target)) is not None]
    found += _superseded_bases(session, document, {t.id: (r, t) for r, t in cited if r.relation == "basis"})
    found += _numbering(session, document)
    found += _of_the_paper(document)
    return _with_reasons(session, document, _with_evidence(session, document, found, cited)) if found else []


def of_the_paper(session: Session, document: StoredDocument) -> list[Conflict]:
    """Conflicts of a paper alone with a rule or a table, if there is nothing else to compare it with."""
    found = _of_the_paper(document)
    return _with_reasons(session, document, found) if found else []


def _cited_documents(session: Session, document: StoredDocument) -> list[tuple[CitationRow, _Target]]:
    rows = session.execute(
        select(CitationRow, *_COLUMNS)
        .join(Document, Document.id == CitationRow.target_id)
        .where(CitationRow.document_id == document.id, is_live())
        .order_by(CitationRow.position)
    )
    return [(row[0], _Target(*row[1:])) for row in rows]


def _of_citation(document: StoredDocument, row: CitationRow, target: _Target) -> list[Conflict]:
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
    """True if two type names agree: `Báo cáo thẩm định` is a `Báo cáo`, a `Bộ luật` a `Luật`;
    `Văn bản` fits any.
    """
    ours, theirs = (re.sub(r"^bo luat", "luat", fold(name or "")) for name in (cited, held))
    return "van ban" in (ours, theirs) or ours.startswith(theirs) or theirs.startswith(ours)


def _same_issuer(cited: str | None, held: str | None) -> bool:
    """True if two names mean one body: also without its place, as one of joint issuers, or as a successor."""
    ours, theirs = (
        [key for part in (name or "").split("; ") if (key := issuer_key(part))] for name in (cited, held)
    )
    return any(_same_key(one, other) for one in ours for other in theirs) or not ours or not theirs


def _same_key(one: str, other: str) -> bool:
    near = one == other or one.startswith(f"{other} ") or other.startswith(f"{one} ")
    return near or one in successor_keys(other) or other in successor_keys(one)


def _title(session: Session, document: StoredDocument, row: CitationRow, target: _Target) -> Conflict | None:
    """Conflict if the quoted subject is not the cited document's, but that of another one with its issuer and year
    or number.
    """
    quoted = words(row.title or "")
    if len(quoted) < 16 or not target.subject or _is_subject(quoted, target.subject) or row.number is None:
        return None
    phrase = " ".join((row.title or "").split()[1:6])
    others = select(*_COLUMNS).where(Document.subject.contains(phrase, autoescape=True), is_live())
    near = (
        others.where(Document.issuer_key == target.issuer_key, Document.year == target.year),
        others.where(Document.number_key == row.number_key),
    )
    for asked in near:
        for other in (_Target(*one) for one in session.execute(asked.order_by(Document.id))):
            if other.id not in (target.id, document.id) and _is_subject(quoted, other.subject or ""):
                told = f"{other.name} ({other.issuer})" if other.number == target.number else other.name
                return Conflict(
                    "title_of_another", document.id, other.id, row.id, target.name, row.title or "", told
                )
    return None


def _is_subject(quoted: str, subject: str) -> bool:
    """True if the quoted words are the subject, its beginning, or a longer form of it."""
    held = re.sub(r"^(?:ve viec|v v|ve) ", "", words(subject))
    quoted = re.sub(r"^(?:ve viec|v v|ve) ", "", quoted)
    return bool(held) and (held.startswith(quoted) or quoted.startswith(held))


def _superseded_bases(
    session: Session, document: StoredDocument, bases: dict[int, tuple[CitationRow, _Target]]
) -> list[Conflict]:
    """Bases no longer in force on this document's date: by a document on file, a statement of one, or the table of
    laws.
    """
    if not document.date:
        return []
    found: dict[tuple[int, str], Conflict] = {}
    laws = {id_: law_numbered(target.number or "", target.doc_type) for id_, (_, target) in bases.items()}
    for one in endings.of(session, laws, document.date):
        row, target = bases[one.base]
        held = f"{one.name} ngày {one.date}"
        told = Conflict("superseded_basis", document.id, one.by, row.id, target.name, document.date, held,
                        theirs=Evidence(one.by, one.page, one.printed))  # fmt: skip
        found.setdefault((one.base, held), told)
    by_table = [
        Conflict(
            "superseded_basis",
            document.id,
            None,
            row.id,
            law.name,
            document.date,
            law.end_in_words,
            ours=_on_citation(document, row),
            law=law,
        )
        for row, law in endings.by_table(session, document)
    ]
    return [*found.values(), *by_table]


def _numbering(session: Session, document: StoredDocument) -> list[Conflict]:
    number = document.number or ""
    found = [
        Conflict("number_reused", document.id, other, None, number, number, str(other))
        for other in number_series.reused(session, document)
    ]
    if (gap := number_series.gap_below(session, document)) is not None:
        found.append(Conflict("number_gap", document.id, gap.below, None, number, gap.told, gap.low))
    return found


def _of_the_paper(document: StoredDocument) -> list[Conflict]:
    """Conflicts of the paper itself with a rule or a table; they have evidence on one side."""
    return [
        Conflict(one.code, document.id, None, None, document.number or "", one.cited, one.held,
                 ours=_on_field(document.id, _by_flat_name(document), one.field, one.cited))
        for one in signing.facts(document)
    ]  # fmt: skip


def _by_flat_name(document: StoredDocument) -> dict[str, Any]:
    """The record's fields with those of the signer by their flat names."""
    record = document.fields or {}
    signer = record.get("signer") or {}
    return {**record, **{f"signer_{part}": value for part, value in signer.items()}}


def _with_evidence(
    session: Session, document: StoredDocument, found: list[Conflict], cited: list[tuple[CitationRow, _Target]]
) -> list[Conflict]:
    """Add the printed evidence of both sides; only now the records with their evidence are loaded."""
    rows = {row.id: row for row, _ in cited}
    others = select(Document.id, Document.fields).where(
        Document.id.in_({one.other_id for one in found if one.other_id})
    )
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
        if one.other_id is not None
        else one
        for one in found
    ]


def _on_citation(document: StoredDocument, row: CitationRow) -> Evidence:
    return Evidence(document.id, row.page, row.printed)


def _on_field(document_id: int, fields: dict[str, Any], name: str, value: str) -> Evidence:
    field = fields.get(name) or {}
    return Evidence(document_id, field.get("page"), field.get("printed") or value)


def _with_reasons(session: Session, document: StoredDocument, found: list[Conflict]) -> list[Conflict]:
    rows = select(Settlement.fingerprint, Settlement.reason).where(Settlement.document_id == document.id)
    settled: dict[str, str] = {fingerprint: reason for fingerprint, reason in session.execute(rows)}  # noqa: C416
    return [replace(one, settled=settled.get(one.fingerprint)) for one in found]
