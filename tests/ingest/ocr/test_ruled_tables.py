"""Tables drawn here: which rules make cells, and in what order their words come."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from ingest.files.page import RawPage
from ingest.ocr.engines import engine_of
from ingest.ocr.ruled_tables import in_cells, tables
from ingest.ocr.words import Line, Token
from ingest.recognise import recognise
from tests.ingest.making import font

DPI = 200
WIDE, HIGH = 827, 1169
"""A4 at the search resolution."""


def ruled(*rectangles: tuple[int, int, int, int]) -> np.ndarray:
    """Ink of frames, two px thick."""
    ink = np.zeros((HIGH, WIDE), np.uint8)
    for left, top, right, bottom in rectangles:
        for row in (top, bottom):
            ink[row : row + 2, left : right + 2] = 1
        for column in (left, right):
            ink[top : bottom + 2, column : column + 2] = 1
    return ink


def grid(rows: int, columns: int, *, left: int = 100, top: int = 200) -> tuple[tuple[int, int, int, int], ...]:
    """Frames of a table, 150 × 40 px each."""
    return tuple(
        (left + 150 * c, top + 40 * r, left + 150 * (c + 1), top + 40 * (r + 1))
        for r in range(rows)
        for c in range(columns)
    )


@pytest.mark.parametrize(
    ("ink", "counts", "why"),
    [
        (ruled(*grid(3, 3)), [9], "nine cells"),
        (ruled(*grid(2, 3), *grid(3, 2, top=600)), [6, 6], "two tables, the upper one first"),
        (ruled(*grid(4, 1)), [], "a column of frames, as on an incoming stamp"),
        (ruled(*grid(1, 4)), [], "a row of frames"),
        (ruled((40, 40, 790, 1130)), [], "a frame round the page"),
        (ruled((40, 40, 790, 1130), *grid(2, 2)), [4], "a table on a framed page"),
        (ruled(*grid(1, 2), (100, 240, 250, 280), (100, 280, 250, 320), (250, 240, 400, 320)), [5],
         "a cell of two rows"),
        (np.zeros((HIGH, WIDE), np.uint8), [], "a page without rules"),
    ],
)  # fmt: skip
def test_which_rules_make_tables(ink: np.ndarray, counts: list[int], why: str) -> None:
    assert [len(cells) for cells in tables(ink)] == counts, why


def word(text: str, left: float, top: float, confidence: float = 0.9) -> Token:
    return Token(left, top, left + 12 * len(text), top + 14, text, confidence)


def said(lines: tuple[Line, ...]) -> list[str]:
    return [line.text for line in lines]


def test_words_come_cell_by_cell_where_the_table_stands() -> None:
    lines = (
        Line((word("Phân", 100, 150), word("công:", 160, 150)), 1),
        Line((word("01", 110, 205), word("Sở", 260, 205), word("Y", 290, 205)), 2),
        Line((word("tế", 260, 222),), 2),
        Line((word("02", 110, 250), word("|", 245, 250), word("Sở", 260, 250)), 3),
        Line((word("Nội", 260, 264), word("vụ", 300, 264)), 3),
        Line((word("Hết.", 100, 400),), 4),
    )
    out = in_cells(lines, tables(ruled(*grid(2, 2))), WIDE, HIGH)
    assert said(out) == ["Phân công:", "01", "Sở Y", "tế", "02", "Sở", "Nội vụ", "Hết."]


def test_a_cell_whose_rule_is_broken_keeps_its_place() -> None:
    ink = ruled(*grid(3, 3))
    ink[245:275, 545:556] = 0
    lines = (
        Line((word("a", 110, 205), word("b", 260, 205), word("c", 410, 205)), 1),
        Line((word("d", 110, 250), word("e", 260, 250), word("f", 410, 250)), 1),
        Line((word("g", 110, 290), word("h", 260, 290), word("i", 410, 290)), 1),
    )
    out = in_cells(lines, tables(ink), WIDE, HIGH)
    assert len(tables(ink)[0]) == 8, "the sixth is open to the margin"
    assert said(out) == list("abcdefghi")


def test_no_word_is_lost_or_doubled() -> None:
    rng = np.random.default_rng(5)
    words = [word(str(n), float(rng.uniform(0, 780)), float(rng.uniform(0, 1100))) for n in range(200)]
    lines = tuple(Line(tuple(words[at : at + 4]), 1) for at in range(0, 200, 4))
    out = in_cells(lines, tables(ruled(*grid(3, 3), *grid(4, 2, top=600))), WIDE, HIGH)
    assert sorted(w.text for line in out for w in line.words) == sorted(w.text for w in words)


@pytest.mark.ocr
def test_a_table_on_a_page_is_read_by_its_cells() -> None:
    rows = (
        ("STT", "Nội dung công việc", "Đơn vị chủ trì"),
        ("01", "Xây dựng danh mục\nthuốc đấu thầu", "Sở Y tế và các\nbệnh viện"),
        ("02", "Lựa chọn nhà thầu\ncung ứng thuốc", "Phòng Nghiệp vụ\nDược"),
    )
    paper = Image.new("L", (round(8.27 * DPI), round(11.69 * DPI)), 255)
    pen = ImageDraw.Draw(paper)
    for row, cells in enumerate(rows):
        for column, (left, right) in enumerate(((150, 300), (300, 850), (850, 1450))):
            box = (left, 700 + 160 * row, right, 700 + 160 * (row + 1))
            pen.rectangle(box, outline=0, width=4)
            pen.text(
                (left + 20, box[1] + 25), cells[column], font=font(34, "Tinos-Regular.ttf"), fill=0, spacing=14
            )
    settings = Settings(_env_file=None)
    found = recognise(RawPage(2, np.asarray(paper), DPI), engine_of(settings), settings, first=False)
    text = "\n".join(said(found.lines))
    places = [
        text.find(part) for part in ("danh mục\nthuốc", "các\nbệnh viện", "nhà thầu\ncung", "Nghiệp vụ\nDược")
    ]
    assert -1 not in places and places == sorted(places), text
