"""Division of a page into pieces of one column: the head's two cells, the foot's two, and the part between.

Columns are separated by a path through white paper rather than a straight line, since their lines overlap: a long
`V/v` at the left begins below the end of a motto that begins further left.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.rectangle import Rect, mm
from ingest.ocr.words import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]
    Path = NDArray[np.float64]

SEARCH_DPI = 100.0
_MM = mm(SEARCH_DPI)
_HEAD_GAP, _FOOT_GAP, _MARK_GAP = round(4.0 * _MM), round(6.0 * _MM), 2
"""Px: gaps closed within the head's and the foot's lines (cells are further apart than that, words of a
justified line closer), and distance of marks from their letters.
"""
_PARTING = (0.33, 0.62)
"""Range, as shares of the width, in which the columns of an A4 page divide."""
_HEAD, _FOOT = 0.4, 0.75
"""Height of the part with the head's cells, and greatest height of a foot, as shares of the page's."""
_MOTTO_WIDTH, _MOTTO_PLACE, _MOTTO_LEFT, _MOTTO_LOW = 0.2, (0.56, 0.86), 0.36, 0.28
"""`CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM` or `ĐẢNG CỘNG SẢN VIỆT NAM`: least width, range of its middle, least
left edge (shares of the width), and lowest bottom (share of the height).
"""
_SIDE, _AHEAD = 0.42, 0.12
"""Right header cell, as shares of the width: middle right of `_SIDE`, left edge at most `_AHEAD` left of the
motto's.
"""
_BESIDE = 0.3
"""Least overlap of two runs on one line, as a share of the lower one's height."""
_LINE = round(7.0 * _MM)
_SIGNED_MM = 90.0
"""Greatest height, in mm, of a title, seal and signature that touch."""
_LISTED = 4
"""If at least this many right-hand lines align with left-hand lines, the page foot is a table, not two columns."""
_STEP, _ASIDE = 4, 0.01
"""Px that a path may move aside per px down, and the cost of each."""


@dataclass(frozen=True, slots=True)
class ColumnRegion:
    """Rows of a page (shares of its height) between two paths, read by themselves.

    `left` and `right`: share of the width at which each row begins and ends; None: the page's edge.
    """

    top: float
    bottom: float
    left: Path | None = None
    right: Path | None = None
    cell: Cell = "page"


@dataclass(frozen=True, slots=True)
class TextRun(Rect):
    """Words close together on one line; whole px at SEARCH_DPI."""

    @property
    def across(self) -> float:
        """Horizontal middle, px."""
        return self.middle[0]


def pieces(ink: Mask, *, first: bool) -> tuple[ColumnRegion, ...]:
    """Pieces of the page in reading order. ink: 1 for print, at SEARCH_DPI; first: the page may have a head."""
    height = ink.shape[0]
    clean = _clean(ink)
    head = _head(_close_gaps(clean, _HEAD_GAP)) if first else None
    start = 0 if head is None else len(head)
    foot = _foot(_close_gaps(clean, _FOOT_GAP), start)
    end = height if foot is None else height - len(foot)
    return tuple(_laid_out(head, foot, start, end, ink.shape))


def _laid_out(
    head: Path | None, foot: Path | None, start: int, end: int, shape: tuple[int, ...]
) -> Iterator[ColumnRegion]:
    height, width = shape
    if head is not None:
        yield ColumnRegion(0.0, start / height, None, head / width, "head_left")
        yield ColumnRegion(0.0, start / height, head / width, None, "head_right")
    if end > start:
        yield ColumnRegion(start / height, end / height)
    if foot is not None:
        yield ColumnRegion(end / height, 1.0, None, foot / width)
        yield ColumnRegion(end / height, 1.0, foot / width, None)


def _clean(ink: Mask) -> Mask:
    """Remove specks from the ink."""
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    kept = (stats[:count, cv2.CC_STAT_AREA] >= _MARK_GAP * 2).astype(np.uint8)
    kept[0] = 0
    return np.asarray(kept[labels], np.uint8)


def _close_gaps(ink: Mask, gap: int) -> Mask:
    """Fill the gaps between words of a line, so that a line becomes one run."""
    import cv2
    import numpy as np

    padded = np.pad(ink, ((0, 0), (gap, gap)))
    closed = cv2.morphologyEx(padded, cv2.MORPH_CLOSE, np.ones((_MARK_GAP, gap), np.uint8))
    return np.asarray(closed[:, gap:-gap], np.uint8)


def runs(closed: Mask, tallest: float = 12.0) -> Iterator[TextRun]:
    """Print runs from the top, without specks, rules and anything higher than `tallest` mm."""
    import cv2

    count, _, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    boxes = sorted(stats[1:count].tolist(), key=lambda box: box[1])
    for left, top, width, height, _ in boxes:
        if 1.2 * _MM <= height <= tallest * _MM and width >= 2 * _MM:
            yield TextRun(left, top, left + width, top + height)


def _head(closed: Mask) -> Path | None:
    """Path between the cells of the head, one x per row; None if the page has no such head."""
    height, width = closed.shape
    found = tuple(runs(closed[: round(height * _HEAD)]))
    motto = next((run for run in found if _is_motto(run, width, height)), None)
    if motto is None:
        return None
    low = _gap_above(closed, len(_flow(closed[: round(height * _HEAD)], int(motto.left))))
    strays = (int(run.top) - 1 for run in found if run.top > motto.bottom and _strays(run, found, motto, width))
    low = min(low, _gap_above(closed, next(strays, low)))
    if not any(run.across < 0.45 * width and run.bottom <= low for run in found):
        return None
    return _path(closed[:low])


def _strays(run: TextRun, found: tuple[TextRun, ...], motto: TextRun, width: int) -> bool:
    """True if a line right of the middle is outside the motto's cell: not below its middle, or far to its left."""
    if run.across < _SIDE * width:
        return False
    across = [other for other in found if run.same_line(other, _BESIDE) and other.across > _SIDE * width]
    left, right = min(other.left for other in across), max(other.right for other in across)
    return not left < motto.across < right or left < motto.left - _AHEAD * width


def _gap_above(closed: Mask, row: int) -> int:
    """Nearest blank row at or above `row`, so that no line is cut in two; a stamp next to the line may reach
    higher.
    """
    import numpy as np

    start = max(row - 2 * _LINE, 0)
    high = np.flatnonzero(closed[start : row + 1].sum(axis=1) == 0)
    return start + int(high[-1]) if len(high) else row


def _is_motto(run: TextRun, width: int, height: int) -> bool:
    wide = run.right - run.left
    return (
        run.bottom < _MOTTO_LOW * height
        and wide > _MOTTO_WIDTH * width
        and _MOTTO_PLACE[0] < run.across / width < _MOTTO_PLACE[1]
        and run.left > _MOTTO_LEFT * width
    )


def _flow(closed: Mask, limit: int | None = None) -> list[Mask]:
    """Columns that a path from the top can reach, row by row; ends at a row where print blocks every path."""
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
    """Path from top to bottom that keeps furthest from print, one x per row."""
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
    return np.asarray(_trace(cost) + left, np.float64)


def _trace(cost: NDArray[np.float32]) -> Path:
    """Trace the cheapest path back to the top."""
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
    """Path between `Nơi nhận` and the signature, one x per row; None if the page's end has no two columns."""
    height = closed.shape[0]
    reach = len(_flow(closed[::-1][: round((height - start) * _FOOT)]))
    top = height - reach + _gap_below(closed[height - reach :])
    if height - top < 8 * _MM:
        return None
    path = _path(closed[top:])
    low = [run for run in runs(closed[top:]) if run.right - run.left > 6 * _MM]
    left = [run for run in low if run.right < path[int(run.top)]]
    right = [run for run in low if run.left > path[int(run.top)]]
    aligned = [run for run in right if any(abs(run.middle[1] - other.middle[1]) < _MM for other in left)]
    signed = right or any(run.left > path[int(run.top)] for run in runs(closed[top:], tallest=_SIGNED_MM))
    if len(left) < 2 or not signed or (len(right) >= _LISTED and len(aligned) >= 0.75 * len(right)):
        return None
    return path


def _gap_below(closed: Mask) -> int:
    """First blank row, so that no line is cut in two; 0 if there is none near."""
    import numpy as np

    low = np.flatnonzero(closed[:_LINE].sum(axis=1) == 0)
    return int(low[0]) if len(low) else 0
