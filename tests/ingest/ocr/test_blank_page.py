"""Blank backs: what a scanner leaves on them is no writing, what a person wrote is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from corpus.config import Settings
from ingest.files.page import RawPage
from ingest.ocr.blank_page import is_blank, shows_through
from ingest.ocr.columns import SEARCH_DPI
from ingest.ocr.engines import engine_of
from ingest.recognise import recognise
from tests.ingest.making import font
from tests.ingest.stamped_pages import letter

_WIDE, _HIGH = round(8.27 * SEARCH_DPI), round(11.69 * SEARCH_DPI)
Draw = Callable[[ImageDraw.ImageDraw], None]


def _ink(*draws: Draw) -> np.ndarray:
    page = Image.new("L", (_WIDE, _HIGH), 0)
    pen = ImageDraw.Draw(page)
    for draw in draws:
        draw(pen)
    return np.asarray(page, np.uint8)


def _holes(pen: ImageDraw.ImageDraw) -> None:
    for top in (400, 700):
        pen.ellipse((30, top, 54, top + 24), fill=1)


def _dust(pen: ImageDraw.ImageDraw) -> None:
    for at in range(120):
        x, y = (at * 97) % _WIDE, (at * 61) % _HIGH
        pen.rectangle((x, y, x + 1, y + 1), fill=1)


def _shadow(pen: ImageDraw.ImageDraw) -> None:
    pen.rectangle((0, 0, 12, _HIGH), fill=1)
    pen.rectangle((0, 0, _WIDE, 4), fill=1)


def _fold(pen: ImageDraw.ImageDraw) -> None:
    pen.line((60, _HIGH // 2, _WIDE - 60, _HIGH // 2), fill=1, width=2)


def _note(pen: ImageDraw.ImageDraw) -> None:
    for row in range(6):
        points = [(150 + 14 * at, 300 + 40 * row + (9 if at % 2 else -9)) for at in range(30)]
        pen.line(points, fill=1, width=2)


def _print(pen: ImageDraw.ImageDraw) -> None:
    for row in range(4):
        pen.text((150, 300 + 20 * row), "Ông An đã nhận đủ hồ sơ", font=font(18, "Tinos-Regular.ttf"), fill=1)


@pytest.mark.parametrize(
    ("draws", "blank", "why"),
    [
        ((), True, "paper"),
        ((_holes,), True, "punch holes"),
        ((_dust,), True, "dust"),
        ((_shadow, _fold), True, "the scanner's edge and a fold"),
        ((_holes, _dust, _shadow, _fold), True, "all of them"),
        ((_note,), False, "a note by hand that no engine reads"),
        ((_holes, _print), False, "lines of print beside punch holes"),
    ],
)
def test_what_is_writing(draws: tuple[Draw, ...], blank: bool, why: str) -> None:
    assert is_blank(_ink(*draws)) is blank, why


@pytest.mark.parametrize(
    ("plain", "mirrored", "expected"), [(0.2, 0.7, True), (0.2, 0.3, False), (0.5, 0.6, False)]
)
def test_what_reads_only_in_a_mirror_shows_through(plain: float, mirrored: float, expected: bool) -> None:
    assert shows_through(plain, mirrored) is expected


def test_a_back_with_print_that_shows_through_is_blank_and_the_front_is_not() -> None:
    settings = Settings(_env_file=None)
    front = letter(200).convert("L")
    faded = front.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(2.5))
    back = np.asarray(245 - (250 - np.asarray(faded, float)) * 0.35, np.uint8)
    engine = engine_of(settings)
    found = recognise(RawPage(2, image=back, dpi=200), engine, settings, first=False)
    assert ([one.code for one in found.cautions], found.lines) == (["page_blank"], ())
    found = recognise(RawPage(2, image=np.asarray(front, np.uint8), dpi=200), engine, settings, first=False)
    assert found.cautions == () and len(found.lines) > 10
