"""Straightens a page by the angle at which its printed lines show best."""

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
"""The page is summed up in so many upright strips: within one, a page that is a few degrees off is off by a pixel."""
_LEAST = 0.15
"""Degrees; turning by less costs more sharpness than it brings."""


@dataclass(frozen=True, slots=True)
class Level:
    """A page that is to be turned counter-clockwise by `angle` degrees to be level; what is looked at of it is turned.

    Turning a whole page in colour costs more than finding its lines, and only its head and its signature are looked at.
    """

    image: Image
    angle: float = 0.0

    @property
    def size(self) -> tuple[int, int]:
        """Height and width."""
        height, width = self.image.shape[:2]
        return height, width

    def cut(self, left: int, top: int, right: int, bottom: int) -> Image:
        """A part of the level page, px of it; `right` and `bottom` lie on the page."""
        import numpy as np

        if not self.angle:
            return np.ascontiguousarray(self.image[top:bottom, left:right])
        return _turned(self.image, self.angle, (left, top, right, bottom))

    def whole(self) -> Image:
        """All of the level page."""
        return turned(self.image, self.angle)


def skew_of(grey: Image) -> float:
    """Degrees by which the page must be turned counter-clockwise to be level; 0.0 when it is nearly so."""
    import cv2
    import numpy as np

    scale = min(_WIDTH / grey.shape[1], 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = (255 - small).astype(np.float32)
    ink[ink < 60] = 0
    strips = np.asarray(cv2.resize(ink, (_STRIPS, ink.shape[0]), interpolation=cv2.INTER_AREA), np.float32)
    wide = ink.shape[1] / _STRIPS
    best = _best(strips, wide, np.arange(-_MOST, _MOST + 0.01, _COARSE))
    best = _best(strips, wide, np.arange(best - _COARSE, best + _COARSE + 0.01, _FINE))
    return best if abs(best) >= _LEAST else 0.0


def _best(strips: NDArray[np.float32], wide: float, angles: NDArray[np.float64]) -> float:
    return float(max(angles, key=lambda angle: _energy(strips, wide, float(angle))))


def _energy(strips: NDArray[np.float32], wide: float, angle: float) -> float:
    """How sharply rows of ink part from gaps when upright strips, each `wide` px, are shifted as an angle shears them."""
    import cv2
    import numpy as np

    height, count = strips.shape
    slope = np.tan(np.radians(angle)) * wide
    shear = np.array([[1, 0, 0], [-slope, 1, slope * (count - 1) / 2]], np.float32)
    rows = cv2.warpAffine(strips, shear, (count, height), flags=cv2.INTER_LINEAR).sum(axis=1)
    return float(((rows[1:] - rows[:-1]) ** 2).sum())


def turned(image: Image, angle: float) -> Image:
    """The image turned counter-clockwise by some degrees about its middle, paper in the corners."""
    height, width = image.shape[:2]
    return _turned(image, angle, (0, 0, width, height)) if angle else image


def _turned(image: Image, angle: float, part: tuple[int, int, int, int]) -> Image:
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
