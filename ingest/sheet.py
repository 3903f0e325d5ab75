"""Pieces of a page put below one another on one sheet, so that one pass reads them in their order, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingest.columns import Piece
from ingest.recognition import Line, Token

if TYPE_CHECKING:
    from ingest.raw import Image

_APART = 0.004
"""Paper between two pieces, as a share of the page's height."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece on the sheet: it begins at row `at`; `left`, `top` is where it began on the page, px."""

    piece: Piece
    at: int
    height: int
    left: int
    top: int


@dataclass(frozen=True, slots=True)
class Sheet:
    image: Image
    placed: tuple[Placed, ...]


def sheet_of(grey: Image, pieces: Sequence[Piece]) -> Sheet:
    """One sheet with all pieces, each at its own distance from the left edge."""
    import numpy as np

    height, width = grey.shape
    apart = round(height * _APART)
    placed, rows, at = [], [], 0
    for piece in pieces:
        left, right = round(piece.left * width), round(piece.right * width)
        top, bottom = round(piece.top * height), round(piece.bottom * height)
        strip = np.full((bottom - top + apart, width), 255, np.uint8)
        strip[: bottom - top, left:right] = grey[top:bottom, left:right]
        placed.append(Placed(piece, at, bottom - top, 0, top))
        rows.append(strip)
        at += len(strip)
    return Sheet(np.concatenate(rows), tuple(placed))


def on_page(lines: Sequence[Line], sheet: Sheet, scale: float) -> tuple[Line, ...]:
    """The sheet's lines with boxes in px of the page; `scale`: px of the sheet for one px of the page."""
    found: list[tuple[int, int, Line]] = []
    for position, line in enumerate(lines):
        middle = (line.top + line.bottom) / 2
        index = max((i for i, placed in enumerate(sheet.placed) if placed.at <= middle), default=0)
        placed = sheet.placed[index]
        words = tuple(_moved(word, placed, scale) for word in line.words)
        found.append((index, position, replace(line, words=words, cell=placed.piece.cell)))
    found.sort(key=lambda item: item[:2])
    return _numbered([(index, line) for index, _, line in found])


def _moved(word: Token, placed: Placed, scale: float) -> Token:
    down = placed.top - placed.at
    return replace(
        word,
        left=(word.left + placed.left) / scale,
        right=(word.right + placed.left) / scale,
        top=(word.top + down) / scale,
        bottom=(word.bottom + down) / scale,
    )


def _numbered(lines: Sequence[tuple[int, Line]]) -> tuple[Line, ...]:
    """Lines with blocks that grow in reading order; a new piece begins a new block."""
    numbered, block, last = [], 0, None
    for index, line in lines:
        if (index, line.block) != last:
            block, last = block + 1, (index, line.block)
        numbered.append(replace(line, block=block))
    return tuple(numbered)
