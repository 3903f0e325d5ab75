"""Cuttings of a page's picture around evidence, as PNG."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image

Boxes = list[list[float]]
"""Rectangles as [left, top, right, bottom], in fractions of the page."""

_MARGIN = 0.03
"""Part of the page's height that is shown above and below the evidence."""
_RED = (176, 0, 32)
_LINE = 3
"""Width of a frame, in pixels of the picture."""


def around(path: Path, boxes: Boxes) -> bytes:
    """The part of a page's picture around boxes, each framed; the whole page without boxes."""
    page = _with_frames(path, boxes)
    if boxes:
        page = _rows(page, min(box[1] for box in boxes), max(box[3] for box in boxes))
    return _png(page)


def head(path: Path, boxes: Boxes, least: float = 0.3) -> bytes:
    """A page from its top to below the lowest box, at least the part `least` of its height; boxes are framed."""
    page = _with_frames(path, boxes)
    return _png(_rows(page, 0.0, max([least, *(box[3] for box in boxes)])))


def _with_frames(path: Path, boxes: Boxes) -> Image.Image:
    from PIL import Image, ImageDraw

    with Image.open(path) as picture:
        page = picture.convert("RGB")
    draw = ImageDraw.Draw(page)
    for left, top, right, bottom in boxes:
        edges = (left * page.width - _LINE, top * page.height - _LINE, right * page.width + _LINE,
                 bottom * page.height + _LINE)  # fmt: skip
        draw.rectangle(edges, outline=_RED, width=_LINE)
    return page


def _rows(page: Image.Image, first: float, last: float) -> Image.Image:
    """The rows of a page between two heights (fractions), with the margin above and below."""
    top = int(max(0.0, first - _MARGIN) * page.height)
    bottom = int(min(1.0, last + _MARGIN) * page.height)
    return page.crop((0, top, page.width, max(bottom, top + 1)))


def _png(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "PNG", optimize=True)
    return out.getvalue()
