"""First reading of a page: its views, print prepared without stamps, and one OCR pass."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.document import Warning
from ingest.cautions import make_warning
from ingest.imaging.coloured_ink import print_of
from ingest.imaging.crop_to_page import cut_out
from ingest.imaging.deskew import LevelledPage, turned
from ingest.imaging.even_background import evened
from ingest.imaging.orientation import is_sideways
from ingest.imaging.page_view import PageView
from ingest.imaging.pixels import darkest, grey_of, shrunk
from ingest.ocr.blank_page import is_blank
from ingest.ocr.column_sheet import ColumnSheet, sheet_of
from ingest.ocr.columns import SEARCH_DPI, pieces
from ingest.ocr.engines import PAGE, OcrEngine
from ingest.ocr.words import Line, Recognised

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


READ_DPI = 200.0
"""Resolution to which finer scans are reduced: on office scans 200 dpi reads better than 300 (an eighth fewer
errors) for a third less time, and enlarging to 300 reads worse.
"""
_COARSE_DPI = 150.0
"""Coarser scans are enlarged."""
_LEAST_CONFIDENCE = 0.6
_BLACK, _WHITE = 40, 215
"""Grey values that count as full ink and as bare paper."""
_PRINT = 158
_BARE_DPI, _BARE_CONTRAST, _BARE_LEAST = 60.0, 20, 150
"""Bare paper is light and even: a pale pencil stroke is darker than this contrast, even at this resolution."""
_SAME = 1e-6
"""Scales closer to 1 than this count as 1."""


@dataclass(frozen=True, slots=True)
class PreparedPage:
    """A page prepared for reading: its view, sheet of columns, ink and print.

    `sheet` and `readable` have `scale` px per px of the view; `ink` is 1 for print, at SEARCH_DPI.
    """

    view: PageView
    sheet: ColumnSheet
    ink: Image
    readable: Image
    scale: float

    @property
    def dpi(self) -> float:
        """Resolution of the sheet."""
        return self.view.dpi * self.scale

    @property
    def width_height(self) -> tuple[float, float]:
        """Width and height of the print in px of the view, the unit of its boxes."""
        height, width = self.readable.shape
        return width / self.scale, height / self.scale


def is_bare(image: Image, dpi: float) -> bool:
    """True if a page is bare paper, without even a pencil's dot, so that nothing needs reading."""
    small = darkest(shrunk(image, min(_BARE_DPI / max(dpi, 1.0), 1.0)))
    return int(small.max()) - int(small.min()) < _BARE_CONTRAST and int(small.min()) > _BARE_LEAST


def views_of(image: Image, dpi: float) -> Iterator[PageView]:
    """Views a page may be read in: upright by the axis of its words, then upside down."""
    cut = cut_out(image, dpi)
    rotation = 270 if is_sideways(grey_of(cut.image), cut.dpi) else 0
    yield PageView.of_cut(cut, rotation)
    yield PageView.of_cut(cut, (rotation + 180) % 360)


def prepared(view: PageView, *, first: bool) -> PreparedPage:
    """Prepare a view for reading: print on even paper without stamps; first: page 1, whose head has two cells."""
    scale = _scale(view.dpi)
    grey, dpi = _print(view.page, view.dpi, scale)
    ink = _ink(grey, dpi)
    readable = _readable(grey, scale * view.dpi / dpi)
    return PreparedPage(view, sheet_of(readable, pieces(ink, first=first)), ink, readable, scale)


def first_reading(page: PreparedPage, engine: OcrEngine, timeout: float) -> tuple[Line, ...]:
    """Lines of the whole sheet in one pass, in its px; timeout: seconds."""
    return tuple(engine.recognise(page.sheet.image, dpi=page.dpi, psm=PAGE, timeout=timeout))


def recognised(page: PreparedPage, lines: tuple[Line, ...], number: int) -> Recognised:
    """The page of these lines (px of its view) with their confidence, and warnings for page `number`."""
    sure = confidence_of(lines)
    return Recognised(lines, page.view, sure, _cautions(lines, sure, page.ink, number))


def _print(page: LevelledPage, dpi: float, scale: float) -> tuple[Image, float]:
    """Print of a page, level and on even paper, and its resolution; reduced before it is turned, to save time."""
    grey = print_of(page.image, dpi)
    if scale < 1:
        grey, dpi = _resize(grey, scale), dpi * scale
    return evened(turned(grey, page.angle), dpi), dpi


def _scale(dpi: float) -> float:
    """Px of the sheet per px of the page."""
    return 1.0 if _COARSE_DPI <= dpi <= READ_DPI * 1.1 else READ_DPI / max(dpi, 1.0)


def _readable(grey: Image, scale: float) -> Image:
    """The print at reading resolution, with nearly black made black and nearly white made white."""
    import cv2
    import numpy as np

    grey = _resize(grey, scale) if abs(scale - 1.0) > _SAME else grey
    levels = np.clip((np.arange(256) - _BLACK) * 255.0 / (_WHITE - _BLACK), 0, 255).astype(np.uint8)
    return np.asarray(cv2.LUT(grey, levels), np.uint8)


def _resize(grey: Image, scale: float) -> Image:
    import cv2
    import numpy as np

    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=scale, fy=scale, interpolation=way), np.uint8)


def _ink(grey: Image, dpi: float) -> Image:
    """Mask at SEARCH_DPI: 1 for print."""
    import cv2
    import numpy as np

    scale = SEARCH_DPI / dpi
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return np.asarray(small < _PRINT, np.uint8)


def confidence_of(lines: tuple[Line, ...]) -> float:
    """Mean confidence over the letters."""
    sure = [(len(word.text), word.confidence) for line in lines for word in line.words]
    return sum(count * value for count, value in sure) / max(sum(count for count, _ in sure), 1)


def _cautions(lines: tuple[Line, ...], sure: float, ink: Image, number: int) -> tuple[Warning, ...]:
    if not lines:
        return (make_warning("page_blank" if is_blank(ink) else "page_unreadable", number),)
    return (make_warning("low_confidence", number),) if sure < _LEAST_CONFIDENCE else ()
