"""Decoding of frame scores to digit strings: a prefix beam search, then the grammar of a line between anchors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Scores = NDArray[np.float64]

Kind = Literal["number", "day", "month"]
LEFT, RIGHT, BLANK = 10, 11, 12
"""Classes after the ten digits: printed anchor before (`Số:`, `ngày`), printed anchor after (`/KH-`, `tháng`),
blank of CTC.
"""
WIDTH = 40
"""Prefixes kept. A narrower beam finds the same best strings, but its shares are unreliable."""
_HOPELESS = 25.0
"""A prefix this far (log) behind the best adds nothing to any share."""
_SURE_BLANK = -0.003
_FIVE_DIGITS = -4.0
_LONGEST = 5


def prefixes(logs: Scores, width: int = WIDTH) -> dict[tuple[int, ...], float]:
    """Log probabilities of the `width` best class strings of a T × 13 array of log probabilities."""
    import numpy as np

    found: list[tuple[int, ...]] = [()]
    blank, other = np.zeros(1), np.full(1, -np.inf)
    for frame in logs:
        whole = np.logaddexp(blank, other)
        if frame[BLANK] > _SURE_BLANK:
            blank, other = whole + frame[BLANK], np.full(len(found), -np.inf)
            continue
        last = np.array([p[-1] if p else -1 for p in found])
        grown = whole[:, None] + frame[None, :BLANK]
        rows = np.flatnonzero(last >= 0)
        grown[rows, last[rows]] = blank[rows] + frame[last[rows]]
        stay = np.full(len(found), -np.inf)
        stay[rows] = other[rows] + frame[last[rows]]
        place = {prefix: row for row, prefix in enumerate(found)}
        for row in rows:
            parent = place.get(found[row][:-1])
            if parent is not None:
                stay[row] = np.logaddexp(stay[row], grown[parent, last[row]])
                grown[parent, last[row]] = -np.inf
        found, blank, other = _best(found, whole + frame[BLANK], stay, grown, width)
    return dict(zip(found, np.logaddexp(blank, other).tolist(), strict=True))


def _best(
    found: list[tuple[int, ...]], blank: Scores, stay: Scores, grown: Scores, width: int
) -> tuple[list[tuple[int, ...]], Scores, Scores]:
    """The `width` best among the prefixes, unchanged or grown by one class."""
    import numpy as np

    scores = np.concatenate([np.logaddexp(blank, stay), grown.ravel()])
    keep = np.argsort(-scores, kind="stable")[:width]
    keep = keep[scores[keep] > scores[keep[0]] - _HOPELESS]
    count, classes = len(found), grown.shape[1]
    old = keep < count
    names = [found[k] if k < count else (*found[(k - count) // classes], int((k - count) % classes)) for k in keep]
    blanks = np.where(old, blank[np.minimum(keep, count - 1)], -np.inf)
    others = np.where(old, stay[np.minimum(keep, count - 1)], scores[keep])
    return names, blanks, others


def digits_of(classes: tuple[int, ...]) -> str:
    """Digits between the LEFT and RIGHT anchor classes; digits outside, such as the "ố" of "Số" read as one,
    are dropped.
    """
    if LEFT in classes:
        classes = classes[len(classes) - classes[::-1].index(LEFT) :]
    if RIGHT in classes:
        classes = classes[: classes.index(RIGHT)]
    return "".join(str(c) for c in classes)


def _value(digits: str, kind: Kind) -> str | None:
    """Value of the digits: a number keeps its zeros, a day or month loses them; None if invalid."""
    if kind == "number":
        return digits if 0 < len(digits) <= _LONGEST and int(digits) else None
    return str(int(digits)) if 0 < len(digits) <= 2 and 1 <= int(digits) <= (31 if kind == "day" else 12) else None


def _valid_values(strings: dict[tuple[int, ...], float], kind: Kind) -> Iterator[tuple[str, float]]:
    for classes, score in strings.items():
        value = _value(digits_of(classes), kind)
        if value is not None:
            yield value, score + (_FIVE_DIGITS if len(value) == _LONGEST else 0.0)


def values(logs: Scores, kind: Kind) -> list[tuple[str, float]]:
    """Values with their share of all that the grammar allows, best first."""
    import numpy as np

    scores: dict[str, float] = {}
    for value, score in _valid_values(prefixes(logs), kind):
        scores[value] = float(np.logaddexp(scores.get(value, -np.inf), score))
    if not scores:
        return []
    logged = np.array(list(scores.values()))
    shares = np.exp(logged - np.logaddexp.reduce(logged))
    return sorted(zip(scores, shares.tolist(), strict=True), key=lambda pair: -pair[1])
