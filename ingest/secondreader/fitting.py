"""Fitting of the second reader's last layer (512 × 227) to real lines by CTC, in numpy; the network is unchanged.

Used for the head that ships (script/train_head.py) and for an office's own (`vanban learn`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ingest.secondreader.beam import BLANK
from ingest.secondreader.head import HeadWeights

Array = NDArray[np.float64]
_NEVER = -1e30


@dataclass(frozen=True, slots=True)
class Fitting:
    """Length and boldness of a fit: passes over the lines, step of Adam (falls to zero), pull towards the old
    layer.
    """

    epochs: int = 10
    rate: float = 2e-3
    pull: float = 2e-4
    batch: int = 24
    dropped: float = 0.1
    """Share of the features that are hidden from a step."""


@dataclass(frozen=True, slots=True)
class HeadLine:
    """A line's features (T × 512, one array for each rendering), the classes that are written,
    and how much it counts.
    """

    looks: tuple[NDArray[np.float16], ...]
    target: tuple[int, ...]
    weight: float = 1.0


def fitted(lines: Sequence[HeadLine], start: HeadWeights, space: int, how: Fitting | None = None) -> HeadWeights:
    """Head that is likelier to give the lines; `space` is the class of the blank between words, a blank here."""
    how = how or Fitting()
    rng = np.random.default_rng(0)
    looks = [(look, line.target, line.weight) for line in lines for look in line.looks]
    old = np.vstack([start.weights, start.biases]).astype(np.float32)
    weights, speed, size = old.copy(), np.zeros_like(old), np.zeros_like(old)
    steps = how.epochs * -(-len(looks) // how.batch)
    step = 0
    for _ in range(how.epochs):
        order = rng.permutation(len(looks))
        for at in range(0, len(order), how.batch):
            batch = [looks[index] for index in order[at : at + how.batch]]
            slope = how.pull * (weights - old) + _slope(batch, weights, space, how.dropped, rng)
            step += 1
            speed, size = 0.9 * speed + 0.1 * slope, 0.999 * size + 0.001 * slope**2
            change = (speed / (1 - 0.9**step)) / (np.sqrt(size / (1 - 0.999**step)) + 1e-8)
            weights = (weights - how.rate * (1 - step / (steps + 1)) * change).astype(np.float32)
    return HeadWeights(weights[:-1].astype(np.float64), weights[-1].astype(np.float64))


Look = tuple[NDArray[np.float16], tuple[int, ...], float]


def _slope(
    batch: Sequence[Look], weights: NDArray[np.float32], space: int, dropped: float, rng: np.random.Generator
) -> NDArray[np.float32]:
    """Mean gradient of the CTC loss by the weights (513 × 227) over a batch of weighed lines."""
    frames = max(len(look) for look, _, _ in batch)
    inputs = np.zeros((len(batch), frames, weights.shape[0]), np.float32)
    for row, (look, _, _) in enumerate(batch):
        kept = (rng.random(look.shape[1]) >= dropped) / (1 - dropped)
        inputs[row, : len(look), :-1] = look * kept
        inputs[row, : len(look), -1] = 1
    scores = inputs @ weights
    scores -= scores.max(axis=2, keepdims=True)
    shares = np.exp(scores)
    shares /= shares.sum(axis=2, keepdims=True)
    lengths = np.array([len(look) for look, _, _ in batch])
    wanted = _target_shares(shares.astype(np.float64), lengths, [target for _, target, _ in batch], space)
    weighed = np.array([weight for _, _, weight in batch]) / len(batch)
    errors = ((shares - wanted) * weighed[:, None, None]).astype(np.float32)
    errors[np.arange(frames)[None, :] >= lengths[:, None]] = 0
    return np.asarray(inputs.reshape(-1, inputs.shape[2]).T @ errors.reshape(-1, errors.shape[2]))


def _target_shares(
    shares: Array, lengths: NDArray[np.int_], targets: Sequence[tuple[int, ...]], space: int
) -> Array:
    """Share of each class (B × T × 227) in the paths that give the targets.

    A line too short for its target keeps its own shares.
    """
    blanks = shares[:, :, BLANK] + shares[:, :, space]
    emitted, skips, last = _states(shares, blanks, lengths, targets)
    forward = _forward(emitted, skips)
    backward = _backward(emitted, skips, last)
    rows = np.arange(len(targets))
    total = np.logaddexp(forward[-1, rows, last], forward[-1, rows, last - 1])
    joint = np.exp(np.minimum(forward + backward - total[None, :, None], 0.0)).transpose(1, 0, 2)
    wanted = np.zeros_like(shares)
    for row, target in enumerate(targets):
        for place, number in enumerate(target):
            wanted[row, :, number] += joint[row, :, 2 * place + 1]
    blank = joint[:, :, 0::2].sum(axis=2) / np.maximum(blanks, 1e-30)
    for number in (BLANK, space):
        wanted[:, :, number] += blank * shares[:, :, number]
    hopeless = total < _NEVER / 2
    wanted[hopeless] = shares[hopeless]
    return wanted


def _states(
    shares: Array, blanks: Array, lengths: NDArray[np.int_], targets: Sequence[tuple[int, ...]]
) -> tuple[Array, NDArray[np.bool_], NDArray[np.int_]]:
    """Logs of what each state emits (T × B × S), which states may skip a blank, and the last state of each line.

    Behind a line's own frames only blanks come, so that all lines of a batch end in the same frame.
    """
    count, frames = blanks.shape
    last = np.array([2 * len(target) for target in targets])
    emitted = np.full((frames, count, int(last.max()) + 1), _NEVER)
    skips = np.zeros((count, emitted.shape[2]), bool)
    outside = np.arange(frames)[:, None] >= lengths[None, :]
    for row, target in enumerate(targets):
        emitted[:, row, 0 : last[row] + 1 : 2] = np.log(blanks[row] + 1e-30)[:, None]
        emitted[:, row, 1 : last[row] : 2] = np.log(shares[row][:, list(target)] + 1e-30)
        skips[row, 3 : last[row] : 2] = [one != other for one, other in zip(target[1:], target, strict=False)]
    emitted[outside] = _NEVER
    for row in range(count):
        emitted[outside[:, row], row, 0 : last[row] + 1 : 2] = 0.0
    return emitted, skips, last


def _forward(emitted: Array, skips: NDArray[np.bool_]) -> Array:
    sums = np.full(emitted.shape, _NEVER)
    sums[0, :, :2] = emitted[0, :, :2]
    for frame in range(1, len(emitted)):
        before = sums[frame - 1]
        one, two = _shift(before, 1), np.where(skips, _shift(before, 2), _NEVER)
        sums[frame] = np.logaddexp(np.logaddexp(before, one), two) + emitted[frame]
    return sums


def _backward(emitted: Array, skips: NDArray[np.bool_], last: NDArray[np.int_]) -> Array:
    sums = np.full(emitted.shape, _NEVER)
    rows = np.arange(emitted.shape[1])
    sums[-1, rows, last] = sums[-1, rows, last - 1] = 0.0
    for frame in range(len(emitted) - 2, -1, -1):
        behind = sums[frame + 1] + emitted[frame + 1]
        two = _shift(np.where(skips, behind, _NEVER), -2)
        sums[frame] = np.logaddexp(np.logaddexp(behind, _shift(behind, -1)), two)
    return sums


def _shift(sums: Array, by: int) -> Array:
    """States moved right (by > 0) or left; what comes in was never reached."""
    moved = np.full_like(sums, _NEVER)
    if by > 0:
        moved[:, by:] = sums[:, :-by]
    else:
        moved[:, :by] = sums[:, -by:]
    return moved
