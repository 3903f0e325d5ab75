"""Which stored document each citation means: found, ambiguous or wanted, the same whatever order documents arrive in.

A document's identity is issuer, number with notation, and year (of the Party: term), since `93/KH-UBND` exists in every
province every year. What is not sure is for a person: a wrong link is worse than none.
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
"""Only what waits for a person or is on record can be cited into."""

_AT_ONCE = 20_000
"""Citations decided before they leave memory, when all are."""
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
    """A document that is not held; `key` groups the citations of it."""

    key: str


Resolution = Found | Ambiguous | Wanted


@dataclass(frozen=True, slots=True)
class _Held:
    """What of a stored document decides whether it is meant."""

    id: int
    issuer_key: str | None
    year: int | None
    date: str | None
    doc_type: str | None


@dataclass(frozen=True, slots=True)
class _Citing:
    """What of the citing document decides: a name means the law of its day, `UBND` alone its own."""

    date: str | None = None
    issuer_key: str | None = None


@dataclass(slots=True)
class _Asked:
    """The documents held, asked once for each number while many citations are decided."""

    session: Session
    held: dict[str, tuple[_Held, ...]] = field(default_factory=dict)

    def bearing(self, number_key: str) -> tuple[_Held, ...]:
        """The documents that bear a number, oldest in the store first."""
        if number_key not in self.held:
            self.ask({number_key})
        return self.held[number_key]

    def ask(self, number_keys: set[str]) -> None:
        """Asks for many numbers at once."""
        for part in _parts(number_keys - self.held.keys()):
            found: dict[str, list[_Held]] = {key: [] for key in part}
            for key, id_, issuer, year, date, kind in self.session.execute(
                _live().where(Document.number_key.in_(part))
            ):
                found[key or ""].append(_Held(id_, issuer, year, date, kind))
            self.held |= {key: tuple(held) for key, held in found.items()}


@dataclass(slots=True)
class _Nothing(_Asked):
    """An archive that holds nothing."""

    def bearing(self, number_key: str) -> tuple[_Held, ...]:
        return ()


def is_live() -> ColumnElement[bool]:
    """Whether a document that citations lead to is live; said so that no database begins with all documents of a state."""
    return (Document.status + "").in_(LIVE)


def resolve(session: Session, document: Document, was: str | None = None) -> None:
    """Decides the document's own citations and all that wait for it, point to it or may mean it; commits nothing.

    `was`: the number it bore before a correction; what may have meant it under that number is decided again too.
    """
    session.flush()
    touched = [CitationRow.document_id == document.id, CitationRow.target_id == document.id]
    for number in {document.number, was} - {None}:
        if (key := match_key(number or "")) is not None:
            touched.append(CitationRow.number_key == key)
        if names := law_numbers_keys(number or ""):
            touched.append(CitationRow.title_key.in_(names))
    rows = {row.id: row for clause in touched for row in session.scalars(_undecided().where(clause))}
    _settle(session, list(rows.values()))


def resolve_all(session: Session) -> None:
    """Decides every citation anew, some at a time."""
    last = session.scalar(select(func.max(CitationRow.id))) or 0
    for first in range(0, last + 1, _AT_ONCE):
        part = CitationRow.id.between(first, first + _AT_ONCE - 1)
        rows = list(session.scalars(_undecided().where(part).order_by(CitationRow.id)))
        _settle(session, rows)
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
    """What a citation means among the documents held now; depends on nothing else."""
    if row.number_key:
        return _by_number(asked, row, citing)
    if row.title_key:
        return _by_law(asked, row, row.title_key, citing.date)
    return Wanted(f"text|{row.printed}"[:400])


def _undecided() -> Select[CitationRow]:
    """All but what a person has chosen: that stays."""
    return select(CitationRow).where(CitationRow.settled_by.is_(None))


def _settle(session: Session, rows: list[CitationRow]) -> None:
    """Writes the decision into each row that it changes."""
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
    held = [one for one in asked.bearing(row.number_key or "") if one.id != row.document_id]
    held = [one for one in held if number is None or _same_run(number, row.doc_type, one.doc_type)]
    in_series = [one for one in held if series is None or _series(number, one) in (None, series)]
    national = number is not None and is_national(number)
    own = [one for one in in_series if national or _same_body(row, one)]
    heirs = [] if national else [one for one in in_series if one not in own and _took_over(row, one)]
    dated = [one for one in own if row.date and one.date == row.date]
    if len(dated) == 1 or (len(own) == 1 and not heirs and not dated and _is_sure(row, own[0], national, series)):
        return Found((dated or own)[0].id)
    if possible := dated or own + heirs or _of_that_day(row, citing, in_series):
        return Ambiguous(tuple(sorted(one.id for one in possible)))
    return Wanted(_wanted_key(row, series))


def _same_run(number: Number, cited: str | None, held: str | None) -> bool:
    """False where one is a law and the other a resolution: the National Assembly numbers them apart."""
    return number.family != "qh" or not cited or not held or is_resolution(cited) == is_resolution(held)


def _of_that_day(row: CitationRow, citing: _Citing, held: list[_Held]) -> list[_Held]:
    """Documents of the cited number and day by another body, where the cited one is the citing body itself.

    It may have been filled in for a name that was not read (`UBND tỉnh` in a district's plan): a person looks.
    """
    own = row.issuer_key is not None and row.issuer_key == citing.issuer_key
    return [one for one in held if own and row.date and one.date == row.date]


def wanted_key(row: CitationRow) -> str:
    """The key that groups a citation with others of the same document, for one that a person said is not held."""
    if row.number_key:
        return _wanted_key(row, _series(parse(row.number) if row.number else None, row))
    return f"name|{row.title_key}"[:400] if row.title_key else f"text|{row.printed}"[:400]


def key_if_absent(session: Session, row: CitationRow, date: str | None, issuer_key: str | None) -> str:
    """The key that a citation would be grouped by if no document were held; date and issuer of the citing document."""
    told = decide(_Nothing(session), row, _Citing(date, issuer_key))
    return told.key if isinstance(told, Wanted) else wanted_key(row)


def _wanted_key(row: CitationRow, series: str | None) -> str:
    """One key a document: the number alone where it is given out once in the country, however its body was printed."""
    number = parse(row.number) if row.number else None
    if number is not None and is_national(number):
        return national_key(row.number_key or "", row.doc_type)
    return f"{row.issuer_key or '?'}|{series or '?'}|{row.number_key}"[:400]


def _is_sure(row: CitationRow, one: _Held, national: bool, series: str | None) -> bool:
    """Whether issuer and year (or term) are known on both sides, or the number alone is enough."""
    return national or bool(
        row.issuer_key and row.issuer_key == one.issuer_key and series is not None and one.year
    )


def _series(number: Number | None, dated: CitationRow | _Held) -> str | None:
    """In which run of numbers one lies: that of its year, of the Party that of a term; None when not known."""
    if number is not None and number.year is not None:
        return str(number.year)
    if number is not None and number.family == "party":
        return party_term(dated.date, central="TW" in number.symbol) if dated.date else None
    return dated.date[:4] if dated.date else None


def is_national(number: Number) -> bool:
    """A decree or circular of a central body; a province's decision with a year in its number is not."""
    if number.family in ("qh", "standard"):
        return True
    local = any(code.startswith(("UBND", "HĐND")) for code in number.issuer_codes)
    return number.year is not None and number.type_code in _CENTRAL and not local


def _same_body(row: CitationRow, one: _Held) -> bool:
    """Nothing known on either side speaks against one body: one may be named without its place, or cut short by a scanner."""
    cited, held = row.issuer_key, one.issuer_key
    return not cited or not held or f"{held} ".startswith(f"{cited} ") or f"{cited} ".startswith(f"{held} ")


def _took_over(row: CitationRow, one: _Held) -> bool:
    """Whether the cited body has taken over the one that issued the document: `UBND tỉnh An Giang` that of Kiên Giang."""
    return row.issuer_key is not None and row.issuer_key in successor_keys(one.issuer_key)


def _by_law(asked: _Asked, row: CitationRow, title_key: str, citing_date: str | None) -> Resolution:
    """A law by its name: the one in force on the citing day; ambiguous where two may be meant and one is held."""
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
