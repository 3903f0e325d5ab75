"""Cells of a table that are read a second time, and what is taken over of it."""

from __future__ import annotations

import pytest

from corpus.document import Box
from ingest.ocr.ruled_tables import tables
from ingest.ocr.words import Line
from ingest.second_readings.unread_cells import printable, unread
from tests.ingest.ocr.test_ruled_tables import HIGH, WIDE, grid, ruled, word


def test_only_cells_with_print_and_no_words_are_read_again() -> None:
    cells = tables(ruled(*grid(3, 2)))[0]
    ink = ruled(*grid(3, 2))
    for _, top, right, _ in grid(3, 2)[:5]:
        ink[top + 15 : top + 25, right - 120 : right - 40 : 4] = 1
    lines = [Line((word("đọc", 110, 205),), 1), Line((word("—", 260, 205),), 1)]
    assert unread(cells, lines, ink, WIDE, HIGH) == list(cells[1:5]), "a word is there, or nothing is"
    assert unread(cells[:3], lines, ink, WIDE, HIGH) == [], "two cells are not worth it"
    assert all(isinstance(cell, Box) for cell in cells)


@pytest.mark.parametrize(
    ("words", "kept", "why"),
    [
        ([("TYT", 0.9), ("xã", 0.8)], "TYT xã", "print"),
        ([("TYT", 0.9), ("`~", 0.9)], "TYT", "dirt is no word"),
        ([("ñ3k", 0.2)], None, "hardly read"),
    ],
)
def test_what_is_taken_from_a_second_look(words: list[tuple[str, float]], kept: str | None, why: str) -> None:
    line = printable(Line(tuple(word(text, 0, 0, sure) for text, sure in words), 1))
    assert (line.text if line else None) == kept, why
