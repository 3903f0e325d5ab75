"""Which stored document each citation means: found, ambiguous or wanted, the same whatever order documents arrive in."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, String, cast, select
from sqlalchemy.orm import Session

from corpus.identity import issuer_key
from corpus.laws import law_numbers_keys, laws_named
from corpus.models import CitationRow, Document
from corpus.number import match_key, parse
from corpus.provinces import province_at_end, province_successor

LIVE = ("review", "accepted")
"""Only what waits for a person or is on record can be cited into."""

_CENTRAL = frozenset({"L", "PL", "NQ", "NĐ", "TT", "TTLT", "QĐ", "CT", "VBHN", "L-CTN"})
"""Types whose numbers, with a year and of a central body, are given out once in the whole country."""


@dataclass(frozen=True, slots=True)
class Found:
    """The one document that a citation means."""

    document_id: int


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Documents a citation may mean; a person chooses."""

    candidates: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A document that is not held; `key` groups the citations of it."""

    key: str


Resolution = Found | Ambiguous | Wanted


def resolve(session: Session, document: Document) -> None:
    """Decides the document's own citations and all that wait for it, point to it or may mean it; commits nothing."""
    session.flush()
    touched = [CitationRow.document_id == document.id, CitationRow.target_id == document.id]
    if document.number_key:
        touched.append(CitationRow.number_key == document.number_key)
        touched.append(CitationRow.title_key.in_(law_numbers_keys(document.number or "")))
    rows = {row.id: row for clause in touched for row in session.scalars(select(CitationRow).where(clause))}
    maybe = select(CitationRow.id, CitationRow.candidates).where(
        CitationRow.status == "ambiguous", cast(CitationRow.candidates, String).contains(str(document.id))
    )
    for id_ in [id_ for id_, candidates in session.execute(maybe) if document.id in candidates]:
        rows[id_] = session.get_one(CitationRow, id_)
    for row in rows.values():
        _settle(session, row)
    session.flush()


def resolve_all(session: Session) -> None:
    """Decides every citation anew."""
    for row in session.scalars(select(CitationRow).order_by(CitationRow.id)):
        _settle(session, row)
    session.flush()


def find_documents(session: Session, ref: str) -> list[int]:
    """Documents named by a number in any spelling or by an ID, oldest first."""
    ref = ref.strip()
    if ref.isascii() and ref.isdigit() and len(ref) < 19:
        return list(session.scalars(select(Document.id).where(Document.id == int(ref))))
    key = match_key(ref)
    if key is None:
        return []
    return [one.id for one in session.scalars(_live().where(Document.number_key == key))]


def decide(session: Session, row: CitationRow) -> Resolution:
    """What a citation means among the documents held now; depends on nothing else."""
    if row.number_key:
        return _by_number(session, row)
    if row.title_key:
        return _by_law(session, row, row.title_key)
    return Wanted(f"text|{row.printed}"[:400])


def _settle(session: Session, row: CitationRow) -> None:
    """Writes the decision into the row; a person's choice stays."""
    if row.settled_by:
        return
    match decide(session, row):
        case Found(document_id):
            row.status, row.target_id, row.candidates, row.wanted_key = "found", document_id, [], None
        case Ambiguous(candidates):
            row.status, row.target_id, row.candidates, row.wanted_key = "ambiguous", None, list(candidates), None
        case Wanted(key):
            row.status, row.target_id, row.candidates, row.wanted_key = "wanted", None, [], key


def _live() -> Select[Document]:
    return select(Document).where(Document.status.in_(LIVE)).order_by(Document.id)


def _by_number(session: Session, row: CitationRow) -> Resolution:
    held = session.scalars(_live().where(Document.number_key == row.number_key, Document.id != row.document_id))
    number = parse(row.number) if row.number else None
    year = int(row.date[:4]) if row.date else number.year if number else None
    same_year = [one for one in held if year is None or one.year is None or one.year == year]
    national = bool(number and (number.family == "qh" or _is_national(number.year, number.type_code, row)))
    own = [one for one in same_year if national or _same_body(row, one)]
    dated = [one for one in own if row.date and one.date == row.date]
    meant = dated or own
    sure = bool(dated or national or (row.issuer_key and year is not None))
    if len(meant) == 1 and sure:
        return Found(meant[0].id)
    possible = meant or [one for one in same_year if _took_over(row, one)]
    if possible:
        return Ambiguous(tuple(one.id for one in possible))
    return Wanted(f"{row.issuer_key or '?'}|{year or '?'}|{row.number_key}"[:400])


def _is_national(year: int | None, type_code: str | None, row: CitationRow) -> bool:
    """A decree or circular of a central body; a province's decision with a year in its number is not."""
    return (
        year is not None
        and type_code in _CENTRAL
        and "-UBND" not in (row.number or "")
        and ("HĐND" not in (row.number or ""))
    )


def _same_body(row: CitationRow, one: Document) -> bool:
    """Nothing known on either side speaks against one body."""
    return not row.issuer_key or not one.issuer_key or row.issuer_key == one.issuer_key


def _took_over(row: CitationRow, one: Document) -> bool:
    """The cited body holds today the land of the body that issued the document: An Giang for Kiên Giang."""
    found = province_at_end(one.issuer_key or "")
    after = province_successor(found[0].name) if found else None
    return bool(found and after and issuer_key(f"{found[1]} {after}") == row.issuer_key)


def _by_law(session: Session, row: CitationRow, title_key: str) -> Resolution:
    """A law by its name: the version passed by the day of the citing document."""
    citing = session.get(Document, row.document_id)
    versions = laws_named(title_key, row.date or (citing.date if citing else None))
    if not versions:
        return Wanted(f"name|{title_key}"[:400])
    key = match_key(versions[0][0])
    held = session.scalars(_live().where(Document.number_key == key, Document.id != row.document_id)).all()
    if len(held) == 1:
        return Found(held[0].id)
    return Ambiguous(tuple(one.id for one in held)) if held else Wanted(f"law|{key}"[:400])
