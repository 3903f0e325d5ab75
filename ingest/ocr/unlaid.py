"""Reads the print that a page shows and its text lacks, from the pictures that `ingest.files` cut out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Box
from ingest.imaging.pixels import darkest, shrunk
from ingest.ocr.engines import SPARSE, OcrEngine

if TYPE_CHECKING:
    from ingest.files.page import Patch
    from ingest.imaging.pixels import Image

_READ_SIDE, _PAGE_SIDE = 420, 900
"""Pixels: a picture lower than a page is read so wide, which gives a stamp's letters some 40."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of print that is no part of the text, and its place on the page where that is known."""

    text: str
    box: Box | None
    confidence: float


def shown_lines(patches: Sequence[Patch], engine: OcrEngine, timeout: float) -> list[ShownLine]:
    """The words shown but not in the layer, a line of print a line, each with its place on the page."""
    import numpy as np

    found = []
    for patch in patches:
        grey, dpi = _readable(darkest(patch.image), patch)
        grey = np.pad(grey, 12, constant_values=255)
        for line in engine.recognise(grey, dpi=dpi, psm=SPARSE, timeout=timeout):
            sure = sum(word.confidence for word in line.words) / len(line.words)
            found.append(ShownLine(line.text, patch.box, sure))
    return found


def _readable(grey: Image, patch: Patch) -> tuple[Image, float]:
    """A piece of the page as it is; a picture of unknown size with its letters neither tiny nor huge."""
    if patch.box is not None:
        return grey, patch.dpi
    scale = _READ_SIDE / max(grey.shape) if grey.shape[0] < _PAGE_SIDE else 1.0
    return (shrunk(grey, scale), patch.dpi * scale) if scale < 1 else (grey, patch.dpi)
