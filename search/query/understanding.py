"""A query with what its words mean: days, type, body, signer and number are taken as values of the record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from corpus.vietnamese.fold import fold
from search.query import vocabulary
from search.query.clauses import (
    AnyOf,
    Clause,
    Dates,
    FirstDigits,
    NumberTerm,
    Query,
    Same,
    Understood,
    WordTerm,
)
from search.query.days import period_at, short_days
from search.query.language import NO_FIELDS, parse

QUESTION = 8
"""Words from which on a query is a question: no document need have all of them."""
_OPENINGS = (
    ("tim", "giup", "toi"), ("tim", "cho", "toi"), ("cho", "toi"), ("tim", "kiem"), ("tim",),
    ("cac", "van", "ban"),
    ("nhung", "van", "ban"), ("toan", "bo", "van", "ban"), ("van", "ban"), ("cac",), ("nhung",),
    ("v", "v"), ("ve", "viec"), ("trich", "yeu"),
)  # fmt: skip
"""Words before a question proper, which no document need have."""
_FILLERS = frozenset(
    {
        "về",
        "của",
        "và",
        "các",
        "những",
        "là",
        "thì",
        "mà",
        "ấy",
        "nào",
        "gì",
        "cái",
        "hoặc",
        "với",
        "được",
        "ở",
        "tại",
        "này",
        "đó",
    }
)
"""Words that join others: papers on the same thing have them or not. Without accents they may be other words."""
_HONORIFICS = (
    ("ong",),
    ("ba",),
    ("anh",),
    ("chi",),
    ("dong", "chi"),
    ("d", "c"),
    ("bac", "si"),
    ("bs",),
    ("ths",),
    ("ts",),
    ("pgs",),
    ("gs",),
    ("giam", "doc"),
    ("pho", "giam", "doc"),
    ("gd",),
    ("pgd",),
    ("chu", "tich"),
    ("pho", "chu", "tich"),
    ("ct",),
    ("pct",),
    ("bo", "truong"),
    ("thu", "truong"),
    ("truong", "phong"),
    ("chanh", "van", "phong"),
    ("hieu", "truong"),
)
"""Words before a name."""
HasSigned = Callable[[tuple[str, ...]], bool]


def _nobody(name: tuple[str, ...]) -> bool:
    """True if an index knows who signed; without one nobody is known."""
    return False


_NUMBERED = frozenset({"so"})
_SIGNED_BY = (("do", "dong", "chi"), ("do", "ong"), ("do", "ba"), ("nguoi", "ky"), ("ky", "boi"), ("do",))
_PLACE_KINDS = (("thanh", "pho"), ("tinh",), ("tp",))
_QUOTED = re.compile(r"[\"“”«]\s*([^\W_]+)\s*[\"“”»]")
"""One word in quotation marks, which the query language takes for a bare one."""
_SHORT_PERIOD = re.compile(r"(?:t(?:0?[1-9]|1[0-2])|q[1-4])\Z")
"""`t11/2017`, `q1/2020`."""
_LONGEST_NAME = 5
"""Syllables of the longest name of a signer."""
_MOST_DIGITS = 5
_MOST_FOR_NAMES = 10
"""Words up to which a question is looked through for names: each look-up is a search."""


def understood(text: str, own: Mapping[str, str] = NO_FIELDS, has_signed: HasSigned = _nobody) -> Query:
    """Parse a query and take its words for what they mean; words in quotation marks stay words.

    own: slug → kind of the office's own fields. has_signed: True for the folded words of a signer's name.
    """
    query = parse(text, own)
    as_words = frozenset(fold(match[1]) for match in _QUOTED.finditer(query.text))
    must = _Interpreter(query, as_words, has_signed).read()
    typed = {word for meant in must if isinstance(meant, Understood) for word in meant.typed.split()}
    numbers = tuple(one for one in query.numbers if one.key is not None or not typed.issuperset(one.parts))
    dated = tuple(option for clause in must if isinstance(clause, AnyOf) for option in clause.options[:1]
                  if isinstance(option, NumberTerm) and option.key is None)  # fmt: skip
    query = replace(query, numbers=(*dated, *numbers))
    loose = {word for clause in must for word in _loose(clause)}
    if len(loose) < QUESTION:
        return replace(query, must=tuple(must))
    hints = tuple(
        clause
        for clause in must
        if isinstance(clause, Understood) or (isinstance(clause, Same) and _is_name(clause))
    )
    return replace(query, hints=hints)


def without_fillers(query: Query) -> Query:
    """The query without words that only join others, as far as their accents show them and others are left."""
    kept = [each for each in query.must if not isinstance(each, WordTerm) or each.text not in _FILLERS]
    return replace(query, must=tuple(kept or query.must))


def _is_name(same: Same) -> bool:
    """True if a spelling has more than one syllable; `qui` for `quy` is too rare to weigh."""
    return len(same.words) > 1 or any(len(form) > 1 for form in same.others)


def quoted(text: str, meant: Understood) -> str:
    """The typed text with the words of a value in quotation marks, so that they stay words."""
    text = unicodedata.normalize("NFC", text)
    bare = r"[\W_]+".join(re.escape(word.folded) for word in meant.words)
    found = re.search(rf"(?<![^\W_]){bare}(?![^\W_])", fold(text)) if bare else None
    return (
        text
        if found is None
        else f'{text[: found.start()]}"{text[found.start() : found.end()]}"{text[found.end() :]}'
    )


def _loose(clause: Clause) -> tuple[WordTerm, ...]:
    """The words of a clause that says no value."""
    return (clause,) if isinstance(clause, WordTerm) else clause.words if isinstance(clause, Same) else ()


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Words of a query that follow each other."""

    words: tuple[WordTerm, ...]

    @property
    def folded(self) -> tuple[str, ...]:
        return tuple(word.folded for word in self.words)

    @property
    def written(self) -> tuple[str, ...]:
        return tuple(word.text for word in self.words)


class _Interpreter:
    """Reader of the runs of words in one query."""

    def __init__(self, query: Query, as_words: frozenset[str], has_signed: HasSigned) -> None:
        self._query = query
        self._has_signed = has_signed
        self._as_words = as_words
        self._short = short_days(query.text)
        self._kinds: set[str] = set()

    def read(self) -> list[Clause]:
        """The clauses of the query, with words taken for values where they mean some."""
        made: list[Clause] = []
        parts = list(_runs(self._query.must))
        if len(parts) > 1 and isinstance(parts[0], _Stretch) and parts[0].folded in _OPENINGS:
            del parts[0]
        for part in parts:
            made += self._run(part, begins=not made) if isinstance(part, _Stretch) else [part]
        return made

    def _run(self, run: _Stretch, begins: bool) -> list[Clause]:
        made: list[Clause] = []
        at = _opening(run.folded) if begins else 0
        start = at
        while at < len(run.words):
            before = made[-1] if made else None
            touches = (at == start and begins) or (bool(made) and isinstance(made[-1], Understood | FirstDigits))
            found = self._year_number(run, at, before) or self._at(run, at, touches)
            if found is None:
                made.append(run.words[at])
                at += 1
                continue
            clause, length = found
            made.append(clause)
            at += length
        # Words before the question proper are let go only if something is left to look for.
        return made or list(run.words)

    def _at(self, run: _Stretch, at: int, touches: bool) -> tuple[Clause, int] | None:
        """The value that begins with a word and the number of words it takes; None for a mere word."""
        return (
            self._period(run, at)
            or self._type(run, at, touches)
            or self._body(run, at)
            or self._signer(run, at)
            or self._known_signer(run, at)
            or self._digits(run, at, touches)
            or _spelling(run, at)
        )

    def _take(self, clause: Understood, length: int) -> tuple[Clause, int] | None:
        """The clause, unless the reader wants its words, or there is another of its kind."""
        group = "days" if clause.kind not in ("type", "body", "signer") else clause.kind
        if clause.typed in self._as_words or group in self._kinds:
            return None
        self._kinds.add(group)
        return clause, length

    def _period(self, run: _Stretch, at: int) -> tuple[Clause, int] | None:
        found = period_at(run.folded, at, self._short)
        if found is None:
            return None
        words = run.words[at : at + found.length]
        if self._is_of_number(tuple(word.folded for word in words)):
            return None
        dates = Dates(found.start, found.end)
        return self._take(Understood(found.span, words, dates=dates), found.length)

    def _year_number(self, run: _Stretch, at: int, before: Clause | None) -> tuple[Clause, int] | None:
        """`06/2017` behind `thông tư`: a number and its year, or else the month."""
        if not isinstance(before, Understood) or tuple(before.value) not in vocabulary.dated_types():
            return None
        words = run.words[at : at + 2]
        typed = re.escape("/".join(word.text for word in words)).replace("/", "[/-]")
        month = period_at(run.folded, at, self._short) if re.search(rf"(?<!\d){typed}", self._query.text) else None
        if month is None or month.span != "month" or month.length != 2 or "days" in self._kinds:
            return None
        self._kinds.add("days")
        number = NumberTerm(None, tuple(word.folded for word in words), words)
        return AnyOf((number, Understood("month", words, dates=Dates(month.start, month.end)))), 2

    def _is_of_number(self, words: tuple[str, ...]) -> bool:
        """True if a number begins with these words and a type's symbol follows: `05 2012 TT BTC` is no month."""
        starts = (
            one.parts for one in self._query.numbers if one.key is not None and len(one.parts) > len(words) + 1
        )
        return any(
            parts[: len(words)] == words and parts[len(words) :][:1] in vocabulary.types() for parts in starts
        )

    def _type(self, run: _Stretch, at: int, touches: bool) -> tuple[Clause, int] | None:
        key = vocabulary.longest(vocabulary.types(), run.folded, at)
        if key is None:
            return None
        named, words = vocabulary.types()[key], run.words[at : at + len(key)]
        before_number = _is_number(run.folded, at + len(key))
        is_word = key != named.value and vocabulary.is_readable(key)
        if not ((touches and not is_word) or before_number) or not named.is_written(
            run.written[at : at + len(key)]
        ):
            return None
        return self._take(Understood("type", words, named.value, label=named.label), len(key))

    def _body(self, run: _Stretch, at: int) -> tuple[Clause, int] | None:
        key = vocabulary.longest(vocabulary.bodies(), run.folded, at)
        if key is None:
            return None
        named = vocabulary.bodies()[key]
        if not named.is_written(run.written[at : at + len(key)]):
            return None
        place = _place_length(run.folded, at + len(key))
        length = len(key) + place
        words = run.words[at : at + length]
        where = [word for word in words[len(key) :] if word.folded != "tp"]
        value = (*named.value, *(word.folded for word in where))
        label = " ".join((named.label, *map(_as_place, where)))
        codes = named.codes if len(key) == 1 else ()
        return self._take(Understood("body", words, value, codes, label=label), length)

    def _signer(self, run: _Stretch, at: int) -> tuple[Clause, int] | None:
        """`do ông Nguyễn Trúc Giang ký`, `người ký Lê Hoàng Anh`."""
        for opening in _SIGNED_BY:
            begin = at + len(opening)
            if run.folded[at:begin] != opening or run.folded[begin : begin + 1] == ():
                continue
            if run.folded[begin] not in vocabulary.surnames() and opening == ("do",):
                continue
            closed = opening[0] != "do"
            rest = run.folded[begin : begin + _LONGEST_NAME + 1]
            length = rest.index("ky") if "ky" in rest else self._name_length(rest) if closed else 0
            if length < 1 or (not closed and "ky" not in rest):
                continue
            name = run.words[begin : begin + length]
            taken = begin + length + ("ky" in rest) - at
            label = " ".join(word.text for word in name).title()
            words = run.words[at : at + taken]
            return self._take(Understood("signer", words, tuple(w.folded for w in name), label=label), taken)
        return None

    def _name_length(self, words: tuple[str, ...]) -> int:
        """Words of the name that folded words begin with: the longest that somebody signed with, else four."""
        known = (length for length in (4, 3, 2) if len(words) >= length and self._has_signed(words[:length]))
        return next(known, min(len(words), 4))

    def _known_signer(self, run: _Stretch, at: int) -> tuple[Clause, int] | None:
        """`Nguyễn Văn Hải`, `bác sĩ Nguyễn Trúc Giang ký`: a name by which papers are signed, behind a surname."""
        before = max((len(name) for name in _HONORIFICS if run.folded[at : at + len(name)] == name), default=0)
        begin = at + before
        if len(run.words) > _MOST_FOR_NAMES or run.folded[begin : begin + 1] == ():
            return None
        if run.folded[begin] not in vocabulary.surnames():
            return None
        for length in range(4, 2 - bool(before), -1):
            name = run.words[begin : begin + length]
            folded = run.folded[begin : begin + length]
            if len(name) < length or not all(map(str.isalpha, folded)) or not self._has_signed(folded):
                continue
            taken = begin + length - at
            taken += run.folded[at + taken : at + taken + 1] == ("ky",)
            label = " ".join(word.text for word in name).title()
            return self._take(Understood("signer", run.words[at : at + taken], folded, label=label), taken)
        return None

    def _digits(self, run: _Stretch, at: int, touches: bool) -> tuple[Clause, int] | None:
        """`506`, `số 506`, `công văn 574`: where a number may stand, its first digits."""
        begin = at + (run.folded[at] in _NUMBERED)
        if not touches or not _is_number(run.folded, begin) or not run.words[begin].text.isdigit():
            return None
        return FirstDigits(run.words[begin]), begin + 1 - at


def _as_place(word: WordTerm) -> str:
    return word.text if word.folded in ("tinh", "thanh", "pho") else word.text.title()


def _runs(clauses: Sequence[Clause]) -> Iterator[_Stretch | Clause]:
    """The clauses in order, those that are words gathered to runs."""
    words: list[WordTerm] = []
    for clause in clauses:
        word = _plain(clause)
        if word is not None:
            words.append(word)
            continue
        if words:
            yield _Stretch(tuple(words))
            words = []
        yield clause
    if words:
        yield _Stretch(tuple(words))


def _plain(clause: Clause) -> WordTerm | None:
    """The clause if it is a word, `t11` and `q1` among them, which may also be parts of a number."""
    if isinstance(clause, AnyOf) and isinstance(clause.options[0], WordTerm):
        return clause.options[0] if _SHORT_PERIOD.match(clause.options[0].folded) else None
    return clause if isinstance(clause, WordTerm) else None


def _opening(words: Sequence[str]) -> int:
    """Number of words before the question proper; none if nothing follows."""
    for opening in _OPENINGS:
        if tuple(words[: len(opening)]) == opening and len(words) > len(opening) + 1:
            return len(opening)
    return 0


def _is_number(words: Sequence[str], at: int) -> bool:
    """True if the digits of a number come there, behind `số` or not."""
    at += at < len(words) and words[at] in _NUMBERED
    return at < len(words) and words[at].isascii() and words[at].isdigit() and len(words[at]) <= _MOST_DIGITS


def _place_length(words: Sequence[str], at: int) -> int:
    """Number of words of a province's name that come there, with its kind."""
    begin = at
    for kind in _PLACE_KINDS:
        if tuple(words[at : at + len(kind)]) == kind:
            begin = at + len(kind)
            break
    found = max((len(place) for place in vocabulary.places() if tuple(words[begin : begin + len(place)]) == place),
                default=0)  # fmt: skip
    return begin + found - at if found else (begin - at if begin > at and words[at] == "tinh" else 0)


def _spelling(run: _Stretch, at: int) -> tuple[Clause, int] | None:
    table = vocabulary.spellings()
    key = vocabulary.longest(table, run.written, at) or vocabulary.longest(table, run.folded, at)
    if key is None:
        return None
    others = tuple(tuple(WordTerm(text, fold(text)) for text in form) for form in table[key])
    return Same(run.words[at : at + len(key)], others), len(key)
