"""Separating sheets of the trade (PATCH T): four bars, narrow, wide, narrow, wide, found by their geometry.

Kodak A-61599, Patch Code Information: narrow bars and spaces are 0.08 inch, wide bars 0.20 inch, all of it 0.80
inch; a bar is at least 2 inches long. Patch T read from its other side is Patch 3, which separates batches: a
sheet that lay upside down looks the same, and both separate.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians, sin
from typing import TYPE_CHECKING

from ingest.imaging.pixels import shrunk

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

DPI = 100.0
"""Resolution at which bars are looked for: a narrow bar has 8 pixels."""
_NARROW, _WIDE, _SPACE = 0.08, 0.20, 0.08
"""Inches of a bar's thickness and of a space."""
_SHORTEST = 1.5
"""Inches of a bar's length: 2 by the source, less on a sheet that was printed smaller."""
_SCALE = (0.7, 1.35)
"""Shares of the nominal size that are taken: a sheet fitted to the paper, a scan whose resolution is off."""
_THICKEST = 0.35
"""Inches: a wide bar on the largest sheet, with the ink spread."""
_LEAN = 3.0
"""Degrees by which two bars of a patch may differ."""
_SLACK = 0.4
"""Share of the nominal by which a bar or space may differ from the patch's own scale: ink spreads, scans blur."""
_FULL = 0.8
"""Least share of its rectangle that a bar fills."""
_QUIET = 0.25
"""Inches around a patch without another bar (same source)."""
_PATTERNS = ((_NARROW, _WIDE, _NARROW, _WIDE), (_WIDE, _NARROW, _WIDE, _NARROW))


@dataclass(frozen=True, slots=True)
class _Bar:
    """A full rectangle: its centre, length and thickness in inches, and the direction of its length in degrees."""

    x: float
    y: float
    length: float
    thickness: float
    angle: float


def has_patch(grey: Image, dpi: float) -> bool:
    """True if a page bears a PATCH T, however it lies.

    grey: light paper, dark ink; dpi: pixels in an inch of it.
    """
    bars = _bars(shrunk(grey, min(DPI / dpi, 1.0)), min(DPI, dpi))
    return any(_is_patch(_near(bar, bars)) for bar in bars)


def _bars(grey: Image, dpi: float) -> list[_Bar]:
    """Dark rectangles of a bar's size."""
    import cv2
    import numpy as np

    smooth = cv2.medianBlur(grey, 3)
    _, ink = cv2.threshold(smooth, 0, 255, cv2.THRESH_BINARY_INV + cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    found: list[_Bar] = []
    for label in range(1, count):
        left, top, width, height, area = (int(part) for part in stats[label])
        if max(width, height) < _SHORTEST * _SCALE[0] * dpi or area < _NARROW * _SHORTEST * 0.4 * dpi * dpi:
            continue
        part = labels[top : top + height, left : left + width] == label
        rows, columns = np.nonzero(part)
        (x, y), (one, other), angle = cv2.minAreaRect(np.stack([columns, rows], axis=1).astype(np.float32))
        long, thick = max(one, other) + 1, min(one, other) + 1
        if area < _FULL * long * thick:
            continue
        turn = angle % 180 if one >= other else (angle + 90) % 180
        found.append(_Bar((left + x) / dpi, (top + y) / dpi, long / dpi, thick / dpi, turn))
    return [bar for bar in found if bar.length >= _SHORTEST * _SCALE[0] and bar.thickness <= _THICKEST]


def _near(bar: _Bar, bars: Sequence[_Bar]) -> list[tuple[float, _Bar]]:
    """The bars that run along with one, by the distance (inches) of their middles across it; itself at 0."""
    along, across = _axes(bar)
    found: list[tuple[float, _Bar]] = []
    reach = (0.8 * _SCALE[1]) + _QUIET
    for one in bars:
        dx, dy = one.x - bar.x, one.y - bar.y
        shift, apart = dx * along[0] + dy * along[1], dx * across[0] + dy * across[1]
        lean = abs((one.angle - bar.angle + 90) % 180 - 90)
        if lean <= _LEAN and abs(shift) <= 0.5 * bar.length and abs(apart) <= reach:
            found.append((apart, one))
    return sorted(found, key=lambda each: each[0])


def _axes(bar: _Bar) -> tuple[tuple[float, float], tuple[float, float]]:
    turn = radians(bar.angle)
    return (cos(turn), sin(turn)), (-sin(turn), cos(turn))


def _is_patch(row: Sequence[tuple[float, _Bar]]) -> bool:
    """True if exactly four of these bars stand together as the pattern says, and no fifth is near."""
    if len(row) != 4:
        return False
    lengths = [bar.length for _, bar in row]
    if min(lengths) < 0.85 * max(lengths):
        return False
    low, high = row[0][0] - row[0][1].thickness / 2, row[3][0] + row[3][1].thickness / 2
    scale = (high - low) / (2 * _NARROW + 2 * _WIDE + 3 * _SPACE)
    if not _SCALE[0] <= scale <= _SCALE[1]:
        return False
    edges = [(middle - bar.thickness / 2, middle + bar.thickness / 2) for middle, bar in row]
    gaps = [after[0] - before[1] for before, after in pairwise(edges)]
    if any(abs(gap / scale - _SPACE) > _SLACK * _SPACE for gap in gaps):
        return False
    thick = [bar.thickness / scale for _, bar in row]
    return any(
        all(abs(one - wanted) <= _SLACK * _NARROW for one, wanted in zip(thick, pattern, strict=True))
        for pattern in _PATTERNS
    )
