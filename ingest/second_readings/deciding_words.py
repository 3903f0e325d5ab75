"""Words that decide, by the second reader: subject, issuer, doubted recipients, doubted numbers of citations.

Words that both read alike gain confidence, words that they read differently lose it, and the fields' own rules of
doubt do the rest. Never the whole page: a line costs 40 to 150 ms, a number 30.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import TYPE_CHECKING

from corpus.document import Page, Word
from corpus.numbering.number import find as find_numbers
from corpus.vietnamese.fold import fold
from ingest.imaging.pixels import darkest
from ingest.layout.closing import closing_of
from ingest.layout.heading import heading_of
from ingest.layout.letterhead import letterhead_of
from ingest.ocr.page_text import page_of
from ingest.second_readings.compared_words import ALIKE, ComparedWord, compared
from ingest.text.document_text import Text, words_in
from ingest.text.evidence import DISPUTED
from ingest.text.rows import Row, rows_of
from ingest.text.syllables import strange_words

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image
    from ingest.ocr.words import Recognised
    from ingest.secondreader.reader import SecondReader, SeenWord

_MOST_LINES, _MOST_ITEMS, _MOST_NUMBERS = 6, 4, 6
"""Lines of a subject, items of a list, numbers and days of a page that are read again."""
_ISSUER_CLEAR, _ITEM_CLEAR, _NUMBER_CLEAR = 0.9, 0.85, 0.85
"""Confidence (0 to 1) from which recognition needs no second reader: of 40 numbers cited on 87 papers that were
between 0.55 and 0.85 three were wrong, and the second reader saw another number in each of them.
"""
_DOUBTS = 0.4
"""The second reader's probability of a number below which it says nothing against it."""
_ASIDE, _ABOVE = 0.4, 0.15
"""Paper round a line's words, in heights of it."""
_TALLEST = 0.04
"""Height of a number's words, as a share of the page, above which they are of two lines."""
_FIGURE = re.compile(r"\d")
_HEAD = re.compile(r"(\d(?:\s?\d)*)\s?[/-]")
_DATED = re.compile(r"(?<!\d)(\d{1,2}\s?[/.-]\s?\d{1,2}\s?[/.-]\s?\d{4})")
"""The figures before a number's symbol, and a day."""
_SHAPES = {sign: f"[{shape}]" for shape in ("t7", "1li", "0o", "5s") for sign in shape}
"""Letters and figures that the second reader confuses (`TTg` → `77g`) → those of one shape."""
_DAY = re.compile(r" *,? *ngày +(\d{1,2} ?[/.-] ?\d{1,2} ?[/.-] ?\d{4})")


def read_again(found: Recognised, page: Page, second: SecondReader | None, *, first: bool) -> Page:
    """The page after the second reader looked at its deciding words; `first`: it has the head and the subject."""
    if second is None or not page.words:
        return page
    rows = rows_of(Text.of_pages((page,)))
    head = letterhead_of(rows) if first else None
    heading = heading_of(rows, head) if head is not None else None
    words: dict[int, ComparedWord] = {}
    if head is not None and heading is not None:
        for row in heading.subject[:_MOST_LINES]:
            words |= _line(found, page, row, second)
        for row in head.issuer:
            if row.confidence < _ISSUER_CLEAR:
                words |= _issuer(found, page, row, second)
    closing = closing_of(rows, heading.last + 1 if heading is not None else 0)
    doubted = [row for row in closing.recipients if row.confidence < _ITEM_CLEAR or strange_words(row.text)]
    for row in doubted[:_MOST_ITEMS]:
        # A list has doubts of its own (odd signs, low confidence): here the second reader only settles them.
        after = _line(found, page, row, second)
        words |= {at: word for at, word in after.items() if word.confidence > DISPUTED}
    words |= _numbers(found, page, second, head.number if head is not None else None)
    return _with(found, page, words)


def _line(found: Recognised, page: Page, row: Row, second: SecondReader) -> dict[int, ComparedWord]:
    """Words of a line, by their place among the page's words, after both readings."""
    at = list(_places(page, row.start, row.end))
    picture = _picture(found, [page.words[each] for each in at])
    if picture is None:
        return {}
    read = [
        ComparedWord(page.text[word.start : word.end], word.confidence) for word in map(page.words.__getitem__, at)
    ]
    return dict(zip(at, compared(read, second.read_line(picture).words()), strict=True))


def _issuer(found: Recognised, page: Page, row: Row, second: SecondReader) -> dict[int, ComparedWord]:
    """The least certain word of a body's line, if the second reader sees other letters; it misreads marks on
    capitals.
    """
    at = list(_places(page, row.start, row.end))
    picture = _picture(found, [page.words[each] for each in at])
    seen = _letters(second.read_line(picture).text) if picture is not None else ""
    # A line on which the second reader sees nothing contradicts nothing.
    if not seen or seen == _letters(row.text):
        return {}
    least = min(at, key=lambda each: page.words[each].confidence)
    return {least: ComparedWord(_text(page, page.words[least]), min(page.words[least].confidence, DISPUTED))}


def _numbers(found: Recognised, page: Page, second: SecondReader, own: Row | None) -> dict[int, ComparedWord]:
    """Words with figures of the least certain numbers and days in the text, the document's own number aside."""
    words: dict[int, ComparedWord] = {}
    doubted = [(least, span) for span in _mentions(page, own) if (least := _least(page, *span)) < _NUMBER_CLEAR]
    for _, (start, end) in sorted(doubted)[:_MOST_NUMBERS]:
        picture = _picture(found, list(words_in(page, start, end)))
        alike = None if picture is None else says(second.read_line(picture).words(), page.text[start:end])
        for at in _figures(page, start, end) if alike is not None else ():
            sure = page.words[at].confidence
            words[at] = ComparedWord(
                _text(page, page.words[at]), max(sure, ALIKE) if alike else min(sure, DISPUTED)
            )
    return words


def _mentions(page: Page, own: Row | None) -> Iterator[tuple[int, int]]:
    """Spans of numbers in the text and of the days right behind them, up to the end of the line."""
    for mention in find_numbers(page.text):
        if own is not None and own.start <= mention.start < own.end:
            continue
        line_end = page.text.find("\n", mention.start, mention.end)
        yield mention.start, mention.end if line_end < 0 else line_end
        day = _DAY.match(page.text, mention.end) if line_end < 0 else None
        if day is not None:
            yield day.span(1)


def _least(page: Page, start: int, end: int) -> float:
    return min((page.words[at].confidence for at in _figures(page, start, end)), default=1.0)


def _figures(page: Page, start: int, end: int) -> list[int]:
    return [at for at in _places(page, start, end) if _FIGURE.search(_text(page, page.words[at]))]


def says(seen: Sequence[SeenWord], printed: str) -> bool | None:
    """True if a line shows a number or day, False if it shows another one, None if the second reader can't tell.

    Strokes at its sides are read as letters with a blank between; a letter that touches its end is its own. `Số:`
    and what precedes it may look like one figure more.
    """
    plain, text = _plain(printed), " ".join(_plain(word.text) for word in seen)
    signs = [_SHAPES.get(sign, re.escape(sign)) for sign in plain if not sign.isspace()]
    if re.search(r"(?<!\d)" + r"\s*".join(signs) + r"(?![^\W_])", text):
        return True
    head = _DATED if _DATED.fullmatch(plain) else _HEAD
    own, other = head.search(plain), head.search(text)
    sure = min((word.sure for word in seen if _FIGURE.search(word.text)), default=0.0)
    if own is None or other is None or sure < _DOUBTS:
        return None
    mine, its = ("".join(each[1].split()) for each in (own, other))
    return None if its != mine and its.endswith(mine) else False


def _plain(text: str) -> str:
    return fold(text).replace("⁄", "/").replace("–", "-").replace("- -", "-")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _text(page: Page, word: Word) -> str:
    return page.text[word.start : word.end]


def _places(page: Page, start: int, end: int) -> Iterator[int]:
    """Places of the words of a span among the page's words."""
    first = bisect_right(page.words, start, key=lambda word: word.end)
    return takewhile(lambda at: page.words[at].start < end, range(first, len(page.words)))


def _picture(found: Recognised, words: Sequence[Word]) -> Image | None:
    """Picture of some words of one line; None if they are of more than one."""
    if not words:
        return None
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    if box.height > _TALLEST:
        return None
    (down, across), high = found.page.size, box.height * found.page.size[0]
    left, right = int(box.left * across - _ASIDE * high), int(box.right * across + _ASIDE * high)
    top, bottom = int(box.top * down - _ABOVE * high), int(box.bottom * down + _ABOVE * high)
    left, top, right, bottom = max(0, left), max(0, top), min(across, right), min(down, bottom)
    return darkest(found.page.cut(left, top, right, bottom)) if right - left > high > 1 and bottom > top else None


def _with(found: Recognised, page: Page, words: Mapping[int, ComparedWord]) -> Page:
    """The page with these words; its text is put together again if one of them is another now."""
    if not words:
        return page
    outcomes = [
        words.get(at, ComparedWord(_text(page, word), word.confidence)) for at, word in enumerate(page.words)
    ]
    if any(outcomes[at].text != _text(page, page.words[at]) for at in words):
        left = iter(outcomes)
        lines = tuple(
            replace(line, words=tuple(replace(word, text=next(left).text) for word in line.words))
            for line in found.lines
        )
        page = page_of(replace(found, lines=lines), page.number)
    changed = (replace(word, confidence=one.confidence) for word, one in zip(page.words, outcomes, strict=True))
    return replace(page, words=tuple(changed))
