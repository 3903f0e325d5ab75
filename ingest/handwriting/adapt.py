"""What `vanban learn` does: the net's last layer is fitted to an office's own hands from lines its clerks confirmed.

Only the last layer (13 × 96 weights) moves, by the gradient of CTC in numpy; the weights in force stay unless more of
the lines kept back are read right with the new ones, and no more of them are wrong and sure. No deep-learning framework
is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.errors import Problem
from ingest.handwriting.beam_search import BLANK, LEFT, RIGHT
from ingest.handwriting.digit_net import DigitReader, views
from ingest.handwriting.line_image import prepare
from ingest.handwriting.thresholds import ACCEPT

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

FEWEST = 20
"""Confirmed lines below which nothing is learned: five kept back would prove nothing."""
_KEPT_BACK = 4
_STEPS = 60
_RATE = 0.006
_PULL = 0.1


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A number's line (grey crop with its anchors) and the digits a person confirmed, as written."""

    image: NDArray[np.uint8]
    digits: str


@dataclass(frozen=True, slots=True)
class Score:
    """How weights read lines: `right` have the confirmed value first; `silent` are wrong and sure enough to pass unseen."""

    right: int
    silent: int


@dataclass(frozen=True, slots=True)
class Adaptation:
    """What was learned; `before` and `after` score the lines kept back with the weights in force and the new ones."""

    learned: DigitReader
    lines: int
    kept_back: int
    before: Score
    after: Score

    @property
    def better(self) -> bool:
        """Whether the new weights are to be taken: more is read right, and nothing more goes wrong in silence."""
        return self.after.right > self.before.right and self.after.silent <= self.before.silent


def adapt(shipped: DigitReader, in_force: DigitReader, confirmed: Sequence[Confirmed]) -> Adaptation:
    """Fits the shipped net's last layer on three quarters of the lines and judges it on the fourth.

    Every fourth line is kept back: lines that only ever come in at the end are kept back, or taught, for good.
    Raises Problem(too_few_lines) below FEWEST lines.
    """
    if len(confirmed) < FEWEST:
        raise Problem("too_few_lines", count=len(confirmed), least=FEWEST)
    kept = confirmed[::_KEPT_BACK]
    taught = [line for number, line in enumerate(confirmed) if number % _KEPT_BACK]
    learned = _fitted(shipped, taught)
    return Adaptation(learned, len(taught), len(kept), score(in_force, kept), score(learned, kept))


def score(reader: DigitReader, lines: Sequence[Confirmed]) -> Score:
    """How the reader reads lines whose values are known."""
    read = [(line, reader.read_line(line.image, "number", limit=1)) for line in lines]
    wrong = [best[0] for line, best in read if best and best[0].value != line.digits]
    right = sum(bool(best) and best[0].value == line.digits for line, best in read)
    return Score(right, sum(best.confidence >= ACCEPT["number"] for best in wrong))


def _fitted(reader: DigitReader, lines: Sequence[Confirmed]) -> DigitReader:
    """The reader with a last layer that is likelier to give the lines, pulled towards the old one."""
    import numpy as np

    looks = [(look, line) for line in lines for look in reader.features(views(prepare(line.image)))]
    features = [look.astype(np.float64) for look, _ in looks]
    targets = [(LEFT, *(int(digit) for digit in line.digits), RIGHT) for _, line in looks]
    old = np.hstack([reader.kernels[-1][:, :, 0, 0], reader.biases[-1][:, None]]).astype(np.float64)
    inputs = [np.hstack([f, np.ones((len(f), 1))]) for f in features]
    weights, speed, size = old.copy(), np.zeros_like(old), np.zeros_like(old)
    for step in range(1, _STEPS + 1):
        slope = _PULL * (weights - old)
        for frame_inputs, target in zip(inputs, targets, strict=True):
            slope += slope_of(frame_inputs @ weights.T, target).T @ frame_inputs / len(inputs)
        speed, size = 0.9 * speed + 0.1 * slope, 0.99 * size + 0.01 * slope**2
        change = (speed / (1 - 0.9**step)) / (np.sqrt(size / (1 - 0.99**step)) + 1e-8)
        weights = weights - _RATE * (1 - step / (_STEPS + 1)) * change
    kernel, bias = weights[:, :-1].astype(np.float32)[:, :, None, None], weights[:, -1].astype(np.float32)
    return replace(reader, kernels=(*reader.kernels[:-1], kernel), biases=(*reader.biases[:-1], bias))


def slope_of(scores: Scores, target: tuple[int, ...]) -> Scores:
    """Gradient of the CTC loss of one line by its scores (T × 13): softmax less the share of each class in the paths."""
    import numpy as np

    logs = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    states = np.full(2 * len(target) + 1, BLANK)
    states[1::2] = target
    emitted = logs[:, states]
    skips = np.array([n >= 2 and states[n] != BLANK and states[n] != states[n - 2] for n in range(len(states))])
    forward = _paths(emitted, skips)
    backward = _paths(emitted[::-1, ::-1], np.roll(skips[::-1], 2) & (np.arange(len(states)) >= 2))[::-1, ::-1]
    joint = forward + backward - emitted
    shares = np.exp(joint - np.logaddexp.reduce(joint, axis=1, keepdims=True))
    wanted = np.zeros_like(logs)
    for state, label in enumerate(states):
        wanted[:, label] += shares[:, state]
    return np.asarray(np.exp(logs) - wanted)


def _paths(emitted: Scores, skips: NDArray[np.bool_]) -> Scores:
    """Log sums over all paths that reach each state at each frame, the frame's own score included."""
    import numpy as np

    sums = np.full(emitted.shape, -1e30)
    sums[0, :2] = emitted[0, :2]
    for t in range(1, len(emitted)):
        before = sums[t - 1]
        reached = np.logaddexp(before, np.concatenate([[-1e30], before[:-1]]))
        two_back = np.where(skips, np.concatenate([[-1e30, -1e30], before[:-2]]), -1e30)
        sums[t] = np.logaddexp(reached, two_back) + emitted[t]
    return sums
