"""Location of the written number, day and month on page 1, by the printed words around them.

No recognition of its own. Lengths are px at 300 dpi and scaled by the page's dpi. Rules were found on office
scans: `Số` and `ngày` are read badly, the `/` of the symbol and `tháng` are read well, so each place can be found
by either of its anchors.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING, Protocol

from corpus.document import Box
from corpus.rectangle import Rect
from corpus.vietnamese.fold import fold
from ingest.imaging.deskew import LevelledPage
from ingest.imaging.pixels import grey_of
from ingest.ocr.words import Recognised

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class BoxedWord(Protocol):
    """A recognised word with its box in px of the page image."""

    @property
    def text(self) -> str: ...
    @property
    def left(self) -> float: ...
    @property
    def top(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def bottom(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Crop:
    """A line cropped from the page (grey, as scanned) with its printed anchors, and its place.

    `sure` is False if an anchor was not read and its place was guessed from the other.
    """

    image: NDArray[np.uint8]
    box: Box
    sure: bool


@dataclass(frozen=True, slots=True)
class Places:
    """The three places and the two whole lines; None if nothing on the page shows where they would be."""

    number: Crop | None = None
    day: Crop | None = None
    month: Crop | None = None
    number_line: Crop | None = None
    """From `Số` to the end of the symbol."""
    date_line: Crop | None = None
    """From `ngày` to the end of the year."""


@dataclass(frozen=True, slots=True)
class _Span:
    """A line to crop, px at the page's own resolution: left edges of both anchors, printed baseline."""

    left: float
    right: float
    base: float
    sure: bool
    yeared: bool = False
    """True if a printed year follows the slash, whose figures are not the number's."""
    end: float = 0.0
    """End of the whole line."""


_TOP = 0.40
_UP, _DOWN = 81, 55
"""Reach of the crop above and below the printed baseline: 136 px in all, as in the net's training."""
_BEFORE, _BEHIND = 25, 115
_LINE_UP, _LINE_DOWN, _LINE_ASIDE = 66, 30, 14
"""Reach of a whole line's picture above and below the printed baseline, and at its ends."""
_SLASH_WIDE = 22
_WORD_GAP = 50
"""Greatest gap between two words of the same line."""
_SYMBOL_WIDE, _YEAR_WIDE = 330, 240
"""Assumed length from the slash to the symbol's end, and from `năm` to the year's, if neither was read."""
_LETTER = 30.0
"""Mean width of a capital of a symbol."""
_SO = re.compile(r"^[^\w§$]{0,2}[Ss§$5][oóòõọỏôốồổỗộöð06ÔỐỒỔỖ](?![a-z]{2})")
_DAY = re.compile(r"nga[yv]|^gay\b")
_MONTH = re.compile(r"than[gq]|hang$")
_YEAR = re.compile(r"^nam\b|nam$")
_DATE_WORD = re.compile(r"nga[yv]|than[gq]")
_DESCENDS = re.compile(r"[gypqjQ,;ạặậẹệịọộợụựỵ]")
_SLASH = re.compile(r"[/](?=\s?[A-ZĐ])|[/]$")
_YEARED = re.compile(r"[/](?=\s?(?:19|20)\d\d\s?[/])")
_SYMBOL = re.compile(r"[A-ZĐ][A-ZĐa-z0-9]{0,6}\s?[-–—][A-ZĐ]{2,}")


def places_on(found: Recognised) -> Places:
    """`place` for page 1 as it was recognised."""
    return place(found.page, (word for line in found.lines for word in line.words), found.dpi)


def place(page: LevelledPage, words: Iterable[BoxedWord], dpi: float) -> Places:
    """Crops of the number, day and month of page 1.

    `page` is upright (H × W grey or H × W × 3 RGB) with all its ink, coloured ink too; `words` are OCR's words in
    px of it, of any number of passes (a second pass of the header may repeat words); `dpi` is the page's.
    """
    scale = dpi / 300
    height, width = page.size
    head = [word for word in words if word.bottom < height * _TOP and word.text.strip()]
    day, month = _date_spans(head, width, scale)
    number = _number_span(head, width, scale, day or month)
    dated = replace(day, end=month.end) if day is not None and month is not None else None
    return Places(
        *(None if span is None else _cut(page, span, scale) for span in (number, day, month)),
        *(None if span is None else _line(page, span, scale) for span in (number, dated)),
    )


def _line(page: LevelledPage, span: _Span, scale: float) -> Crop | None:
    """Picture of a whole line; None if it is outside the page."""
    height, width = page.size
    left, right = span.left - _LINE_ASIDE * scale, span.end + _LINE_ASIDE * scale
    top, bottom = span.base - _LINE_UP * scale, span.base + _LINE_DOWN * scale
    left, top, right, bottom = (
        max(0, round(left)), max(0, round(top)), min(width, round(right)), min(height, round(bottom)),
    )  # fmt: skip
    if right - left < 60 * scale or bottom - top < 60 * scale:
        return None
    box = Box.of(Rect(left, top, right, bottom), width, height)
    return Crop(grey_of(page.cut(left, top, right, bottom)).copy(), box, span.sure)


def _cut(page: LevelledPage, span: _Span, scale: float) -> Crop | None:
    """Crop of a span; None if it is outside the page."""
    height, width = page.size
    left, right = (round(x) for x in (span.left - _BEFORE * scale, span.right + _BEHIND * scale))
    top, bottom = round(span.base - _UP * scale), round(span.base + _DOWN * scale)
    left, top, right, bottom = max(0, left), max(0, top), min(width, right), min(height, bottom)
    if right - left < 60 * scale or bottom - top < 60 * scale:
        return None
    box = Box.of(Rect(left, top, right, bottom), width, height)
    crop = grey_of(page.cut(left, top, right, bottom)).copy()
    if span.yeared:
        crop[:, round(span.right + _SLASH_WIDE * scale) - left :] = 255
    return Crop(crop, box, span.sure)


def _same_line(one: BoxedWord, other: BoxedWord, scale: float) -> bool:
    return abs((one.top + one.bottom) - (other.top + other.bottom)) < 80 * scale


def _base(words: Sequence[BoxedWord], scale: float) -> float:
    """Printed baseline: lower edge of the words, less the descenders of their letters."""
    return median(word.bottom - (11 * scale if _DESCENDS.search(word.text) else 0) for word in words)


def _date_spans(head: Sequence[BoxedWord], width: int, scale: float) -> tuple[_Span | None, _Span | None]:
    """Spans `ngày … tháng` and `tháng … năm` of the place-date line: the topmost line with two of the three
    words.
    """
    aside = sorted((w for w in head if w.right > 0.4 * width), key=lambda w: w.top)
    for word in aside:
        if not _DATE_WORD.search(fold(word.text)):
            continue
        line = [w for w in aside if _same_line(w, word, scale)]
        day, month, year = (_find(line, pattern) for pattern in (_DAY, _MONTH, _YEAR))
        if sum(anchor is not None for anchor in (day, month, year)) >= 2:
            return _date_line(line, day, month, year, scale)
    return None, None


def _find(line: Sequence[BoxedWord], pattern: re.Pattern[str]) -> BoxedWord | None:
    return next((w for w in line if pattern.search(fold(w.text))), None)


def _date_line(
    line: Sequence[BoxedWord],
    day: BoxedWord | None,
    month: BoxedWord | None,
    year: BoxedWord | None,
    scale: float,
) -> tuple[_Span | None, _Span | None]:
    """Spans from two or three of the anchors; a missing one is assumed at its usual place."""
    anchors = [word for word in (day, month, year) if word is not None]
    base = _base(anchors, scale)
    at_month = _inside(month, _MONTH) if month else day.left + 225 * scale if day else 0.0
    near = day is not None and 60 * scale < at_month - day.left < 400 * scale
    at_day = day.left if day is not None and near else at_month - 235 * scale
    at_year = year.left if year and 60 * scale < year.left - at_month < 450 * scale else at_month + 240 * scale
    sure = near and month is not None
    end = _run_end(year, line, scale) if year is not None else at_year + _YEAR_WIDE * scale
    return _Span(at_day, at_month, base, sure), _Span(
        at_month, at_year, base, month is not None and year is not None, end=end
    )


def _run_end(word: BoxedWord, line: Iterable[BoxedWord], scale: float) -> float:
    """Right edge of the unbroken run of words from this one."""
    end = word.right
    for other in sorted((w for w in line if w.left > word.left), key=lambda w: w.left):
        if other.left > end + _WORD_GAP * scale:
            break
        end = max(end, other.right)
    return end


def _inside(word: BoxedWord, pattern: re.Pattern[str]) -> float:
    """Left edge of a pattern within a word that may be joined to the text before it."""
    found = pattern.search(fold(word.text))
    share = found.start() / len(word.text) if found else 0.0
    return word.left + share * (word.right - word.left)


def _number_span(head: Sequence[BoxedWord], width: int, scale: float, date: _Span | None) -> _Span | None:
    """Span `Số … /`: on the line nearest the date's height that has a symbol, else one with `Số`, else at its
    usual place.
    """
    aside = [
        w
        for w in head
        if w.left < 0.45 * width and (date is None or -130 * scale < w.bottom - date.base < 240 * scale)
    ]
    opens = [w for w in aside if _SO.match(w.text)]
    symbols = [w for w in aside if _SLASH.search(w.text) or _SYMBOL.search(w.text)]
    pairs = [
        (a, b)
        for a in opens
        for b in symbols
        if _same_line(a, b, scale) and a.left <= b.left < a.left + 700 * scale
    ]
    if pairs:
        first, last = min(pairs, key=lambda pair: (pair[0].top, -len(pair[1].text)))
        line = [w for w in aside if _same_line(last, w, scale)]
        return replace(_between(first, last, scale), end=_run_end(last, line, scale))
    if symbols and not opens:
        last = min(symbols, key=lambda w: w.top)
        at = _slash(last, scale)
        base = _base([last], scale)
        return _Span(max(at - 300 * scale, 0.02 * width), at, base, False, end=last.right)
    if opens:
        first = min(opens, key=lambda w: w.top)
        slash = first.left + 330 * scale
        return _Span(first.left, slash, _base([first], scale), False, end=slash + _SYMBOL_WIDE * scale)
    if date is None:
        return None
    return _Span(0.17 * width, 0.36 * width, date.base - 8 * scale, False, end=0.45 * width)


def _between(first: BoxedWord, last: BoxedWord, scale: float) -> _Span:
    """Span from `Số` to the slash; a slash read too near is a misread digit."""
    at = _slash(last, scale)
    short = at - first.left < 165 * scale
    printed = [word for word in (first, last) if len(word.text) <= 4 or word.text[0] in "/-"] or [last]
    yeared = not short and _YEARED.search(last.text) is not None
    return _Span(first.left, first.left + 330 * scale if short else at, _base(printed, scale), not short, yeared)


def _slash(word: BoxedWord, scale: float) -> float:
    """Place of the number's slash (the first one in `62/2022/TT-BYT`), counted from the right, since the text
    after it is print.
    """
    slashes = [found.start() for found in _YEARED.finditer(word.text)] or [
        found.start() for found in _SLASH.finditer(word.text)
    ]
    symbol = _SYMBOL.search(word.text)
    start = slashes[-1] if slashes else symbol.start() - 1 if symbol else 0
    if start <= 0:
        return word.left
    behind = (len(word.text) - start) * _LETTER * scale
    return max(word.left, word.right - behind)
