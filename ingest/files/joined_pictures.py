"""Photos of the pages of one paper joined into a PDF, each with its own bytes in it; runs in a child."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import Problem
from ingest.sandbox.child import Progress

if TYPE_CHECKING:
    from PIL.Image import Image

_LONG_SIDE = 297 / 25.4 * 72
"""Long side of a page in points: that of A4. A photo's own resolution says nothing about the paper on it."""
_QUARTERS = (0, 90, 180, 270)
_KINDS = ("JPEG", "PNG")


def join_pictures(
    paths: tuple[Path, ...],
    names: tuple[str, ...],
    turns: tuple[int, ...],
    max_pixels: int,
    progress: Progress | None = None,
) -> bytes:
    """A PDF with one page for each photo, in order; turns: degrees clockwise beyond what the camera noted.

    A JPEG goes in byte by byte, so that nothing of the photo is lost; the same photos give the same file. Raises
    Problem("bad_request"), ("not_a_photo"), ("too_many_pixels"), ("truncated").
    """
    import pikepdf

    with pikepdf.new() as joined:
        for path, name, turn in zip(paths, names, turns, strict=True):
            if turn not in _QUARTERS:
                raise Problem("bad_request", why=f"turn {turn}")
            with pikepdf.open(io.BytesIO(_page_of(path, name, max_pixels))) as one:
                joined.pages.extend(one.pages)
            page = joined.pages[-1]
            page.Rotate = (int(page.get("/Rotate", 0)) + turn) % 360
        out = io.BytesIO()
        joined.save(out, deterministic_id=True)
    return out.getvalue()


def _page_of(path: Path, name: str, max_pixels: int) -> bytes:
    """A PDF of one photo, turned as the camera noted it."""
    import img2pdf
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(path, formats=_KINDS) as picture:
            width, height = picture.size
            if width * height > max_pixels:
                raise Problem("too_many_pixels", name=name, pixels=width * height, limit=max_pixels)
            picture.load()  # one that was cut off is refused here, while its sender is there
            source = _without_alpha(picture) if picture.format == "PNG" else path.read_bytes()
        made: bytes = img2pdf.convert(source, layout_fun=_layout, rotation=img2pdf.Rotation.ifvalid, nodate=True)
    except UnidentifiedImageError:
        raise Problem("not_a_photo", name=name) from None
    except (OSError, ValueError, SyntaxError, img2pdf.ImageOpenError) as error:
        raise Problem("truncated", name=name) from error
    return made


def _without_alpha(picture: Image) -> bytes:
    """PNG bytes of a picture that a PDF can hold: transparent parts are white paper."""
    from PIL import Image as Pictures

    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        clear = picture.convert("RGBA")
        ground = Pictures.new("RGB", clear.size, "white")
        ground.paste(clear, mask=clear.getchannel("A"))
    else:
        ground = picture
    out = io.BytesIO()
    ground.save(out, "PNG")
    return out.getvalue()


def _layout(width: int, height: int, _dpi: object) -> tuple[float, float, float, float]:
    """Page and picture size in points: the photo fills its page."""
    points = _LONG_SIDE / max(width, height)
    return width * points, height * points, width * points, height * points
