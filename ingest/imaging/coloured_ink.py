"""Removal of coloured ink: marks of pen, seal and stamp on a colour scan become paper.

Red letters stay: names and titles are often stamped in red, next to the seal. Of red ink only the round seal with
its content and anything larger than letters (frames, strokes) is removed; blue ink is removed entirely.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from corpus.rectangle import mm
from ingest.imaging.pixels import shrunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Mask = NDArray[np.uint8]

_CHROMA = 28
"""Least spread of a coloured pixel's channels beyond the page's own tint (0 to 255)."""
_MOST_COLOURED, _LEAST_PRINTED = 0.35, 0.02
"""Share of the ink, and of the paper's area, in colour beyond which a page counts as printed in colour."""
_SHADOW = 0.42
"""Share of the paper's brightness; darker pixels are black print with a coloured fringe."""
_LINE_MM = 7.0
"""Height above that of a line of letters with its marks."""
_SEAL_MM = (24.0, 46.0)
"""Range of a seal's diameter."""
_SEARCH_DPI = 75.0


def print_of(image: Image, dpi: float) -> Image:
    """Grey image of a page's print: height × width, without coloured pen, seal and frames."""
    import cv2
    import numpy as np

    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    light = np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
    paper = int(np.percentile(light[::8, ::8], 75))
    coloured, reddish = _coloured_masks(image, light, paper)
    found = cv2.countNonZero(coloured)
    if not found:
        return light
    if found > _LEAST_PRINTED * light.size:
        grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)
        dark = cv2.countNonZero(cv2.threshold(grey, 127, 1, cv2.THRESH_BINARY_INV)[1]) + 1
        if found > _MOST_COLOURED * dark + _LEAST_PRINTED * light.size:
            return grey
    gone = cv2.bitwise_or(cv2.subtract(coloured, reddish), _large(reddish, dpi))
    cv2.copyTo(green, coloured, light)
    np.copyto(light, np.uint8(paper), where=cv2.dilate(gone, np.ones((3, 3), np.uint8)).view(np.bool_))
    return light


def _coloured_masks(image: Image, light: Image, paper: int) -> tuple[Mask, Mask]:
    """Masks of coloured ink, and of coloured ink where red exceeds blue.

    Colour is examined at half the resolution, as a JPEG stores it (4:2:0): edges of ink have less of it than its
    middle.
    """
    import cv2
    import numpy as np

    half = shrunk(image, 0.5)
    red, green, blue = cv2.split(half)
    chroma = cv2.subtract(cv2.max(cv2.max(red, green), blue), cv2.min(cv2.min(red, green), blue))
    tint = float(np.median(chroma[::4, ::4]) // 1)
    _, strong = cv2.threshold(_like(chroma, light), tint + _CHROMA, 1, cv2.THRESH_BINARY)
    _, lit = cv2.threshold(light, _SHADOW * paper, 1, cv2.THRESH_BINARY)
    coloured = cv2.bitwise_and(strong, lit)
    _, leads = cv2.threshold(_like(cv2.subtract(red, blue), light), 0, 1, cv2.THRESH_BINARY)
    reddish = cv2.bitwise_and(coloured, leads)
    return np.asarray(coloured, np.uint8), np.asarray(reddish, np.uint8)


def _like(half: Any, whole: Image) -> Image:
    """Enlarge a half-resolution image to the size of the whole."""
    import cv2
    import numpy as np

    return np.asarray(cv2.resize(half, whole.shape[::-1], interpolation=cv2.INTER_LINEAR), np.uint8)


def _large(red: Mask, dpi: float) -> Mask:
    """Red ink that is no letter: round seals with their content, then anything else taller than a line."""
    import cv2
    import numpy as np

    if not cv2.countNonZero(red):
        return red
    small = shrunk(red * 255, _SEARCH_DPI / dpi)
    ink = (small > 50).astype(np.uint8)
    within = np.zeros_like(ink)
    for x, y, radius in seals(ink):
        cv2.circle(within, (x, y), radius + 2, 1, -1)
    gone = within | _tall(ink & (1 - within))
    whole = np.asarray(cv2.resize(gone, (red.shape[1], red.shape[0]), interpolation=cv2.INTER_NEAREST), np.uint8)
    return whole & red


def _tall(ink: Mask) -> Mask:
    import cv2
    import numpy as np

    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    tall = (stats[:count, cv2.CC_STAT_HEIGHT] > _LINE_MM * mm(_SEARCH_DPI)).astype(np.uint8)
    tall[0] = 0
    return np.asarray(tall[labels], np.uint8)


def seals(ink: Mask) -> Iterator[tuple[int, int, int]]:
    """Middle and radius of round seals, px; searched for only where red ink is large enough for one."""
    import cv2
    import numpy as np

    per_mm = mm(_SEARCH_DPI)
    low, high = (round(side * per_mm / 2) for side in _SEAL_MM)
    joined = cv2.dilate(ink, np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    for left, top, width, height, _ in stats[1:count].tolist():
        if min(width, height) < 1.8 * low:
            continue
        room = np.pad(ink[top : top + height, left : left + width] * 255, 12)
        soft = cv2.GaussianBlur(room, (0, 0), 1.0)
        found = cv2.HoughCircles(
            soft, cv2.HOUGH_GRADIENT, 1.5, 2 * low, param1=120, param2=30, minRadius=low, maxRadius=high
        )
        for x, y, radius in [] if found is None else found.reshape(-1, 3)[:2].round().astype(int).tolist():
            yield x - 12 + left, y - 12 + top, radius
