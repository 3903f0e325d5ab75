"""Deskewing of a page, by the angle at which its printed lines are sharpest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

_WIDTH = 700
_MOST, _COARSE, _FINE = 4.0, 0.5, 0.1
_STRIPS = 48
"""Number of upright strips that the page is averaged into: a few degrees of skew move a line by one pixel
within a strip.
"""
_LEAST = 0.15
"""Degrees; turning by less costs more sharpness than it brings."""


@dataclass(frozen=True, slots=True)
class LevelledPage:
    """A page that becomes level when turned counter-clockwise by `angle` degrees; only the parts in use are
    turned.

    Turning a whole page in colour costs more than finding its lines, and only its head and its signature are used.
    """

    image: Image
    angle: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Height and width, px."""
        height, width = self.image.shape[:2]
        return height, width

    def cut(self, left: int, top: int, right: int, bottom: int) -> Image:
        """A part of the level page, px of it; `right` and `bottom` are within the page."""
        import numpy as np

        if not self.angle:
            return np.ascontiguousarray(self.image[top:bottom, left:right])
        return _turn(self.image, self.angle, (left, top, right, bottom))

    def whole(self) -> Image:
        """The whole level page."""
        return turned(self.image, self.angle)


def skew_of(grey: Image) -> float:
    """Degrees by which the page must be turned counter-clockwise to be level; 0.0 if it nearly is."""
    import cv2
    import numpy as np

    scale = min(_WIDTH / grey.shape[1], 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (255 - small).astype(np.float32)
    ink[ink < 60] = 0
    if not ink.any():
        return 0.0
    strips = np.asarray(cv2.resize(ink, (_STRIPS, ink.shape[0]), interpolation=cv2.INTER_AREA), np.float32)
    wide = ink.shape[1] / _STRIPS
    best = _best(strips, wide, np.arange(-_MOST, _MOST + 0.01, _COARSE))
    best = _best(strips, wide, np.arange(best - _COARSE, best + _COARSE + 0.01, _FINE))
    return best if abs(best) >= _LEAST else 0.0


def _best(strips: NDArray[np.float32], wide: float, angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _energy(strips, wide, float(angle))))


def _energy(strips: NDArray[np.float32], wide: float, angle: float) -> float:
    """Sharpness of the boundary between rows of ink and gaps, when strips `wide` px each are sheared by an
    angle.
    """
    import cv2
    import numpy as np

    height, count = strips.shape
    slope = np.tan(np.radians(angle)) * wide
    shear = np.array([[1, 0, 0], [-slope, 1, slope * (count - 1) / 2]], np.float32)
    rows = cv2.warpAffine(strips, shear, (count, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def turned(image: Image, angle: float) -> Image:
    """Turn an image counter-clockwise by some degrees about its middle, with paper in the corners."""
    height, width = image.shape[:2]
    return _turn(image, angle, (0, 0, width, height)) if angle else image


def _turn(image: Image, angle: float, part: tuple[int, int, int, int]) -> Image:
    import cv2
    import numpy as np

    left, top, right, bottom = part
    height, width = image.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] -= (left, top)
    size = (right - left, bottom - top)
    return np.asarray(
        cv2.warpAffine(image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=(255, 255, 255)), np.uint8
    )
