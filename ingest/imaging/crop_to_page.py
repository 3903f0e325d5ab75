"""The page cut out of a photograph that shows what it lies on, and seen from straight above."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ingest.imaging.pixels import lightest, shrunk

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_SEARCH = 600
_RIM, _DARKER = 0.015, 45
"""On three sides the rim of a photograph, this share of it wide, is this much darker than the paper."""
_SHARE = (0.3, 0.985)
"""Of the picture, that a page covers."""
_A4 = (8.27, 11.69)


def cut_out(image: Image, dpi: float) -> tuple[Image, float]:
    """The page within a photograph and its resolution; a scan is given back as it is."""
    import cv2
    import numpy as np

    scale = min(_SEARCH / max(image.shape[:2]), 1.0)
    small = lightest(shrunk(image, scale))
    if not _has_rim(small):
        return image, dpi
    corners = _corners(np.asarray(cv2.GaussianBlur(small, (0, 0), 2.0), np.uint8))
    if corners is None:
        return image, dpi
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
    return np.asarray(page, np.uint8), min(width, height) / _A4[0]


def _has_rim(small: Image) -> bool:
    """Whether what surrounds the picture's middle is darker than paper on at least three sides."""
    import numpy as np

    rim = max(round(_RIM * max(small.shape)), 2)
    paper = float(np.percentile(small, 75))
    sides = (small[:rim], small[-rim:], small[:, :rim], small[:, -rim:])
    return sum(float(np.median(side)) < paper - _DARKER for side in sides) >= 3


def _corners(small: Image) -> Any:
    """The page's corners, from the upper left clockwise (4 × 2 px); None when no four-cornered sheet is seen."""
    import cv2
    import numpy as np

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
