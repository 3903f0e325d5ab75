"""Paper made even and photographs cut out: done where there is something to do, and only there."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from ingest.imaging.crop_to_page import cut_out
from ingest.imaging.deskew import LevelledPage, skew_of, turned
from ingest.imaging.even_background import evened
from ingest.imaging.orientation import is_sideways, upright
from tests.ingest.making import LETTER, printed

DPI = 150


def grey(dpi: int = DPI) -> np.ndarray:
    return np.array(printed(LETTER, dpi))


def photographed(page: np.ndarray, corners: list[tuple[int, int]], size: tuple[int, int]) -> np.ndarray:
    """The page lying askew on a dark table."""
    high, wide = page.shape
    start = np.array([[0, 0], [wide, 0], [wide, high], [0, high]], np.float32)
    matrix = cv2.getPerspectiveTransform(start, np.array(corners, np.float32))
    return np.asarray(cv2.warpPerspective(page, matrix, size, borderValue=(60, 60, 60)), np.uint8)


def test_a_flat_scan_is_left_alone() -> None:
    page = grey()
    assert evened(page, DPI) is page
    assert cut_out(page, DPI).image is page


def test_a_photograph_becomes_the_page_seen_from_above() -> None:
    page = grey()
    seen = photographed(page, [(120, 90), (1180, 60), (1230, 1790), (80, 1760)], (1320, 1870))
    cut = cut_out(seen, 160.0)
    found, dpi = cut.image, cut.dpi
    assert found.shape[0] / found.shape[1] == pytest.approx(11.69 / 8.27, abs=0.01)
    assert dpi == pytest.approx(found.shape[1] / 8.27)
    small = cv2.resize(found, page.shape[::-1])
    assert np.mean(np.abs(small[20:-20, 20:-20].astype(int) - page[20:-20, 20:-20])) < 8
    assert np.median(small[:, :6]) > 200, "the table is still there"


@pytest.mark.parametrize("sides", [("left",), ("left", "top")], ids=["one dark edge", "two"])
def test_a_dark_edge_is_no_table(sides: tuple[str, ...]) -> None:
    page = grey()
    if "left" in sides:
        page[:, :30] = 20
    if "top" in sides:
        page[:30] = 20
    assert cut_out(page, DPI).image is page


def test_a_shadow_at_the_edge_goes_and_print_stays() -> None:
    page = grey()
    shadowed = page.copy()
    shadowed[:, :25] = 30
    found = evened(shadowed, DPI)
    assert found[:, :25].min() > 200
    assert (found[:, 60:] < 128).sum() == (page[:, 60:] < 128).sum()


def test_uneven_light_becomes_even() -> None:
    page = grey()
    light = np.linspace(0.45, 1.0, page.shape[1])[None]
    found = evened((page * light).astype(np.uint8), DPI)
    blank = found[page == 255]
    assert np.percentile(blank, 5) > 200
    assert ((found < 128) & (page < 128)).sum() > 0.8 * (page < 128).sum()


def test_specks_of_a_fax_go_and_marks_on_letters_stay() -> None:
    page = np.where(grey() < 150, 0, 255).astype(np.uint8)
    noise = np.random.default_rng(3).random(page.shape) < 0.0015
    found = evened(np.where(noise, 0, page).astype(np.uint8), DPI)
    far = cv2.dilate((page == 0).astype(np.uint8), np.ones((21, 21), np.uint8)) == 0
    assert (found[far] == 0).sum() < 0.1 * noise[far].sum()
    assert (found[page == 0] == 0).all(), "print was swept off with the specks"


@pytest.mark.parametrize("angle", [-3.4, -1.0, 0.3, 2.2])
def test_skew_is_found_to_a_tenth_of_a_degree(angle: float) -> None:
    assert skew_of(turned(grey(200), angle)) == pytest.approx(-angle, abs=0.15)


def test_a_level_page_is_not_touched() -> None:
    page = grey()
    assert turned(page, skew_of(page)) is page


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("tilt", [0.0, 3.0])
def test_words_tell_the_axis_of_a_page(rotation: int, tilt: float) -> None:
    lying = upright(turned(grey(), tilt), rotation)
    assert is_sideways(lying, DPI) is (rotation % 180 == 90)


def test_a_page_of_little_print_is_left_as_it_lies() -> None:
    page = np.full((1754, 1240), 255, np.uint8)
    cv2.putText(page, "I", (300, 300), cv2.FONT_HERSHEY_SIMPLEX, 1.0, 0, 2)
    assert not is_sideways(page, DPI)


@pytest.mark.parametrize("angle", [0.0, 1.3, -2.2])
def test_a_part_of_a_level_page_is_that_part_of_the_whole(angle: float) -> None:
    level = LevelledPage(np.dstack([grey()] * 3), angle)
    high, wide = level.size
    part = level.cut(wide // 3, high // 8, wide, high // 4)
    whole = level.whole()[high // 8 : high // 4, wide // 3 :]
    assert part.shape == whole.shape
    assert np.abs(part.astype(int) - whole).max() <= 8
