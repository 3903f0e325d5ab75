"""Order in which people read the pieces of a page: down each column, columns from left to right.

The partial order of Breuel ("High performance document layout analysis", 2003): a piece comes before another if it
lies above it in the same column, or in a column to its left that no piece across both columns cuts short.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from corpus.document import Box

_MOST = 1_500
"""Pieces of a page that are put in order; more are read line by line."""
_MARGIN = 0.07
"""Share of the height at the top and the bottom where a figure alone is the page's number."""
_PAGE_NUMBER = re.compile(r"\W*(?:trang\s*)?\d{1,4}(?:\s*/\s*\d{1,4})?\W*", re.IGNORECASE)
_OVERLAP = 0.001
"""Share of the width that pieces of one column have in common."""


def in_reading_order(boxes: Sequence[Box], texts: Sequence[str]) -> list[int]:
    """Indices of the pieces in the order they are read; boxes as shares of the page, texts of the same pieces."""
    count = len(boxes)
    lines = sorted(range(count), key=lambda at: (round(boxes[at].top + boxes[at].bottom, 3), boxes[at].left))
    if count > _MOST:
        return lines
    first = [at for at in lines if boxes[at].bottom < _MARGIN and _PAGE_NUMBER.fullmatch(texts[at])]
    last = [at for at in lines if boxes[at].top > 1 - _MARGIN and _PAGE_NUMBER.fullmatch(texts[at])]
    body = [at for at in lines if at not in first and at not in last]
    return [*first, *_order([boxes[at] for at in body], body), *last]


def _order(boxes: Sequence[Box], names: Sequence[int]) -> list[int]:
    """`names` of the boxes by Breuel's order; in a circle the upper one goes first."""
    before = _before(boxes)
    waiting = before.sum(axis=0)
    left = set(range(len(boxes)))
    order: list[int] = []
    while left:
        ready = [at for at in left if waiting[at] == 0] or [min(left, key=lambda at: boxes[at].top)]
        at = min(ready, key=lambda at: (boxes[at].top + boxes[at].bottom, boxes[at].left))
        order.append(names[at])
        left.remove(at)
        waiting -= before[at]
    return order


def _before(boxes: Sequence[Box]) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Matrix of 1 where the row's box is read before the column's."""
    edges = np.array([(box.left, box.top, box.right, box.bottom) for box in boxes], dtype=float).reshape(-1, 4)
    left, top, right, bottom = edges.T
    middle = (top + bottom) / 2
    overlap = np.minimum(right[:, None], right) - np.maximum(left[:, None], left) > _OVERLAP
    above = middle[:, None] < middle
    before = overlap & above
    for one in range(len(boxes)):
        beside = right[one] <= left + _OVERLAP
        beside &= ~overlap[one]
        for other in np.flatnonzero(beside):
            low, high = sorted((middle[one], middle[other]))
            between = (middle > low) & (middle < high) & overlap[one] & overlap[other]
            before[one, other] = not between.any()
    np.fill_diagonal(before, False)
    counted: np.ndarray[tuple[int, int], np.dtype[np.int64]] = before.astype(np.int64)
    return counted
