"""A table as PDF on A4 landscape, its heads on every page, with page numbers: a register to be bound.

Rows are laid out here, since a register has thousands of short ones; widths of words are measured once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from web.formats.register_book import SIGNED_BY, Sheet

if TYPE_CHECKING:
    from fpdf import FPDF

_FONTS = Path(__file__).with_name("fonts")
_WIDTH, _HEIGHT = 297.0, 210.0
"""A4 landscape, mm."""
_LEFT, _RIGHT, _TOP, _BOTTOM = 15.0, 10.0, 12.0, 14.0
"""Margins, mm; the left one is for the binding."""
_SIZE, _LINE, _PAD = 9.0, 4.0, 1.0
"""Letters, pt; height of a line and space around the words of a cell, mm."""
_MOST_LINES = 40
"""Lines of one cell: a row fits on one page whatever it holds."""


def pdf(sheet: Sheet) -> bytes:
    """The PDF; fpdf2 is imported here, since few calls print."""
    from fpdf import FPDF

    paper = FPDF("L", "mm", "A4")
    paper.set_auto_page_break(False)
    paper.set_title(sheet.title)
    paper.set_lang("vi")
    for style, name in (("", "Regular"), ("B", "Bold")):
        paper.add_font("Tinos", style, _FONTS / f"Tinos-{name}.ttf")
    _Book(paper, sheet).draw()
    return bytes(paper.output())


class _Book:
    """The drawing of one sheet: where on which page the next row goes."""

    def __init__(self, paper: FPDF, sheet: Sheet) -> None:
        self.paper, self.sheet = paper, sheet
        whole = sum(one.width for one in sheet.columns)
        room = _WIDTH - _LEFT - _RIGHT
        self.widths = [room * one.width / whole for one in sheet.columns]
        self.y = 0.0
        self.measure = {bold: lru_cache(maxsize=50_000)(self._measure_of(bold)) for bold in (False, True)}

    def _measure_of(self, bold: bool):  # type: ignore[no-untyped-def]
        def of(word: str) -> float:
            self._font(bold)
            return float(self.paper.get_string_width(word))

        return of

    def draw(self) -> None:
        """Title, heads and all rows; a sheet without rows has its heads."""
        self._page()
        self._title()
        self._heads()
        for cells in self.sheet.rows:
            self._row(cells)
        if self.sheet.foot:
            self._end()
        self._foot()

    def _font(self, bold: bool, size: float = _SIZE) -> None:
        self.paper.set_font("Tinos", "B" if bold else "", size)

    def _page(self) -> None:
        self.paper.add_page()
        self.y = _TOP

    def _title(self) -> None:
        for said, size in (
            *((one, 11.0) for one in self.sheet.above), (self.sheet.title.upper(), 14.0),
            *((one, 11.0) for one in self.sheet.below),
        ):  # fmt: skip
            self._font(said == self.sheet.title.upper() or said in self.sheet.above[-1:], size)
            self.paper.text((_WIDTH - self.paper.get_string_width(said)) / 2, self.y + size * 0.35, said)
            self.y += size * 0.5
        self.y += 3

    def _heads(self) -> None:
        heads = tuple(one.head for one in self.sheet.columns)
        self._cells(heads, bold=True, centred=True)
        self._cells(tuple(f"({at})" for at in range(1, len(heads) + 1)), centred=True)

    def _row(self, cells: Sequence[str]) -> None:
        lines = [self._lines(text, at, False) for at, text in enumerate(cells)]
        if self.y + self._tall(lines) > _HEIGHT - _BOTTOM:
            self._foot()
            self._page()
            self._heads()
        self._put(lines, False, [one.centred for one in self.sheet.columns])

    def _cells(self, cells: Sequence[str], *, bold: bool = False, centred: bool = False) -> None:
        lines = [self._lines(text, at, bold) for at, text in enumerate(cells)]
        self._put(lines, bold, [centred] * len(cells))

    def _put(self, cells: list[list[str]], bold: bool, centred: list[bool]) -> None:
        tall, x = self._tall(cells), _LEFT
        self._font(bold)
        for lines, width, middle in zip(cells, self.widths, centred, strict=True):
            self.paper.rect(x, self.y, width, tall)
            for at, line in enumerate(lines):
                gap = (width - self._wide(line, bold)) / 2 if middle else _PAD
                self._font(bold)
                self.paper.text(x + max(gap, 0.2), self.y + _PAD + _LINE * (at + 0.75), line)
            x += width
        self.y += tall

    def _tall(self, cells: list[list[str]]) -> float:
        return max(1, *(len(lines) for lines in cells)) * _LINE + 2 * _PAD

    def _end(self) -> None:
        """The lines behind the table, and room for those who sign, kept together."""
        if self.y + len(self.sheet.foot) * 5 + 40 > _HEIGHT - _BOTTOM:
            self._foot()
            self._page()
        self._font(False, 11.0)
        for said in self.sheet.foot:
            self.y += 6
            self.paper.text(_LEFT, self.y, said)
        self._font(True, 11.0)
        for said, middle in zip(SIGNED_BY, (0.25, 0.75), strict=True):
            self.paper.text(_WIDTH * middle - self.paper.get_string_width(said) / 2, self.y + 9, said)

    def _foot(self) -> None:
        self._font(False)
        said = str(self.paper.page_no())
        self.paper.text((_WIDTH - self._wide(said, False)) / 2, _HEIGHT - 6, said)

    def _wide(self, text: str, bold: bool) -> float:
        of = self.measure[bold]
        return float(sum(of(word) for word in text.split(" ")) + text.count(" ") * of(" "))

    def _lines(self, text: str, column: int, bold: bool) -> list[str]:
        """The text of a cell in lines that fit; a word too long for a line is cut into pieces."""
        room = self.widths[column] - 2 * _PAD
        lines, wide, blank = list[str](), 0.0, self.measure[bold](" ")
        for word in self._pieces(text, room, bold):
            long = self.measure[bold](word)
            if lines and wide + blank + long <= room:
                lines[-1] += f" {word}"
                wide += blank + long
            else:
                lines.append(word)
                wide = long
        return lines if len(lines) <= _MOST_LINES else [*lines[: _MOST_LINES - 1], "…"]

    def _pieces(self, text: str, room: float, bold: bool) -> Iterator[str]:
        for word in text.split():
            while len(word) > 1 and self.measure[bold](word) > room:
                fits = next(
                    (end for end in range(len(word) - 1, 0, -1) if self.measure[bold](word[:end]) <= room), 1
                )
                yield word[:fits]
                word = word[fits:]
            yield word
