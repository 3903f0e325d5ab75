"""Notes at the foot of a page (chú thích cuối trang): the spans of a text that its running sentences pass over.

A sentence may run from one page to the next over the notes between them, and a note may follow a signature: so the
two are read apart, and the text keeps the note in its printed place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.document import Page, Word
from ingest.text.document_text import Text, words_in

_MARK = re.compile(r"\s*(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+[).]?|[⁽(\[]\d{1,2}[⁾)\]]|\d{1,2}[).]?|\*{1,3})\s*(?=[^\W\d_“\"(])")
"""The opening of a note: `1 `, `¹`, `(1)`, `[1]`, `*`, and then a word."""
_RAISED = re.compile(r"[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2} ?\S.*")
_FIGURE_ALONE = re.compile(r"\W*\d{1,4}\W*")
_SMALL = 0.93
"""Share of the page's usual letter height below which letters are a note's: 10 to 12 points under 13 or 14."""
_FOOT = 0.45
"""Share of the page's height below which notes are printed."""
_APART = 0.02
"""Share of the width between a mark and its note at most; a table's first column is further from the second."""
_SEEN_SMALL = 0.9
"""As _SMALL, for the middle height of a line's words on a recognised page: letters differ by their tone marks."""
_SEEN_NOTE = 0.86
"""The same for all words of the notes together; with 30 words and more the middle height errs by 3 %."""
_SEEN_WORDS = 4
"""Words from which on the middle height of a recognised line counts; shorter ones go with those above them."""
_INDENT = 0.12
"""Share of the width from the page's leftmost word to a note's mark, at most."""
_SEEN_MARK = re.compile(r"\s*(?:[⁰¹²³⁴⁵⁶⁷⁸⁹]+|[\dlIi|!'’‘`´\"“”°*?^ˆ]{1,3}|[(\[]\d{1,2}[)\]])\s*(?=[A-ZĐÀ-Ỹ“\"(])")
"""The opening of a recognised note: engines read a raised figure as a letter or a sign (`' Luật`, `! Luật`).

A figure with a dot or a bracket behind it opens an item of the text.
"""
_FEW_WORDS = 30
"""Words from which on a page has a usual size."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A printed line: its span in the text, the height of its letters and its place (shares of the page)."""

    start: int
    end: int
    text: str
    words: tuple[Word, ...]
    height: float

    @property
    def top(self) -> float:
        return min(word.box.top for word in self.words)


def notes_of(text: Text) -> tuple[tuple[int, int], ...]:
    """Spans of the notes, those of one page together.

    Letters of a recognised page have no exact size: its notes are lines of many words, all clearly smaller.
    """
    found: list[tuple[int, int]] = []
    running = False
    for page, base in zip(text.pages, text.starts, strict=True):
        span = _small_lines(page, running) if page.words else _lines_with_marks(page)
        running = span is not None
        if span is not None:
            found.append((base + span[0], base + span[1]))
    return tuple(found)


def without(value: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks for the spans, so that every offset stays."""
    parts: list[str] = []
    at = 0
    for start, end in spans:
        parts += [value[at:start], _blank(value[start:end])]
        at = end
    return "".join([*parts, value[at:]])


def only(value: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with blanks for all but the spans."""
    edges = [0, *(edge for span in spans for edge in span), len(value)]
    return without(value, list(zip(edges[::2], edges[1::2], strict=True)))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)


def _small_lines(page: Page, running: bool) -> tuple[int, int] | None:
    """The span of the small lines at the foot of a page of exact letters,
    from the first that opens as a note does.

    running: the page before ended with notes, so that the last of them may continue at the top of these.
    """
    if len(page.words) < _FEW_WORDS:
        return None
    if page.origin == "ocr":
        return _recognised_notes(page)
    usual = median(word.box.bottom - word.box.top for word in page.words)
    lines = [line for line in _lines(page) if not _FIGURE_ALONE.fullmatch(line.text)]
    small: list[_Line] = []
    for line in reversed(lines):
        if line.height >= _SMALL * usual or line.top < _FOOT or (small and line.top > small[0].top + line.height):
            break
        small.insert(0, line)
    first = next((at for at, line in enumerate(small) if _opens_note(line)), None)
    if first is None:
        return None
    if running and _goes_on(small[:first], lines):
        first = 0
    return small[first].start, small[-1].end


def _recognised_notes(page: Page) -> tuple[int, int] | None:
    """The span of the small lines at the foot of a recognised page, from the first that opens as a note does."""
    lines = [line for line in _lines(page) if not _FIGURE_ALONE.fullmatch(line.text)]
    usual = median(word.box.height for word in page.words)
    small: list[_Line] = []
    for line in reversed(lines):
        if line.top < _FOOT or (small and line.top > small[0].top + line.height):
            break
        if len(line.words) >= _SEEN_WORDS and line.height >= _SEEN_SMALL * usual:
            break
        small.insert(0, line)
    left = min(word.box.left for word in page.words)
    first = next((at for at, line in enumerate(small) if _opens_seen_note(line, left)), None)
    if first is None:
        return None
    heights = [word.box.height for line in small[first:] for word in line.words]
    above = [word.box.height for line in lines if line.start < small[first].start for word in line.words]
    if len(heights) < 2 * _SEEN_WORDS or not above or median(heights) >= _SEEN_NOTE * median(above):
        return None
    return small[first].start, small[-1].end


def _opens_seen_note(line: _Line, left: float) -> bool:
    """True if a recognised line of several words opens as a note does at the page's left margin."""
    at_margin = len(line.words) >= _SEEN_WORDS and line.words[0].box.left < left + _INDENT
    return at_margin and _opens_note(line, _SEEN_MARK)


def _opens_note(line: _Line, opening: re.Pattern[str] = _MARK) -> bool:
    mark = opening.match(line.text)
    if mark is None:
        return False
    behind = [word for word in line.words if word.start >= line.start + len(mark.group().rstrip())]
    if len(behind) == len(line.words):
        return False
    before = line.words[len(line.words) - len(behind) - 1]
    return not behind or behind[0].box.left - before.box.right < _APART


def _goes_on(above: Sequence[_Line], lines: Sequence[_Line]) -> bool:
    """True if the lines above the first mark are the rest of a note:
    as wide as the page's own, not a narrow column.
    """
    left = min(word.box.left for line in lines for word in line.words)
    return all(line.words[0].box.left < left + 0.05 and line.words[-1].box.right > 0.5 for line in above)


def _lines(page: Page) -> Iterator[_Line]:
    at = 0
    for line in page.text.split("\n"):
        words = tuple(words_in(page, at, at + len(line))) if line.strip() else ()
        if words:
            height = median(word.box.bottom - word.box.top for word in words)
            yield _Line(at, at + len(line), line, words, height)
        at += len(line) + 1


def _lines_with_marks(page: Page) -> tuple[int, int] | None:
    """The span of the last lines of a page without places that open with a raised figure (`¹ Kế hoạch số …`)."""
    end = len(page.text.rstrip())
    start = end
    while start > 0:
        line_start = page.text.rfind("\n", 0, start) + 1
        line = page.text[line_start:start]
        if line.strip() and not _RAISED.fullmatch(line.strip()):
            break
        start = max(line_start - 1, 0)
    while start < end and page.text[start].isspace():
        start += 1
    return (start, end) if start < end else None
