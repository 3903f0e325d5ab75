"""From what a person types to a query tree; total: no text makes an error, what isn't understood is searched as words."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

from corpus.numbering import number as numbers
from corpus.vietnamese.fold import fold
from search import tokens

TextField = Literal["type", "number", "issuer", "recipient", "signer", "subject"]

FIELD_NAMES: dict[str, str] = {
    "loai": "type", "type": "type",
    "so": "number", "number": "number",
    "coquan": "issuer", "issuer": "issuer",
    "noinhan": "recipient", "recipient": "recipient",
    "nguoiky": "signer", "signer": "signer",
    "trichyeu": "subject", "subject": "subject",
    "nam": "year", "year": "year",
    "tu": "from", "from": "from",
    "den": "to", "to": "to",
    "dan": "cites", "cites": "cites",
    "kyso": "signed", "signed": "signed",
}  # fmt: skip
"""Folded name as typed → the field."""

SIGNATURES: dict[str, tuple[str, ...]] = {
    "co": ("yes",), "yes": ("yes",),
    "khong": (), "no": (), "none": (),
    "hople": ("valid", "valid_unknown_issuer", "valid_weak_algorithm"),
    "valid": ("valid", "valid_unknown_issuer", "valid_weak_algorithm"),
    "tincay": ("valid",), "trusted": ("valid",),
    "chuaro": ("valid_unknown_issuer",), "unknown": ("valid_unknown_issuer",), "validunknownissuer": ("valid_unknown_issuer",),
    "thuattoancu": ("valid_weak_algorithm",), "weak": ("valid_weak_algorithm",), "validweakalgorithm": ("valid_weak_algorithm",),
    "thaydoi": ("changed_after",), "changed": ("changed_after",), "changedafter": ("changed_after",),
    "hong": ("broken",), "broken": ("broken",),
    "loi": ("broken", "changed_after"), "bad": ("broken", "changed_after"),
}  # fmt: skip
"""What stands behind `kyso:`, folded and without signs → states, one of which a document's signatures have; empty: unsigned."""

_LONGEST_QUERY = 2000
_MOST_CLAUSES = 64
_LONGEST_NUMBER = 120
"""Joint circulars of a dozen bodies have numbers of some eighty characters."""
_ITEM = re.compile(
    r"""(?P<minus>-)?
        (?:(?P<field>[^\W\d_]{2,10}):(?=\S))?
        (?:["“”«](?P<quoted>[^"“”»]*)["“”»]|(?P<bare>\S+))""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:19|20)\d\d\Z")
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")
_VIETNAMESE_DATE = re.compile(r"(?:(\d{1,2})[/.-])?(\d{1,2})[/.-](\d{4})\Z")
_MISREAD = re.compile(r"(?<![^\W_])[\dlIoO]{1,5}(?=\s*[/-])")
"""What stands before a sign in a number and may be digits: `l/KH-UBND`, `O1/2O22/NĐ-CP`."""
_DIGITS = str.maketrans("lIoO", "1100")
_SHORT_NUMBER = re.compile(
    r"(?<![\w/-])(?:\d[\dlIoO]{0,4}\s*[/-]?\s*(?:\d{4}\s*[/-]?\s*)?[^\W\d_]{1,8}\d{0,2}(?:\s*[-/]\s*[^\W_]{1,10}|\s+[^\W\d_]{2,10}){0,3}|[^\W\d_]{1,6}\s?\d{1,5})(?![\w/-])"
)


@dataclass(frozen=True, slots=True)
class Word:
    """One syllable; `accented` says whether it was typed with a mark, which it then prefers."""

    text: str
    folded: str

    @property
    def accented(self) -> bool:
        return self.text != self.folded


@dataclass(frozen=True, slots=True)
class Phrase:
    """Syllables that stand next to each other."""

    words: tuple[Word, ...]

    @property
    def accented(self) -> bool:
        return any(word.accented for word in self.words)


@dataclass(frozen=True, slots=True)
class Prefix:
    """`word*`: every token that begins so."""

    word: Word


@dataclass(frozen=True, slots=True)
class Number:
    """A document number as typed: its key when it is whole, and its parts for what is short of one (`KH31`)."""

    key: str | None
    parts: tuple[str, ...]
    words: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class InField:
    """Syllables that all stand in one field of the record."""

    field: TextField
    words: tuple[Word, ...]
    phrase: bool = False


@dataclass(frozen=True, slots=True)
class Cites:
    """Documents that cite this number."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Signed:
    """Documents with a digital signature in one of these states (`yes`: in any)."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One of several."""

    options: tuple[Clause, ...]


Clause = Word | Phrase | Prefix | Number | InField | Cites | Signed | AnyOf


@dataclass(frozen=True, slots=True)
class Dates:
    """Inclusive ISO bounds of the date of the document; a year alone is its first to its last day."""

    start: str | None = None
    end: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What must occur, what must not, within which dates."""

    text: str
    must: tuple[Clause, ...] = ()
    without: tuple[Clause, ...] = ()
    dates: Dates = Dates()
    numbers: tuple[Number, ...] = ()
    """Numbers that the words may mean: their documents come first, but the words alone decide what is found."""

    @property
    def words(self) -> tuple[Word, ...]:
        """The free syllables, phrases taken apart, in order."""
        found: list[Word] = []
        for clause in self.must:
            if isinstance(clause, Word):
                found.append(clause)
            elif isinstance(clause, Phrase):
                found.extend(clause.words)
        return tuple(found)

    @property
    def is_empty(self) -> bool:
        return not self.must and not self.without and self.dates == Dates()


def parse(text: str) -> Query:
    """The query that a text means; never raises."""
    text = unicodedata.normalize("NFC", text[:_LONGEST_QUERY]).replace("\x00", " ").strip()
    whole = _whole_number(text)
    if whole is not None:
        return Query(text, must=(whole,), numbers=(whole,))
    query = _Builder(text)
    for match in _ITEM.finditer(text):
        query.take(match)
    return query.done()


class _Builder:
    """Takes the items of a query one by one."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.must: list[Clause] = []
        self.without: list[Clause] = []
        self.dates = Dates()
        self.joined = False
        self.free: list[str] = []

    def take(self, match: re.Match[str]) -> None:
        quoted, bare, field = match["quoted"], match["bare"], match["field"]
        if bare in ("OR", "HOẶC") and not field and not match["minus"]:
            self.joined = bool(self.must)
            return
        name = FIELD_NAMES.get(fold(field)) if field else None
        value = quoted if quoted is not None else bare
        if field and name is None:
            value = f"{field} {value}"
        if name in ("year", "from", "to") and (bounds := _bounds(name, value)) is not None:
            self.dates = _narrow(self.dates, bounds)
            return
        if name == "signed" and (states := SIGNATURES.get(re.sub(r"[\W_]", "", fold(value)))) is not None:
            minus = bool(match["minus"]) != (not states)
            self._add([Signed(states or ("yes",))], minus)
            return
        self._add(self._clauses(name, value, quoted is not None), bool(match["minus"]))

    def _clauses(self, name: str | None, value: str, quoted: bool) -> list[Clause]:
        if name in ("year", "from", "to", "signed"):
            return list(_words(value))
        if name == "cites":
            return _cites(value)
        if name == "number":
            return _number_field(value)
        if name is not None:
            words = _words(value)
            return [InField(name, words, quoted)] if words else []  # type: ignore[arg-type]
        return self._free(value, quoted)

    def _free(self, value: str, quoted: bool) -> list[Clause]:
        self.free.append(value)
        if (number := _whole_number(value)) is not None:
            return [number]
        words = _words(value)
        if quoted and len(words) > 1:
            return [Phrase(words)]
        if not quoted and value.endswith("*") and words and len(words[-1].folded) > 1:
            return [*words[:-1], Prefix(words[-1])]
        return [_split_glued(word) for word in words]

    def _add(self, clauses: list[Clause], minus: bool) -> None:
        if not clauses or len(self.must) + len(self.without) > _MOST_CLAUSES:
            self.joined = False
            return
        if minus:
            self.without.append(clauses[0] if len(clauses) == 1 else _adjacent(clauses))
        elif self.joined:
            last = self.must.pop()
            options = last.options if isinstance(last, AnyOf) else (last,)
            self.must.append(AnyOf((*options, clauses[0] if len(clauses) == 1 else _adjacent(clauses))))
        else:
            self.must.extend(clauses)
        self.joined = False

    def done(self) -> Query:
        found = [clause for clause in self.must if isinstance(clause, Number)]
        found += [] if found else _short_numbers(" ".join(self.free))
        return Query(self.text, tuple(self.must), tuple(self.without), self.dates, tuple(found))


def _adjacent(clauses: list[Clause]) -> Clause:
    words = tuple(clause for clause in clauses if isinstance(clause, Word))
    return Phrase(words) if len(words) > 1 else clauses[0]


def _words(value: str) -> tuple[Word, ...]:
    found = tokens.syllables(value)
    return tuple(Word(accented, folded) for accented, folded in zip(found.accented, found.folded, strict=True))


def _split_glued(word: Word) -> Clause:
    """`KH31` stands for itself or for its parts."""
    parts = tokens.unglued(word.folded)
    if len(parts) == 1:
        return word
    return AnyOf((word, Number(None, parts, tuple(Word(part, part) for part in parts))))


def _cites(value: str) -> list[Clause]:
    key = numbers.match_key(value)
    return [Cites(key or fold(value), value)]


def _number_field(value: str) -> list[Clause]:
    words = _words(value)
    if not words:
        return []
    parts = tuple(part for word in words for part in tokens.unglued(word.folded))
    return [InField("number", tuple(Word(part, part) for part in parts))] if (
        key := numbers.match_key(value)) is None else [AnyOf((Number(key, parts, ()),))]  # fmt: skip


def _whole_number(text: str) -> Number | None:
    if not _looks_like_number(text):
        return None
    mended = _MISREAD.sub(lambda match: match.group().translate(_DIGITS), text)
    for spelled in dict.fromkeys((text, mended)):
        if (key := numbers.match_key(spelled)) is not None:
            return Number(key, (), _words(spelled))
    return None


def _looks_like_number(text: str) -> bool:
    return (
        len(text) <= _LONGEST_NUMBER
        and any(c.isdigit() or c in "lIoO" for c in text[:6])
        and any(c in "/-" for c in text)
    )


def _short_numbers(text: str) -> list[Number]:
    """`31 KH STTTT`, `KH31`, `Kế hoạch 31`: the parts of a number among the words."""
    found = []
    for match in _SHORT_NUMBER.finditer(text):
        parts = tuple(part for word in _words(match.group()) for part in tokens.unglued(word.folded))
        if len(parts) > 1 and any(part.isdigit() for part in parts):
            found.append(Number(numbers.match_key(match.group()), parts, ()))
    return found[:3]


def _bounds(name: str, value: str) -> Dates | None:
    """The dates that `nam:`, `tu:` or `den:` allow; None when the value is no date."""
    if ".." in value and name == "year":
        first, _, last = value.partition("..")
        lower, upper = _bounds("from", first), _bounds("to", last)
        return Dates(lower.start if lower else None, upper.end if upper else None) if lower or upper else None
    parts = _date_parts(value)
    if parts is None:
        return None
    year, month, day = parts
    start = f"{year}-{month or 1:02}-{day or 1:02}"
    end = f"{year}-{month or 12:02}-{day or 31:02}"
    if name == "year":
        return Dates(f"{year}-01-01", f"{year}-12-31")
    return Dates(start=start) if name == "from" else Dates(end=end)


def _date_parts(value: str) -> tuple[int, int | None, int | None] | None:
    value = value.strip()
    if match := _ISO.match(value):
        year, month, day = match.groups()
    elif match := _VIETNAMESE_DATE.match(value):
        day, month, year = match.groups()
    else:
        return None
    numbers_read = int(year), int(month) if month else None, int(day) if day else None
    fits = (numbers_read[1] is None or 1 <= numbers_read[1] <= 12) and (
        numbers_read[2] is None or 1 <= numbers_read[2] <= 31
    )
    return numbers_read if fits else None


def _narrow(first: Dates, second: Dates) -> Dates:
    start = max(filter(None, (first.start, second.start)), default=None)
    end = min(filter(None, (first.end, second.end)), default=None)
    return replace(first, start=start, end=end)
