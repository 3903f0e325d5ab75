"""Where the words of a query stand in a stored text: the best stretch of it, marked, and its boxes on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from corpus.fold import fold
from search.analysis import Span, spans
from search.query import AnyOf, Clause, InField, Number, Phrase, Prefix, Query, Word

_WIDTH = 28
"""Syllables in a snippet."""
_LONGEST_PAGE = 20_000
_MOST_MARKS = 500


@dataclass(frozen=True, slots=True)
class Targets:
    """What is marked: whole folded tokens with their weight, and beginnings."""

    tokens: dict[str, float]
    accented: frozenset[str]
    prefixes: tuple[str, ...]

    def weight(self, span: Span) -> float:
        found = self.tokens.get(span.folded)
        if found is not None:
            return found + (0.5 if span.accented in self.accented else 0.0)
        return 0.5 if self.prefixes and span.folded.startswith(self.prefixes) else 0.0


@dataclass(frozen=True, slots=True)
class Snippet:
    """A stretch of one page as HTML: everything but `<mark>` is escaped."""

    html: str
    page: int | None


def targets(query: Query) -> Targets:
    """What of a query is marked in a text."""
    tokens: dict[str, float] = {}
    accented: set[str] = set()
    prefixes: list[str] = []
    for clause in query.must:
        _gather(clause, tokens, accented, prefixes)
    return Targets(tokens, frozenset(accented), tuple(prefixes))


def snippet(pages: Sequence[tuple[int, str]], wanted: Targets) -> Snippet:
    """The stretch of these pages (number, text) that holds most of what is wanted; else how the first page begins."""
    best: tuple[float, int, str, list[Span], int] | None = None
    most = sum(wanted.tokens.values())
    for number, text in pages:
        found = spans(text[:_LONGEST_PAGE])
        score, start = _best_window(found, wanted)
        if best is None or score > best[0]:
            best = (score, number, text, found, start)
        if score >= most > 0:
            break
    if best is None:
        return Snippet("", None)
    _, number, text, found, start = best
    return Snippet(
        _marked(text, found[start : start + _WIDTH], wanted, start > 0, start + _WIDTH < len(found)), number
    )


def ranges(text: str, wanted: Targets) -> list[tuple[int, int]]:
    """Offsets of every token of a text that is marked."""
    return [(span.start, span.end) for span in spans(text) if wanted.weight(span) > 0][:_MOST_MARKS]


def _best_window(found: list[Span], wanted: Targets) -> tuple[float, int]:
    hits = [(i, span.folded, weight) for i, span in enumerate(found) if (weight := wanted.weight(span)) > 0]
    best, best_start = 0.0, 0
    for at, (first, _, _) in enumerate(hits):
        seen: dict[str, float] = {}
        together = 0.0
        previous = -2
        for i, token, weight in hits[at : at + _WIDTH]:
            if i >= first + _WIDTH - 4:
                break
            seen[token] = max(seen.get(token, 0.0), weight)
            together += 0.2 if i == previous + 1 else 0.0
            previous = i
        score = sum(seen.values()) + min(together, 2.0)
        if score > best + 1e-9:
            best, best_start = score, max(0, first - 4)
    return best, best_start


def _marked(text: str, window: list[Span], wanted: Targets, before: bool, after: bool) -> str:
    if not window:
        return ""
    pieces = ["… "] if before else []
    at = window[0].start
    for run in _runs(window, wanted):
        pieces += [escape(_flat(text[at : run[0]])), "<mark>", escape(_flat(text[run[0] : run[1]])), "</mark>"]
        at = run[1]
    pieces.append(escape(_flat(text[at : window[-1].end])))
    return "".join(pieces) + (" …" if after else "")


def _runs(window: list[Span], wanted: Targets) -> list[tuple[int, int]]:
    """Neighbouring marked tokens as one mark."""
    runs: list[tuple[int, int]] = []
    previous = -2
    for i, span in enumerate(window):
        if wanted.weight(span) <= 0:
            continue
        if previous == i - 1:
            runs[-1] = (runs[-1][0], span.end)
        else:
            runs.append((span.start, span.end))
        previous = i
    return runs


def _flat(text: str) -> str:
    return " ".join(text.split()) if not text[:1].isspace() and not text[-1:].isspace() else _spaced(text)


def _spaced(text: str) -> str:
    inner = " ".join(text.split())
    return (" " if text[:1].isspace() else "") + inner + (" " if text[-1:].isspace() and inner else "")


def _gather(clause: Clause, tokens: dict[str, float], accented: set[str], prefixes: list[str]) -> None:
    match clause:
        case Word(text, folded):
            tokens[folded] = 1.0
            accented.add(text)
        case Phrase(words) | Number(_, _, words):
            for word in words:
                _gather(word, tokens, accented, prefixes)
        case Prefix(word):
            prefixes.append(fold(word.text))
        case AnyOf(options):
            for option in options:
                _gather(option, tokens, accented, prefixes)
        case InField(field, words) if field in ("subject", "issuer", "recipient", "signer"):
            for word in words:
                tokens.setdefault(word.folded, 0.3)
        case _:
            pass
