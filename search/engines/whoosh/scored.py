"""Documents with their scores as two arrays, and what is made of several such: all of them, so many of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np


class Found(NamedTuple):
    """Numbers of documents (int64), and a score for each (float64), side by side."""

    numbers: Any
    scores: Any

    def moved(self, offset: int) -> Found:
        """The same under the numbers of the whole index."""
        return Found(self.numbers + offset, self.scores) if offset else self

    def where(self, wanted: Any) -> Found:
        """Some of them: a mask, positions or a slice."""
        return Found(self.numbers[wanted], self.scores[wanted])

    def but(self, numbers: Any) -> Found:
        """Those that are not among these, which rise."""
        return self.where(~held(numbers, self.numbers))

    def rising(self) -> Found:
        """By number."""
        return self.where(np.argsort(self.numbers))

    def best(self, count: int) -> Found:
        """So many with the highest scores, highest first; of equal ones that with the lower number. Numbers rise."""
        some = self
        if count < len(self.numbers):
            least = np.partition(self.scores, len(self.numbers) - count)[len(self.numbers) - count]
            some = self.where(self.scores >= least)
        return some.where(np.argsort(-some.scores, kind="stable")[:count])

    def pairs(self) -> list[tuple[int, float]]:
        """(document, score) one by one."""
        return list(zip(self.numbers.tolist(), self.scores.tolist(), strict=True))

    def and_also(self, others: Found) -> Found:
        """What stands in both, with the sum of its scores; numbers rise in both."""
        here = held(self.numbers, others.numbers)
        numbers = others.numbers[here]
        return Found(numbers, self.scores[np.searchsorted(self.numbers, numbers)] + others.scores[here])


NONE = Found(np.zeros(0, np.int64), np.zeros(0, np.float64))


def joined(parts: Sequence[Found]) -> Found:
    """One after the other."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NONE
    return Found(np.concatenate([part.numbers for part in parts]), np.concatenate([part.scores for part in parts]))


def at_least(minimum: int, parts: Iterable[Found], size: int) -> Found:
    """What stands in so many of the parts, with the sum of its scores; `size`: how many documents there are at all."""
    numbers, scores = joined(list(parts))
    counts = np.bincount(numbers, minlength=size)
    found = np.flatnonzero(counts >= max(1, minimum))
    return Found(found, np.bincount(numbers, scores, size)[found])


def held(rising: Any, asked: Any) -> Any:
    """A mask of those asked that stand in a rising array."""
    if not len(rising):
        return np.zeros(len(asked), bool)
    return rising[np.minimum(np.searchsorted(rising, asked), len(rising) - 1)] == asked


def different(rising: Any) -> Any:
    """Each value of a rising array once."""
    first = np.ones(len(rising), bool)
    np.not_equal(rising[1:], rising[:-1], out=first[1:])
    return rising[first]
