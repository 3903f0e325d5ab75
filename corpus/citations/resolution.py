"""Resolution of citations to stored documents: found, ambiguous or wanted, independent of the order of arrival.

A document's identity is issuer, number with notation, and year (of the Party: term), since `93/KH-UBND` exists in
every province every year. Unsure cases are for a person: a wrong link is worse than none.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from corpus.authority.identity import party_term, successor_keys
from corpus.authority.laws import is_resolution, law_meant, law_numbers_keys, law_title_key
from corpus.citations.law_links import CARRIED_OUT, national_key
from corpus.database.models import CitationRow, Document
from corpus.numbering.number import Number, match_key, parse

LIVE = ("review", "accepted")
"""States of documents that citations can resolve to."""

_AT_ONCE = 20_000
"""Citations decided before they leave memory, when all are decided."""
_CENTRAL = frozenset({"L", "PL", "NQ", "NĐ", "TT", "TTLT", "QĐ", "CT", "VBHN", "L-CTN"})
"""Types whose numbers, with a year and of a central body, are given out once in the whole country."""


_Key = TypeVar("_Key", int, str)


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
    """A document that is not on record; `key` groups the citations of it."""

    key: str


Resolution = Found | Ambiguous | Wanted


@dataclass(frozen=True, slots=True)
class _Held:
    """Fields of a stored document used to match a citation."""

    id: int
    issuer_key: str | None
    year: int | None
    date: str | None
    doc_type: str | None


@dataclass(frozen=True, slots=True)
class _Citing:
    """Fields of the citing document used to resolve: a name means the law of its day,
    `UBND` alone its own body.
    """

    date: str | None = None
    issuer_key: str | None = None


@dataclass(slots=True)
class _Asked:
    """Cache of documents on record by number, while many citations are decided."""

    session: Session
    held: dict[str, tuple[_Held, ...]] = field(default_factory=dict)

    def bearing(self, number_key: str) -> tuple[_Held, ...]:
        """The documents with a number, oldest in the store first."""
        if number_key not in self.held:
            self.ask({number_key})
        return self.held[number_key]

    def ask(self, number_keys: set[str]) -> None:
        """Load the documents of many numbers at once."""
        for part in _parts(number_keys - self.held.keys()):
            found: dict[str, list[_Held]] = {key: [] for key in part}
            for key, id_, issuer, year, date, kind in self.session.execute(
                _live().where(Document.number_key.in_(part))
            ):
                found[key or ""].append(_Held(id_, issuer, year, date, kind))
            self.held |= {key: tuple(held) for key, held in found.items()}


@dataclass(slots=True)
class _Nothing(_Asked):
    """An archive without documents."""

    def bearing(self, number_key: str) -> tuple[_Held, ...]:
        return ()


def is_live() -> ColumnElement[bool]:
    """SQL condition: citations lead to the document; written so that no database starts from all documents of a
    state.
    """
    return (Document.status + "").in_(LIVE)


def resolve(session: Session, document: Document, was: str | None = None) -> None:
    """Resolve the document's own citations and all that wait for it, point to it or may mean it; commits nothing.

    `was`: the number before a correction; citations that may have meant it under that number are resolved too.
    """
    session.flush()
    touched = [CitationRow.document_id == document.id, CitationRow.target_id == document.id]
    for number in {document.number, was} - {None}:
        if (key := match_key(number or "")) is not None:
            touched.append(CitationRow.number_key == key)
        if names := law_numbers_keys(number or ""):
            touched.append(CitationRow.title_key.in_(names))
    rows = {row.id: row for clause in touched for row in session.scalars(_undecided_rows().where(clause))}
    settle(session, list(rows.values()))


def resolve_all(session: Session) -> None:
    """Resolve every citation again, in batches."""
    last = session.scalar(select(func.max(CitationRow.id))) or 0
    for first in range(0, last + 1, _AT_ONCE):
        part = CitationRow.id.between(first, first + _AT_ONCE - 1)
        rows = list(session.scalars(_undecided_rows().where(part).order_by(CitationRow.id)))
        settle(session, rows)
        for row in rows:
            session.expunge(row)


def find_documents(session: Session, ref: str) -> list[int]:
    """Documents named by a number in any spelling or by an ID, oldest first."""
    ref = ref.strip()
    if ref.isascii() and ref.isdigit() and len(ref) < 19:
        return list(session.scalars(select(Document.id).where(Document.id == int(ref))))
    key = match_key(ref)
    return [one.id for one in _Asked(session).bearing(key)] if key else []


def decide(asked: _Asked, row: CitationRow, citing: _Citing) -> Resolution:
    """Resolve a citation among the documents on record now; depends on nothing else."""
    if row.number_key:
        return _by_number(asked, row, citing)
    if row.title_key:
        return _by_law(asked, row, row.title_key, citing.date)
    return Wanted(f"text|{row.printed}"[:400])


def _undecided_rows() -> Select[CitationRow]:
    """Query for all citations but those that a person decided."""
    return select(CitationRow).where(CitationRow.settled_by.is_(None))


def settle(session: Session, rows: list[CitationRow]) -> None:
    """Decide citations and write the decision into each row that it changes; commits nothing."""
    asked, citing = _Asked(session), _citing(session, {row.document_id for row in rows})
    asked.ask({row.number_key for row in rows if row.number_key})
    told: tuple[str, int | None, list[int], str | None]
    for row in rows:
        match decide(asked, row, citing.get(row.document_id, _Citing())):
            case Found(document_id):
                told = ("found", document_id, [], None)
            case Ambiguous(candidates):
                told = ("ambiguous", None, list(candidates), None)
            case Wanted(key):
                told = ("wanted", None, [], key)
        if (row.status, row.target_id, row.candidates, row.wanted_key) != told:
            row.status, row.target_id, row.candidates, row.wanted_key = told
    session.flush()


def _citing(session: Session, ids: set[int]) -> dict[int, _Citing]:
    found: dict[int, _Citing] = {}
    for part in _parts(ids):
        rows = session.execute(
            select(Document.id, Document.date, Document.issuer_key).where(Document.id.in_(part))
        )
        found.update((id_, _Citing(date, issuer)) for id_, date, issuer in rows)
    return found


def _parts(keys: set[_Key]) -> Iterator[list[_Key]]:
    """The keys in order, as many at a time as a question to the database takes."""
    ordered = sorted(keys)
    yield from (ordered[at : at + 500] for at in range(0, len(ordered), 500))


def _live() -> Select[str | None, int, str | None, int | None, str | None, str | None]:
    columns = (
        Document.number_key, Document.id, Document.issuer_key, Document.year, Document.date, Document.doc_type,
    )  # fmt: skip
    return select(*columns).where(is_live()).order_by(Document.id)


def _by_number(asked: _Asked, row: CitationRow, citing: _Citing) -> Resolution:
    number = parse(row.number) if row.number else None
    series = _series(number, row)
    in_series = _in_series(asked, row, number, series)
    national = number is not None and is_national(number)
    own = [one for one in in_series if national or _same_body(row, one)]
    heirs = [] if national else [one for one in in_series if one not in own and _took_over(row, one)]
    dated = [one for one in own if row.date and one.date == row.date]
    match dated, own, heirs:
        case [one], _, _:
            return Found(one.id)
        case [], [one], [] if _is_sure(row, one, national, series):
            return Found(one.id)
    if possible := dated or own + heirs or _of_that_day(row, citing, in_series):
        return Ambiguous(tuple(sorted(one.id for one in possible)))
    return Wanted(_wanted_key(row, series))


def _in_series(asked: _Asked, row: CitationRow, number: Number | None, series: str | None) -> list[_Held]:
    """The other documents on record with the cited number, in its run and its year or term."""
    return [
        one
        for one in asked.bearing(row.number_key or "")
        if one.id != row.document_id
        and (number is None or _same_run(number, row.doc_type, one.doc_type))
        and (series is None or _series(number, one) in (None, series))
    ]


def _same_run(number: Number, cited: str | None, held: str | None) -> bool:
    """False if one is a law and the other a resolution: the National Assembly numbers them in two runs."""
    return number.family != "qh" or not cited or not held or is_resolution(cited) == is_resolution(held)


def _of_that_day(row: CitationRow, citing: _Citing, held: list[_Held]) -> list[_Held]:
    """Documents with the cited number and day of another body, if the cited one is the citing body itself.

    It may have been filled in for a name that was not read (`UBND tỉnh` in a district's plan): a person decides.
    """
    own = row.issuer_key is not None and row.issuer_key == citing.issuer_key
    return [one for one in held if own and row.date and one.date == row.date]


def wanted_key(row: CitationRow) -> str:
    """Key of the wanted document of a citation that a person declared as not on record."""
    if row.number_key:
        return _wanted_key(row, _series(parse(row.number) if row.number else None, row))
    return f"name|{row.title_key}"[:400] if row.title_key else f"text|{row.printed}"[:400]


def key_if_absent(session: Session, row: CitationRow, date: str | None, issuer_key: str | None) -> str:
    """Key of a citation if no document were on record; date and issuer of the citing document."""
    told = decide(_Nothing(session), row, _Citing(date, issuer_key))
    return told.key if isinstance(told, Wanted) else wanted_key(row)


def _wanted_key(row: CitationRow, series: str | None) -> str:
    """Key of a wanted document: the number alone if it is given out once in the country, whatever the printed
    issuer.
    """
    number = parse(row.number) if row.number else None
    if number is not None and is_national(number):
        # Outside the National Assembly a number tells its type by itself, however the type was printed.
        told = row.doc_type if number.family == "qh" or number.type_code != "NQ" else "Nghị quyết"
        return national_key(row.number_key or "", told)
    return f"{row.issuer_key or '?'}|{series or '?'}|{row.number_key}"[:400]


def _is_sure(row: CitationRow, one: _Held, national: bool, series: str | None) -> bool:
    """True if issuer and year (or term) are known on both sides, or the number alone is enough."""
    return national or bool(
        row.issuer_key and row.issuer_key == one.issuer_key and series is not None and one.year
    )


def _series(number: Number | None, dated: CitationRow | _Held) -> str | None:
    """Run of a number: its year, of the Party its term; None if unknown."""
    if number is not None and number.year is not None:
        return str(number.year)
    if number is not None and number.family == "party":
        return party_term(dated.date, central="TW" in number.symbol) if dated.date else None
    return dated.date[:4] if dated.date else None


def is_national(number: Number) -> bool:
    """True if the number is given out once in the whole country: a decree or circular of a central body.

    A province's decision with a year in its number is not.
    """
    if number.family in ("qh", "standard"):
        return True
    local = any(code.startswith(("UBND", "HĐND")) for code in number.issuer_codes)
    return number.year is not None and number.type_code in _CENTRAL and not local


def _same_body(row: CitationRow, one: _Held) -> bool:
    """True if nothing known on either side excludes one body: a name may lack its place or be cut short by a
    scanner.
    """
    cited, held = row.issuer_key, one.issuer_key
    return not cited or not held or f"{held} ".startswith(f"{cited} ") or f"{cited} ".startswith(f"{held} ")


def _took_over(row: CitationRow, one: _Held) -> bool:
    """True if the cited body has taken over the issuer of the document:
    `UBND tỉnh An Giang` that of Kiên Giang.
    """
    return row.issuer_key is not None and row.issuer_key in successor_keys(one.issuer_key)


def _by_law(asked: _Asked, row: CitationRow, title_key: str, citing_date: str | None) -> Resolution:
    """Resolve a law by its name: the one in force on the citing day; ambiguous if two are possible and one is on
    record.
    """
    meaning = law_meant(title_key, citing_date, row.date, carried_out=row.relation in CARRIED_OUT)
    if not meaning.laws:
        return Wanted(f"name|{title_key}"[:400])
    meant = meaning.laws[:1] if meaning.certain else meaning.laws
    held = [
        one
        for law in meant
        for one in asked.bearing(match_key(law.number) or law.number)
        if one.id != row.document_id and is_resolution(one.doc_type) == is_resolution(law.type)
    ]
    if len(held) == 1 and meaning.certain:
        return Found(held[0].id)
    if held:
        return Ambiguous(tuple(sorted(one.id for one in held)))
    if not meaning.certain:
        return Wanted(f"name|{title_key}"[:400])
    return Wanted(national_key(match_key(meant[0].number) or law_title_key(meant[0].title), meant[0].type))
