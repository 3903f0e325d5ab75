"""Ruled tables (bảng, biểu): cells by their rules, and a page's lines rearranged by cell.

An engine reads straight across a table's row, or down a column, so that a name over two lines of its cell falls
apart. Here the words of a cell stay together; cells go from left to right, row after row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from corpus.document import Box
from corpus.rectangle import mm
from ingest.ocr.columns import SEARCH_DPI
from ingest.ocr.words import Line, Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

_MM = mm(SEARCH_DPI)
_RULE = round(9 * _MM)
"""Px of an unbroken stroke from which it is a rule: no letter has one as long."""
_CELL = (5 * _MM, 3.5 * _MM)
"""Least width and height of a cell, px."""
_WIDEST = 0.93
"""Greatest share of the page that a cell may cover, each way: more is a frame round the page."""
_SQUARE = 0.8
"""Least share of its bounding rectangle that a cell fills."""
_LEAST_CELLS, _LEAST_ROWS, _LEAST_COLUMNS = 4, 2, 2
_RULES = frozenset("|¦_")
"""Characters that engines read for rules."""
_JOIN = 3
"""Px by which rules are thickened, so that corners and hairline breaks of a scan close."""


def tables(ink: Mask) -> list[tuple[Box, ...]]:
    """Ruled tables of the page from the top, each as its cells' insides by row; `ink`: 1 for print, at
    SEARCH_DPI.
    """
    import cv2
    import numpy as np

    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _RULE), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_RULE, 1), np.uint8))
    if not across.any() or not down.any():
        return []
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((_JOIN, _JOIN), np.uint8))
    contours, tree = cv2.findContours(rules, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: dict[int, list[Box]] = {}
    for place, contour in enumerate(contours):
        outer = int(tree[0][place][3])
        cell = _cell(contour, rules.shape) if outer >= 0 else None
        if cell is not None:
            found.setdefault(outer, []).append(cell)
    kept = [
        tuple(sorted(cells, key=lambda c: (_row(c, cells), c.left)))
        for cells in found.values()
        if _is_table(cells)
    ]
    return sorted(kept, key=lambda cells: cells[0].top)


def _cell(hole: Any, size: tuple[int, ...]) -> Box | None:
    """Cell that a hole in the rules forms; None if too small, no rectangle, or the page's own frame."""
    import cv2

    high, wide = size[:2]
    x, y, w, h = cv2.boundingRect(hole)
    if w < _CELL[0] or h < _CELL[1] or (w > _WIDEST * wide and h > _WIDEST * high):
        return None
    if cv2.contourArea(hole) < _SQUARE * (w - 1) * (h - 1):
        return None
    return Box((x - 1) / wide, (y - 1) / high, (x + w + 1) / wide, (y + h + 1) / high)


def _row(cell: Box, cells: Sequence[Box]) -> float:
    """Top of the row that a cell belongs to: tops of one row differ slightly on a scan."""
    near = min(other.bottom - other.top for other in cells) / 2
    return min(other.top for other in cells if abs(other.top - cell.top) <= near)


def _is_table(cells: Sequence[Box]) -> bool:
    """True if cells form a table, unlike a stamp's frame or the single column of a form."""
    if len(cells) < _LEAST_CELLS:
        return False
    rows = {round(_row(cell, cells), 4) for cell in cells}
    beside = any(a.left >= b.right - 0.01 and a.top < b.bottom and b.top < a.bottom for a in cells for b in cells)
    return len(rows) >= _LEAST_ROWS and beside


def in_cells(
    lines: Sequence[Line], tables: Sequence[Sequence[Box]], width: float, height: float
) -> tuple[Line, ...]:
    """Rearrange a page's lines: each table cell by cell, in the place of its first line; width, height: px of
    boxes.
    """
    out = tuple(lines)
    for cells in tables:
        out = _rearrange(out, cells, width, height)
    return out


def _rearrange(lines: Sequence[Line], cells: Sequence[Box], width: float, height: float) -> tuple[Line, ...]:
    inside: dict[Box, list[Token]] = {}
    rest: list[Line] = []
    place = None
    for line in lines:
        homes = [
            _home(cells, *middle(word, width, height)) if line.cell == "page" else None for word in line.words
        ]
        for word, home in zip(line.words, homes, strict=True):
            if home is not None:
                inside.setdefault(home, []).append(word)
        left = tuple(word for word, home in zip(line.words, homes, strict=True) if home is None)
        place = len(rest) if place is None and len(left) < len(line.words) else place
        rest += [replace(line, words=left)] if left else []
    if place is None:
        return tuple(lines)
    block = rest[place - 1].block if place else 1
    order = sorted(inside, key=lambda cell: (_row(cell, (*cells, cell)), cell.left))
    read = [Line(row, block) for cell in order for row in _rows(inside[cell])]
    return (*rest[:place], *read, *rest[place:])


def _home(cells: Sequence[Box], across: float, down: float) -> Box | None:
    """Cell containing the point; if a rule is broken, the gap between its neighbours in the row; None outside
    the table.
    """
    held = next((cell for cell in cells if cell.contains(across, down)), None)
    if held is not None:
        return held
    beside = [cell for cell in cells if cell.top <= down < cell.bottom]
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    if not beside or not left <= across < right:
        return None
    return Box(
        max((cell.right for cell in beside if cell.right <= across), default=left),
        max(cell.top for cell in beside),
        min((cell.left for cell in beside if cell.left > across), default=right),
        min(cell.bottom for cell in beside),
    )


def middle(word: Token, width: float, height: float) -> tuple[float, float]:
    """A word's middle as shares of the page, whose size is in px of boxes."""
    across, down = word.middle
    return across / width, down / height


def is_print(word: Token) -> bool:
    """True if a word has a letter or digit."""
    return any(letter.isalnum() for letter in word.text)


def _rows(words: list[Token]) -> Iterator[tuple[Token, ...]]:
    """Words of a cell line by line, without rules read as signs; a word belongs to the line whose middle it
    crosses.
    """
    left = sorted((word for word in words if word.text not in _RULES), key=lambda word: word.top + word.bottom)
    while left:
        first = left[0]
        middle, slack = (first.top + first.bottom) / 2, (first.bottom - first.top) * 0.1
        row = [word for word in left if word.top <= middle + slack and word.bottom > middle - slack]
        left = [word for word in left if word not in row]
        if any(map(is_print, row)):
            yield tuple(sorted(row, key=lambda word: word.left))
