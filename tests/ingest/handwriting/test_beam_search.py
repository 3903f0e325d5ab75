"""The beam against sums over all paths, and the grammar of a line between anchors."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.handwriting.beam_search import BLANK, LEFT, RIGHT, digits_of, prefixes, values


def _logs(rows: list[dict[int, float]]) -> np.ndarray:
    shares = np.full((len(rows), 13), 1e-9)
    for row, given_shares in zip(shares, rows, strict=True):
        for column, share in given_shares.items():
            row[column] = share
    return np.log(shares / shares.sum(1, keepdims=True))


def _collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(c for c, before in zip(path, (BLANK, *path), strict=False) if c not in (before, BLANK))


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 4), st.integers(0, 10_000))
def test_the_beam_sums_every_path_that_gives_a_string(frames: int, seed: int) -> None:
    used = (1, 7, LEFT, BLANK)
    shares = np.zeros((frames, 13))
    shares[:, used] = np.random.default_rng(seed).dirichlet(np.ones(4), frames)
    with np.errstate(divide="ignore"):
        found = prefixes(np.log(shares), width=2000)
    expected: dict[tuple[int, ...], float] = {}
    for path in itertools.product(used, repeat=frames):
        share = float(np.prod([shares[t, c] for t, c in enumerate(path)]))
        expected[_collapsed(path)] = expected.get(_collapsed(path), 0) + share
    for string, share in expected.items():
        assert np.exp(found[string]) == pytest.approx(share, rel=0.02)


@pytest.mark.parametrize(
    ("classes", "digits", "why"),
    [
        ((LEFT, 3, 1, RIGHT), "31", "both anchors"),
        ((6, LEFT, 3, 1, RIGHT), "31", "the ố of Số is no digit"),
        ((LEFT, 3, 1, RIGHT, 1, 8), "31", "the number behind the slash is no digit of it"),
        ((3, 1), "31", "no anchor was seen"),
        ((LEFT, RIGHT), "", "an empty blank"),
    ],
)
def test_only_what_stands_between_the_anchors_counts(classes: tuple[int, ...], digits: str, why: str) -> None:
    assert digits_of(classes) == digits, why


def test_a_number_keeps_its_zeros_and_a_day_does_not() -> None:
    logs = _logs([{LEFT: 1}, {0: 1}, {BLANK: 1}, {4: 0.9, 9: 0.1}, {RIGHT: 1}])
    assert values(logs, "number")[0][0] == "04"
    assert values(logs, "day")[0] == ("4", pytest.approx(0.9, abs=0.01))


def test_days_and_months_stay_in_the_calendar() -> None:
    logs = _logs([{LEFT: 1}, {3: 0.9, 1: 0.1}, {BLANK: 1}, {2: 1}, {RIGHT: 1}])
    assert values(logs, "number")[0][0] == "32"
    assert values(logs, "day")[0][0] == "12"
    assert values(logs, "month")[0][0] == "12"


def test_shares_sum_to_one() -> None:
    found = values(_logs([{LEFT: 1}, {3: 0.8, 7: 0.2}, {RIGHT: 1}]), "number")
    assert found[0][0] == "3"
    assert sum(share for _, share in found) == pytest.approx(1)


def test_nothing_between_the_anchors_gives_nothing() -> None:
    shares = np.zeros((3, 13))
    shares[(0, 1, 2), (LEFT, BLANK, RIGHT)] = 1
    with np.errstate(divide="ignore"):
        assert values(np.log(shares), "day") == []
