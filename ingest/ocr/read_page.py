"""A page from its raw image to words in reading order: made upright and level, its print read without its stamps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Warning
from ingest.cautions import caution
from ingest.files.page import RawPage
from ingest.imaging.coloured_ink import print_of
from ingest.imaging.crop_to_page import cut_out
from ingest.imaging.deskew import Level, turned
from ingest.imaging.even_background import evened
from ingest.imaging.orientation import is_sideways
from ingest.imaging.page_view import _level
from ingest.imaging.pixels import darkest, grey_of, shrunk
from ingest.ocr.column_sheet import on_page, sheet_of
from ingest.ocr.columns import SEARCH_DPI, pieces
from ingest.ocr.engines import BLOCK, PAGE, OcrEngine
from ingest.ocr.missed_signature import with_missed
from ingest.ocr.ruled_tables import crop_of, in_cells, sound, tables, unread
from ingest.ocr.words import Line, Recognised, moved

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


READ_DPI = 200.0
"""Finer scans are read at this: on office scans 200 dpi reads better than 300 (an eighth fewer errors) for a third less
time, and enlarging to 300 reads worse."""
_COARSE_DPI = 150.0
"""Coarser scans are enlarged."""
_LEAST_CONFIDENCE = 0.6
_DOUBT = 0.6
"""A page read with less confidence may stand on its head."""
_BLANK = 0.0004
"""Share of ink below which a page without a word is blank rather than unreadable."""
_BLACK, _WHITE = 40, 215
"""Grey values that count as full ink and as bare paper."""
_PRINT = 158
_BARE_DPI, _BARE_CONTRAST, _BARE_LEAST = 60.0, 20, 150
"""Bare paper is light and even: the stroke of a pale pencil is darker than this beside it, also at this resolution."""
_SAME = 1e-6
"""A scale that differs from 1 by less is 1."""


def recognise(raw: RawPage, engine: OcrEngine, settings: Settings, *, first: bool) -> Recognised:
    """Everything from a raw image to lines; a page that can't be read has none and a caution, never an exception.

    first: page 1, whose head has two cells.
    """
    import cv2
    import numpy as np

    image = raw.image
    unreadable = (caution("page_unreadable", raw.number),)
    if image is None or min(image.shape[:2]) == 0:
        return Recognised((), Level(np.full((16, 16), 255, np.uint8)), raw.dpi, 0, 0.0, unreadable)
    if _is_bare(image, raw.dpi):
        return Recognised((), Level(image), raw.dpi, 0, 0.0, (caution("page_blank", raw.number),))
    try:
        return _upright_or_head_down(raw, image, engine, settings, first)
    except (ValueError, ArithmeticError, MemoryError, cv2.error):
        return Recognised((), Level(image), raw.dpi, 0, 0.0, unreadable)


def _is_bare(image: Image, dpi: float) -> bool:
    """True if a page is paper and nothing else: not a dot on it that could be a pencil's, so nothing needs to be read."""
    small = darkest(shrunk(image, min(_BARE_DPI / max(dpi, 1.0), 1.0)))
    return int(small.max()) - int(small.min()) < _BARE_CONTRAST and int(small.min()) > _BARE_LEAST


def _upright_or_head_down(
    raw: RawPage, image: Image, engine: OcrEngine, settings: Settings, first: bool
) -> Recognised:
    """The page by the axis of its lines; when it reads badly, whichever way up reads better."""
    image, dpi = cut_out(image, raw.dpi)
    raw = replace(raw, dpi=dpi)
    rotation = 270 if is_sideways(grey_of(image), raw.dpi) else 0
    found = _recognised(raw, image, rotation, engine, settings, first)
    if found.lines and found.confidence < _DOUBT:
        other = _recognised(raw, image, (rotation + 180) % 360, engine, settings, first)
        found = max(found, other, key=lambda each: (each.confidence, each is found))
    return found


def _recognised(
    raw: RawPage, image: Image, rotation: int, engine: OcrEngine, settings: Settings, first: bool
) -> Recognised:
    """The page as it reads after turning it clockwise by `rotation`."""
    page, scale = _level(image, rotation), _scale(raw.dpi)
    grey, dpi = _print(page, raw.dpi, scale)
    ink = _ink(grey, dpi)
    readable = _readable(grey, scale * raw.dpi / dpi)
    sheet = sheet_of(readable, pieces(ink, first=first))
    dpi, timeout = raw.dpi * scale, settings.page_seconds
    found = engine.recognise(sheet.image, dpi=dpi, psm=PAGE, timeout=timeout)
    found = with_missed(found, sheet, engine, dpi=dpi, timeout=timeout) if found else found
    lines = _by_cells(on_page(found, sheet, scale), ink, readable, engine, scale, settings)
    sure = _confidence(lines)
    return Recognised(lines, page, raw.dpi, rotation, sure, _cautions(lines, sure, ink, raw.number))


def _by_cells(
    lines: tuple[Line, ...], ink: Image, readable: Image, engine: OcrEngine, scale: float, settings: Settings
) -> tuple[Line, ...]:
    """The lines with those of ruled tables cell by cell; cells that were taken for a picture are read by themselves."""
    found = tables(ink) if lines else []
    height, width = (side / scale for side in readable.shape)
    missed = unread([cell for cells in found for cell in cells], lines, ink, width, height)
    if missed:
        crops = [crop_of(cell, readable) for cell in missed]
        read = engine.recognise_each(
            [crop for crop, _, _ in crops], dpi=READ_DPI, psm=BLOCK, timeout=settings.page_seconds
        )
        block = max(line.block for line in lines) + 1
        for (_, left, top), more in zip(crops, read, strict=True):
            kept = (sound(moved(line, left, top, scale)) for line in more)
            lines += tuple(replace(line, block=block) for line in kept if line is not None)
    return in_cells(lines, found, width, height)


def _print(page: Level, dpi: float, scale: float) -> tuple[Image, float]:
    """The print of a page, level and on even paper, and its resolution: the fewest pixels and channels are turned."""
    grey = print_of(page.image, dpi)
    if scale < 1:
        grey, dpi = _scaled(grey, scale), dpi * scale
    return evened(turned(grey, page.angle), dpi), dpi


def _scale(dpi: float) -> float:
    """Px of the sheet that is read for one px of the page."""
    return 1.0 if _COARSE_DPI <= dpi <= READ_DPI * 1.1 else READ_DPI / max(dpi, 1.0)


def _readable(grey: Image, scale: float) -> Image:
    """The print at the resolution it is read at, nearly black black and nearly white white."""
    import cv2
    import numpy as np

    grey = _scaled(grey, scale) if abs(scale - 1.0) > _SAME else grey
    levels = np.clip((np.arange(256) - _BLACK) * 255.0 / (_WHITE - _BLACK), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, levels), np.uint8)


def _scaled(grey: Image, scale: float) -> Image:
    import cv2
    import numpy as np

    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), np.uint8)


def _ink(grey: Image, dpi: float) -> Image:
    """1 where there is print, at SEARCH_DPI."""
    import cv2
    import numpy as np

    scale = SEARCH_DPI / dpi
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small < _PRINT, np.uint8)


def _confidence(lines: tuple[Line, ...]) -> float:
    """Mean over the letters."""
    sure = [(len(word.text), word.confidence) for line in lines for word in line.words]
    return sum(count * value for count, value in sure) / max(sum(count for count, _ in sure), 1)


def _cautions(lines: tuple[Line, ...], sure: float, ink: Image, number: int) -> tuple[Warning, ...]:
    if not lines:
        return (caution("page_blank" if ink.mean() < _BLANK else "page_unreadable", number),)
    return (caution("low_confidence", number),) if sure < _LEAST_CONFIDENCE else ()
