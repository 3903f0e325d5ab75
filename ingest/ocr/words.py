"""What recognition gives: words with their boxes, printed lines in reading order, and the upright page they stand on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from corpus.document import Warning
from ingest.imaging.deskew import Level

Cell = Literal["page", "head_left", "head_right"]
"""Where a line stands: on page 1 the issuer's half of the head, the motto's half, or anywhere else."""


@dataclass(frozen=True, slots=True)
class Token:
    """One recognised word: its text (NFC), its box in px of the upright image, and how sure the engine is (0 to 1)."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line, its words from left to right, never of two columns.

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


def moved(line: Line, right: float, down: float, scale: float = 1.0) -> Line:
    """A crop's line on the page that the crop was cut from, `scale` px of the crop for one of the page's.

    `right` and `down`: where the crop begins, in px of its own scale.
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


@dataclass(frozen=True, slots=True)
class Recognised:
    """A page as recognised, its lines in reading order: the head's left cell, its right cell, then from top to bottom.

    `page` is upright and level with all its ink, in colour where the scan has colour; every box is in its pixels.
    `rotation` is how far clockwise the page was turned (0, 90, 180, 270) to stand upright.
    """

    lines: tuple[Line, ...]
    page: Level
    dpi: float
    rotation: int = 0
    confidence: float = 1.0
    cautions: tuple[Warning, ...] = ()
