"""Where the words of a query stand in a stored text: the best stretch of it, marked, and its boxes on the page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import islice, pairwise
from typing import NamedTuple

from search.query.language import AnyOf, Clause, InField, Number, Phrase, Prefix, Query, Word
from search.tokens import folded, is_accented, syllables

_WIDTH = 170
"""Characters in a snippet, about 28 syllables."""
_BEFORE = 30
"""Characters shown before the first mark."""
_LONGEST_PAGE = 100_000
_MOST_MARKS = 500
_AS_TYPED = 0.5
"""A mark that bears the accents of the query counts so much more."""
_TOGETHER = 0.2
"""Each mark that follows another at once counts so much more."""
_FIELD = 0.3
_BLANKS = re.compile(r"\s+")
_NO_TOKEN = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Targets:
    """What is marked: folded tokens with their weight, those typed with accents, and beginnings."""

    tokens: dict[str, float]
    accented: frozenset[str]
    prefixes: tuple[str, ...]
    pattern: re.Pattern[str]
    most: float
    """What a stretch that holds everything, as typed and together, counts at least."""
    written: dict[str, float] = field(default_factory=dict)
    """What stands in texts for these tokens, letter for letter → what it weighs; each is worked out once."""


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


def targets(query: Query) -> Targets:
    """What of a query is marked in a text."""
    tokens: dict[str, float] = {}
    accented: set[str] = set()
    prefixes: list[str] = []
    for clause in query.must:
        _gather(clause, tokens, accented, prefixes)
    most = sum(tokens.values()) + _AS_TYPED * (len(accented) + len(prefixes))
    most += _TOGETHER * min(max(0, len(tokens) - 1), 5)
    return Targets(tokens, frozenset(accented), tuple(prefixes), _pattern(tokens, prefixes), most)


def snippet(pages: Sequence[tuple[int, str]], wanted: Targets) -> Snippet:
    """The stretch of these pages (number, text) that holds most of what is wanted; else how the first page begins."""
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
    return Snippet(_shown(text, *_window(text, at), wanted), number)


def ranges(text: str, wanted: Targets) -> list[tuple[int, int]]:
    """Offsets of every token of a text that is marked."""
    return [(mark.start, mark.end) for mark in islice(_marks(text, wanted), _MOST_MARKS)]


def _pattern(tokens: dict[str, float], prefixes: Sequence[str]) -> re.Pattern[str]:
    """Finds tokens in folded text; what stands before them is looked at afterwards, since that is quicker."""
    parts = [re.escape(token) for token in sorted(tokens, key=len, reverse=True)]
    parts += [re.escape(prefix) + r"[^\W_]*" for prefix in prefixes]
    return re.compile(rf"(?:{'|'.join(parts)})(?![^\W_])") if parts else _NO_TOKEN


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
        yield Mark(start, end, token, weight)


def _weight(token: str, written: str, wanted: Targets) -> float:
    weight = wanted.tokens.get(token, _AS_TYPED)
    as_typed = wanted.accented and not wanted.accented.isdisjoint(syllables(written).accented)
    return weight + _AS_TYPED if as_typed else weight


def _best_window(marks: Iterator[Mark], wanted: Targets) -> tuple[float, int]:
    """(worth, where its first mark stands) of the stretch that holds most; the search ends at one that holds all."""
    best, at = 0.0, 0
    window: deque[Mark] = deque()
    weights = 0.0
    for mark in islice(marks, _MOST_MARKS):
        window.append(mark)
        weights += mark.weight
        while mark.end - window[0].start > _WIDTH - _BEFORE:
            weights -= window.popleft().weight
        # No window is worth more than its marks' weights and their standing together.
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


def _shown(text: str, start: int, end: int, wanted: Targets) -> str:
    """A stretch with its marks, neighbours as one, and dots where the text goes on."""
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
    """Escaped, every run of blanks as one."""
    return escape(_BLANKS.sub(" ", text))


def _gather(clause: Clause, tokens: dict[str, float], accented: set[str], prefixes: list[str]) -> None:
    match clause:
        case Word(text, folded):
            tokens[folded] = 1.0
            if is_accented(text):
                accented.add(text)
        case Phrase(words) | Number(_, _, words):
            for word in words:
                _gather(word, tokens, accented, prefixes)
        case Prefix(word):
            prefixes.append(word.folded)
        case AnyOf(options):
            for option in options:
                _gather(option, tokens, accented, prefixes)
        case InField(field, words) if field in ("subject", "issuer", "recipient", "signer"):
            for word in words:
                tokens.setdefault(word.folded, _FIELD)
        case _:
            pass
