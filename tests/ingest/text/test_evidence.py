"""The place of a line that is printed and written by hand."""

from __future__ import annotations

import pytest

from corpus.document import Box
from ingest.text.evidence import line_box
from ingest.text.rows import Row

PEN = Box(0.20, 0.100, 0.28, 0.130)


@pytest.mark.parametrize(
    ("printed", "want", "why"),
    [
        (Box(0.15, 0.110, 0.35, 0.125), Box(0.15, 0.100, 0.35, 0.130), "symbol and pen are one line"),
        (Box(0.15, 0.300, 0.35, 0.315), PEN, "a row elsewhere is not the pen's line"),
        (None, PEN, "a row without a place"),
    ],
)
def test_line_box(printed: Box | None, want: Box, why: str) -> None:
    row = Row("Số: /KH-STTTT", 0, 13, 1, 0, printed)
    assert line_box(row, PEN) == (want,), why
