"""The parts of a parsed query: words, phrases, numbers, values of the record, and their combinations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["in_force", "ended", "coming", "partly"]
Kind = Literal["type", "body", "signer", "day", "month", "quarter", "year", "range"]
"""Kinds of values that words are taken for."""
TITLES: frozenset[Kind] = frozenset({"type", "body"})
"""Kinds whose words a subject may have as well."""


@dataclass(frozen=True, slots=True)
class WordTerm:
    """One syllable; one typed with a mark is `accented` and prefers documents with the mark."""

    text: str
    folded: str

    @property
    def accented(self) -> bool:
        return self.text != self.folded


@dataclass(frozen=True, slots=True)
class Phrase:
    """Adjacent syllables."""

    words: tuple[WordTerm, ...]

    @property
    def accented(self) -> bool:
        return any(word.accented for word in self.words)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`word*`: every token with this prefix."""

    word: WordTerm


@dataclass(frozen=True, slots=True)
class NumberTerm:
    """A document number as typed: its key if it is whole, and its parts if it is incomplete (`KH31`)."""

    key: str | None
    parts: tuple[str, ...]
    words: tuple[WordTerm, ...]
    own: bool = False
    """True for the document's own number alone, not one that its text mentions."""


@dataclass(frozen=True, slots=True)
class InField:
    """Syllables that all occur in one field of the record; `field` is its name in the index
    (search.engines.fields).
    """

    field: str
    words: tuple[WordTerm, ...]
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class CitesTerm:
    """Documents that cite this number."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class InFile:
    """Documents of a file (hồ sơ), by a key of its code as the index has it; FILED: of any file."""

    key: str


@dataclass(frozen=True, slots=True)
class Having:
    """Documents that have all of some whole values in a field; `field` is its name in the index."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signed:
    """Documents with a digital signature in one of these states (`yes`: in any)."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class InEffect:
    """Documents in a state of effect (hiệu lực) on a day, ISO 8601; None: on the day of the search."""

    state: State
    day: str | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Inclusive ISO bounds of the date of the document; a year alone is its first to its last day."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Understood:
    """Words taken for a value of the record, as the page says it.

    Documents that have the value come first; those that only have the words are found if few have it.
    """

    kind: Kind
    words: tuple[WordTerm, ...]
    """As typed."""
    value: tuple[str, ...] = ()
    """Folded words of a type, body or signer, as the record has them."""
    codes: tuple[str, ...] = ()
    """Folded symbols of a body, as its numbers have them."""
    dates: Dates = Dates()
    label: str = ""
    """The value for people; empty for days, whose bounds say it."""

    @property
    def typed(self) -> str:
        """The words in one string, by which the reader says that they are words."""
        return " ".join(word.folded for word in self.words)


@dataclass(frozen=True, slots=True)
class Same:
    """Words, or another spelling of what they say: `bảo hiểm y tế`, `BHYT`."""

    words: tuple[WordTerm, ...]
    others: tuple[tuple[WordTerm, ...], ...]


@dataclass(frozen=True, slots=True)
class FirstDigits:
    """The first digits of a number: `506` for 5065 and 5066."""

    word: WordTerm


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match one of several clauses."""

    options: tuple[Clause, ...]


Clause = (
    WordTerm
    | Phrase
    | Prefix
    | NumberTerm
    | InField
    | CitesTerm
    | InFile
    | Having
    | Signed
    | InEffect
    | Understood
    | Same
    | FirstDigits
    | AnyOf
)


@dataclass(frozen=True, slots=True)
class Query:
    """A parsed query: clauses that must match, clauses that must not, and bounds of the date."""

    text: str
    must: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    dates: Dates = Dates()
    numbers: tuple[NumberTerm, ...] = ()
    """Numbers that the words may mean: their documents come first, but the words alone decide which are found."""
    hints: tuple[Understood | Same, ...] = ()
    """Values that the words of a question may mean: their documents gain, but none is left out."""

    @property
    def words(self) -> tuple[WordTerm, ...]:
        """The free syllables in order, also those of phrases."""
        found: list[WordTerm] = []
        for clause in self.must:
            match clause:
                case WordTerm():
                    found.append(clause)
                case FirstDigits(word):
                    found.append(word)
                case Phrase(words) | Same(words, _):
                    found.extend(words)
                case Understood(kind, words) if kind in TITLES:
                    found.extend(words)
        return tuple(found)

    @property
    def meant(self) -> tuple[Understood, ...]:
        """The values that were understood, in order."""
        return tuple(clause for clause in (*self.must, *self.hints) if isinstance(clause, Understood))

    @property
    def effect(self) -> InEffect | None:
        """The effect asked for, or excluded; the first of several."""
        clauses = [*self.must, *self.without]
        options = [
            option for clause in clauses for option in (clause.options if isinstance(clause, AnyOf) else (clause,))
        ]
        return next((option for option in options if isinstance(option, InEffect)), None)

    @property
    def is_empty(self) -> bool:
        return not self.must and not self.without and self.dates == Dates()
