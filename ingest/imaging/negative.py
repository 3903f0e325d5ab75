"""Inversion of white print on black paper (a negative, a TIFF with wrong polarity)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.imaging.pixels import darkest, shrunk

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_LOOK_DPI = 60.0
_DARK, _LIGHT = 96, 140
"""Grey values of black paper and of white print at the resolution of the check."""
_LEAST_DARK = 0.7
"""Least share of the page that black paper covers; print and margins leave as much."""
_LEAST_PRINT, _MOST_PRINT = 0.004, 0.25
_LARGEST = 0.03
"""Greatest share of the page for one white piece: a letter or a rule, not a sheet of paper on a dark table."""


def positive(image: Image, dpi: float) -> Image:
    """The page (height × width grey, or × 3 RGB) with dark print on light paper; inverted only if negative."""
    import numpy as np

    return np.asarray(255 - image, np.uint8) if is_negative(image, dpi) else image


def is_negative(image: Image, dpi: float) -> bool:
    """True if a page is dark nearly everywhere and its light parts are as small as letters and lines."""
    import cv2
    import numpy as np

    small = darkest(shrunk(image, min(_LOOK_DPI / max(dpi, 1.0), 1.0)))
    if float((small < _DARK).mean()) < _LEAST_DARK:
        return False
    light = np.asarray(small > _LIGHT, np.uint8)
    if not _LEAST_PRINT < float(light.mean()) < _MOST_PRINT:
        return False
    _, _, stats, _ = cv2.connectedComponentsWithStats(light)
    return int(stats[1:, cv2.CC_STAT_AREA].max()) < _LARGEST * light.size
