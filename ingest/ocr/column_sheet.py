"""One sheet of a page's column pieces, stacked so that one OCR pass reads them in order, and the way back to
the page.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.vietnamese.fold import fold
from ingest.ocr.columns import ColumnRegion
from ingest.ocr.words import Line, moved

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

_APART = 0.004
"""Paper between two pieces, as a share of the page's height."""
_PAPER = 255
_BEHIND_HEAD = -1
_ADDRESSED = re.compile(r"\W*kinh (?:gui|moi)\b")


@dataclass(frozen=True, slots=True)
class Placed:
    """A piece on the sheet: its first row is `at` on the sheet and `top` on the page, px."""

    piece: ColumnRegion
    at: int
    top: int


@dataclass(frozen=True, slots=True)
class ColumnSheet:
    image: Image
    placed: tuple[Placed, ...]


def sheet_of(grey: Image, pieces: Sequence[ColumnRegion]) -> ColumnSheet:
    """Stack all pieces on one sheet, each at its own distance from the left edge."""
    import numpy as np

    height, width = grey.shape
    if len(pieces) == 1:
        return ColumnSheet(grey, (Placed(pieces[0], 0, 0),))
    apart = np.full((round(height * _APART), width), _PAPER, np.uint8)
    placed: list[Placed] = []
    rows: list[Image] = []
    at = 0
    for piece in pieces:
        top, bottom = round(piece.top * height), round(piece.bottom * height)
        strip = _cut(grey[top:bottom], piece)
        placed.append(Placed(piece, at, top))
        rows += [strip, apart]
        at += len(strip) + len(apart)
    return ColumnSheet(np.concatenate(rows), tuple(placed))


def _cut(strip: Image, piece: ColumnRegion) -> Image:
    """The strip with everything outside the piece's paths made paper."""
    import numpy as np

    if piece.left is None and piece.right is None:
        return strip
    high, wide = strip.shape
    columns = np.arange(wide)[None]
    cut = strip.copy()
    if piece.left is not None:
        cut[columns < _edge(piece.left, high, wide)] = _PAPER
    if piece.right is not None:
        cut[columns >= _edge(piece.right, high, wide)] = _PAPER
    return cut


def _edge(path: NDArray[np.float64], high: int, wide: int) -> NDArray[np.float64]:
    """A path as a column vector in px, one entry per row of the strip."""
    import numpy as np

    rows = np.minimum((np.arange(high) * len(path) / max(high, 1)).astype(int), len(path) - 1)
    return np.asarray(path[rows] * wide)[:, None]


def on_page(lines: Sequence[Line], sheet: ColumnSheet, scale: float) -> tuple[Line, ...]:
    """Map the sheet's lines to the page (boxes in its px); `scale`: px of the sheet per px of the page."""
    found: list[tuple[int, int, Line]] = []
    for position, line in enumerate(lines):
        middle = (line.top + line.bottom) / 2
        index = max((i for i, placed in enumerate(sheet.placed) if placed.at <= middle), default=0)
        placed = sheet.placed[index]
        back = moved(line, 0, placed.top - placed.at, scale)
        found.append((index, position, replace(back, cell=placed.piece.cell)))
    found.sort(key=lambda item: item[:2])
    return _number_blocks(_release_addressee([(index, line) for index, _, line in found]))


def _release_addressee(lines: list[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """Move `Kính gửi` out of the issuer's cell, below which it often is, to the first place after the head."""
    cells = [line.cell for _, line in lines]
    head = sum(cell != "page" for cell in cells)
    begins = next((at for at, (_, line) in enumerate(lines[:head]) if _ADDRESSED.match(fold(line.text))), None)
    if begins is None:
        return lines
    ends = next((at for at in range(begins, head) if cells[at] != cells[begins]), head)
    behind = [(_BEHIND_HEAD, replace(line, cell="page")) for _, line in lines[begins:ends]]
    return [*lines[:begins], *lines[ends:head], *behind, *lines[head:]]


def _number_blocks(lines: Sequence[tuple[int, Line]]) -> tuple[Line, ...]:
    """Renumber blocks so that they grow in reading order; each piece begins a new block."""
    numbered: list[Line] = []
    block = 0
    last: tuple[int, int] | None = None
    for index, line in lines:
        if (index, line.block) != last:
            block, last = block + 1, (index, line.block)
        numbered.append(replace(line, block=block))
    return tuple(numbered)
