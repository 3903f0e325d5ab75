"""What contradicts itself between a document and those it cites: facts, each with both pieces of evidence."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.graph import LIVE
from corpus.models import CitationRow, Document, Settlement

_ENDED = ("replaces", "repeals", "revokes")

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
        "Căn cứ {name}, nhưng {held} đã thay thế hoặc bãi bỏ văn bản ấy trước ngày {cited}.",
        "It rests on {name}, which {held} had replaced or repealed before {cited}.",
    ),
    "number_reused": (
        "Số {cited} của cùng cơ quan, cùng năm cũng ghi trên văn bản {held}.",
        "The number {cited} of the same issuer and year also stands on document {held}.",
    ),
}
"""Code → its sentence in Vietnamese and English; `cited` is this document's evidence, `held` the other's."""


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

    @property
    def fingerprint(self) -> str:
        parts = (self.code, self.document_id, self.other_id, self.cited, self.held)
        return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()

    def message(self, language: str = "vi") -> str:
        return WORDS[self.code][0 if language == "vi" else 1].format(
            name=self.name, cited=self.cited, held=self.held
        )


def conflicts(session: Session, document: Document) -> list[Conflict]:
    """Every contradiction of one document; those a person has settled carry the reason."""
    rows = session.execute(
        select(CitationRow, Document)
        .join(Document, Document.id == CitationRow.target_id)
        .where(CitationRow.document_id == document.id, Document.status.in_(LIVE))
        .order_by(CitationRow.position)
    ).all()
    found = [one for row, target in rows for one in _of_citation(document, row, target)]
    found += _superseded(session, document, {t.id: (r, t) for r, t in rows if r.relation == "basis"})
    found += _reused(session, document)
    settled = dict(
        session.execute(
            select(Settlement.fingerprint, Settlement.reason).where(Settlement.document_id == document.id)
        ).all()
    )
    return [_with_reason(one, settled.get(one.fingerprint)) for one in found]


def _with_reason(one: Conflict, reason: str | None) -> Conflict:
    return Conflict(
        one.code, one.document_id, one.other_id, one.citation_id, one.name, one.cited, one.held, reason
    )


def _name(document: Document) -> str:
    return document.number or document.subject or str(document.id)


def _of_citation(document: Document, row: CitationRow, target: Document) -> list[Conflict]:
    compared = (
        ("date_differs", row.date, target.date, row.date != target.date),
        ("type_differs", row.doc_type, target.doc_type, row.doc_type != target.doc_type),
        ("issuer_differs", row.issuer, target.issuer, row.issuer_key != target.issuer_key),
        ("cites_later_document", document.date, target.date, (document.date or "") < (target.date or "")),
    )
    return [
        Conflict(code, document.id, target.id, row.id, _name(target), ours, theirs)
        for code, ours, theirs, differs in compared
        if ours and theirs and differs
    ]


def _superseded(
    session: Session, document: Document, bases: dict[int, tuple[CitationRow, Document]]
) -> list[Conflict]:
    """Bases that a document on file had ended before this one's date; what came later does not count."""
    if not document.date or not bases:
        return []
    ended = session.execute(
        select(CitationRow.target_id, Document)
        .join(Document, Document.id == CitationRow.document_id)
        .where(
            CitationRow.target_id.in_(bases),
            CitationRow.relation.in_(_ENDED),
            CitationRow.provision.is_(None),
            Document.status.in_(LIVE),
            Document.date < document.date,
        )
        .order_by(Document.date, Document.id)
    ).all()
    return [
        Conflict("superseded_basis", document.id, by.id, bases[base][0].id, _name(bases[base][1]), document.date, _name(by))
        for base, by in ended
        if base is not None
    ]  # fmt: skip


def _reused(session: Session, document: Document) -> list[Conflict]:
    if not (document.number_key and document.issuer_key and document.year) or document.status not in LIVE:
        return []
    others = session.scalars(
        select(Document)
        .where(
            Document.number_key == document.number_key,
            Document.issuer_key == document.issuer_key,
            Document.year == document.year,
            Document.id != document.id,
            Document.status.in_(LIVE),
        )
        .order_by(Document.id)
    )
    return [
        Conflict("number_reused", document.id, one.id, None, _name(one), _name(document), str(one.id))
        for one in others
    ]
