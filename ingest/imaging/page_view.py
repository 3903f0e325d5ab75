"""Geometry of a page: from the file's page to the page as it was read, and back.

Boxes on record are fractions of the page as it was read: cropped from its photograph, turned upright and level.
People are shown that same page, so a box covers its ink as an upright rectangle; on the file's own page it would
be slanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from corpus.document import Box
from ingest.imaging.crop_to_page import CutPage, cut_out
from ingest.imaging.deskew import LevelledPage, skew_of
from ingest.imaging.negative import positive
from ingest.imaging.orientation import upright
from ingest.imaging.pixels import grey_of, shrunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Matrix = NDArray[np.float64]
    """3 × 3, homogeneous."""

Point = tuple[float, float]
"""Fractions of a page's width and height, origin top left."""

GEOMETRY = 1
"""Version of cut_out and skew_of: raise it if one of them changes its result, or old cached pictures stay in
use.
"""


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Frame of a page's boxes on record: clockwise turn (0, 90, 180, 270), and if it was cropped and levelled.

    Only a recognised page on which something was read is levelled; of others only the turn is known.
    """

    rotation: int = 0
    levelled: bool = False

    @property
    def key(self) -> str:
        """Part of the file name of a picture in this frame."""
        return f"{self.rotation}-level{GEOMETRY}" if self.levelled else f"{self.rotation}-flat"


@dataclass(frozen=True, slots=True)
class PageMap:
    """Map between the file's page and the page as it was read, without either picture.

    matrix: 3 × 3, row by row, from fractions of the file's page to fractions of the page as it was read.
    """

    matrix: tuple[float, ...]

    def to_source(self, box: Box) -> Box:
        """Smallest upright box on the file's page that contains a box of the page as it was read."""
        return _bounds(_through(_inverse(self._square()), _corners(box)))

    def from_source(self, box: Box) -> Box:
        """Smallest upright box on the page as it was read that contains a box of the file's page."""
        return _bounds(_through(self._square(), _corners(box)))

    def _square(self) -> Matrix:
        return np.reshape(np.asarray(self.matrix, np.float64), (3, 3))


@dataclass(frozen=True, slots=True)
class PageView:
    """A page as recognition saw it: its picture `page` at `dpi`, and its place on the file's page.

    `cut` is the sheet of paper in the file's picture, `rotation` its clockwise turn. Immutable; made by `of`.
    """

    cut: CutPage
    page: LevelledPage
    rotation: int = 0

    @classmethod
    def of(cls, image: Image, dpi: float, rotation: int) -> Self:
        """View of a page's picture (grey or RGB), turned clockwise by `rotation`; a negative is inverted.

        Raises ValueError, ArithmeticError or cv2.error for a picture too small to have a geometry.
        """
        return cls.of_cut(cut_out(positive(image, dpi), dpi), rotation)

    @classmethod
    def of_cut(cls, cut: CutPage, rotation: int) -> Self:
        """View of a sheet that is already cropped."""
        image = upright(cut.image, rotation) if rotation else cut.image
        return cls(cut, LevelledPage(image, skew_of(grey_of(image))), rotation)

    @classmethod
    def flat(cls, image: Image, dpi: float, rotation: int = 0) -> Self:
        """View of a page without cropping and levelling."""
        return cls(CutPage(image, dpi), LevelledPage(upright(image, rotation) if rotation else image), rotation)

    @property
    def dpi(self) -> float:
        return self.cut.dpi

    @property
    def is_flat(self) -> bool:
        """True if the view is the file's page, turned at most."""
        return not self.page.angle and not self.cut.is_cut

    @property
    def place(self) -> PageMap:
        """The geometry alone, for use without the picture."""
        return PageMap(tuple(float(value) for value in self._matrix().ravel()))

    def to_source(self, box: Box) -> Box:
        """`PageMap.to_source` of this view."""
        return self.place.to_source(box)

    def from_source(self, box: Box) -> Box:
        """`PageMap.from_source` of this view."""
        return self.place.from_source(box)

    def to_cut(self, point: Point) -> Point:
        """Map a point of the view to the cropped sheet, before it was turned and levelled."""
        return _through(_inverse(self._levelling()), (point,))[0]

    def picture(self, image: Image, width: int) -> Image:
        """Draw a picture of the file's page, of any resolution, as this view shows it; at most `width` px wide."""
        import cv2

        own = self.cut.source[1]
        high, wide = (side * image.shape[1] / own for side in self.page.size)
        scale = min(width / wide, 1.0)
        size = (max(round(wide * scale), 1), max(round(high * scale), 1))
        small = shrunk(image, scale) if scale < 1 else image
        matrix = np.diag([*size, 1.0]) @ self._matrix() @ np.diag([1 / small.shape[1], 1 / small.shape[0], 1.0])
        # OpenCV counts from a pixel's middle, not from its corner.
        matrix = _shift(-0.5) @ matrix @ _shift(0.5)
        drawn = cv2.warpPerspective(
            small, matrix, size, flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=(255, 255, 255)
        )
        return np.asarray(drawn, np.uint8)

    def _matrix(self) -> Matrix:
        """Matrix from fractions of the file's page to fractions of the view."""
        return np.asarray(self._levelling() @ self.cut.matrix, np.float64)

    def _levelling(self) -> Matrix:
        """Matrix from fractions of the sheet to fractions of the view: turned clockwise, then levelled about
        its middle.
        """
        import cv2

        height, width = self.page.size
        level = np.eye(3)
        level[:2] = cv2.getRotationMatrix2D((width / 2, height / 2), self.page.angle, 1.0)
        share = np.diag([1 / width, 1 / height, 1.0]) @ level @ np.diag([width, height, 1.0])
        return np.asarray(share @ _TURNS[self.rotation % 360], np.float64)


_TURNS: dict[int, Matrix] = {
    0: np.eye(3),
    90: np.array([[0.0, -1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]),
    180: np.array([[-1.0, 0.0, 1.0], [0.0, -1.0, 1.0], [0.0, 0.0, 1.0]]),
    270: np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 1.0], [0.0, 0.0, 1.0]]),
}
"""Degrees of a clockwise turn → matrix from fractions of a page to fractions of the turned page."""


def before_turn(point: Point, rotation: int) -> Point:
    """Map a point of a page that was turned clockwise by `rotation` to the page before the turn."""
    return _through(_TURNS[-rotation % 360], (point,))[0]


def _inverse(matrix: Matrix) -> Matrix:
    return np.asarray(np.linalg.inv(matrix), np.float64)


def _shift(pixels: float) -> Matrix:
    return np.array([[1.0, 0.0, pixels], [0.0, 1.0, pixels], [0.0, 0.0, 1.0]])


def _corners(box: Box) -> tuple[Point, ...]:
    return (
        (box.left, box.top), (box.right, box.top), (box.right, box.bottom), (box.left, box.bottom),
    )  # fmt: skip


def _through(matrix: Matrix, points: Sequence[Point]) -> list[Point]:
    """Apply a homography to points."""
    mapped = np.array([(x, y, 1.0) for x, y in points]) @ matrix.T
    return [(float(x / w), float(y / w)) for x, y, w in mapped]


def _bounds(points: Sequence[Point]) -> Box:
    """Smallest box around points, cut to the page."""
    xs, ys = ([min(max(point[axis], 0.0), 1.0) for point in points] for axis in (0, 1))
    return Box(min(xs), min(ys), max(xs), max(ys))
