"""Two pages on one scan (an A3 sheet, an opened book), separated for the layout,
whose places are shares of one page.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from corpus.document import Page, Word
from corpus.vietnamese.fold import fold
from ingest.text.document_text import Text

_MOTTO = "cong hoa xa hoi chu nghia viet nam"
_MIDDLE, _OVER = 0.5, 0.02
"""The fold between the pages, and the greatest reach of a word over it; shares of the width."""
_LEAST_WORDS = 20
"""Words on each side; fewer are a stamp or a note in the margin."""
_CROSSING = 2
"""Words that may lie over the fold: running text has one in every line."""
_MOST_CUTS = 5
"""Changes of side, at most, by the heads and bodies of both pages."""
RIGHT = 10_000
"""Added to the number of a right page, which no page of the file has."""


def unfolded(text: Text) -> Text:
    """The text with each scan of two pages as two pages of full width; all offsets stay.
    Other texts are returned unchanged.
    """
    pages = [part for page in text.pages for part in _halves(page)]
    return text if len(pages) == len(text.pages) else Text.of_pages(tuple(pages))


def _halves(page: Page) -> Iterator[Page]:
    """The pieces of a scan's left and right page in the order of its text; a single page is returned itself."""
    cuts = _cuts(page) if page.origin == "ocr" and _shows_motto(page) else ()
    if not cuts:
        yield page
        return
    for first, last in pairwise((0, *cuts, len(page.words))):
        at = page.words[first].start if first else 0
        end = page.words[last].start - 1 if last < len(page.words) else len(page.text)
        right = _is_right(page.words[first])
        words = tuple(_wide(word, _MIDDLE if right else 0.0, at) for word in page.words[first:last])
        yield replace(page, number=page.number + RIGHT * right, text=page.text[at:end], words=words)


def _shows_motto(page: Page) -> bool:
    """True if the motto ends before the middle of the scan: on a single page it is at the right."""
    folded = fold(page.text)
    at = folded.find(_MOTTO)
    mine = [word for word in page.words if at <= word.start < at + len(_MOTTO)] if at >= 0 else []
    return bool(mine) and max(word.box.right for word in mine) < _MIDDLE + _OVER


def _is_right(word: Word) -> bool:
    return (word.box.left + word.box.right) / 2 >= _MIDDLE


def _cuts(page: Page) -> tuple[int, ...]:
    """Indices of the words at which the text changes sides;
    none if it crosses the fold or changes sides too often.
    """
    sides = [_is_right(word) for word in page.words]
    crossing = sum(word.box.left < _MIDDLE - _OVER and word.box.right > _MIDDLE + _OVER for word in page.words)
    cuts = tuple(at for at, (one, other) in enumerate(pairwise(sides), start=1) if one != other)
    whole = all(page.text[page.words[at].start - 1] == "\n" for at in cuts)
    few = min(sum(sides), len(sides) - sum(sides)) < _LEAST_WORDS
    return () if crossing > _CROSSING or len(cuts) > _MOST_CUTS or few or not whole else cuts


def _wide(word: Word, left: float, start: int) -> Word:
    """A word of a half with its place on the full page."""
    box = replace(word.box, left=max((word.box.left - left) * 2, 0.0), right=min((word.box.right - left) * 2, 1.0))
    return replace(word, start=word.start - start, end=word.end - start, box=box)
