"""Lines that the digit net is trained on: pairs of equal figures, and parts of bodies for folds."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from script.learn.lines import _doubled
from script.learn.parts import PARTS, part_of_bodies


def test_two_numbers_in_five_get_a_pair_of_equal_figures() -> None:
    rng = np.random.default_rng(1)
    doubled = [_doubled("1234", rng) for _ in range(1000)]
    pairs = sum(any(one == other for one, other in pairwise(text)) for text in doubled)
    assert {len(text) for text in doubled} == {4}
    assert 340 < pairs < 460, "a net loses one of such a pair, so made lines have many"
    assert _doubled("7", rng) == "7", "one figure has no neighbour"


@pytest.mark.parametrize(
    ("bodies", "parts", "why"),
    [
        (["a"] * 3 + ["b"] * 2 + ["c"], {"a": 0, "b": 1, "c": 2}, "the bodies with most lines are spread"),
        (["c", "a", "a", "b", "b", "b"], {"b": 0, "a": 1, "c": 2}, "not in the order of the table"),
        (list("abcde"), {"a": 0, "b": 1, "c": 2, "d": 3, "e": 0}, "more bodies than parts"),
    ],
)
def test_all_lines_of_a_body_are_in_one_part(bodies: list[str], parts: dict[str, int], why: str) -> None:
    assert part_of_bodies(bodies) == parts, why
    assert max(parts.values()) < PARTS
