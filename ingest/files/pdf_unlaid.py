"""Print that a PDF page shows and its text layer lacks.

It comes from annotations, form fields, pictures, or letters drawn as outlines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.document import Box, Page
from ingest.files.pdf_layer_check import letterlike, not_covered
from ingest.imaging.components import components
from ingest.imaging.pixels import darkest

if TYPE_CHECKING:
    from ingest.files.pdf_layer_check import Mask
    from ingest.imaging.pixels import Image

READ_DPI = 200.0
_JOIN_MM = (4.0, 1.2)
"""Across and down: letters closer than this belong to one piece."""
_HIGH_MM, _WIDE_MM = (1.8, 60.0), 4.0
"""Height range and least width of a piece; lower or higher ink is a dash, a dot or a drawing."""
_MARGIN = 0.008
_MOST = 16
"""Pieces read per page, the largest first."""


def pieces(page: Page, look: Image, dpi: float, print_ink: Mask | None = None) -> tuple[Box, ...]:
    """Boxes of print outside all words, largest first; `look`: the page as a viewer displays it, at `dpi`.

    print_ink: pdf_layer_check.letterlike of the look, where it is known already.
    """
    import cv2
    import numpy as np

    print_ink = letterlike(darkest(look), dpi) if print_ink is None else print_ink
    ink = not_covered(page, print_ink, dpi).astype(np.uint8)
    if not ink.any():
        return ()
    across, down = (max(round(side * dpi / 25.4), 1) for side in _JOIN_MM)
    joined = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((down, across), np.uint8)), np.uint8)
    per_mm, (height, width) = dpi / 25.4, look.shape[:2]
    found = [
        (wide * high, Box(left / width, top / height, (left + wide) / width, (top + high) / height))
        for left, top, wide, high, _ in components(joined).boxes[1:].tolist()
        if _HIGH_MM[0] <= high / per_mm <= _HIGH_MM[1] and wide / per_mm >= _WIDE_MM
    ]
    found.sort(key=lambda piece: piece[0], reverse=True)
    return tuple(_widen(box) for _, box in found[:_MOST])


def _widen(box: Box) -> Box:
    return Box(
        max(box.left - _MARGIN, 0.0),
        max(box.top - _MARGIN, 0.0),
        min(box.right + _MARGIN, 1.0),
        min(box.bottom + _MARGIN, 1.0),
    )


def crop(image: Image, box: Box) -> Image:
    """Piece of a page's picture, dark on white, height × width grey."""
    import numpy as np

    height, width = image.shape[:2]
    rows = slice(int(box.top * height), max(int(box.bottom * height), int(box.top * height) + 1))
    columns = slice(int(box.left * width), max(int(box.right * width), int(box.left * width) + 1))
    return np.ascontiguousarray(darkest(np.ascontiguousarray(image[rows, columns])))
