"""Marks of office rubber stamps on a page's image: small boxed or red words, set upright."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from corpus.rectangle import mm
from ingest.imaging import stamp_frames
from ingest.imaging.pixels import darkest, shrunk

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Mask = NDArray[np.uint8]

_SEARCH_DPI = 120
"""Frames of 0.3 mm are still one pixel wide at this, and a page costs a few milliseconds."""
_INK = 150
"""Ink's darkest channel is below this; red ink too, since it has no green and no blue."""
_RED_LEAD = 40
"""Least lead of red over green and blue in red ink, even after a JPEG halved its colour (4:2:0)."""
_LEAST_LIGHT = 80
"""Least red channel of red ink; darker pixels are black with a coloured fringe."""
_LEAST_RED = 40
"""Pixels at the search resolution; less is dust or a coloured edge."""
_WIDTH_MM, _HEIGHT_MM, _ASPECT = (12.0, 80.0), (4.0, 22.0), (1.6, 9.0)
"""MẬT is 20 × 8 mm, TUYỆT MẬT 40 × 8 mm (Thông tư 33/2015/TT-BCA); scans with a wrong dpi need the slack."""
_WORD_SCALE = 0.6
"""Size of a word relative to its frame."""
_RECTANGULAR = 0.78
"""Least share of its smallest rectangle that the inside of a frame fills."""
_FILLED = 0.4
_GAP_MM = 2.2
"""Letters of one word are closer than this."""
_MOST = 8
_LEAST_SIDE, _MOST_SIDE = 100, 32_000
"""Pixels; a narrower strip of paper has no stamp, and OpenCV turns nothing larger."""
_LETTER_HEIGHT = 64
"""Pixels of an upright crop's height: its letters then have half of it, which Tesseract reads best."""
_EDGE = 0.11
"""Share of a framed crop's height that is cut off at its edges."""
_LINE, _THIN = 0.6, 5


_LEAST_CELLS, _SAME_SIDE, _ANOTHER = 2, 0.2, 0.5
"""Neighbouring frames that make one a table cell; greatest difference of their sides (share); least distance,
as a share of its own side, at which a frame found twice counts as another.
"""


@dataclass(frozen=True, slots=True)
class Stamp:
    """One word-like mark. `crop` is grey, upright or upside down, dark on white."""

    crop: Image
    inside: Image | None = None
    """Whole inside of a frame, with print that runs through it; None for a cell, or words without a frame."""


def stamps(image: Image, dpi: float, tilted: bool = True) -> Iterator[Stamp]:
    """Stamp-like marks of a page, framed ones first, at most a few: frames of any colour, and words in red ink.

    image: height × width grey or × 3 RGB; tilted: search for broken frames at every angle of a hand, not only
    level. Round seals, signatures and tables are excluded by their shape.
    """
    if min(image.shape[:2]) < _LEAST_SIDE or max(image.shape[:2]) > _MOST_SIDE:
        return
    scale = min(_SEARCH_DPI / max(dpi, 1.0), 1.0)
    small = shrunk(image, scale)
    per_mm = mm(dpi * scale)
    red = _red(small)
    coloured = int(red.sum()) >= _LEAST_RED
    framed = _frames(red, per_mm) if coloured else []
    words = [word for word in _words(red, per_mm) if not _within(word, framed)] if coloured else []
    ink = (darkest(small) < _INK).astype("uint8")
    dark = _frames(ink, per_mm)
    # Print over a frame divides its inside; its four sides are still there.
    alone = stamp_frames.framed(ink, per_mm, tilted)
    broken = [frame for frame in alone if not _within(frame, dark)]
    inked = [frame for frame in broken if coloured]
    # A frame broken by the print under it is found only as a word, so words are tried both ways.
    tries = (
        (True, True, framed),
        (False, True, dark),
        (True, True, inked),
        (False, True, broken),
        (True, True, words),
        (True, False, words),
    )
    for red_ink, has_frame, rectangles in tries:
        for rectangle in rectangles[:_MOST]:
            stamp = _upright(image, rectangle, scale, red=red_ink, framed=has_frame)
            # The cells of a table are no stamps, whatever the shape of their words.
            is_alone = _within(rectangle, alone) and not _is_cell(rectangle, [*dark, *alone])
            yield stamp if is_alone else replace(stamp, inside=None)


def _is_cell(rectangle: Any, others: list[Any]) -> bool:
    """True if a frame is in a row or column with two others of its height or width: a table whose rules are
    broken.
    """
    (x, y), sides, _ = rectangle
    high, wide = min(sides), max(sides)
    row = column = 0
    for (cx, cy), around, _ in others:
        apart = abs(cx - x) > _ANOTHER * wide or abs(cy - y) > _ANOTHER * high
        row += apart and abs(cy - y) < high / 2 and abs(min(around) - high) < _SAME_SIDE * high
        column += apart and abs(cx - x) < _SAME_SIDE * wide and abs(max(around) - wide) < _SAME_SIDE * wide
    return max(row, column) >= _LEAST_CELLS


def _within(rectangle: Any, others: list[Any]) -> bool:
    """True if a rectangle's middle is in one of the others (all have nearly the same angle)."""
    (x, y), _, _ = rectangle
    return any(abs(x - cx) < min(w, h) / 2 and abs(y - cy) < min(w, h) / 2 for (cx, cy), (w, h), _ in others)


def _red(image: Image) -> Mask:
    """Mask: 1 for red ink."""
    import cv2
    import numpy as np

    if image.ndim == 2:
        return np.zeros(image.shape, np.uint8)
    red, green, blue = cv2.split(image)
    _, leads = cv2.threshold(cv2.subtract(red, cv2.max(green, blue)), _RED_LEAD, 1, cv2.THRESH_BINARY)
    _, light = cv2.threshold(red, _LEAST_LIGHT, 1, cv2.THRESH_BINARY)
    return np.asarray(cv2.bitwise_and(leads, light), np.uint8)


def _frames(ink: Mask, per_mm: float) -> list[Any]:
    """Insides of rectangular frames of a stamp's size, largest first.

    The inside is a hole in the ink: print that touches the frame from outside doesn't change it.
    """
    import cv2

    contours, tree = cv2.findContours(ink, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for position, contour in enumerate(contours):
        if tree[0][position][3] < 0:
            continue
        _, _, width, height = cv2.boundingRect(contour)
        if width * height < _WIDTH_MM[0] * _HEIGHT_MM[0] * per_mm**2:
            continue
        rectangle = cv2.minAreaRect(contour)
        if _fits(rectangle, per_mm) and cv2.contourArea(contour) >= _RECTANGULAR * _area(rectangle):
            found.append(rectangle)
    return sorted(found, key=_area, reverse=True)


def _words(red: Mask, per_mm: float) -> list[Any]:
    """Words in red ink without a frame, and frames that are broken."""
    import cv2

    size = max(int(_GAP_MM * per_mm), 3) | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    joined = cv2.morphologyEx(red, cv2.MORPH_CLOSE, disc)
    contours, _ = cv2.findContours(joined, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    found = []
    for contour in contours:
        rectangle = cv2.minAreaRect(contour)
        if _fits(rectangle, per_mm, _WORD_SCALE) and cv2.contourArea(contour) >= _FILLED * _area(rectangle):
            found.append(rectangle)
    return sorted(found, key=_area, reverse=True)


def _area(rectangle: Any) -> float:
    return float(rectangle[1][0] * rectangle[1][1])


def _fits(rectangle: Any, per_mm: float, scale: float = 1.0) -> bool:
    short, long = sorted(side / per_mm / scale for side in rectangle[1])
    return bool(
        _HEIGHT_MM[0] <= short <= _HEIGHT_MM[1]
        and _WIDTH_MM[0] <= long <= _WIDTH_MM[1]
        and _ASPECT[0] <= long / max(short, 0.1) <= _ASPECT[1]
    )


def _upright(image: Image, rectangle: Any, scale: float, *, red: bool, framed: bool) -> Stamp:
    """Crop a rectangle from the full image, its long side level."""
    import cv2

    (x, y), (width, height), angle = rectangle
    if not framed:
        width, height = (side + 1.5 * _GAP_MM * scale for side in (width, height))
    if width < height:
        width, height, angle = height, width, angle + 90
    angle = (angle + 90) % 180 - 90
    zoom = _LETTER_HEIGHT / max(height / scale, 1.0)
    turn = cv2.getRotationMatrix2D((x / scale, y / scale), angle, min(zoom, 4.0))
    wide, high = (max(int(side / scale * min(zoom, 4.0)), 8) for side in (width, height))
    turn[:, 2] += (wide / 2 - x / scale, high / 2 - y / scale)
    patch: Any = cv2.warpAffine(image, turn, (wide, high), flags=cv2.INTER_AREA, borderValue=(255, 255, 255))
    grey = 255 - _redness(patch) if red else darkest(patch)
    inside = _inner(grey, _EDGE) if framed else None
    return Stamp(_word_alone(grey, _EDGE if framed else 0.0), inside)


def _inner(grey: Image, edge: float) -> Image:
    """A frame's crop without the margin at its sides."""
    cut = int(grey.shape[0] * edge)
    return grey[cut : grey.shape[0] - cut, cut : grey.shape[1] - cut]


def _word_alone(grey: Image, edge: float) -> Image:
    """The word alone, black on white: a frame's lines are cut off at the edges, and their remains removed."""
    import cv2
    import numpy as np

    high, wide = grey.shape[:2]
    cut = int(high * edge)
    inner = np.ascontiguousarray(grey[cut : high - cut, cut : wide - cut])
    _, ink = cv2.threshold(inner, 0, 255, cv2.THRESH_BINARY_INV | cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink)
    lines = stats[:, cv2.CC_STAT_WIDTH] > _LINE * inner.shape[1]
    thin = (stats[:, cv2.CC_STAT_HEIGHT] < _THIN) & (stats[:, cv2.CC_STAT_WIDTH] > 3 * _THIN)
    lines = (lines | thin)[:count]
    lines[0] = False
    inner[cv2.dilate(lines[labels].astype(np.uint8), np.ones((3, 3), np.uint8)) > 0] = 255
    return np.pad(inner, ((14, 14), (18, 18)), constant_values=255)


def _redness(patch: Image) -> Any:
    """Strength of red ink, 0 to 255: black text under the stamp disappears."""
    import numpy as np

    lead = patch[..., 0].astype(np.int16) - np.maximum(patch[..., 1], patch[..., 2])
    return np.clip(lead * 2, 0, 255).astype(np.uint8)
