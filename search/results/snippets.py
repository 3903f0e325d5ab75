"""The words of a query in a stored text: the best stretch of it, marked, and their places on the page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice, pairwise
from typing import NamedTuple

from search.engines.fields import FIELD
from search.query.clauses import (
    AnyOf,
    Clause,
    FirstDigits,
    InField,
    NumberTerm,
    Phrase,
    Prefix,
    Query,
    Same,
    Understood,
    WordTerm,
)
from search.tokens import folded, is_accented, syllables, without_ligatures

_WIDTH = 170
"""Characters in a snippet, about 28 syllables."""
_BEFORE = 30
"""Characters shown before the first mark."""
_LONGEST_PAGE = 100_000
"""Characters of a page that are looked at."""
_MOST_MARKS = 500
"""Marks of a page that are looked at."""
_AS_TYPED = 0.5
"""Added to the weight of a mark that has the accents of the query."""
_TOGETHER = 0.2
"""Added for each mark that directly follows another; five of them at most."""
_FIELD = 0.3
"""Weight of a word that was looked for in one field."""
_BLANKS = re.compile(r"\s+")
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ", "st": "[ﬅﬆ]"}
_LIGATED = re.compile("|".join(_LIGATURES))
_NO_TOKEN = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Targets:
    """Words to mark: folded tokens with their weight, those typed with accents, and prefixes."""

    tokens: dict[str, float]
    accented: frozenset[str]
    """Tokens as typed with accents: other accents of the same letters are not marked."""
    any_accents: frozenset[str]
    """Folded tokens that were typed without accents too."""
    prefixes: tuple[str, ...]
    pattern: re.Pattern[str]
    most: float
    """Least worth of a stretch that has every token, as typed and together."""
    written: dict[str, float] = field(default_factory=dict)
    """Cache: token as written in a text → its weight."""


class Mark(NamedTuple):
    """One marked token of a text; a tuple, since a common word has hundreds."""

    start: int
    end: int
    token: str
    weight: float


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of one page as HTML: everything but `<mark>` is escaped."""

    html: str
    page: int | None


NONE = Snippet("", None)


def targets(query: Query, *, as_typed: bool = True) -> Targets:
    """The words of a query that are marked in a text; as_typed: with the accents of the query, if it has any."""
    tokens: dict[str, float] = {}
    accented: set[str] = set()
    bare: set[str] = set()
    prefixes: list[str] = []
    for clause in (*query.must, *query.hints):
        _gather(clause, _Gathered(tokens, accented, bare, prefixes))
    # Where other words have accents, one without is meant so: `thi` in `thi đua` is not `thí`.
    if as_typed and any(map(is_accented, accented)):
        accented, bare = accented | bare, set()
    most = sum(tokens.values()) + _AS_TYPED * (len(accented) + len(prefixes))
    most += _TOGETHER * min(max(0, len(tokens) - 1), 5)
    pattern = _pattern(tokens, prefixes)
    return Targets(tokens, frozenset(accented), frozenset(bare), tuple(prefixes), pattern, most)


def snippet(pages: Sequence[tuple[int, str]], wanted: Targets) -> Snippet:
    """The stretch of these pages (number, text) with most of the words; else the beginning of the first page."""
    best: tuple[float, int, str, int] | None = None
    for number, text in pages:
        score, at = _best_window(_marks(text[:_LONGEST_PAGE], wanted), wanted)
        if best is None or score > best[0]:
            best = (score, number, text, at)
        if score >= wanted.most > 0:
            break
    if best is None:
        return NONE
    _, number, text, at = best
    return Snippet(_marked_html(text, *_window(text, at), wanted), number)


def ranges(text: str, wanted: Targets) -> list[tuple[int, int]]:
    """Offsets of every token of a text that is marked."""
    return [(mark.start, mark.end) for mark in islice(_marks(text, wanted), _MOST_MARKS)]


def _pattern(tokens: dict[str, float], prefixes: Sequence[str]) -> re.Pattern[str]:
    """A pattern for tokens in folded text;
    the character before a match is checked afterwards, which is quicker.
    """
    parts = [_with_ligatures(re.escape(token)) for token in sorted(tokens, key=len, reverse=True)]
    parts += [re.escape(prefix) + r"[^\W_]*" for prefix in prefixes]
    return re.compile(rf"(?:{'|'.join(parts)})(?![^\W_])") if parts else _NO_TOKEN


def _with_ligatures(pattern: str) -> str:
    """The pattern with letters that a text may print as one."""
    return _LIGATED.sub(lambda match: f"(?:{match.group()}|{_LIGATURES[match.group()]})", pattern)


def _marks(text: str, wanted: Targets) -> Iterator[Mark]:
    """The marked tokens of a text in order, found as they are asked for."""
    bare = folded(text)
    for match in wanted.pattern.finditer(bare):
        start, end = match.span()
        if start and bare[start - 1].isalnum():
            continue
        token, written = match.group(), text[start:end]
        weight = wanted.written.get(written)
        if weight is None:
            weight = wanted.written[written] = _weight(token, written, wanted)
        if weight:
            yield Mark(start, end, token, weight)


def _weight(token: str, written: str, wanted: Targets) -> float:
    """The weight of a token as written in a text; 0 for one with other accents than were typed."""
    plain = without_ligatures(token)
    weight = wanted.tokens.get(plain, _AS_TYPED)
    if wanted.accented and not wanted.accented.isdisjoint(syllables(written).accented):
        return weight + _AS_TYPED
    return weight if plain in wanted.any_accents or plain not in wanted.tokens else 0.0


def _best_window(marks: Iterator[Mark], wanted: Targets) -> tuple[float, int]:
    """(worth, start of the first mark) of the stretch with most of the words;
    the search ends at one that has all.
    """
    best, at = 0.0, 0
    window: deque[Mark] = deque()
    weights = 0.0
    for mark in islice(marks, _MOST_MARKS):
        window.append(mark)
        weights += mark.weight
        while mark.end - window[0].start > _WIDTH - _BEFORE:
            weights -= window.popleft().weight
        # No window is worth more than its marks' weights and what they add for following each other.
        if weights + _TOGETHER * min(len(window) - 1, 5) <= best + 1e-9:
            continue
        score = _worth(window)
        if score > best + 1e-9:
            best, at = score, window[0].start
            if best >= wanted.most:
                break
    return best, at


def _worth(window: Sequence[Mark]) -> float:
    seen: dict[str, float] = {}
    for mark in window:
        if seen.get(mark.token, 0.0) < mark.weight:
            seen[mark.token] = mark.weight
    together = sum(second.start - first.end <= 1 for first, second in pairwise(window))
    return sum(seen.values()) + _TOGETHER * min(together, 5)


def _window(text: str, at: int) -> tuple[int, int]:
    """The stretch around a mark, from the beginning of a word to the end of one."""
    start = max(0, at - _BEFORE)
    while 0 < start < at and not text[start - 1].isspace():
        start += 1
    end = min(len(text), start + _WIDTH)
    while end < len(text) and end < start + _WIDTH + 20 and not text[end].isspace():
        end += 1
    return start, end


def _marked_html(text: str, start: int, end: int, wanted: Targets) -> str:
    """A stretch with its marks, adjacent ones as one, and dots if the text goes on."""
    stretch = text[start:end]
    pieces = ["… "] if start else []
    at = 0
    for first, last in _runs(stretch, ranges(stretch, wanted)):
        pieces += [_flat(stretch[at:first]), "<mark>", _flat(stretch[first:last]), "</mark>"]
        at = last
    pieces.append(_flat(stretch[at:]).rstrip())
    return "".join(pieces).strip() + (" …" if end < len(text.rstrip()) else "")


def _runs(text: str, marked: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for start, end in marked:
        if runs and not any(char.isalnum() for char in text[runs[-1][1] : start]):
            runs[-1] = (runs[-1][0], end)
        else:
            runs.append((start, end))
    return runs


def _flat(text: str) -> str:
    """Text escaped, every run of blanks as one."""
    return escape(_BLANKS.sub(" ", text))


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Collection of a query's words (Targets)."""

    tokens: dict[str, float]
    accented: set[str]
    bare: set[str]
    prefixes: list[str]

    def add(self, words: Sequence[WordTerm], weight: float) -> None:
        for word in words:
            self.tokens[word.folded] = max(weight, self.tokens.get(word.folded, 0.0))
            (self.accented if word.accented else self.bare).add(word.text)


def _gather(clause: Clause, into: _Gathered) -> None:
    match clause:
        case WordTerm():
            into.add((clause,), 1.0)
        case Phrase(words) | NumberTerm(_, _, words):
            into.add(words, 1.0)
        case Same(words, others):
            into.add((*words, *(word for form in others for word in form)), 1.0)
        case FirstDigits(word) | Prefix(word):
            into.prefixes.append(word.folded)
        case Understood(kind, words, value) if kind in ("type", "body"):
            into.add(words, _FIELD)
        case Understood("signer", words, value):
            into.add([word for word in words if word.folded in value], _FIELD)
        case AnyOf(options):
            for option in options:
                _gather(option, into)
        case InField(field, words) if FIELD[field].marked:
            into.add([WordTerm(word.folded, word.folded) for word in words], _FIELD)
        case _:
            pass
