"""Pieces of ink: found in the rows with ink only, and the same as on the whole page."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ingest.imaging.components import components


def _same(ink: np.ndarray) -> None:
    count, labels, boxes, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found = components(ink)
    assert found.boxes[1:].tolist() == boxes[1:count].tolist()
    for piece in range(1, count):
        chosen = np.arange(count) == piece
        assert (found.mask_of(chosen) == (labels == piece)).all()


@given(st.data(), st.integers(1, 24), st.integers(1, 12))
def test_the_pieces_are_those_of_the_whole_page(data: st.DataObject, high: int, wide: int) -> None:
    ink = data.draw(arrays(np.uint8, (high, wide), elements=st.sampled_from((0, 0, 0, 1))))
    blank = data.draw(st.lists(st.integers(0, high - 1)))
    ink[blank] = 0
    _same(ink)


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "a blank page has no piece"),
        ([0], "ink in the first row"),
        ([8], "ink in the last of an odd number of rows"),
        ([1, 3], "one blank row keeps two pieces apart"),
        ([2, 3, 6], "a blank pair does"),
        (list(range(9)), "all rows have ink"),
    ],
)
def test_bands_of_ink_stay_apart(rows: list[int], why: str) -> None:
    ink = np.zeros((9, 7), np.uint8)
    ink[rows, 2:5] = 1
    _same(ink)


def test_the_paper_is_never_part_of_a_mask() -> None:
    ink = np.zeros((6, 6), np.uint8)
    ink[2:4, 2:4] = 1
    assert components(ink).mask_of(np.array([True, True])).sum() == 4
