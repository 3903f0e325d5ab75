"""Pages of TIFF, PNG and JPEG pictures."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from corpus.config import Settings
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files.page import RawFile, RawPage
from ingest.sandbox.child import deadline

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from ingest.imaging.pixels import Image as Pixels

_FORMATS = ("TIFF", "PNG", "JPEG")
"""Pillow may try only these decoders: its EPS decoder would start another program."""
_A4_WIDTH, _A4_HEIGHT = 8.27, 11.69
"""Inches."""
_PLAUSIBLE_DPI = (70.0, 1300.0)
_SQUARE = 1.15
"""Ratio of the two resolutions beyond which pixels are made square: fax machines scan at 204 × 98 dots per inch.
"""
_MOST_PIXELS, _MOST_SIDE = 60_000_000, 30_000
"""Limits of a page that is returned, in pixels: an A3 at 600 dpi, and below the side that Tesseract takes
(32,767).
"""
_LEAST_SIDE = 16
_PAGE_SECONDS = 30.0
"""CPU time to decode one picture; a JPEG of 20,000 scans would take hours."""
_PILLOW_FAILS = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError, OverflowError)
"""Exceptions of Pillow's decoders on damaged files; its documentation promises only OSError."""


def open_image(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Frames of a picture; sizes are checked before anything is decoded.

    Raises Problem("truncated"), Problem("no_pages"), Problem("too_many_pages"), Problem("too_many_pixels").
    """
    with deadline(_PAGE_SECONDS):
        count = _check(path, name, settings)
    return RawFile(count, _pages(path, name, count, only))


def _check(path: Path, name: str, settings: Settings) -> int:
    """Number of frames, after their headers are checked against the limits."""
    from PIL import Image

    # The limit is checked below from the header; Pillow's would only raise a second time.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=_FORMATS) as picture:
            count: int = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
            if count > settings.max_pages:
                raise Problem("too_many_pages", name=name, pages=count, limit=settings.max_pages)
            for frame in range(count):
                if count > 1:
                    picture.seek(frame)
                _check_size(*picture.size, name, settings.max_pixels)
    except _PILLOW_FAILS as error:
        raise Problem("truncated", name=name) from error
    return count


def _check_size(width: int, height: int, name: str, limit: int) -> None:
    if width < 1 or height < 1:
        raise Problem("no_pages", name=name)
    if width * height > limit:
        raise Problem("too_many_pixels", name=name, pixels=width * height, limit=limit)


def _pages(path: Path, name: str, count: int, only: int | None) -> Iterator[RawPage]:
    """One frame at a time; an unreadable frame is a caution if there are others, else Problem("truncated")."""
    from PIL import Image

    with Image.open(path, formats=_FORMATS) as picture:
        for frame in range(count) if only is None else {only - 1} & set(range(count)):
            try:
                with deadline(_PAGE_SECONDS):
                    if count > 1:
                        picture.seek(frame)
                    image, dpi = _decode(picture)
            except _PILLOW_FAILS as error:
                if count == 1:
                    raise Problem("truncated", name=name) from error
                yield _unreadable(frame + 1)
                continue
            yield RawPage(frame + 1, image, dpi) if min(image.shape[:2]) >= _LEAST_SIDE else _unreadable(frame + 1)


def size_of(data: bytes) -> tuple[int, int]:
    """Width and height (pixels) that a picture's header states; (0, 0) without one."""
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
            return picture.size
    except _PILLOW_FAILS:
        return 0, 0


def page_of(stream: BinaryIO, number: int) -> RawPage:
    """One picture as a page; a caution if it can't be decoded. The caller has checked its size."""
    from PIL import Image

    try:
        with deadline(_PAGE_SECONDS), Image.open(stream, formats=_FORMATS) as picture:
            image, dpi = _decode(picture)
    except _PILLOW_FAILS:
        return _unreadable(number)
    return RawPage(number, image, dpi)


def picture_of(stream: BinaryIO, most_pixels: int, most_side: int) -> tuple[Pixels, float] | None:
    """A document's picture, no side longer than `most_side` px, and its dpi; None if undecodable or over
    `most_pixels`.
    """
    import numpy as np
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(stream, formats=(*_FORMATS, "GIF", "BMP")) as picture:
            if picture.width * picture.height > most_pixels:
                return None
            pixels, dpi = _decode(picture)
    except _PILLOW_FAILS:
        return None
    shrink = most_side / max(pixels.shape[:2])
    if shrink >= 1:
        return pixels, dpi
    size = (max(round(pixels.shape[1] * shrink), 1), max(round(pixels.shape[0] * shrink), 1))
    return np.asarray(Image.fromarray(pixels).resize(size, Image.Resampling.BOX)), dpi * shrink


def _unreadable(number: int) -> RawPage:
    return RawPage(number, cautions=(make_warning("page_unreadable", number),))


def _decode(picture: Picture) -> tuple[Pixels, float]:
    """Pixels upright by the EXIF orientation, and their dpi: as stated, or else as an A4 page would have it."""
    import numpy as np
    from PIL import Image, ImageOps

    across, down = _stated_dpi(picture)
    turned = picture.getexif().get(0x0112, 1) in (5, 6, 7, 8)
    full = picture.size[::-1] if turned else picture.size
    upright: Picture = ImageOps.exif_transpose(_decode_bounded(picture))
    if upright.mode.startswith("I") or upright.mode == "F":
        upright = _shallow(upright)
    elif upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper.convert("RGB")
    elif upright.mode not in ("L", "RGB"):
        upright = upright.convert("L" if upright.mode == "1" else "RGB")
    dpi = _dpi(across, *full)
    upright, dpi = _square_pixels(upright, across, down, dpi)
    pixels: Pixels = np.asarray(upright)
    return pixels, dpi * upright.size[0] / full[0] if upright.size[0] < full[0] else dpi


def _stated_dpi(picture: Picture) -> tuple[float, float]:
    """Dots per inch across and down; (0, 0) if the file states nothing usable."""
    try:
        across, down = (float(value) for value in picture.info.get("dpi", (0, 0)))
    except (TypeError, ValueError, ZeroDivisionError):
        return 0.0, 0.0
    return (across, down) if across > 0 and down > 0 else (0.0, 0.0)


def _decode_bounded(picture: Picture) -> Picture:
    """Decode a picture, reducing one larger than any reading needs; a JPEG is reduced while it is decoded."""
    from PIL import Image

    width, height = picture.size
    shrink = max((width * height / _MOST_PIXELS) ** 0.5, max(width, height) / _MOST_SIDE)
    if shrink <= 1:
        picture.load()
        return picture
    target = (max(int(width / shrink), 1), max(int(height / shrink), 1))
    if picture.format == "JPEG":
        picture.draft(None, target)
    return picture.resize(target, Image.Resampling.BOX)


def _shallow(picture: Picture) -> Picture:
    """Grey of 16 or 32 bits, or floating point, as 8 bits with the brightest dot white."""
    import numpy as np
    from PIL import Image

    deep = np.asarray(picture)
    brightest = 65_535 if picture.mode.startswith("I;16") else max(float(deep.max()), 1.0)
    return Image.fromarray((np.clip(deep, 0, None).astype(np.float32) * (255.0 / brightest)).astype(np.uint8))


def _square_pixels(picture: Picture, across: float, down: float, dpi: float) -> tuple[Picture, float]:
    """Resample to square pixels: a fax has twice as many across as down."""
    from PIL import Image

    if not across or not down or 1 / _SQUARE < across / down < _SQUARE or max(across / down, down / across) > 4:
        return picture, dpi
    width, height = picture.size
    finer = max(across, down)
    size = (round(width * finer / across), round(height * finer / down))
    if size[0] * size[1] > _MOST_PIXELS or max(size) > _MOST_SIDE:
        return picture, dpi
    return picture.convert("L" if picture.mode == "L" else "RGB").resize(size, Image.Resampling.BILINEAR), finer


def _dpi(stated: float, width: int, height: int) -> float:
    """Resolution of a page: as stated, or as A4 for 72 and 96, which programs write when they know nothing."""
    fitted = max(min(width, height) / _A4_WIDTH, max(width, height) / _A4_HEIGHT)
    low, high = _PLAUSIBLE_DPI
    if low <= stated <= high and stated not in (72, 96) and 0.4 < fitted / stated < 2.5:
        return stated
    return min(max(fitted, 50.0), 1200.0)
