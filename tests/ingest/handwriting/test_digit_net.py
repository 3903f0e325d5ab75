"""Lines drawn here with a pen between printed anchors: found by the words around them, read, told from print."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from corpus.document import Box
from ingest.handwriting.decision import ACCEPT
from ingest.handwriting.digit_net import DigitReader, looks_printed
from ingest.handwriting.locate import Crop, Places, place
from ingest.imaging.deskew import LevelledPage

_PEN: dict[str, tuple[tuple[tuple[int, int], ...], ...]] = {
    "1": (((2, 14), (14, 0), (13, 40)),),
    "2": (((2, 8), (8, 0), (20, 3), (20, 14), (2, 39), (24, 39)),),
    "4": (((12, 0), (0, 24), (24, 24)), ((17, 10), (16, 40))),
    "5": (((6, 2), (3, 17), (14, 15), (22, 26), (13, 39), (0, 36)), ((6, 1), (23, 0))),
    "7": (((0, 2), (24, 0), (9, 40)), ((6, 19), (22, 18))),
    "0": (((12, 0), (2, 10), (2, 28), (11, 40), (21, 30), (21, 10), (12, 0)),),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A word as an OCR engine gives it."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype("/usr/share/fonts/truetype/croscore/Tinos-Regular.ttf", size)


def _page() -> np.ndarray:
    return np.full((3508, 2480), 250, np.uint8)


def _print(page: np.ndarray, text: str, x: int, base: int, size: int = 54) -> Seen:
    image = Image.fromarray(page)
    draw = ImageDraw.Draw(image)
    draw.text((x, base), text, 20, font=_font(size), anchor="ls")
    page[:] = np.asarray(image)
    return Seen(text, *draw.textbbox((x, base), text, font=_font(size), anchor="ls"))


def _write(page: np.ndarray, digits: str, x: int, base: int) -> int:
    for digit in digits:
        for stroke in _PEN[digit]:
            for one, other in pairwise(stroke):
                ends = [(x + round(px * 1.25), base - 50 + round(py * 1.25)) for px, py in (one, other)]
                cv2.line(page, ends[0], ends[1], 60, 5, cv2.LINE_AA)
        x += 40
    return x


def _header(number: str, day: str, symbol: str = "/KH-SYT") -> tuple[np.ndarray, list[Seen]]:
    """A header with a written number and day, and its words; what is written was not read."""
    page = _page()
    words = [_print(page, "Số:", 480, 460)]
    words.append(_print(page, symbol, _write(page, number, words[0].right + 14, 460) + 14, 460))
    words += [_print(page, "Giang,", 1260, 470), _print(page, "ngày", 1460, 470)]
    words.append(_print(page, "tháng", _write(page, day, words[-1].right + 16, 470) + 16, 470))
    words.append(_print(page, "10", words[-1].right + 20, 470))
    words.append(_print(page, "năm", words[-1].right + 20, 470))
    return page, words


@pytest.mark.parametrize(("number", "day"), [("2045", "12"), ("04", "24"), ("571", "7"), ("12", "5")])
def test_a_written_number_and_day_are_found_and_read(number: str, day: str) -> None:
    page, words = _header(number, day)
    places, reader = place(LevelledPage(page), words, 300), DigitReader.load()
    assert places.number is not None
    assert places.day is not None
    assert number in [c.value for c in reader.read(places.number, "number")]
    assert day in [c.value for c in reader.read(places.day, "day")]
    assert not looks_printed(reader.look(places.number.image, "number"))


def test_the_pens_number_is_mostly_the_first_candidate() -> None:
    reader, right = DigitReader.load(), 0
    numbers = ("2045", "04", "571", "12", "7214", "20")
    for number in numbers:
        page, words = _header(number, "12")
        crop = place(LevelledPage(page), words, 300).number
        assert crop is not None
        right += reader.read(crop, "number")[0].value == number
    assert right >= len(numbers) - 2


@pytest.mark.parametrize("number", ["52", "571"])
def test_a_printed_year_behind_the_number_is_none_of_its_figures(number: str) -> None:
    page, words = _header(number, "12", "/2022/TT-BYT")
    crop = place(LevelledPage(page), words, 300).number
    assert crop is not None
    assert DigitReader.load().read(crop, "number")[0].value == number


@pytest.mark.parametrize(
    ("misread", "why"),
    [
        ({}, "all anchors read"),
        ({"Số:": "Sô"}, "a tone mark lost"),
        ({"Số:": "$ố"}, "S read as a dollar"),
        ({"Số:": "Só††"}, "the number glued to its anchor"),
        ({"Số:": None}, "Số not read at all"),
        ({"/KH-SYT": None}, "the symbol not read at all"),
        ({"ngày": None}, "ngày not read"),
        ({"ngày": "ngàyà3"}, "the day glued to ngày"),
        ({"Số:": None, "/KH-SYT": None}, "nothing of the number line read: the column at the height of the date"),
    ],
)
def test_places_are_found_when_anchors_are_misread(misread: dict[str, str | None], why: str) -> None:
    page, words = _header("2045", "12")
    kept = [Seen(misread.get(w.text, w.text) or "", w.left, w.top, w.right, w.bottom) for w in words]
    places = place(LevelledPage(page), [w for w in kept if w.text], 300)
    assert places.number is not None, why
    assert places.day is not None, why
    number, day = (box_in_px(crop.box) for crop in (places.number, places.day))
    assert number[0] <= 585, why
    assert number[2] >= 735, why
    assert day[0] <= 1610, why
    assert day[2] >= 1690, why
    assert places.number.sure is (not {"Số:", "/KH-SYT"} & {k for k, v in misread.items() if v is None}), why


def box_in_px(box: Box) -> tuple[float, float, float, float]:
    return box.left * 2480, box.top * 3508, box.right * 2480, box.bottom * 3508


def test_places_scale_with_the_resolution() -> None:
    page, words = _header("2045", "12")
    half = cv2.resize(page, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    small = [Seen(w.text, w.left / 2, w.top / 2, w.right / 2, w.bottom / 2) for w in words]
    full, halved = place(LevelledPage(page), words, 300).number, place(LevelledPage(half), small, 150).number
    assert full is not None
    assert halved is not None
    assert halved.box.left == pytest.approx(full.box.left, abs=0.002)
    assert halved.image.shape[0] == pytest.approx(full.image.shape[0] / 2, abs=1)


def test_a_page_without_a_header_has_no_places() -> None:
    page = _page()
    assert place(LevelledPage(page), [_print(page, "Điều 5.", 400, 600)], 300) == Places()
    assert place(LevelledPage(page), [], 300) == Places()


def test_colour_pages_are_read_as_grey() -> None:
    page, words = _header("2045", "12")
    crop = place(LevelledPage(np.dstack([page] * 3)), words, 300).number
    assert crop is not None
    assert crop.image.ndim == 2


def test_print_between_the_anchors_is_told_from_pen() -> None:
    page = _page()
    words = [_print(page, "Số:", 480, 460), _print(page, "2325", 600, 460), _print(page, "/KH-SYT", 730, 460)]
    crop = place(LevelledPage(page), words, 300).number
    assert crop is not None
    assert DigitReader.load().read(crop, "number")[0].value == "2325"


def test_an_empty_or_black_crop_is_never_accepted() -> None:
    for shade in (0, 128, 255):
        blank = Crop(np.full((136, 400), shade, np.uint8), Box(0, 0, 1, 1), True)
        for kind in ("number", "day", "month"):
            assert all(c.confidence < ACCEPT[kind] for c in DigitReader.load().read(blank, kind))


def test_the_weights_are_small() -> None:
    reader = DigitReader.load()
    assert sum(k.size for k in reader.kernels) + sum(b.size for b in reader.biases) < 200_000
