"""A PDF page as pixels: at its scan's own resolution, within the pixel limit, grey if it has no colour."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.errors import Problem
from ingest.imaging.pixels import darkest, lightest

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

RENDER_DPI = 300.0
_NATIVE_DPI = (95.0, 400.0)
"""Resolutions at which a full-page picture is rendered one for one, so that no pixel is made up or lost."""
_LEAST_DPI = 20.0
_SAME_SHAPE = 0.02
_FULL_PAGE = 0.85
_MOST_RENDERED = 60_000_000
"""Pixels: an A3 page at 600 dpi; more helps no reading and costs memory."""
_MOST_COARSE = 8_000_000
_MOST_OBJECTS = 20_000
_DEPTH = 4
_COLOURLESS = 14
"""Greatest difference between the channels of a page without colour: JPEG leaves noise in scans stored as colour.
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture drawn on a page: its own size in pixels, and its box in points of the unrotated page."""

    width: int
    height: int
    box: tuple[float, float, float, float]


def pictures(page: Any) -> Iterator[Picture]:
    """Pictures of the page, also those within forms, without decoding any."""
    import pypdfium2.raw as pdfium

    for seen, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEPTH)):
        if seen >= _MOST_OBJECTS:
            return
        width, height = ctypes.c_uint(), ctypes.c_uint()
        if pdfium.FPDFImageObj_GetImagePixelSize(item.raw, width, height):
            yield Picture(width.value, height.value, item.get_bounds())


def check_pictures(found: list[Picture], name: str, limit: int) -> None:
    """Check sizes before decoding. Raises Problem("too_many_pixels") if a picture claims more than `limit`."""
    for picture in found:
        if picture.width * picture.height > limit:
            raise Problem("too_many_pixels", name=name, pixels=picture.width * picture.height, limit=limit)


def cover(found: list[Picture], page: Any) -> float:
    """Share of the page that its pictures cover (0 to 1)."""
    left, bottom, right, top = (float(edge) for edge in page.get_bbox())
    area = max((right - left) * (top - bottom), 1.0)
    covered = 0.0
    for picture in found:
        x0, y0, x1, y1 = picture.box
        covered += max(min(x1, right) - max(x0, left), 0.0) * max(min(y1, top) - max(y0, bottom), 0.0)
    return min(covered / area, 1.0)


@dataclass(frozen=True, slots=True)
class Raster:
    """Target size of rendering: `width` × `height` pixels at `dpi`."""

    width: int
    height: int
    dpi: float


def raster(found: list[Picture], page: Any, limit: int) -> Raster:
    """Raster of a page: the scan's own pixels if pictures make up the page; else 300 dpi, or less for a huge page.

    Raises ValueError for a page so large that even a coarse picture of it has more than `limit` pixels.
    """
    wide, high = (max(side / 72, 1e-3) for side in page.get_size())
    if len(found) == 1 and cover(found, page) >= _FULL_PAGE:
        own = _own(found[0], wide, high, page.get_rotation() % 180 == 90)
        if own is not None and own.width * own.height <= min(limit, _MOST_RENDERED):
            return own
    dpi = RENDER_DPI
    if found and cover(found, page) >= _FULL_PAGE:
        strips = max(picture.width * 72 / max(picture.box[2] - picture.box[0], 1.0) for picture in found)
        dpi = strips if _NATIVE_DPI[0] <= strips <= _NATIVE_DPI[1] else dpi
    dpi = min(dpi, (min(limit, _MOST_RENDERED) / (wide * high)) ** 0.5)
    if dpi < _LEAST_DPI:
        raise ValueError("a page of this size can't be rendered")
    return Raster(max(round(wide * dpi), 1), max(round(high * dpi), 1), dpi)


def coarse(page: Any, dpi: float) -> Raster:
    """Small raster for a coarse look at a page."""
    wide, high = (side / 72 * dpi for side in page.get_size())
    shrink = min(1.0, (_MOST_COARSE / max(wide * high, 1.0)) ** 0.5)
    return Raster(max(round(wide * shrink), 1), max(round(high * shrink), 1), dpi * shrink)


def _own(picture: Picture, wide: float, high: float, turned: bool) -> Raster | None:
    """The picture's own raster; None if it is drawn distorted, or far from 100 to 400 dpi."""
    left, bottom, right, top = picture.box
    shape = (right - left) / max(top - bottom, 1e-3)
    if abs(shape * picture.height / max(picture.width, 1) - 1) > _SAME_SHAPE:
        return None
    dpi = picture.width * 72 / max(right - left, 1e-3)
    if not _NATIVE_DPI[0] <= dpi <= _NATIVE_DPI[1]:
        return None
    if (
        abs(right - left - (high if turned else wide) * 72) > 1
        or abs(top - bottom - (wide if turned else high) * 72) > 1
    ):
        return Raster(round(wide * dpi), round(high * dpi), round(dpi, 2))
    width, height = (picture.height, picture.width) if turned else (picture.width, picture.height)
    return Raster(width, height, round(dpi, 2))


def rendered(page: Any, size: Raster) -> Image:
    """Render the page upright by its /Rotate, without form fields and signature frames: they are no print.

    Height × width grey, or × 3 RGB if something on the page has colour.
    """
    import numpy as np
    import pypdfium2
    import pypdfium2.raw as pdfium

    pixels: Image = np.full((size.height, size.width, 3), 255, np.uint8)
    own = (ctypes.c_ubyte * pixels.size).from_buffer(pixels.data)
    bitmap = pypdfium2.PdfBitmap.new_native(size.width, size.height, pdfium.FPDFBitmap_BGR, buffer=own)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    pdfium.FPDF_RenderPageBitmap(bitmap.raw, page.raw, 0, 0, size.width, size.height, 0, flags)
    bitmap.close()
    image: Image = np.ascontiguousarray(pixels if _has_colour(pixels) else pixels[..., 1])
    return image


def _has_colour(pixels: Image) -> bool:
    """True if a page has colour; every fourth pixel each way is enough, since signatures and seals are wider."""
    sample = pixels[::4, ::4].copy()
    return bool((lightest(sample) - darkest(sample)).max() > _COLOURLESS)
