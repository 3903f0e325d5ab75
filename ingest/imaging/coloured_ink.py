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
_RULE_MM, _FRAME_MM, _SHARED = 15.0, (12.0, 50.0), 0.5
"""A stamp's frame: least length of its upper and lower line, range of its height,
and least share of its width that both lines have.
"""
_ASPECT = 1.2
"""Least width of an unbroken frame, in its heights: a seal is as wide as high."""
_LETTER_INK = 0.03
"""Least share of a row of a frame's box, and of the paper next to it, that print which crosses the frame inks."""
_BESIDE_MM = 12.0
"""Width of the paper next to a frame on which print that crosses the frame goes on."""
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
    gone = cv2.dilate(gone, np.ones((3, 3), np.uint8))
    black = cv2.threshold(light, _SHADOW * paper, 1, cv2.THRESH_BINARY_INV)[1]
    cv2.copyTo(green, coloured, light)
    gone = np.asarray(cv2.bitwise_or(gone, _ink_on_print(reddish, np.asarray(black, np.uint8), dpi)), np.uint8)
    np.copyto(light, np.uint8(paper), where=gone.view(np.bool_))
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


def _ink_on_print(red: Mask, black: Mask, dpi: float) -> Mask:
    """Ink of red stamps in rectangular frames on lines of black print that cross them: frame and letters there.

    A stamp that no print crosses keeps its letters: number and day of arrival are read from it.
    """
    import cv2
    import numpy as np

    gone = np.zeros_like(red)
    if not cv2.countNonZero(red):
        return gone
    small = (shrunk(red * 255, _SEARCH_DPI / dpi) > 50).astype(np.uint8)
    frames = list(_frames(small))
    if not frames:
        return gone
    print_ = (shrunk(black * 255, _SEARCH_DPI / dpi) > 50).astype(np.uint8)
    per_mm, scale = mm(_SEARCH_DPI), dpi / _SEARCH_DPI
    for left, top, width, height in frames:
        beside = round(_BESIDE_MM * per_mm)
        rows = slice(top, top + height)
        inside = print_[rows, left : left + width].mean(axis=1)
        outside = [print_[rows, max(0, left - beside) : left], print_[rows, left + width : left + width + beside]]
        goes_on = [part.mean(axis=1) > _LETTER_INK for part in outside if part.shape[1]]
        crossed = (inside > _LETTER_INK) & np.any(goes_on, axis=0)
        zone = np.zeros((height, width), np.uint8)
        zone[cv2.dilate(crossed.astype(np.uint8)[:, None], np.ones((5, 1), np.uint8))[:, 0] > 0] = 1
        count, _, stats, _ = cv2.connectedComponentsWithStats(
            cv2.dilate(small[rows, left : left + width], np.ones((3, 3), np.uint8)), connectivity=8
        )
        for x, y, wide, high, _ in stats[1:count].tolist():
            if high < _LINE_MM * per_mm and zone[y : y + high, 0].any():
                zone[y : y + high, x : x + wide] = 1
        x, y = round(left * scale), round(top * scale)
        here = gone[y : y + round(height * scale), x : x + round(width * scale)]
        here[cv2.resize(zone, here.shape[::-1], interpolation=cv2.INTER_NEAREST) > 0] = 1
    # Edges of the print's own letters are grey.
    gone[cv2.dilate(black, np.ones((5, 5), np.uint8)) > 0] = 0
    return gone


def _frames(ink: Mask) -> Iterator[tuple[int, int, int, int]]:
    """Boxes of frames of red ink in the upper half of a page: left, top, width, height, px.

    A frame is unbroken, or its upper and its lower line: print that crosses it breaks its sides.
    """
    import cv2
    import numpy as np

    per_mm = mm(_SEARCH_DPI)
    joined = cv2.dilate(ink[: len(ink) // 2], np.ones((3, 3), np.uint8))
    count, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    long = [one for one in stats[1:count].tolist() if one[2] > _RULE_MM * per_mm]
    lines = [one for one in long if one[2] > 3 * one[3]]
    for left, top, width, height, _ in long:
        if _FRAME_MM[0] * per_mm < height < _FRAME_MM[1] * per_mm and width > _ASPECT * height:
            yield left, top, width, height
    for upper in lines:
        for lower in lines:
            left, right = min(upper[0], lower[0]), max(upper[0] + upper[2], lower[0] + lower[2])
            high = lower[1] + lower[3] - upper[1]
            shared = min(upper[0] + upper[2], lower[0] + lower[2]) - max(upper[0], lower[0])
            is_high = lower[1] > upper[1] and _FRAME_MM[0] * per_mm < high < _FRAME_MM[1] * per_mm
            if is_high and shared > _SHARED * (right - left):
                yield left, upper[1], right - left, high


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
