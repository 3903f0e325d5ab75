"""Ruled tables (bảng, biểu): their cells by the rules that part them, and a page's lines put in the order of cells.

An engine reads a table's row straight across, a line of each cell at a time, or down a column: a name that goes on in the
next line of its cell falls apart. Here the words of a cell stay together, cells go from left to right, row after row.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.ocr.columns import SEARCH_DPI
from ingest.ocr.words import Line, Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Mask = NDArray[np.uint8]

_MM = SEARCH_DPI / 25.4
_RULE = round(9 * _MM)
"""Px of an unbroken stroke from which it is a rule: no letter has one as long."""
_CELL = (5 * _MM, 3.5 * _MM)
"""A cell is at least so wide and high, px."""
_WIDEST = 0.93
"""Share of the page that a cell is at most, each way: more is a frame round the page."""
_SQUARE = 0.8
"""Share of its rectangle that a cell fills."""
_LEAST_CELLS, _LEAST_ROWS, _LEAST_COLUMNS = 4, 2, 2
_INKED, _MANY = 0.012, 3
"""Share of a cell's px that are ink from which something stands in it, and how many such cells are worth a second look."""
_INSET, _MARGIN = 0.003, 10
"""Share of the width within which a cell's own rules lie; px of paper put round its picture."""
_LEAST_SURE = 0.5
_RULES = frozenset("|¦_")
"""What rules are read as."""
_JOIN = 3
"""Px by which rules are thickened, so that corners and hair breaks of a scan close."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's inside, as shares of the page."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, across: float, down: float) -> bool:
        return self.left <= across < self.right and self.top <= down < self.bottom


def tables(ink: Mask) -> list[tuple[Cell, ...]]:
    """The page's ruled tables from top to bottom, each with its cells row by row; `ink`: 1 for print, at SEARCH_DPI."""
    import cv2
    import numpy as np

    across = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((1, _RULE), np.uint8))
    down = cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_RULE, 1), np.uint8))
    if not across.any() or not down.any():
        return []
    rules = cv2.dilate(cv2.bitwise_or(across, down), np.ones((_JOIN, _JOIN), np.uint8))
    contours, tree = cv2.findContours(rules, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found: dict[int, list[Cell]] = {}
    for place, contour in enumerate(contours):
        outer = int(tree[0][place][3])
        cell = _cell(contour, rules.shape) if outer >= 0 else None
        if cell is not None:
            found.setdefault(outer, []).append(cell)
    kept = [
        tuple(sorted(cells, key=lambda c: (_row(c, cells), c.left))) for cells in found.values() if _ruled(cells)
    ]
    return sorted(kept, key=lambda cells: cells[0].top)


def _cell(hole: Any, size: tuple[int, ...]) -> Cell | None:
    """The cell that a hole in the rules is; None for what is too small, no rectangle, or the page's own frame."""
    import cv2

    high, wide = size[:2]
    x, y, w, h = cv2.boundingRect(hole)
    if w < _CELL[0] or h < _CELL[1] or (w > _WIDEST * wide and h > _WIDEST * high):
        return None
    if cv2.contourArea(hole) < _SQUARE * (w - 1) * (h - 1):
        return None
    return Cell((x - 1) / wide, (y - 1) / high, (x + w + 1) / wide, (y + h + 1) / high)


def _row(cell: Cell, cells: Sequence[Cell]) -> float:
    """Where the row begins that a cell begins in: tops of one row differ by a hair on a scan."""
    near = min(other.bottom - other.top for other in cells) / 2
    return min(other.top for other in cells if abs(other.top - cell.top) <= near)


def _ruled(cells: Sequence[Cell]) -> bool:
    """Whether cells make a table: a stamp's frame or a form's single column does not."""
    if len(cells) < _LEAST_CELLS:
        return False
    rows = {round(_row(cell, cells), 4) for cell in cells}
    beside = any(a.left >= b.right - 0.01 and a.top < b.bottom and b.top < a.bottom for a in cells for b in cells)
    return len(rows) >= _LEAST_ROWS and beside


def unread(cells: Sequence[Cell], lines: Sequence[Line], ink: Mask, width: float, height: float) -> list[Cell]:
    """The cells with print in them of which no word was read: a table full of dirt passes for a picture."""
    held = [_middle(word, width, height) for line in lines for word in line.words if _is_print(word)]
    empty = [cell for cell in cells if not any(cell.holds(*middle) for middle in held)]
    inked = [cell for cell in empty if _ink_share(cell, ink) > _INKED]
    return inked if len(inked) >= _MANY else []


def crop_of(cell: Cell, image: Image) -> tuple[Image, int, int]:
    """A cell's picture without its rules, on paper of its own, and the px of the image where it begins."""
    import numpy as np

    high, wide = image.shape[:2]
    inset = round(_INSET * wide)
    left, top = round(cell.left * wide) + inset, round(cell.top * high) + inset
    inside = image[top : round(cell.bottom * high) - inset, left : round(cell.right * wide) - inset]
    return np.pad(inside, _MARGIN, constant_values=255), left - _MARGIN, top - _MARGIN


def sound(line: Line) -> Line | None:
    """The words of a line that are print rather than dirt; None when there are none."""
    words = tuple(word for word in line.words if _is_print(word) and word.confidence >= _LEAST_SURE)
    return replace(line, words=words) if words else None


def in_cells(
    lines: Sequence[Line], tables: Sequence[Sequence[Cell]], width: float, height: float
) -> tuple[Line, ...]:
    """The page's lines, those of its tables cell by cell at the place of each table's first; width, height: px of boxes."""
    out = tuple(lines)
    for cells in tables:
        out = _rearranged(out, cells, width, height)
    return out


def _rearranged(lines: Sequence[Line], cells: Sequence[Cell], width: float, height: float) -> tuple[Line, ...]:
    inside: dict[Cell, list[Token]] = {}
    rest: list[Line] = []
    place = None
    for line in lines:
        homes = [
            _home(cells, *_middle(word, width, height)) if line.cell == "page" else None for word in line.words
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


def _home(cells: Sequence[Cell], across: float, down: float) -> Cell | None:
    """The cell that holds a point; where a rule is broken, the room that the cells beside it leave; None off the table."""
    held = next((cell for cell in cells if cell.holds(across, down)), None)
    if held is not None:
        return held
    beside = [cell for cell in cells if cell.top <= down < cell.bottom]
    left, right = min(cell.left for cell in cells), max(cell.right for cell in cells)
    if not beside or not left <= across < right:
        return None
    return Cell(
        max((cell.right for cell in beside if cell.right <= across), default=left),
        max(cell.top for cell in beside),
        min((cell.left for cell in beside if cell.left > across), default=right),
        min(cell.bottom for cell in beside),
    )


def _middle(word: Token, width: float, height: float) -> tuple[float, float]:
    return (word.left + word.right) / 2 / width, (word.top + word.bottom) / 2 / height


def _is_print(word: Token) -> bool:
    return any(letter.isalnum() for letter in word.text)


def _ink_share(cell: Cell, ink: Mask) -> float:
    high, wide = ink.shape
    inside = ink[round(cell.top * high) + 3 : round(cell.bottom * high) - 3,
                 round(cell.left * wide) + 3 : round(cell.right * wide) - 3]  # fmt: skip
    return float(inside.mean()) if inside.size else 0.0


def _rows(words: list[Token]) -> Iterator[tuple[Token, ...]]:
    """A cell's words line by line (what stands beside a line's middle is of that line), without rules read as signs."""
    left = sorted((word for word in words if word.text not in _RULES), key=lambda word: word.top + word.bottom)
    while left:
        first = left[0]
        middle, slack = (first.top + first.bottom) / 2, (first.bottom - first.top) * 0.1
        row = [word for word in left if word.top <= middle + slack and word.bottom > middle - slack]
        left = [word for word in left if word not in row]
        if any(map(_is_print, row)):
            yield tuple(sorted(row, key=lambda word: word.left))
