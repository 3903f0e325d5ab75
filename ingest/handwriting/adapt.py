"""Adaptation of the digit net to an office's handwriting, from lines that its clerks confirmed (`vanban learn`).

Only the last layer (13 × 96 weights) is trained, by the gradient of CTC in numpy; the current weights stay unless
the new ones read more of the validation lines right, and make no more confident errors. No deep-learning framework
is needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.errors import Problem
from ingest.handwriting.beam_search import BLANK, LEFT, RIGHT
from ingest.handwriting.decision import ACCEPT
from ingest.handwriting.digit_net import DigitReader, views
from ingest.handwriting.line_image import prepare

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

FEWEST = 20
"""Least number of confirmed lines to learn from: five to validate with would prove nothing."""
_KEPT_BACK = 4
_NEVER = -1e30
"""Log of the chance of a path that does not exist."""
_STEPS = 60
_RATE = 0.006
_PULL = 0.1


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A number's line (grey crop with its anchors) and the confirmed digits, as written.

    whole: the line to the end of its symbol, for the second reader; None if it wasn't found.
    symbol: the print after the digits with its separator (`/QĐ-UBND`).
    """

    image: NDArray[np.uint8]
    digits: str
    whole: NDArray[np.uint8] | None = None
    symbol: str = ""


@dataclass(frozen=True, slots=True)
class Score:
    """Score of weights on lines: `right` have the confirmed value first; `silent` are wrong but confident
    enough to pass.
    """

    right: int
    silent: int


@dataclass(frozen=True, slots=True)
class Adaptation:
    """Result of learning; `before` and `after` are scores on the validation lines with the current and the new
    weights.
    """

    learned: DigitReader
    lines: int
    kept_back: int
    before: Score
    after: Score

    @property
    def better(self) -> bool:
        """True if the new weights are better: more lines read right, and no more silent errors."""
        return self.after.right > self.before.right and self.after.silent <= self.before.silent


def adapt(shipped: DigitReader, in_force: DigitReader, confirmed: Sequence[Confirmed]) -> Adaptation:
    """Fit the shipped net's last layer on three quarters of the lines and test it on the fourth.

    Every 4th line by position is for validation, so a line stays in the same split when new lines are appended.
    Raises Problem(too_few_lines) below FEWEST lines.
    """
    if len(confirmed) < FEWEST:
        raise Problem("too_few_lines", count=len(confirmed), least=FEWEST)
    kept = confirmed[::_KEPT_BACK]
    taught = [line for number, line in enumerate(confirmed) if number % _KEPT_BACK]
    learned = fitted(shipped, taught)
    return Adaptation(learned, len(taught), len(kept), score(in_force, kept), score(learned, kept))


def score(reader: DigitReader, lines: Sequence[Confirmed]) -> Score:
    """Score a reader on lines with known values."""
    read = [(line, reader.read_line(line.image, "number", limit=1)) for line in lines]
    wrong = [best[0] for line, best in read if best and best[0].value != line.digits]
    right = sum(bool(best) and best[0].value == line.digits for line, best in read)
    return Score(right, sum(best.confidence >= ACCEPT["number"] for best in wrong))


def fitted(reader: DigitReader, lines: Sequence[Confirmed]) -> DigitReader:
    """Train the reader's last layer on the lines, regularised towards the old weights."""
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
    """Gradient of the CTC loss of one line by its scores (T × 13): softmax less the share of each class in the
    paths.
    """
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

    # Two columns of no path to the left: a state's neighbours are the same row, moved.
    sums = np.full((len(emitted), emitted.shape[1] + 2), _NEVER)
    sums[0, 2:4] = emitted[0, :2]
    barred = np.where(skips, 0.0, _NEVER)
    for t in range(1, len(emitted)):
        before, now = sums[t - 1], sums[t, 2:]
        np.logaddexp(before[2:], before[1:-1], out=now)
        np.logaddexp(now, before[:-2] + barred, out=now)
        now += emitted[t]
    return sums[:, 2:]
