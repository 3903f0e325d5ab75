"""Parts a page into pieces of one column each: the head's two cells, the foot's two, and what lies between.

Columns are parted by a path through white paper rather than by a straight line, since their lines reach past each other:
a long `V/v` at the left begins below the end of a motto that begins further left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.ocr.words import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]
    Path = NDArray[np.float64]

SEARCH_DPI = 100.0
_MM = SEARCH_DPI / 25.4
_HEAD_GAP, _FOOT_GAP, _MARK_GAP = round(4.0 * _MM), round(6.0 * _MM), 2
"""Cells stand further apart than the first two, px, and words of a justified line closer; marks stand that close to
their letters."""
_PARTING = (0.33, 0.62)
"""Share of the width within which the columns of an A4 page part."""
_HEAD, _FOOT = 0.4, 0.75
"""The head's cells lie in the upper part; a foot is at most this high."""
_MOTTO_WIDTH, _MOTTO_PLACE, _MOTTO_LEFT, _MOTTO_LOW = 0.2, (0.56, 0.86), 0.36, 0.28
"""Width of `CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM` or `ĐẢNG CỘNG SẢN VIỆT NAM`, where its middle lies and it begins, and
how far down it is looked for."""
_SIDE, _AHEAD = 0.42, 0.12
"""What has its middle beyond the first is of the right cell, and begins at most the second before the motto; of the width."""
_LINE = round(7.0 * _MM)
_SIGNED_MM = 90.0
"""A title, seal and signature that touch are at most this high."""
_LISTED = 4
"""Lines at the right of a foot that stand beside lines at its left one and all: a table."""
_STEP, _ASIDE = 4, 0.01
"""Px that a path may move aside for one px down, and the price of each."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Rows of a page (shares of its height) that are read by themselves, between two paths.

    `left` and `right`: the share of the width at which each of the rows begins and ends; None: the page's edge.
    """

    top: float
    bottom: float
    left: Path | None = None
    right: Path | None = None
    cell: Cell = "page"


@dataclass(frozen=True, slots=True)
class Run:
    """Words that stand close together on one line, px at SEARCH_DPI."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def height(self) -> int:
        return self.bottom - self.top


def pieces(ink: Mask, *, first: bool) -> tuple[Piece, ...]:
    """The page's pieces in reading order. ink: 1 where there is print, at SEARCH_DPI; first: the page may bear a head."""
    height = ink.shape[0]
    clean = _clean(ink)
    head = _head(_closed(clean, _HEAD_GAP)) if first else None
    start = 0 if head is None else len(head)
    foot = _foot(_closed(clean, _FOOT_GAP), start)
    end = height if foot is None else height - len(foot)
    return tuple(_laid_out(head, foot, start, end, ink.shape))


def _laid_out(
    head: Path | None, foot: Path | None, start: int, end: int, shape: tuple[int, ...]
) -> Iterator[Piece]:
    height, width = shape
    if head is not None:
        yield Piece(0.0, start / height, None, head / width, "head_left")
        yield Piece(0.0, start / height, head / width, None, "head_right")
    if end > start:
        yield Piece(start / height, end / height)
    if foot is not None:
        yield Piece(end / height, 1.0, None, foot / width)
        yield Piece(end / height, 1.0, foot / width, None)


def _clean(ink: Mask) -> Mask:
    """The ink without specks."""
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = (stats[:count, cv2.CC_STAT_AREA] >= _MARK_GAP * 2).astype(np.uint8)
    kept[0] = 0
    return np.asarray(kept[labels], np.uint8)


def _closed(ink: Mask, gap: int) -> Mask:
    """The ink with the gaps between words of a line filled: a line becomes one run."""
    import cv2
    import numpy as np

    padded = np.pad(ink, ((0, 0), (gap, gap)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((_MARK_GAP, gap), np.uint8))
    return np.asarray(closed[:, gap:-gap], np.uint8)


def runs(closed: Mask, tallest: float = 12.0) -> Iterator[Run]:
    """Runs of print, from the top; specks, rules and what is higher than `tallest` mm are none."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes = sorted(stats[1:count].tolist(), key=lambda box: box[1])
    for left, top, width, height, _ in boxes:
        if 1.2 * _MM <= height <= tallest * _MM and width >= 2 * _MM:
            yield Run(left, top, left + width, top + height)


def _head(closed: Mask) -> Path | None:
    """The path between the cells of the head, one x for each of its rows; None when the page has no such head."""
    height, width = closed.shape
    found = tuple(runs(closed[: round(height * _HEAD)]))
    motto = next((run for run in found if _is_motto(run, width, height)), None)
    if motto is None:
        return None
    low = _gap_above(closed, len(_flow(closed[: round(height * _HEAD)], motto.left)))
    strays = (run.top - 1 for run in found if run.top > motto.bottom and _strays(run, found, motto, width))
    low = min(low, _gap_above(closed, next(strays, low)))
    if not any(run.middle < 0.45 * width and run.bottom <= low for run in found):
        return None
    return _path(closed[:low])


def _strays(run: Run, found: tuple[Run, ...], motto: Run, width: int) -> bool:
    """Whether a line right of the middle is not of the motto's cell: not below its middle, or beginning far before it."""
    if run.middle < _SIDE * width:
        return False
    across = [other for other in found if _beside(run, other) and other.middle > _SIDE * width]
    left, right = min(other.left for other in across), max(other.right for other in across)
    return not left < motto.middle < right or left < motto.left - _AHEAD * width


def _gap_above(closed: Mask, row: int) -> int:
    """The nearest row of paper at or above one, so that no line is cut in two; a stamp beside the line may be higher."""
    import numpy as np

    start = max(row - 2 * _LINE, 0)
    high = np.flatnonzero(closed[start : row + 1].sum(axis=1) == 0)
    return start + int(high[-1]) if len(high) else row


def _beside(one: Run, other: Run) -> bool:
    return min(one.bottom, other.bottom) - max(one.top, other.top) > 0.3 * min(one.height, other.height)


def _is_motto(run: Run, width: int, height: int) -> bool:
    wide = run.right - run.left
    return (
        run.bottom < _MOTTO_LOW * height
        and wide > _MOTTO_WIDTH * width
        and _MOTTO_PLACE[0] < run.middle / width < _MOTTO_PLACE[1]
        and run.left > _MOTTO_LEFT * width
    )


def _flow(closed: Mask, limit: int | None = None) -> list[Mask]:
    """For each row, from the top on, where a path can be; ends where print blocks every path."""
    import cv2
    import numpy as np

    width = closed.shape[1]
    left, right = (round(side * width) for side in _PARTING)
    at = np.zeros((1, width), np.uint8)
    at[0, left:right] = 1
    inside = at.copy()
    if limit is not None:
        at[0, limit + 1 :] = 0
    rows: list[Mask] = []
    reach = np.ones((1, 2 * _STEP + 1), np.uint8)
    for row in closed:
        at = np.asarray(cv2.dilate(at, reach), np.uint8) & inside & (row[None] == 0)
        if not at.any():
            break
        rows.append(at[0])
    return rows


def _path(closed: Mask) -> Path:
    """The way from top to bottom that keeps furthest from print, one x for each row."""
    import cv2
    import numpy as np

    height, width = closed.shape
    left, right = (round(side * width) for side in _PARTING)
    room = cv2.distanceTransform(1 - closed, cv2.DIST_L2, 3)[:, left:right]
    price = np.where(closed[:, left:right] > 0, 1e4, 1.0 / (1.0 + np.minimum(room, 12))).astype(np.float32)
    cost = np.zeros_like(price)
    cost[0] = price[0]
    reach = np.ones((1, 2 * _STEP + 1), np.uint8)
    for row in range(1, height):
        cost[row] = price[row] + cv2.erode(cost[row - 1 : row], reach)[0]
    return np.asarray(_traced(cost) + left, np.float64)


def _traced(cost: NDArray[np.float32]) -> Path:
    """The cheapest way back up."""
    import numpy as np

    path = np.zeros(len(cost))
    at = int(cost[-1].argmin())
    for row in range(len(cost) - 1, -1, -1):
        low = max(at - _STEP, 0)
        around = cost[row, low : at + _STEP + 1]
        at = low + int((around + _ASIDE * np.abs(np.arange(len(around)) - (at - low))).argmin())
        path[row] = at
    return path


def _foot(closed: Mask, start: int) -> Path | None:
    """The path between `Nơi nhận` and the signature, one x for each row; None when the page's end has no two columns."""
    height = closed.shape[0]
    reach = len(_flow(closed[::-1][: round((height - start) * _FOOT)]))
    top = height - reach + _gap_below(closed[height - reach :])
    if height - top < 8 * _MM:
        return None
    path = _path(closed[top:])
    low = [run for run in runs(closed[top:]) if run.right - run.left > 6 * _MM]
    left = [run for run in low if run.right < path[run.top]]
    right = [run for run in low if run.left > path[run.top]]
    aligned = [run for run in right if any(abs(_centre(run) - _centre(other)) < _MM for other in left)]
    signed = right or any(run.left > path[run.top] for run in runs(closed[top:], tallest=_SIGNED_MM))
    if len(left) < 2 or not signed or (len(right) >= _LISTED and len(aligned) >= 0.75 * len(right)):
        return None
    return path


def _gap_below(closed: Mask) -> int:
    """The first row of paper, so that no line is cut in two; 0 when there is none near."""
    import numpy as np

    low = np.flatnonzero(closed[:_LINE].sum(axis=1) == 0)
    return int(low[0]) if len(low) else 0


def _centre(run: Run) -> float:
    return (run.top + run.bottom) / 2
