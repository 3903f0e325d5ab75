"""A page from its raw image to words in reading order: made upright and level, its print read without its stamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Warning
from ingest.columns import SEARCH_DPI, pieces
from ingest.handwriting_image import grey_of
from ingest.ink import print_of
from ingest.ocr import PAGE, OcrEngine
from ingest.prepare_skew import skew_of, turned
from ingest.raw import RawPage, caution
from ingest.recognition import Line, Recognised
from ingest.sheet import on_page, sheet_of

if TYPE_CHECKING:
    from ingest.raw import Image

READ_DPI = 200.0
_LEAST_CONFIDENCE = 0.6
_BLANK = 0.0004
"""Share of ink below which a page without a word is blank rather than unreadable."""


def recognise(raw: RawPage, engine: OcrEngine, settings: Settings, *, first: bool) -> Recognised:
    """Everything from a raw image to lines; a page that can't be read has none and a caution, never an exception.

    first: page 1, whose head has two cells.
    """
    import numpy as np

    if raw.image is None:
        return Recognised(
            (), np.full((16, 16), 255, np.uint8), raw.dpi, cautions=(caution("page_unreadable", raw.number),)
        )
    try:
        return _recognised(raw, raw.image, engine, settings, first)
    except (ValueError, ArithmeticError, MemoryError, _image_error()):
        return Recognised((), raw.image, raw.dpi, cautions=(caution("page_unreadable", raw.number),))


def _image_error() -> type[Exception]:
    import cv2

    error: type[Exception] = cv2.error
    return error


def _recognised(raw: RawPage, image: Image, engine: OcrEngine, settings: Settings, first: bool) -> Recognised:
    upright = turned(image, skew_of(grey_of(image)))
    grey = print_of(upright, raw.dpi)
    ink = _ink(grey, raw.dpi)
    scale = READ_DPI / raw.dpi if raw.dpi < READ_DPI else 1.0
    sheet = sheet_of(_scaled(grey, scale), pieces(ink, first=first))
    found = engine.recognise(sheet.image, dpi=raw.dpi * scale, psm=PAGE, timeout=settings.page_seconds)
    lines = on_page(found, sheet, scale)
    sure = _confidence(lines)
    return Recognised(lines, upright, raw.dpi, 0, sure, _cautions(lines, sure, ink, raw.number))


def _scaled(grey: Image, scale: float) -> Image:
    import cv2
    import numpy as np

    if scale == 1.0:
        return grey
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC), np.uint8)


def _ink(grey: Image, dpi: float) -> Image:
    """1 where there is print, at SEARCH_DPI."""
    import cv2
    import numpy as np

    scale = SEARCH_DPI / dpi
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    _, ink = cv2.threshold(small, 158, 1, cv2.THRESH_BINARY_INV)
    return np.asarray(ink, np.uint8)


def _confidence(lines: tuple[Line, ...]) -> float:
    """Mean over the letters."""
    sure = [(len(word.text), word.confidence) for line in lines for word in line.words]
    return sum(count * value for count, value in sure) / max(sum(count for count, _ in sure), 1)


def _cautions(lines: tuple[Line, ...], sure: float, ink: Image, number: int) -> tuple[Warning, ...]:
    if not lines:
        return (caution("page_blank" if ink.mean() < _BLANK else "page_unreadable", number),)
    return (caution("low_confidence", number),) if sure < _LEAST_CONFIDENCE else ()
