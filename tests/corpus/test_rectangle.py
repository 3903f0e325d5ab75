"""Rectangles: which are on one printed line, which overlap, and the way between pixels and fractions."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.document import Box
from corpus.rectangle import Rect, mm

_edge = st.floats(0, 1, width=32)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    xs, ys = sorted((draw(_edge), draw(_edge))), sorted((draw(_edge), draw(_edge)))
    return Box(xs[0], ys[0], xs[1], ys[1])


@pytest.mark.parametrize(
    ("other", "overlaps", "same_line", "why"),
    [
        (Rect(20, 0, 30, 10), False, True, "a word further on in the line"),
        (Rect(20, 4, 30, 14), False, True, "six tenths of its height shared"),
        (Rect(20, 6, 30, 16), False, False, "four tenths: the next line, set tight"),
        (Rect(5, 8, 15, 40), True, False, "a seal that touches it"),
        (Rect(0, 4, 10, 6), True, True, "a hyphen within it: the lower one's height counts"),
        (Rect(10, 0, 20, 10), False, True, "an edge in common is no area"),
    ],
)
def test_two_rectangles(other: Rect, overlaps: bool, same_line: bool, why: str) -> None:
    word = Rect(0, 0, 10, 10)
    assert (word.overlaps(other), other.overlaps(word)) == (overlaps, overlaps), why
    assert (word.same_line(other, 0.5), other.same_line(word, 0.5)) == (same_line, same_line), why


@settings(deadline=None)
@given(boxes(), boxes())
def test_a_union_covers_both(one: Box, other: Box) -> None:
    union = one.union(other)
    for part in (one, other):
        assert union.left <= part.left <= part.right <= union.right
        assert union.top <= part.top <= part.bottom <= union.bottom
        assert part.width * part.height == 0 or not union.overlaps(part) or union.covers(part, 1.0)


@settings(deadline=None)
@given(boxes(), st.integers(1, 5000), st.integers(1, 5000))
def test_pixels_and_back(box: Box, width: int, height: int) -> None:
    back = Box.of(box.to_px(width, height), width, height)
    assert (back.left, back.top, back.right, back.bottom) == pytest.approx(
        (box.left, box.top, box.right, box.bottom), abs=1e-9
    )


def test_edges_right_and_below_are_the_next_cells() -> None:
    cell = Rect(0, 0, 10, 10)
    assert cell.contains(0, 0) and cell.contains(9.9, 5)
    assert not cell.contains(10, 5) and not cell.contains(5, 10)


def test_a_millimetre_of_paper() -> None:
    assert mm(254) == 10 and Rect(1.9, 2.2, 3.7, 4.0).whole() == (1, 2, 3, 4)
