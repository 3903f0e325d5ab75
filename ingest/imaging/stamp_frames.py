"""Frames of a stamp's size, found by their four sides even if print covers them or breaks their inside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ingest.imaging.components import components

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

_ANGLES = (0, -2, 2, -4, 4, -6, 6, -8, 8, -10, 10)
"""Degrees by which a stamp is set aslant by hand; between two of them a side stays within its own thickness."""
_WIDTH_MM, _HEIGHT_MM, _ASPECT = (14.0, 70.0), (5.0, 14.0), (1.6, 9.0)
_RUN_MM = 10.0
"""Least length of unbroken ink in a side; no letter has it."""
_ENDS_MM = 6.0
"""Greatest distance between the ends of the two long sides."""
_CORNER_MM = 1.3
"""Greatest distance of the short sides from the ends of the long ones."""
_SIDE = 0.8
"""Least share of a short side that is ink."""
_MOST_SIDES = 400
"""Level strokes per page; a page with more is a large table."""
_MOST = 8


@dataclass(frozen=True, slots=True)
class _Side:
    left: int
    right: int
    row: int


def framed(ink: Mask, per_mm: float, tilted: bool = True) -> list[Any]:
    """Rectangles ((x, y), (width, height), degrees) of the frames' outer edges, in OpenCV's form.

    ink: 1 for ink, height × width, about 120 dpi. Sides of a table's cells run on beyond the cell, so they are not
    found.
    """
    import cv2
    import numpy as np

    found: list[tuple[float, Any]] = []
    if not ink.any():
        return []
    for angle in _ANGLES if tilted else (0,):
        turned, back = ink, None
        if angle:
            turn = cv2.getRotationMatrix2D((ink.shape[1] / 2, ink.shape[0] / 2), angle, 1.0)
            turned = np.asarray(cv2.warpAffine(ink, turn, ink.shape[::-1], flags=cv2.INTER_NEAREST), np.uint8)
            back = cv2.invertAffineTransform(turn)
        for left, top, right, bottom in _level(turned, per_mm):
            x, y = (left + right) / 2, (top + bottom) / 2
            if back is not None:
                x, y = (float(row @ (x, y, 1)) for row in back)
            straight = _straight(turned, (left, top, right, bottom))
            found.append((straight, ((x, y), (float(right - left), float(bottom - top)), float(angle))))
    return _apart(sorted(found, key=lambda one: one[0], reverse=True), 3 * per_mm)


def _straight(ink: Mask, box: tuple[int, int, int, int]) -> float:
    """Share of the long sides that one row of pixels each covers: greatest at the frame's own angle."""
    left, top, right, bottom = box
    rows = (ink[max(row - 2, 0) : row + 3, left : right + 1].mean(axis=1).max() for row in (top, bottom))
    return float(sum(rows))


def _apart(found: list[tuple[float, Any]], least: float) -> list[Any]:
    """Rectangles without duplicates: the first of those in one place."""
    kept: list[Any] = []
    for _, one in found:
        (x, y), _, _ = one
        if not any(abs(x - ox) + abs(y - oy) < least for (ox, oy), _, _ in kept):
            kept.append(one)
    return kept[:_MOST]


def _level(ink: Mask, per_mm: float) -> Iterator[tuple[int, int, int, int]]:
    """Left, top, right, bottom of level frames, px."""
    sides = _sides(ink, per_mm)
    low, high = (round(side * per_mm) for side in _HEIGHT_MM)
    for at, upper in enumerate(sides):
        if not _WIDTH_MM[0] * per_mm <= upper.right - upper.left <= (_WIDTH_MM[1] + _ENDS_MM) * per_mm:
            continue
        for lower in sides[at + 1 :]:
            if lower.row - upper.row > high:
                break
            apart = max(abs(lower.left - upper.left), abs(lower.right - upper.right))
            if lower.row - upper.row < low or apart > _ENDS_MM * per_mm:
                continue
            # Ink that runs on beyond the corner is print that touches it.
            box = (max(upper.left, lower.left), upper.row, min(upper.right, lower.right), lower.row)
            wide = box[2] - box[0]
            if wide < _WIDTH_MM[0] * per_mm or not _ASPECT[0] <= wide / (box[3] - box[1]) <= _ASPECT[1]:
                continue
            if _has_sides(ink, box, per_mm):
                yield box


def _sides(ink: Mask, per_mm: float) -> list[_Side]:
    """Unbroken level strokes from top to bottom."""
    import cv2
    import numpy as np

    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    level = np.ones((1, round(_RUN_MM * per_mm)), np.uint8)
    runs = np.asarray(cv2.morphologyEx(thick, cv2.MORPH_OPEN, level), np.uint8)
    if not runs.any():
        return []
    found = [
        _Side(left, left + wide, top + high // 2)
        for left, top, wide, high, _ in components(runs).boxes[1:].tolist()
        if high <= 2.5 * per_mm
    ]
    return sorted(found, key=lambda side: side.row)[:_MOST_SIDES]


def _has_sides(ink: Mask, box: tuple[int, int, int, int], per_mm: float) -> bool:
    """True if ink connects the upper side with the lower at both ends."""
    import cv2
    import numpy as np

    left, top, right, bottom = box
    reach = round(_CORNER_MM * per_mm)
    for x in (left, right):
        strip = ink[top : bottom + 1, max(x - reach, 0) : x + reach + 1]
        if strip.size == 0:
            return False
        # A side that leans passes from one column into the next.
        thick = cv2.dilate(np.ascontiguousarray(strip), np.ones((1, 3), np.uint8))
        if float(thick.mean(axis=0).max()) < _SIDE:
            return False
    return True
