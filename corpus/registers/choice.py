"""Choice of the register that a paper goes into by itself: by own body, type and sender; no SQL."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from corpus.authority.bodies import expand, tidy
from corpus.registers.numbers import Kind
from corpus.tables import rows
from corpus.vietnamese.fold import words

_NOBODY = "-"
"""Words of the row for papers that have no issuing body."""


@dataclass(frozen=True, slots=True)
class Book:
    """A register that the office keeps: what of its direction goes into it by itself.

    body: ID of the body of ours that keeps it; None: the office as a whole. types: names of document types.
    senders: kinds of the table, or first words of bodies' names. Empty ones ask for nothing; a register that asks
    for nothing is chosen by hand alone. first_year, last_year: the years in which it is kept; None: no bound.
    """

    code: str
    kind: Kind
    name: str
    body: int | None = None
    types: tuple[str, ...] = ()
    senders: tuple[str, ...] = ()
    first_year: int | None = None
    last_year: int | None = None

    def is_kept(self, year: int) -> bool:
        """True if the register is kept in a year."""
        return (self.first_year or year) <= year <= (self.last_year or year)


@dataclass(frozen=True, slots=True)
class PaperKind:
    """A paper as the choice looks at it; bodies: IDs of the bodies of ours that it comes from or goes to."""

    doc_type: str
    issuer: str
    bodies: frozenset[int] = frozenset()


def chosen(books: Iterable[Book], kind: Kind, year: int, paper: PaperKind) -> Book | None:
    """The register of a direction that asks for most of what the paper has; None: the one that each direction has.

    A body's own register goes before all others, then a type, then a sender; among equals the first one.
    """
    best, weight = None, 0
    for book in books:
        if book.kind == kind and book.is_kept(year) and (now := _weight(book, paper)) > weight:
            best, weight = book, now
    return best


def sender_kinds() -> tuple[str, ...]:
    """The kinds of senders that a register can ask for, in the table's order."""
    return tuple(dict.fromkeys(row["kind"] for row in rows("sender_kinds")))


def kind_of_sender(issuer: str) -> str:
    """The kind of a sender, by the longest words that its name begins with; empty for none."""
    name = words(expand(tidy(issuer))) or _NOBODY
    return next((kind for start, kind in _starts() if _begins(name, start)), "")


def _weight(book: Book, paper: PaperKind) -> int:
    """4 for the body, 2 for the type, 1 for the sender; 0 if any of them is asked for and not there."""
    asked = (
        (4, book.body is not None, book.body in paper.bodies),
        (2, bool(book.types), words(paper.doc_type) in {words(one) for one in book.types}),
        (1, bool(book.senders), _is_sent_by(paper.issuer, book.senders)),
    )
    if any(wanted and not there for _, wanted, there in asked):
        return 0
    return sum(weight for weight, wanted, _ in asked if wanted)


def _is_sent_by(issuer: str, senders: tuple[str, ...]) -> bool:
    if kind_of_sender(issuer) in senders:
        return True
    name = words(expand(tidy(issuer)))
    return any(_begins(name, start) for one in senders if (start := words(expand(tidy(one)))))


def _begins(name: str, start: str) -> bool:
    return name == start or name.startswith(start + " ")


@lru_cache(maxsize=1)
def _starts() -> tuple[tuple[str, str], ...]:
    """Words and kinds of the table, the longest words first."""
    found = [(row["words"], row["kind"]) for row in rows("sender_kinds")]
    return tuple(sorted(found, key=lambda one: -len(one[0])))
