"""Recognised lines: one that joins two columns is parted where the blank lies, running text is not."""

from __future__ import annotations

import pytest

from ingest.ocr.words import Line, Token, parted


def _line(*words: tuple[str, float, float]) -> Line:
    return Line(tuple(Token(left, 100, right, 120, text, 0.9) for text, left, right in words), 1)


@pytest.mark.parametrize(
    ("line", "edge", "parts", "why"),
    [
        (_line(("Lưu:", 50, 90), ("VT.", 95, 130), ("GIÁM", 500, 560)), 400, ["Lưu: VT.", "GIÁM"], "two columns"),
        (_line(("Sở", 350, 395), ("Nội", 402, 440), ("vụ", 446, 470)), 400, ["Sở Nội vụ"], "running text"),
        (_line(("Lưu:", 50, 90), ("VT.", 95, 130)), 400, ["Lưu: VT."], "one side only"),
    ],
)
def test_a_line_of_two_columns_is_parted(line: Line, edge: float, parts: list[str], why: str) -> None:
    assert [part.text for part in parted(line, edge)] == parts, why
