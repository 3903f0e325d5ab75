"""Results of recognition: words with boxes, printed lines in reading order, and the upright page they are on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from corpus.document import Warning
from corpus.rectangle import Rect
from ingest.imaging.deskew import LevelledPage
from ingest.imaging.page_view import PageView

Cell = Literal["page", "head_left", "head_right"]
"""Place of a line: on page 1 the issuer's half of the head, the motto's half, or anywhere else."""


@dataclass(frozen=True, slots=True)
class Token(Rect):
    """One recognised word: place in px of the upright image, text (NFC), and the engine's confidence (0 to 1)."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, words from left to right, never of two columns.

    `block` grows in reading order; a new one begins a new column or group of paragraphs.
    """

    words: tuple[Token, ...]
    block: int
    cell: Cell = "page"

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def left(self) -> float:
        return min(word.left for word in self.words)

    @property
    def top(self) -> float:
        return min(word.top for word in self.words)

    @property
    def right(self) -> float:
        return max(word.right for word in self.words)

    @property
    def bottom(self) -> float:
        return max(word.bottom for word in self.words)

    @property
    def rect(self) -> Rect:
        """Smallest rectangle that contains its words."""
        return Rect(self.left, self.top, self.right, self.bottom)


def moved(line: Line, right: float, down: float, scale: float = 1.0) -> Line:
    """Map a crop's line to the page it was cut from; `scale`: px of the crop per px of the page.

    `right` and `down`: offset of the crop, in px of its own scale.
    """
    words = tuple(
        replace(
            word,
            left=(word.left + right) / scale,
            right=(word.right + right) / scale,
            top=(word.top + down) / scale,
            bottom=(word.bottom + down) / scale,
        )
        for word in line.words
    )
    return replace(line, words=words)


def parted(line: Line, edge: float) -> tuple[Line, ...]:
    """Split a line at a blank as wide as the line is high that covers the edge (px from the left), if there is
    one.

    Recognition joins the text of two columns at one height (`- Như trên;  PHÓ GIÁM ĐỐC`).
    """
    left = tuple(word for word in line.words if (word.left + word.right) / 2 < edge)
    right = tuple(word for word in line.words if (word.left + word.right) / 2 >= edge)
    if not left or not right or min(w.left for w in right) - max(w.right for w in left) < line.bottom - line.top:
        return (line,)
    return replace(line, words=left), replace(line, words=right)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognised page, lines in reading order: the head's left cell, its right cell, then from top to bottom.

    `view` is the page as it was read, with all its ink, in colour if the scan has colour; every box is in its
    pixels.
    """

    lines: tuple[Line, ...]
    view: PageView
    confidence: float = 1.0
    cautions: tuple[Warning, ...] = ()

    @property
    def page(self) -> LevelledPage:
        """Picture of the page, upright and level."""
        return self.view.page

    @property
    def dpi(self) -> float:
        return self.view.dpi

    @property
    def rotation(self) -> int:
        """Clockwise degrees (0, 90, 180, 270) by which the page was turned upright."""
        return self.view.rotation
