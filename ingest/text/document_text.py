"""One string for the whole document with the place of each letter on paper.

`Text.value` is in NFC; every later offset points into it and maps back to boxes, and nothing normalises it again.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from corpus.document import Box, Page, Word

PAGE_BREAK = "\n"
_SAME_LINE = 0.5
"""Share of the lower word's height that two words on one line have in common."""


@dataclass(frozen=True, slots=True)
class Text:
    """The pages' texts joined by PAGE_BREAK; `starts[i]` is the offset of the text of `pages[i]`."""

    value: str
    pages: tuple[Page, ...] = ()
    starts: tuple[int, ...] = ()

    @classmethod
    def of_pages(cls, pages: tuple[Page, ...]) -> Text:
        """Join pages whose texts are NFC already."""
        starts, at = [], 0
        for page in pages:
            starts.append(at)
            at += len(page.text) + len(PAGE_BREAK)
        return cls(PAGE_BREAK.join(page.text for page in pages), pages, tuple(starts))

    @classmethod
    def of_string(cls, text: str) -> Text:
        """A text without paper, for a sentence or a born-digital file: it has no pages and no boxes."""
        return cls(unicodedata.normalize("NFC", text))

    def page_of(self, offset: int) -> int | None:
        """Number of the page at the offset; None for a text without pages."""
        index = bisect_right(self.starts, offset) - 1
        return self.pages[index].number if index >= 0 else None

    def locate(self, start: int, end: int) -> tuple[int | None, tuple[Box, ...]]:
        """The page where the span begins and one box for each printed line of it on that page."""
        index = bisect_right(self.starts, start) - 1
        if index < 0:
            return None, ()
        page, base = self.pages[index], self.starts[index]
        return page.number, line_boxes(words_in(page, start - base, end - base))


def words_in(page: Page, start: int, end: int) -> Iterator[Word]:
    """The page's words that overlap the span of its text, in the order of their offsets."""
    first = bisect_right(page.words, start, key=lambda word: word.end)
    return takewhile(lambda word: word.start < end, page.words[first:])


def line_boxes(words: Iterator[Word]) -> tuple[Box, ...]:
    """One box for each printed line, in reading order."""
    lines: list[Box] = []
    for word in words:
        if lines and _on_line(lines[-1], word.box):
            lines[-1] = lines[-1].union(word.box)
        else:
            lines.append(word.box)
    return tuple(lines)


def _on_line(line: Box, word: Box) -> bool:
    return word.left >= line.left and line.same_line(word, _SAME_LINE)
