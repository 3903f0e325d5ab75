"""Straightens a page by the angle at which its printed lines show best."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.raw import Image

_WIDTH = 700
_MOST, _COARSE, _FINE = 4.0, 0.5, 0.1
_LEAST = 0.15
"""Degrees; turning by less costs more sharpness than it brings."""


def skew_of(grey: Image) -> float:
    """Degrees by which the page must be turned counter-clockwise to be level; 0.0 when it is nearly so."""
    import cv2
    import numpy as np

    scale = min(_WIDTH / grey.shape[1], 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (255 - small).astype(np.float32)
    ink[ink < 60] = 0
    half = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.float32)
    best = _best(half, np.arange(-_MOST, _MOST + 0.01, _COARSE))
    best = _best(ink, np.arange(best - _COARSE, best + _COARSE + 0.01, _FINE))
    return best if abs(best) >= _LEAST else 0.0


def _best(ink: NDArray[np.float32], angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _energy(ink, float(angle))))


def _energy(ink: NDArray[np.float32], angle: float) -> float:
    """How sharply rows of ink part from gaps when the page is sheared by an angle."""
    import cv2
    import numpy as np

    height, width = ink.shape
    slope = np.tan(np.radians(angle))
    shear = np.array([[1, 0, 0], [-slope, 1, slope * width / 2]], np.float32)
    rows = cv2.warpAffine(ink, shear, (width, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def turned(image: Image, angle: float) -> Image:
    """The image turned counter-clockwise by some degrees about its middle, paper in the corners."""
    import cv2
    import numpy as np

    if not angle:
        return image
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return np.asarray(
        cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)),
        np.uint8,
    )
