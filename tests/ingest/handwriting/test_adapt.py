"""The gradient against differences of the loss, and that old weights stay unless lines kept back are read
better.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from corpus.config import office_weights
from corpus.errors import Problem
from ingest.handwriting.adapt import FEWEST, Adaptation, Confirmed, Score, adapt, slope_of
from ingest.handwriting.beam_search import BLANK
from ingest.handwriting.digit_net import DigitReader


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
        adapt(DigitReader.load(), DigitReader.load(), [Confirmed(_line("12"), "12")] * (FEWEST - 1))
    assert raised.value.code == "too_few_lines"


def _weights(home: Path) -> Path:
    path = office_weights(home)
    path.parent.mkdir(parents=True)
    return path


def test_hands_of_the_office_are_learned_and_kept_in_a_file(tmp_path: Path) -> None:
    """A net that shuns the seven stands for one that never saw how this office writes it."""
    shipped = DigitReader.load()
    shy = shipped.biases[-1].copy()
    shy[7] -= 4.0
    reader = replace(shipped, biases=(*shipped.biases[:-1], shy))
    lines = [Confirmed(_line(text), text) for text in ("74", "170", "27", "96", "307") * 5]
    learned = adapt(reader, reader, lines)
    assert (learned.lines, learned.kept_back) == (18, 7)
    assert learned.better, (learned.before, learned.after)
    learned.learned.save(_weights(tmp_path))
    again = DigitReader.of_office(tmp_path)
    kept, held = (net.read_line(_line("307"), "number")[0] for net in (again, learned.learned))
    assert kept.value == held.value and kept.confidence == pytest.approx(held.confidence, abs=0.01)


@pytest.mark.parametrize(
    ("before", "after", "better", "why"),
    [
        (Score(3, 0), Score(4, 0), True, "one more is right"),
        (Score(3, 0), Score(3, 0), False, "nothing gained"),
        (Score(3, 0), Score(2, 0), False, "worse"),
        (Score(3, 0), Score(5, 1), False, "more is right, but one would go wrong without anybody seeing it"),
        (Score(3, 1), Score(4, 0), True, "right in more, silent in less"),
    ],
)
def test_new_weights_are_taken_only_when_they_are_better_in_every_way(
    before: Score, after: Score, better: bool, why: str
) -> None:
    assert Adaptation(DigitReader.load(), 30, 10, before, after).better is better, why


@pytest.mark.parametrize("bytes_kept", [b"", b"PK\x03\x04 torn", b"no weights"], ids=["empty", "torn", "else"])
def test_weights_that_cannot_be_read_leave_the_shipped_ones_in_force(tmp_path: Path, bytes_kept: bytes) -> None:
    _weights(tmp_path).write_bytes(bytes_kept)
    assert DigitReader.of_office(tmp_path) is DigitReader.load()
