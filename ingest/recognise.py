"""Recognition of one page from picture to lines: first reading, second readings of missed parts, upright or
upside down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from corpus.config import Settings
from ingest.cautions import make_warning
from ingest.files.page import RawPage
from ingest.imaging.page_view import PageView
from ingest.ocr.blank_page import shows_through
from ingest.ocr.column_sheet import on_page
from ingest.ocr.engines import OcrEngine
from ingest.ocr.read_page import confidence_of, first_reading, is_bare, prepared, recognised, views_of
from ingest.ocr.ruled_tables import in_cells, tables
from ingest.ocr.words import Recognised
from ingest.second_readings.missed_signature import with_missed
from ingest.second_readings.unread_cells import with_unread_cells

_DOUBT = 0.6
"""Confidence below which a page may be upside down."""
_MIRROR = 0.35
"""Confidence below which a page may be a blank back with print that shows through."""


def recognise(raw: RawPage, engine: OcrEngine, settings: Settings, *, first: bool) -> Recognised:
    """Recognise a page; an unreadable one has no lines and a caution, never an exception.

    first: page 1, whose head has two cells.
    """
    import cv2

    image = raw.image
    unreadable = (make_warning("page_unreadable", raw.number),)
    if image is None or min(image.shape[:2]) == 0:
        return Recognised((), PageView.flat(np.full((16, 16), 255, np.uint8), raw.dpi), 0.0, unreadable)
    if is_bare(image, raw.dpi):
        return Recognised((), PageView.flat(image, raw.dpi), 0.0, (make_warning("page_blank", raw.number),))
    try:
        return _best(views_of(image, raw.dpi), raw.number, engine, settings, first)
    except (ValueError, ArithmeticError, MemoryError, cv2.error):
        return Recognised((), PageView.flat(image, raw.dpi), 0.0, unreadable)


def _best(
    views: Iterator[PageView], number: int, engine: OcrEngine, settings: Settings, first: bool
) -> Recognised:
    """The page in its first view; if it reads badly, in whichever view reads better."""
    found = _read(next(views), number, engine, settings, first)
    if not found.lines or found.confidence >= _DOUBT:
        return found
    others = (_read(view, number, engine, settings, first) for view in views)
    best = max((found, *others), key=lambda each: (each.confidence, each is found))
    if best.confidence < _MIRROR and not first and _is_other_side(best, engine, settings):
        return replace(best, lines=(), confidence=0.0, cautions=(make_warning("page_blank", number),))
    return best


def _is_other_side(found: Recognised, engine: OcrEngine, settings: Settings) -> bool:
    """True if the print of a page that reads badly is that of its other side, which shows through the paper."""
    image = found.page.image
    for mirrored in (image[:, ::-1], image[::-1]):
        page = prepared(PageView.flat(np.ascontiguousarray(mirrored), found.dpi), first=False)
        lines = first_reading(page, engine, settings.page_seconds)
        if shows_through(found.confidence, confidence_of(lines)):
            return True
    return False


def _read(view: PageView, number: int, engine: OcrEngine, settings: Settings, first: bool) -> Recognised:
    """The page as read in one view."""
    page, timeout = prepared(view, first=first), settings.page_seconds
    lines = first_reading(page, engine, timeout)
    if lines:
        lines = with_missed(lines, page.sheet, engine, dpi=page.dpi, timeout=timeout)
    lines = on_page(lines, page.sheet, page.scale)
    ruled = tables(page.ink) if lines else []
    cells = [cell for table in ruled for cell in table]
    lines = with_unread_cells(lines, cells, page, engine, timeout)
    return recognised(page, in_cells(lines, ruled, *page.width_height), number)
