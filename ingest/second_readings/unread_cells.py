"""Second look at cells of ruled tables without a word, one by one: a table full of dirt passes for a picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from corpus.document import Box
from ingest.ocr.engines import BLOCK, OcrEngine
from ingest.ocr.read_page import READ_DPI
from ingest.ocr.ruled_tables import is_print, middle
from ingest.ocr.words import Line, moved

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image
    from ingest.ocr.read_page import PreparedPage

_INKED, _MANY = 0.012, 3
"""Least share of ink in a cell that contains something, and number of such cells that justify a second look."""
_INSET, _MARGIN = 0.003, 10
"""Share of the width that a cell's own rules may take; px of paper added round its picture."""
_LEAST_SURE = 0.5


def with_unread_cells(
    lines: tuple[Line, ...], cells: Sequence[Box], page: PreparedPage, engine: OcrEngine, timeout: float
) -> tuple[Line, ...]:
    """Add the lines of the unread cells (px of the page) in a block of their own at the end."""
    missed = unread(cells, lines, page.ink, *page.width_height)
    if not missed:
        return lines
    crops = [_crop_of(cell, page.readable) for cell in missed]
    read = engine.recognise_each([crop for crop, _, _ in crops], dpi=READ_DPI, psm=BLOCK, timeout=timeout)
    block = max(line.block for line in lines) + 1
    for (_, left, top), more in zip(crops, read, strict=True):
        kept = (printable(moved(line, left, top, page.scale)) for line in more)
        lines += tuple(replace(line, block=block) for line in kept if line is not None)
    return lines


def unread(cells: Sequence[Box], lines: Sequence[Line], ink: Image, width: float, height: float) -> list[Box]:
    """Cells with print but without a recognised word; width, height: px of boxes."""
    read = [middle(word, width, height) for line in lines for word in line.words if is_print(word)]
    empty = [cell for cell in cells if not any(cell.contains(*point) for point in read)]
    inked = [cell for cell in empty if _ink_share(cell, ink) > _INKED]
    return inked if len(inked) >= _MANY else []


def printable(line: Line) -> Line | None:
    """Words of a line that are print rather than dirt; None if there are none."""
    words = tuple(word for word in line.words if is_print(word) and word.confidence >= _LEAST_SURE)
    return replace(line, words=words) if words else None


def _crop_of(cell: Box, image: Image) -> tuple[Image, int, int]:
    """Picture of a cell without its rules, with a margin of paper, and its place in px of the image."""
    high, wide = image.shape[:2]
    inset = round(_INSET * wide)
    left, top = round(cell.left * wide) + inset, round(cell.top * high) + inset
    inside = image[top : round(cell.bottom * high) - inset, left : round(cell.right * wide) - inset]
    return np.pad(inside, _MARGIN, constant_values=255), left - _MARGIN, top - _MARGIN


def _ink_share(cell: Box, ink: Image) -> float:
    high, wide = ink.shape
    inside = ink[round(cell.top * high) + 3 : round(cell.bottom * high) - 3,
                 round(cell.left * wide) + 3 : round(cell.right * wide) - 3]  # fmt: skip
    return float(inside.mean()) if inside.size else 0.0
