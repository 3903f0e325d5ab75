"""What of a page's text can be seen, and what can be seen that is no text of it: its words held against its ink."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Box, Page
from ingest.imaging.pixels import darkest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Mask = NDArray[np.bool_]

LOOK_DPI = 110.0
"""Enough to see letters of 6 points, and a stamp's frame."""
_INK = 150
_CONTRAST = 24
"""Least difference between a word's ink and its ground; letters on a tinted or dark ground have it too."""
_LETTER_MM = 0.35
_TALLEST_MM = 9.0
_WIDEST_MM = 25.0
"""Ink that hangs together over more than this is a line, a frame or a drawing."""
_MARGIN_MM = 0.6
_LEAST_INK = 900
"""Pixels: about thirty letters."""
_MISSING = 0.2


@dataclass(frozen=True, slots=True)
class Seen:
    """`hidden`: positions of the words that leave no mark on paper; `missing`: print that no word covers is a good part."""

    hidden: frozenset[int]
    missing: bool


def compare(page: Page, image: Image) -> Seen:
    """Holds a page's words against its picture (height × width grey or × 3 RGB, at LOOK_DPI)."""
    grey = darkest(image)
    hidden = frozenset(
        position
        for position, word in enumerate(page.words)
        if any(letter.isalnum() for letter in page.text[word.start : word.end]) and _is_flat(grey, word.box)
    )
    return Seen(hidden, _is_missing(page, grey))


def _is_flat(grey: Image, box: Box) -> bool:
    left, top, right, bottom = _pixels(grey, box, 0)
    patch = grey[top:bottom, left:right]
    return patch.size > 0 and int(patch.max()) - int(patch.min()) < _CONTRAST


def _pixels(grey: Image | Mask, box: Box, margin: int) -> tuple[int, int, int, int]:
    """left, top, right, bottom in pixels, at least one wide."""
    height, width = grey.shape[:2]
    left, top = max(int(box.left * width) - margin, 0), max(int(box.top * height) - margin, 0)
    right = min(max(int(box.right * width) + 1, left + 1) + margin, width)
    return left, top, right, min(max(int(box.bottom * height) + 1, top + 1) + margin, height)


def _is_missing(page: Page, grey: Image) -> bool:
    """True if much ink of the size of letters lies where no word is: a layer that left lines out."""
    ink = _letterlike(grey, LOOK_DPI)
    total = int(ink.sum())
    _erase(ink, page, LOOK_DPI)
    left_over = int(ink.sum())
    return left_over > _LEAST_INK and left_over > _MISSING * total


def letterlike_ink(page: Page, grey: Image, dpi: float) -> Mask:
    """True where ink of the size of letters lies that no word of the page covers (height × width)."""
    ink = _letterlike(grey, dpi)
    _erase(ink, page, dpi)
    return ink


def _letterlike(grey: Image, dpi: float) -> Mask:
    import cv2
    import numpy as np

    per_mm = dpi / 25.4
    count, labels, stats, _ = cv2.connectedComponentsWithStats((grey < _INK).astype(np.uint8))
    wide, high = stats[:, cv2.CC_STAT_WIDTH] / per_mm, stats[:, cv2.CC_STAT_HEIGHT] / per_mm
    letterlike = (wide < _WIDEST_MM) & (high < _TALLEST_MM) & (np.maximum(wide, high) > _LETTER_MM)
    letterlike &= ~((wide > 6) & (high < 0.8)) & ~((high > 6) & (wide < 0.8))
    letterlike[0] = False
    return letterlike[labels] if count > 1 else np.zeros(grey.shape, bool)


def _erase(ink: Mask, page: Page, dpi: float) -> None:
    for word in page.words:
        left, top, right, bottom = _pixels(ink, word.box, int(_MARGIN_MM * dpi / 25.4))
        ink[top:bottom, left:right] = False
