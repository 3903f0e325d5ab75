"""Orientation of a page: the axis of its printed words, and turning it upright."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.rectangle import mm
from ingest.imaging.pixels import shrunk

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_DPI = 60.0
_MM = mm(_DPI)
_JOINED, _THIN = 3, (1.0, 7.0)
"""Letters closer than the first (px) belong together; range of a word's height (mm)."""
_LONG, _FEWEST = 2, 60
"""Least ratio of a word's length to its height, and least total length (px) of words for a decision."""
_PRINT = 195


def is_sideways(grey: Image, dpi: float) -> bool:
    """True if the printed words run from top to bottom of the image; False if there is too little print to decide.

    Words are long and thin along the line, whatever the skew. On 185 office pages their length across the line was
    at most a fifteenth of that along it.
    """
    import cv2
    import numpy as np

    scale = _DPI / dpi
    small = shrunk(grey, scale)
    ink = np.asarray(small < _PRINT, np.uint8)
    joined = cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((_JOINED, _JOINED), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(joined)
    wide, high = stats[1:, cv2.CC_STAT_WIDTH], stats[1:, cv2.CC_STAT_HEIGHT]
    thin = np.minimum(wide, high)
    words = (thin > _THIN[0] * _MM) & (thin < _THIN[1] * _MM)
    along = int(wide[words & (wide > _LONG * high)].sum())
    across = int(high[words & (high > _LONG * wide)].sum())
    return across > max(2 * along, _FEWEST)


def upright(image: Image, rotation: int) -> Image:
    """Turn an image clockwise by 0, 90, 180 or 270 degrees."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, -(rotation // 90)))
