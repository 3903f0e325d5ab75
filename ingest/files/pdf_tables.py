"""Ruled tables (bảng, biểu) of a born-digital page: cells by the lines that the page draws."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from corpus.document import Box
from ingest.files.pdf_letters import turned_edges

_LEAST_ROWS, _LEAST_COLUMNS = 2, 2
"""Least number of rows in a table, and of cells in a row."""
_THIN = 2.5
"""Points; a thinner filled rectangle counts as a line, a thicker one as shading."""
_MOST_EDGES = 4_000
"""Strokes of a page; a page with more is a drawing, and no table is searched for."""
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
"""Cells are separated by drawn lines only: text in columns without lines is ordered by its places."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruled table: its box and its cells row by row, as shares of the page."""

    box: Box
    cells: tuple[Cell, ...]

    def holds(self, box: Box) -> bool:
        """True if the middle of a word lies in the table."""
        return _holds(self.box, box)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a ruled table; shares of the page."""

    box: Box

    def holds(self, box: Box) -> bool:
        """True if the middle of a word lies in the cell."""
        return _holds(self.box, box)


def _holds(around: Box, box: Box) -> bool:
    return around.contains(*box.middle)


def ruled_tables(page: Any, turn: int) -> tuple[Ruled, ...]:
    """Tables of a pdfplumber page from top to bottom; turn: clockwise degrees of its text."""
    if not 3 <= len(page.lines) + len(page.rects) + len(page.curves) <= _MOST_EDGES:
        return ()
    left, top, right, bottom = (float(edge) for edge in page.cropbox)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)

    def box_of(edges: tuple[float, float, float, float]) -> Box:
        x0, y0, x1, y1 = edges
        return Box(
            *turned_edges(((x0 - left) / wide, (y0 - top) / high, (x1 - left) / wide, (y1 - top) / high), turn)
        )

    found: list[Ruled] = []
    for table in page.filter(_is_rule).find_tables(_SETTINGS):
        cells = tuple(sorted((Cell(box_of(cell)) for cell in table.cells), key=_place))
        rows = Counter(round(cell.box.top, 3) for cell in cells)
        parted = sum(count >= _LEAST_COLUMNS for count in rows.values())
        if parted >= _LEAST_ROWS:
            found.append(Ruled(box_of(table.bbox), cells))
    return tuple(sorted(found, key=lambda table: table.box.top))


def _place(cell: Cell) -> tuple[float, float]:
    return round(cell.box.top, 3), cell.box.left


def _is_rule(drawn: Any) -> bool:
    """True if a shape can separate cells: a visible stroke, or a rectangle as thin as one, but no shading."""
    kind = drawn["object_type"]
    if kind == "line":
        return not _is_white(drawn.get("stroking_color"))
    if kind != "rect":
        return bool(kind == "curve")
    if drawn.get("stroke") and not _is_white(drawn.get("stroking_color")):
        return True
    thin = min(drawn["width"], drawn["height"]) < _THIN
    return bool(drawn.get("fill")) and thin and not _is_white(drawn.get("non_stroking_color"))


def _is_white(colour: Any) -> bool:
    """True if a colour is white in grey, RGB (1, 1, 1) or CMYK (0, 0, 0, 0)."""
    values = tuple(colour) if isinstance(colour, tuple | list) else (colour,)
    if any(not isinstance(value, int | float) for value in values):
        return False
    return not any(values) if len(values) == 4 else all(value >= 1 for value in values)
