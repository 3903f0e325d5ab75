"""Coloured ink on a page: stamps that print crosses go, those beside it and the print itself stay."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ingest.imaging.coloured_ink import print_of
from tests.ingest.making import font

DPI = 200
SUBJECT = "Về việc chấn chỉnh công tác văn thư và đẩy mạnh số hóa"
RED = (205, 60, 60)


def paper(subject_at: tuple[int, int] | None, stamp_at: tuple[int, int] | None) -> NDArray[np.uint8]:
    """A page with a line of a subject and a red stamp of arrival, each at its place in mm."""
    page = Image.new("RGB", (round(8.27 * DPI), round(11.69 * DPI)), (250, 249, 246))
    pen, mm = ImageDraw.Draw(page), DPI / 25.4
    if stamp_at is not None:
        left, top = (side * mm for side in stamp_at)
        pen.rectangle((left, top, left + 48 * mm, top + 24 * mm), outline=RED, width=3)
        pen.text((left + 10 * mm, top + 2 * mm), "CÔNG VĂN ĐẾN", font=font(28, "Tinos-Bold.ttf"), fill=RED)
        pen.text((left + 3 * mm, top + 10 * mm), "Số: ..........", font=font(28, "Tinos-Regular.ttf"), fill=RED)
    if subject_at is not None:
        at = (subject_at[0] * mm, subject_at[1] * mm)
        pen.text(at, SUBJECT, font=font(39, "Tinos-Bold.ttf"), fill=(15, 15, 15))
    return np.asarray(page, np.uint8)


def ink(grey: NDArray[np.uint8], left: int, top: int, right: int, bottom: int) -> int:
    """Dark pixels of a box in mm."""
    mm = DPI / 25.4
    box = grey[round(top * mm) : round(bottom * mm), round(left * mm) : round(right * mm)]
    return int((box < 160).sum())


def test_letters_of_a_stamp_go_from_a_line_of_print_that_crosses_it() -> None:
    crossed, bare = print_of(paper((45, 62), (20, 60)), DPI), print_of(paper((45, 62), None), DPI)
    beside = (20, 61, 44, 69)
    assert ink(print_of(paper(None, (20, 60)), DPI), *beside) > 200
    assert ink(crossed, *beside) < 20
    line = (45, 61, 190, 69)
    assert ink(crossed, *line) == pytest.approx(ink(bare, *line), rel=0.05)


@pytest.mark.parametrize(
    ("subject_at", "why"),
    [((80, 62), "print that begins beyond the stamp"), ((45, 100), "print below it"), (None, "no print at all")],
)
def test_a_stamp_that_no_print_crosses_keeps_its_letters(subject_at: tuple[int, int] | None, why: str) -> None:
    letters = (25, 61, 66, 69)
    alone = ink(print_of(paper(None, (20, 60)), DPI), *letters)
    assert ink(print_of(paper(subject_at, (20, 60)), DPI), *letters) == alone > 200, why


def test_number_and_day_of_arrival_stay_below_the_line_that_is_crossed() -> None:
    number = (22, 70, 40, 78)
    alone = ink(print_of(paper(None, (20, 60)), DPI), *number)
    assert ink(print_of(paper((45, 62), (20, 60)), DPI), *number) == alone > 50


def test_red_letters_in_the_lower_half_are_a_signers_name() -> None:
    name = (20, 201, 66, 209)
    assert ink(print_of(paper((45, 202), (20, 200)), DPI), *name) > ink(
        print_of(paper((45, 202), None), DPI), *name
    )
