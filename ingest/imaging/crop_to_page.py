"""Cropping of a photographed page from its background, with the perspective corrected."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ingest.imaging.pixels import lightest, shrunk

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

_SEARCH = 600
_RIM, _DARKER = 0.015, 45
"""Width of the rim as a share of the photograph, and the grey levels by which it is darker than the paper on
three sides.
"""
_SHARE = (0.3, 0.985)
"""Share of the picture that a page may cover."""
_A4 = (8.27, 11.69)


@dataclass(frozen=True, slots=True)
class CutPage:
    """A sheet of paper in a picture of it: the sheet's own picture at `dpi`.

    `cut_from`: height and width in px of a picture that shows more than the sheet; None if the sheet is all of it.
    `matrix`: 3 × 3, from fractions of that picture to fractions of the sheet.
    """

    image: Image
    dpi: float
    cut_from: tuple[int, int] | None = None
    matrix: NDArray[np.float64] = field(default_factory=lambda: np.eye(3))

    @property
    def is_cut(self) -> bool:
        """True if the picture shows more than the sheet."""
        return self.cut_from is not None

    @property
    def source(self) -> tuple[int, int]:
        """Height and width in px of the picture that contains the sheet."""
        height, width = self.cut_from or self.image.shape[:2]
        return height, width


def cut_out(image: Image, dpi: float) -> CutPage:
    """Crop the page in a photograph, as seen from straight above; a scan is returned unchanged."""
    import cv2

    scale = min(_SEARCH / max(image.shape[:2]), 1.0)
    small = lightest(shrunk(image, scale))
    if not _has_rim(small):
        return CutPage(image, dpi)
    corners = _corners(np.asarray(cv2.GaussianBlur(small, (0, 0), 2.0), np.uint8))
    if corners is None:
        return CutPage(image, dpi)
    top_left, top_right, bottom_right, bottom_left = corners / scale
    wide = max(np.hypot(*(top_right - top_left)), np.hypot(*(bottom_right - bottom_left)))
    high = max(np.hypot(*(bottom_left - top_left)), np.hypot(*(bottom_right - top_right)))
    long, short = _A4[1] / _A4[0], 1.0
    width, height = (
        (round(wide), round(wide * long / short)) if high > wide else (round(high * long / short), round(high))
    )
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    matrix = cv2.getPerspectiveTransform((corners / scale).astype(np.float32), target)
    page = cv2.warpPerspective(
        image, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    source = (image.shape[0], image.shape[1])
    shares = np.diag([1 / width, 1 / height, 1.0]) @ matrix @ np.diag([source[1], source[0], 1.0])
    return CutPage(np.asarray(page, np.uint8), min(width, height) / _A4[0], source, np.asarray(shares, np.float64))


def _has_rim(small: Image) -> bool:
    """True if the picture's rim is darker than paper on at least three sides."""
    rim = max(round(_RIM * max(small.shape)), 2)
    paper = float(np.percentile(small, 75))
    sides = (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])
    return sum(float(np.median(side)) < paper - _DARKER for side in sides) >= 3


def _corners(small: Image) -> Any:
    """Corners of the page, clockwise from the upper left (4 × 2 px); None if no four-cornered sheet is seen."""
    import cv2

    _, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    mask = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    contours, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    if not contours:
        return None
    hull = cv2.convexHull(max(contours, key=cv2.contourArea))
    if not _SHARE[0] < cv2.contourArea(hull) / small.size < _SHARE[1]:
        return None
    for loose in (0.02, 0.03, 0.05, 0.08):
        found = cv2.approxPolyDP(hull, loose * cv2.arcLength(hull, True), True).reshape(-1, 2).astype(np.float32)
        if len(found) == 4:
            total, difference = found.sum(axis=1), found[:, 0] - found[:, 1]
            order = [int(total.argmin()), int(difference.argmax()), int(total.argmax()), int(difference.argmin())]
            return found[order] if len(set(order)) == 4 else None
    return None
