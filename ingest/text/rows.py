"""A document's printed rows with their places on paper, on which layout and fields work.

A row is a line of a page's text, or a part of one if a wide gap shows that two columns share the line. A page
whose text came without boxes (DOCX, TXT) has rows without boxes; rules then use order instead of place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from corpus.document import Box, Page, Word
from corpus.vietnamese.fold import fold
from ingest.text.document_text import Text, words_in

_GAP = 0.03
"""Share of the page's width that separates two columns; justified text leaves less between words."""
_SAME_LINE = 0.5
"""Share of the lower row's height from which on two rows are on one printed line."""
_WIDE_BLANK = re.compile(r"\t+| {4,}")
_MOTTO = re.compile(r"\bc[o0]ng h[o0]a x[a-z] h[o0]i|\bdang cong san viet")
_ETH = str.maketrans("ÐðƉ", "ĐđĐ")
"""Letters that old fonts and keyboards give for Đ; they look the same."""
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Row:
    """One printed row: `text` is `Text.value[start:end]`; `box` is None for a page without boxes.

    `index` counts rows through the document; `loose` is true after a blank line and at a page's beginning.
    """

    text: str
    start: int
    end: int
    page: int
    index: int
    box: Box | None = None
    confidence: float = 1.0
    loose: bool = False

    @cached_property
    def folded(self) -> str:
        """The text in small letters without marks, as long as the text."""
        return fold(self.text.translate(_ETH))

    @property
    def middle(self) -> float:
        """Middle of its box across the page (0 to 1); 0.5 without a box."""
        return self.box.middle[0] if self.box else 0.5

    @property
    def height(self) -> float:
        return self.box.height if self.box else 0.0

    @cached_property
    def capitals(self) -> float:
        """Share of capitals among its letters."""
        letters = _LETTER.findall(self.text)
        return sum(letter.isupper() for letter in letters) / len(letters) if letters else 0.0


def rows_of(text: Text) -> tuple[Row, ...]:
    """All rows of a document in the order of its text, without empty lines."""
    rows: list[Row] = []
    for page, base in zip(text.pages, text.starts, strict=True):
        rows += _rows_of_page(page, base, len(rows))
    return tuple(rows)


def _rows_of_page(page: Page, base: int, first: int) -> Iterator[Row]:
    index, at, loose = first, 0, True
    for line in page.text.split("\n"):
        parts = list(_parts(page, line, at))
        for start, end, words in parts:
            box = _union(words)
            sure = sum(word.confidence for word in words) / len(words) if words else 1.0
            yield Row(page.text[start:end], base + start, base + end, page.number, index, box, sure, loose)
            index, loose = index + 1, False
        loose = loose or not parts
        at += len(line) + 1


def _parts(page: Page, line: str, at: int) -> Iterator[tuple[int, int, list[Word]]]:
    """The spans of a line's columns in the page's text, each with its words."""
    if not line.strip():
        return
    words = list(words_in(page, at, at + len(line)))
    if not words:
        yield from _split_by_blanks(line, at)
        return
    folded = fold(line)
    motto = _MOTTO.search(folded)
    cut = at + motto.start() if motto and motto.start() > 3 and line[motto.start() : motto.end()].isupper() else -1
    group = words[:1]
    for before, word in pairwise(words):
        if word.box.left - before.box.right > _GAP or word.start == cut:
            yield group[0].start, group[-1].end, group
            group = []
        group.append(word)
    yield group[0].start, group[-1].end, group


def _split_by_blanks(line: str, at: int) -> Iterator[tuple[int, int, list[Word]]]:
    start = 0
    for blank in [*_WIDE_BLANK.finditer(line), None]:
        end = blank.start() if blank else len(line)
        part = line[start:end]
        if part.strip():
            lead = len(part) - len(part.lstrip())
            yield at + start + lead, at + start + len(part.rstrip()), []
        start = blank.end() if blank else len(line)


def _union(words: list[Word]) -> Box | None:
    if not words:
        return None
    box = words[0].box
    for word in words[1:]:
        box = box.union(word.box)
    return box


def same_height(one: Row, other: Row) -> bool:
    """True if two rows of a page are on one printed line."""
    if one.box is None or other.box is None or one.page != other.page:
        return False
    return one.box.same_line(other.box, _SAME_LINE)
