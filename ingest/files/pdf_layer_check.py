"""Check of a PDF page's text layer against its picture: hidden words, and print that no word covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Box, Page
from ingest.imaging.components import components
from ingest.imaging.pixels import darkest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ingest.imaging.pixels import Image

    Mask = NDArray[np.bool_]

LOOK_DPI = 110.0
"""Enough to show letters of 6 points, and a stamp's frame."""
_INK = 150
_CONTRAST = 24
"""Least grey difference between a word's ink and its ground; letters on a tinted or dark ground reach it too."""
_LETTER_MM = 0.35
_TALLEST_MM = 9.0
_WIDEST_MM = 25.0
"""Connected ink wider than this is a line, a frame or a drawing."""
_MARGIN_MM = 0.6
_LEAST_INK = 900
"""Pixels: about thirty letters."""
_MISSING = 0.2


@dataclass(frozen=True, slots=True)
class LayerCheck:
    """Result of the check.

    `hidden`: positions of words without ink; `missing`: True if much print lies outside all words.
    """

    hidden: frozenset[int]
    missing: bool


def compare(page: Page, image: Image, print_ink: Mask | None = None) -> LayerCheck:
    """Compare a page's words with its picture (height × width grey or × 3 RGB, at LOOK_DPI).

    print_ink: `letterlike` of the picture, where it is known already.
    """
    print_ink = letterlike(darkest(image), LOOK_DPI) if print_ink is None else print_ink
    hidden = frozenset(
        position
        for position, word in enumerate(page.words)
        if any(letter.isalnum() for letter in page.text[word.start : word.end]) and _is_flat(image, word.box)
    )
    return LayerCheck(hidden, _is_missing(page, print_ink))


def _is_flat(image: Image, box: Box) -> bool:
    """True if no channel of a colour picture shows ink: black on yellow is flat in blue alone."""
    left, top, right, bottom = _pixels(image, box, 0)
    patch = image[top:bottom, left:right]
    return patch.size > 0 and int((patch.max(axis=(0, 1)) - patch.min(axis=(0, 1))).max()) < _CONTRAST


def _pixels(grey: Image | Mask, box: Box, margin: int) -> tuple[int, int, int, int]:
    """Left, top, right, bottom in pixels, at least one wide."""
    height, width = grey.shape[:2]
    left, top = max(int(box.left * width) - margin, 0), max(int(box.top * height) - margin, 0)
    right = min(max(int(box.right * width) + 1, left + 1) + margin, width)
    return left, top, right, min(max(int(box.bottom * height) + 1, top + 1) + margin, height)


def _is_missing(page: Page, print_ink: Mask) -> bool:
    """True if much letter-sized ink lies outside all words: the layer left lines out."""
    left_over = int(not_covered(page, print_ink, LOOK_DPI).sum())
    return left_over > _LEAST_INK and left_over > _MISSING * int(print_ink.sum())


def not_covered(page: Page, ink: Mask, dpi: float) -> Mask:
    """Mask (height × width): True for ink that no word of the page covers."""
    left = ink.copy()
    _erase(left, page, dpi)
    return left


def letterlike(grey: Image, dpi: float) -> Mask:
    """True where ink of the size of letters lies (height × width)."""
    import numpy as np

    per_mm = dpi / 25.4
    found = components((grey < _INK).astype(np.uint8))
    wide, high = found.boxes[:, 2] / per_mm, found.boxes[:, 3] / per_mm
    chosen = (wide < _WIDEST_MM) & (high < _TALLEST_MM) & (np.maximum(wide, high) > _LETTER_MM)
    chosen &= ~((wide > 6) & (high < 0.8)) & ~((high > 6) & (wide < 0.8))
    return found.mask_of(chosen)


def _erase(ink: Mask, page: Page, dpi: float) -> None:
    for word in page.words:
        left, top, right, bottom = _pixels(ink, word.box, int(_MARGIN_MM * dpi / 25.4))
        ink[top:bottom, left:right] = False
