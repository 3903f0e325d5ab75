"""The registers themselves, in a year: whose they are, what goes into them, how far they have come."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from corpus.database.models import Document, OwnBody
from corpus.database.register_rows import Register, RegisterEntry, RegisterYear
from corpus.database.store import Store
from corpus.numbering.typed_days import HANOI
from corpus.registers import books as rules
from corpus.registers.choice import Book
from corpus.registers.numbers import KINDS, Kind, RegisterName


@dataclass(frozen=True, slots=True)
class BookShown:
    """A register of a year: its rules (None: that of the direction), the body that keeps it, how far it has come.

    first: the number that its year begins with; last: the largest given, 0 for none.
    """

    which: RegisterName
    year: int
    book: Book | None
    body: str
    first: int
    last: int
    reserved: int
    closed_by: str
    closed_day: str
    """Day of the closing in Việt Nam, ISO 8601; empty while it is open."""


def books(store: Store, year: int) -> list[BookShown]:
    """All registers in a year: that of each direction first, then those that the office keeps, in their order.

    One that is not kept in that year is listed if it has numbers of it.
    """
    with store.db.reading() as session:
        kept = rules.every(session)
        bodies = {one.id: one.name for one in session.scalars(select(OwnBody))}
        named: list[tuple[RegisterName, Book | None]] = [(RegisterName(kind), None) for kind in KINDS]
        named += [(RegisterName(one.kind, one.code), one) for one in kept]
        shown = [_book_of(session, which, book, bodies, year) for which, book in named]
    return [one for one in shown if one.book is None or one.book.is_kept(year) or one.last]


def book(store: Store, which: RegisterName, year: int) -> BookShown:
    """One register in a year."""
    with store.db.reading() as session:
        found = rules.named(session, which.code) if which.code else None
        bodies = {one.id: one.name for one in session.scalars(select(OwnBody))}
        return _book_of(session, which, found, bodies, year)


def kept(store: Store) -> list[Book]:
    """The registers that the office keeps, of all years; those of each direction are not among them."""
    with store.db.reading() as session:
        return rules.every(session)


def register_named(store: Store, code: str) -> Book | None:
    """The register of a code; None if there is none."""
    with store.db.reading() as session:
        return rules.named(session, code)


def own_names(store: Store) -> list[str]:
    """Names of the bodies of ours, each of which may keep registers of its own."""
    with store.db.reading() as session:
        return list(session.scalars(select(OwnBody.name).order_by(OwnBody.id)))


def proposed(store: Store, document: Document, year: int) -> dict[Kind, str]:
    """Direction → code of the register that a document goes into by itself."""
    with store.db.reading() as session:
        if session.scalar(select(Register.id).limit(1)) is None:
            return dict.fromkeys(KINDS, "")
        return {kind: rules.of_paper(session, document, kind, year).code for kind in KINDS}


def _book_of(
    session: Session, which: RegisterName, found: Book | None, bodies: dict[int, str], year: int
) -> BookShown:
    within = (
        RegisterEntry.kind == which.kind,
        RegisterEntry.register == which.code,
        RegisterEntry.year == year,
    )
    last = session.scalar(
        select(RegisterEntry.ordinal).where(*within).order_by(RegisterEntry.ordinal.desc()).limit(1)
    )
    reserved = session.scalar(select(func.count()).where(*within, RegisterEntry.state == "reserved"))
    of_year = select(RegisterYear).where(RegisterYear.kind == which.kind, RegisterYear.register == which.code)
    special = session.scalars(of_year.where(RegisterYear.year == year)).first()
    closed = special.closed_at if special is not None else None
    return BookShown(
        which, year, found, bodies.get(found.body or 0, "") if found else "", special.first if special else 1,
        last or 0, reserved or 0, (special.closed_by or "") if special and closed else "",
        (closed + HANOI).date().isoformat() if closed else "",
    )  # fmt: skip
