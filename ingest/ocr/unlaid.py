"""Reading of print that a page shows and its text lacks, from the pictures cut out by `ingest.files`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Box
from ingest.imaging.pixels import darkest, shrunk
from ingest.ocr.engines import SPARSE, OcrEngine
from ingest.text.syllables import is_syllable

if TYPE_CHECKING:
    from ingest.files.page import Patch
    from ingest.imaging.pixels import Image

_PRINT_WORDS, _SHOWN_WORDS = 6, 8
"""Least number of Vietnamese words for a picture to count as print, and number of them that a warning names."""
_READ_SIDE, _PAGE_SIDE = 420, 900
"""Pixels: a picture lower than a page is read at this width, which gives a stamp's letters some 40."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of print outside the text, and its place on the page if known."""

    text: str
    box: Box | None
    confidence: float
    paged: bool = False
    """True if it is also read on a page of its own."""


def shown_lines(patches: Sequence[Patch], engine: OcrEngine, timeout: float) -> list[ShownLine]:
    """Lines shown but missing from the text layer, each with its place on the page."""
    import numpy as np

    found = []
    for patch in patches:
        grey, dpi = _readable(darkest(patch.image), patch)
        grey = np.pad(grey, 12, constant_values=255)
        for line in engine.recognise(grey, dpi=dpi, psm=SPARSE, timeout=timeout):
            sure = sum(word.confidence for word in line.words) / len(line.words)
            found.append(ShownLine(line.text, patch.box, sure, patch.paged))
    return found


def words_in_pictures(shown: Sequence[ShownLine]) -> str:
    """First words of pictures with print, such as a letterhead; "" for logos, seals and signatures."""
    lines = [line.text for line in shown if line.box is None and not line.paged]
    words = [word for line in lines for word in line.split()]
    print_words = [word for word in words if len(word) > 1 and is_syllable(word)]
    if len(print_words) < _PRINT_WORDS or 2 * len(print_words) < len(words):
        return ""
    return " ".join(print_words[:_SHOWN_WORDS])


def _readable(grey: Image, patch: Patch) -> tuple[Image, float]:
    """A piece of the page unchanged; a picture of unknown size scaled so that its letters are neither tiny nor
    huge.
    """
    if patch.box is not None:
        return grey, patch.dpi
    scale = _READ_SIDE / max(grey.shape) if grey.shape[0] < _PAGE_SIDE else 1.0
    return (shrunk(grey, scale), patch.dpi * scale) if scale < 1 else (grey, patch.dpi)
