"""The gradient against differences of the loss, and that old weights stay unless lines kept back are read better."""

from __future__ import annotations

import itertools
from pathlib import Path

import cv2
import numpy as np
import pytest

from corpus.errors import Problem
from ingest.adapt import FEWEST, Confirmed, adapt, slope_of
from ingest.digit_beam import BLANK
from ingest.handwriting import DigitReader


def _loss(scores: np.ndarray, target: tuple[int, ...]) -> float:
    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    paths = (p for p in itertools.product(sorted({*target, BLANK}), repeat=len(scores)) if _collapsed(p) == target)
    return -float(np.logaddexp.reduce([sum(logs[t, c] for t, c in enumerate(path)) for path in paths]))


def _collapsed(path: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(c for c, before in zip(path, (BLANK, *path), strict=False) if c not in (before, BLANK))


def test_the_slope_is_that_of_the_loss() -> None:
    scores = np.random.default_rng(1).normal(0, 1, (5, 13))
    target = (10, 3, 11)
    slope = slope_of(scores, target)
    assert slope.sum(axis=1) == pytest.approx(np.zeros(5), abs=1e-9)
    for frame, label in ((0, 10), (2, 3), (2, 12), (4, 11), (1, 7)):
        nudged = scores.copy()
        nudged[frame, label] += 1e-4
        assert (_loss(nudged, target) - _loss(scores, target)) / 1e-4 == pytest.approx(
            slope[frame, label], abs=2e-3
        )


def _line(digits: str) -> np.ndarray:
    image = np.full((136, 330), 245, np.uint8)
    cv2.putText(image, "S:", (20, 84), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3, cv2.LINE_AA)
    cv2.putText(image, digits, (95, 84), cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, 1.5, 60, 4, cv2.LINE_AA)
    cv2.putText(image, "/KH", (240, 84), cv2.FONT_HERSHEY_SIMPLEX, 1.4, 30, 3, cv2.LINE_AA)
    return image


def test_too_few_confirmed_lines_teach_nothing() -> None:
    with pytest.raises(Problem) as raised:
        adapt(DigitReader.load(), [Confirmed(_line("12"), "number", "12")] * (FEWEST - 1))
    assert raised.value.code == "too_few_lines"


def test_new_weights_are_taken_only_when_more_of_the_lines_kept_back_are_right(tmp_path: Path) -> None:
    reader = DigitReader.load()
    confirmed = [Confirmed(_line(text), "number", text) for text in ("31", "74", "205", "96") * 6]
    learned = adapt(reader, confirmed)
    assert learned.kept_back == 6
    assert learned.lines == 18
    assert learned.better is (learned.after > learned.before)
    assert (learned.reader is reader) is not learned.better
    learned.reader.save(tmp_path / "own.npz")
    again = DigitReader.load(tmp_path / "own.npz")
    assert (
        again.read_line(_line("74"), "number")[0].value == learned.reader.read_line(_line("74"), "number")[0].value
    )


def test_lines_whose_truth_contradicts_the_image_change_nothing() -> None:
    reader = DigitReader.load()
    rng = np.random.default_rng(4)
    noise = [
        Confirmed(rng.integers(0, 255, (136, 330), dtype=np.uint8).astype(np.uint8), "number", "8")
        for _ in range(20)
    ]
    learned = adapt(reader, noise)
    assert learned.after >= learned.before
