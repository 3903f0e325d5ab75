"""Negatives: white print on black is turned, dark pictures that are none stay."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from ingest.imaging.negative import is_negative, positive
from tests.ingest.making import LETTER, printed

DPI = 150


def _letter() -> np.ndarray:
    return np.array(printed(LETTER, DPI))


def _on_a_dark_table() -> np.ndarray:
    table = np.full((1754, 2480), 40, np.uint8)
    page = _letter()[::2, ::2]
    table[400 : 400 + page.shape[0], 800 : 800 + page.shape[1]] = page
    return table


@pytest.mark.parametrize(
    ("make", "expected", "why"),
    [
        (_letter, False, "print on paper"),
        (lambda: 255 - _letter(), True, "a negative"),
        (lambda: 255 - np.stack([_letter()] * 3, axis=2), True, "a negative in colour"),
        (_on_a_dark_table, False, "a photograph of a page on a dark table"),
        (lambda: np.full((1754, 1240), 12, np.uint8), False, "a page that is black: nothing was scanned"),
        (lambda: np.full((1754, 1240), 250, np.uint8), False, "a blank page"),
    ],
)
def test_what_is_a_negative(make: Callable[[], np.ndarray], expected: bool, why: str) -> None:
    assert is_negative(make(), DPI) is expected, why


def test_a_negative_turned_is_the_page() -> None:
    assert np.array_equal(positive(255 - _letter(), DPI), _letter())
    assert np.array_equal(positive(_letter(), DPI), _letter())
