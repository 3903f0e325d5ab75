"""Pages of TIFF, PNG and JPEG pictures."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.errors import Problem
from ingest.raw import RawFile, RawPage, caution

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

    from ingest.raw import Image

_A4_WIDTH, _A4_HEIGHT = 8.27, 11.69
"""Inches."""
_PLAUSIBLE_DPI = (70, 1300)


def open_image(path: Path, name: str, settings: Settings) -> RawFile:
    """A picture's frames; sizes are looked at before anything is decoded.

    Raises Problem("truncated"), Problem("no_pages"), Problem("too_many_pages"), Problem("too_many_pixels").
    """
    count = _check(path, name, settings)
    return RawFile(count, _pages(path, name, count))


def _check(path: Path, name: str, settings: Settings) -> int:
    from PIL import Image

    # Our own limit is checked below from the header; Pillow's would only raise a second time.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(path, formats=("TIFF", "PNG", "JPEG")) as picture:
            count: int = getattr(picture, "n_frames", 1) if picture.format == "TIFF" else 1
            if count > settings.max_pages:
                raise Problem("too_many_pages", name=name, pages=count, limit=settings.max_pages)
            for frame in range(count):
                if count > 1:
                    picture.seek(frame)
                width, height = picture.size
                if width < 1 or height < 1:
                    raise Problem("no_pages", name=name)
                if width * height > settings.max_pixels:
                    raise Problem("too_many_pixels", name=name, pixels=width * height, limit=settings.max_pixels)
    except Problem:
        raise
    except _PILLOW_FAILS as error:
        raise Problem("truncated", name=name) from error
    return count


def _pages(path: Path, name: str, count: int) -> Iterator[RawPage]:
    """One frame at a time; a frame that fails is a caution when there are others, the file's fault when it is alone."""
    from PIL import Image

    with Image.open(path, formats=("TIFF", "PNG", "JPEG")) as picture:
        for frame in range(count):
            try:
                if count > 1:
                    picture.seek(frame)
                image, dpi = _decoded(picture)
            except _PILLOW_FAILS as error:
                if count == 1:
                    raise Problem("truncated", name=name) from error
                yield RawPage(frame + 1, cautions=(caution("page_unreadable", frame + 1),))
                continue
            yield RawPage(frame + 1, image, dpi)


def _decoded(picture: Picture) -> tuple[Image, float]:
    """Pixels upright by the EXIF orientation, and their dpi as stated or else as an A4 page would have it."""
    import numpy as np
    from PIL import Image, ImageOps

    dpi = picture.info.get("dpi", (0, 0))[0]
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I") or upright.mode == "F":
        deep = np.asarray(upright, dtype=np.float64)
        upright = Image.fromarray((deep / max(deep.max(), 1) * 255).astype(np.uint8))
    elif upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        paper.alpha_composite(upright.convert("RGBA"))
        upright = paper.convert("RGB")
    elif upright.mode not in ("L", "RGB"):
        upright = upright.convert("L" if upright.mode == "1" else "RGB")
    pixels: Image = np.asarray(upright)
    return pixels, _dpi(float(dpi), pixels.shape[1], pixels.shape[0])


def _dpi(stated: float, width: int, height: int) -> float:
    """72 and 96 are what programs write when they know nothing: then the page is taken for A4."""
    fitted = max(min(width, height) / _A4_WIDTH, max(width, height) / _A4_HEIGHT)
    low, high = _PLAUSIBLE_DPI
    if low <= stated <= high and stated not in (72, 96) and 0.4 < fitted / stated < 2.5:
        return stated
    return min(max(fitted, 50.0), 1200.0)


_PILLOW_FAILS = (OSError, SyntaxError, ValueError, EOFError, IndexError, TypeError, KeyError, OverflowError)
"""What Pillow's decoders raise on damaged files; its documentation promises only OSError."""
