"""Ruled tables (bảng, biểu) of a born-digital page: their cells by the lines that the page draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from corpus.document import Box
from ingest.pdf_letters import turned_edges

_LEAST_CELLS, _LEAST_ROWS, _LEAST_COLUMNS = 4, 2, 2
_MOST_EDGES = 4_000
"""Strokes of a page; a drawing has more, and no table is looked for in it."""
_SETTINGS = {"vertical_strategy": "lines", "horizontal_strategy": "lines"}
"""Cells are parted by drawn lines only: text in columns is put in order by its places."""


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
    """A cell of a ruled table, shares of the page."""

    box: Box

    def holds(self, box: Box) -> bool:
        """True if the middle of a word lies in the cell."""
        return _holds(self.box, box)


def _holds(around: Box, box: Box) -> bool:
    across, down = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    return around.left <= across < around.right and around.top <= down < around.bottom


def ruled_tables(page: Any, turn: int) -> tuple[Ruled, ...]:
    """The tables of a pdfplumber page from top to bottom; turn: clockwise degrees that its text is set at."""
    edges = len(page.lines) + len(page.rects) + len(page.curves)
    if not 3 <= edges <= _MOST_EDGES:
        return ()
    left, top, right, bottom = (float(edge) for edge in page.cropbox)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)

    def box_of(edges: tuple[float, float, float, float]) -> Box:
        x0, y0, x1, y1 = edges
        return Box(*turned_edges(((x0 - left) / wide, (y0 - top) / high, (x1 - left) / wide, (y1 - top) / high), turn))

    found: list[Ruled] = []
    for table in page.find_tables(_SETTINGS):
        cells = tuple(sorted((Cell(box_of(cell)) for cell in table.cells), key=_place))
        rows = {round(cell.box.top, 3) for cell in cells}
        columns = {round(cell.box.left, 3) for cell in cells}
        if len(cells) >= _LEAST_CELLS and len(rows) >= _LEAST_ROWS and len(columns) >= _LEAST_COLUMNS:
            found.append(Ruled(box_of(table.bbox), cells))
    return tuple(sorted(found, key=lambda table: table.box.top))


def _place(cell: Cell) -> tuple[float, float]:
    return round(cell.box.top, 3), cell.box.left
