"""A second look at the signature block (ô 7a, 7b) on the page's image: seal and pen lie over its print.

Coloured ink is taken away where the scan has colour; the block is then read by itself, without the list at its left, and
its lines take the place of the first reading's when they tell more of who signed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Page
from ingest.closing import Closing, closing_of
from ingest.recognition import Line, Token
from ingest.rows import Row, rows_of
from ingest.signer_field import name_in, title_in
from ingest.text import Text

if TYPE_CHECKING:
    from ingest.ocr import OcrEngine
    from ingest.raw import Image
    from ingest.recognition import Recognised

_LEFT, _ABOVE, _DOWN = 0.45, 0.03, 0.26
_LIST_EDGE = 0.012
_BLOCK, _SPARSE = 6, 11
"""Tesseract's page modes: one block of lines; words wherever they stand."""
_READ_DPI = 300.0


@dataclass(frozen=True, slots=True)
class Region:
    """Px of the page's image."""

    left: int
    top: int
    right: int
    bottom: int


def look_again(found: Recognised, page: Page, engine: OcrEngine, settings: Settings) -> Recognised | None:
    """The page with the better reading of its signature block; None when the page has no closing."""
    closing = closing_of(rows_of(Text.of_pages((page,))))
    region = _region(closing, found.image.shape[:2])
    if region is None:
        return None
    first = [line for line in found.lines if _inside(line, region)]
    if _told(first) >= 3.0:
        return found
    best, told = first, _told(first)
    for crop in _crops(found.image, region):
        lines = _read(crop, region, found.dpi, engine, settings)
        if _told(lines) > told:
            best, told = lines, _told(lines)
        if told >= 3.0:
            break
    return found if best is first else replace(found, lines=_spliced(found.lines, first, best))


def _region(closing: Closing, size: tuple[int, int]) -> Region | None:
    """Where the block stands: right of the list of recipients, from a little above it."""
    rows = [row for row in (closing.label, *closing.recipients) if row is not None and row.box is not None]
    if not rows:
        return None
    height, width = size
    top = min(row.box.top for row in rows if row.box) - _ABOVE
    right = max((row.box.right for row in rows if row.box and row.box.right < 0.55), default=0.4)
    left = max(_LEFT, right + _LIST_EDGE) if right < 0.5 else 0.5
    bottom = min(1.0, top + _DOWN)
    return Region(int(left * width), max(0, int(top * height)), int(0.97 * width), int(bottom * height))


def _inside(line: Line, region: Region) -> bool:
    across, down = (line.left + line.right) / 2, (line.top + line.bottom) / 2
    return region.left < across < region.right and region.top < down < region.bottom


def _told(lines: Sequence[Line]) -> float:
    """How much lines tell of who signed: a name counts 2 at best, a position 1."""
    rows = [Row(line.text, 0, len(line.text), 1, at, None, _sure(line)) for at, line in enumerate(lines)]
    names = [read.score * (0.6 + 0.4 * row.confidence) for row in rows if (read := name_in(row)) is not None]
    titled = any(title_in(row.text) is not None for row in rows)
    return 2.1 * max(names, default=0.0) + titled


def _sure(line: Line) -> float:
    return sum(word.confidence for word in line.words) / len(line.words)


def _crops(image: Image, region: Region) -> list[Image]:
    """The block as it may be read: without coloured ink; the red ink alone, where names are stamped; as it is."""
    import numpy as np

    crop = image[region.top : region.bottom, region.left : region.right]
    if crop.ndim == 2:
        return [np.ascontiguousarray(crop)]
    high = crop.max(axis=2)
    red = crop[..., 0].astype(np.int16) - np.minimum(crop[..., 1], crop[..., 2])
    grey = crop.min(axis=2)
    return [
        np.asarray(high, np.uint8),
        np.asarray(255 - np.clip(red * 2, 0, 255), np.uint8),
        np.asarray(grey, np.uint8),
    ]


def _read(crop: Image, region: Region, dpi: float, engine: OcrEngine, settings: Settings) -> list[Line]:
    import cv2
    import numpy as np

    scale = _READ_DPI / dpi
    if scale != 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)
    lines = engine.recognise(crop, dpi=_READ_DPI, psm=_SPARSE, timeout=settings.page_seconds)
    return [_moved(line, region, scale) for line in lines if line.words]


def _moved(line: Line, region: Region, scale: float) -> Line:
    """A line of the crop in the page's pixels."""
    x, y = region.left, region.top
    words = tuple(
        Token(
            w.text, x + w.left / scale, y + w.top / scale, x + w.right / scale, y + w.bottom / scale, w.confidence
        )
        for w in line.words
    )
    return replace(line, words=words)


def _spliced(lines: Sequence[Line], old: Sequence[Line], new: Sequence[Line]) -> tuple[Line, ...]:
    """The page's lines with the block's old ones replaced, at the place of the first of them."""
    at = next((at for at, line in enumerate(lines) if line in old), len(lines))
    kept = [line for line in lines if line not in old]
    before = sum(1 for line in lines[:at] if line not in old)
    block = kept[before - 1].block if before else 0
    return (*kept[:before], *(replace(line, block=block) for line in new), *kept[before:])
