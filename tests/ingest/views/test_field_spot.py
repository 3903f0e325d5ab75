"""A box drawn on a page, read for a field: by that field's own reader, with several values where it is unsure."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from corpus.config import Settings
from corpus.document import Box
from corpus.errors import Problem
from corpus.file_types import PNG
from ingest.imaging.page_view import PageFrame
from ingest.views.field_spot import Spot, SpotRead, SpotWish, read_for_field
from tests.ingest.making import font

DPI = 200
WIDE, HIGH = round(8.27 * DPI), round(11.69 * DPI)
LINES = {
    "issuer": (0.10, 0.05, "SỞ Y TẾ"),
    "number": (0.10, 0.09, "Số: 1234/QĐ-SYT"),
    "date": (0.47, 0.09, "Kiên Giang, ngày 15 tháng 3 năm 2018"),
    "subject": (0.10, 0.16, "Về việc rà soát văn bản"),
    "title": (0.60, 0.80, "GIÁM ĐỐC"),
    "signer": (0.58, 0.90, "Nguyễn Văn Hùng"),
}
BODIES = ("Sở Nội vụ tỉnh Kiên Giang", "Sở Y tế tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh Kiên Giang")
SIGNERS = ("Trần Thị Bé", "Nguyễn Văn Hùng", "Lê Hoàng Anh")


@pytest.fixture(scope="module")
def scan(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Box]]:
    """A page of print, and the box of each line on it."""
    page = Image.new("L", (WIDE, HIGH), 255)
    pen, letters = ImageDraw.Draw(page), font(DPI // 6, "Tinos-Regular.ttf")
    boxes = {}
    for name, (left, top, words) in LINES.items():
        pen.text((left * WIDE, top * HIGH), words, font=letters, fill=0)
        edges = pen.textbbox((left * WIDE, top * HIGH), words, font=letters)
        boxes[name] = Box(
            edges[0] / WIDE - 0.008, edges[1] / HIGH - 0.004, edges[2] / WIDE + 0.008, edges[3] / HIGH + 0.004
        )
    path = tmp_path_factory.mktemp("spot") / "scan.png"
    page.save(path, dpi=(DPI, DPI))
    return path, boxes


def part(box: Box, start: float, end: float) -> Box:
    """The part of a box between two shares of its width."""
    return Box(box.left + start * box.width, box.top, box.left + end * box.width, box.bottom)


def read(scan: tuple[Path, dict[str, Box]], box: Box, wish: SpotWish, settings: Settings) -> SpotRead:
    return read_for_field(scan[0], "scan.png", PNG, settings, Spot(1, PageFrame(), box), wish)


@pytest.mark.ocr
@pytest.mark.parametrize(
    ("line", "start", "end", "wish", "first", "reason"),
    [
        ("number", 0.0, 1.0, SpotWish("number", "Quyết định", BODIES[1]), "1234/QĐ-SYT", "the whole line"),
        ("number", 0.2, 0.55, SpotWish("number", "Quyết định", BODIES[1]), "1234/QĐ-SYT", "the figures alone"),
        ("date", 0.0, 1.0, SpotWish("date"), "2018-03-15", "the whole line"),
        ("date", 0.35, 0.6, SpotWish("date"), "2018-03-15", "day and month alone: the year is next to the box"),
        ("issuer", 0.0, 1.0, SpotWish("issuer", names=BODIES), BODIES[1], "a head leaves out the province"),
        ("signer", 0.0, 1.0, SpotWish("signer", names=SIGNERS), SIGNERS[1], "a known signer"),
        ("title", 0.0, 1.0, SpotWish("title"), "GIÁM ĐỐC", "a title of the table"),
    ],
)
def test_a_box_is_read_by_its_fields_reader(
    line: str, start: float, end: float, wish: SpotWish, first: str, reason: str,
    scan: tuple[Path, dict[str, Box]], settings: Settings,
) -> None:  # fmt: skip
    found = read(scan, part(scan[1][line], start, end), wish, settings)
    assert found.values[:1] == (first,), (reason, found)


@pytest.mark.ocr
def test_other_fields_get_the_print_alone(scan: tuple[Path, dict[str, Box]], settings: Settings) -> None:
    found = read(scan, scan[1]["subject"], SpotWish("print"), settings)
    assert found == SpotRead("Về việc rà soát văn bản", ())


@pytest.mark.ocr
@pytest.mark.parametrize("wish", [SpotWish("number"), SpotWish("date"), SpotWish("issuer", names=BODIES)])
def test_bare_paper_gives_no_value(wish: SpotWish, scan: tuple[Path, dict[str, Box]], settings: Settings) -> None:
    assert read(scan, Box(0.1, 0.5, 0.4, 0.53), wish, settings) == SpotRead("", ())


def test_a_page_that_is_not_there(scan: tuple[Path, dict[str, Box]], settings: Settings) -> None:
    with pytest.raises(Problem) as raised:
        read_for_field(
            scan[0], "scan.png", PNG, settings, Spot(2, PageFrame(), scan[1]["number"]), SpotWish("number")
        )
    assert raised.value.code == "not_found"
