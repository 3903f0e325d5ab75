"""New PDFs made of the pages of other files: turned, split, merged, put in another order, left out.

The files themselves are never changed. A page of a PDF is taken whole, with the looks of its form fields and
signatures drawn on it; a page of an image file becomes a page of its size.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.config import Settings
from corpus.errors import Problem
from corpus.file_types import JPEG, PDF, PNG, TIFF
from ingest.files.open_pages import open_pages
from ingest.sandbox.child import Limits, run_in_child

if TYPE_CHECKING:
    import pikepdf

    from ingest.imaging.pixels import Image

COMPOSABLE = (PDF, TIFF, PNG, JPEG)
"""Media types of files whose pages can be taken."""
_QUALITY = 95


@dataclass(frozen=True, slots=True)
class PageSourceFile:
    """A file that pages are taken of."""

    path: Path
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class PagePick:
    """One page of a new document: the file (index), its page, and the degrees by which it is turned clockwise."""

    source: int
    page: int
    turn: int = 0


def compose(
    sources: Sequence[PageSourceFile], parts: Sequence[Sequence[PagePick]], settings: Settings
) -> tuple[bytes, ...]:
    """Make one PDF for each part, in a child, since the files are foreign input.

    Raises Problem("pages_kind") for a file without pages of paper, ("not_found") for a page that is not there, and
    as `open_pages` and `run_in_child` do.
    """
    for one in sources:
        if one.media_type not in COMPOSABLE:
            raise Problem("pages_kind", name=one.name)
    paths = tuple(one.path for one in sources)
    told = tuple((one.name, one.media_type) for one in sources)
    plan = tuple(tuple((pick.source, pick.page, pick.turn) for pick in part) for part in parts)
    return run_in_child(pages_taken, paths, told, plan, settings, limits=Limits.of(settings), name=sources[0].name)


def pages_taken(
    paths: tuple[Path, ...],
    told: tuple[tuple[str, str], ...],
    plan: tuple[tuple[tuple[int, int, int], ...], ...],
    settings: Settings,
    **_: Any,
) -> tuple[bytes, ...]:
    """One PDF for each part of the plan (file, page, turn); runs in the child.

    Raises Problem("not_found") for a page that is not there, and as `open_pages` does.
    """
    import pikepdf

    wanted = [{page for part in plan for source, page, _ in part if source == at} for at in range(len(paths))]
    opened = [
        _open(path, name, media_type, settings, pages)
        for path, (name, media_type), pages in zip(paths, told, wanted, strict=True)
    ]
    made: list[bytes] = []
    for part in plan:
        with pikepdf.new() as pdf:
            for source, page, turn in part:
                if not 1 <= page <= len(opened[source].pages):
                    raise Problem("not_found", what=page)
                pdf.pages.append(opened[source].pages[page - 1])
                if turn:
                    pdf.pages[-1].rotate(turn, relative=True)
            # Two parts of like pages, or one made again after an undoing, are documents of their own.
            pdf.docinfo["/VanbanPart"] = secrets.token_hex(16)
            out = io.BytesIO()
            pdf.save(out)
        made.append(out.getvalue())
    return tuple(made)


def _open(path: Path, name: str, media_type: str, settings: Settings, wanted: set[int]) -> pikepdf.Pdf:
    import pikepdf

    if media_type != PDF:
        return _of_images(_pictures(path, name, media_type, settings), wanted)
    try:
        pdf = pikepdf.open(path)
        if "/AcroForm" in pdf.Root:
            # Fields belong to the file and not to its pages: what they show is drawn on the paper.
            pdf.flatten_annotations("all")
    except pikepdf.PasswordError as error:
        raise Problem("encrypted", name=name) from error
    except pikepdf.PdfError as error:
        raise Problem("truncated", name=name) from error
    return pdf


def _pictures(path: Path, name: str, media_type: str, settings: Settings) -> Iterator[tuple[int, Image, float]]:
    for raw in open_pages(path, name, media_type, settings).pages:
        if raw.image is None:
            raise Problem("truncated", name=name)
        yield raw.number, raw.image, raw.dpi


def _of_images(pictures: Iterator[tuple[int, Image, float]], wanted: set[int]) -> pikepdf.Pdf:
    """A PDF with a page for each picture; pages that nobody wants are bare."""
    import pikepdf

    pdf = pikepdf.new()
    for number, image, dpi in pictures:
        height, width = image.shape[:2]
        size = (width * 72 / dpi, height * 72 / dpi)
        page = pdf.add_blank_page(page_size=size)
        if number in wanted:
            page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=_stream(pdf, image)))
            page.Contents = pdf.make_stream(f"q {size[0]:.3f} 0 0 {size[1]:.3f} 0 0 cm /Scan Do Q".encode())
    return pdf


def _stream(pdf: pikepdf.Pdf, image: Image) -> pikepdf.Stream:
    """The picture as a stream: black and white without loss, grey and colour as a JPEG of high quality."""
    import cv2
    from pikepdf import Dictionary, Name

    height, width = image.shape[:2]
    grey = image.ndim == 2
    told: dict[str, Any] = {"Type": Name.XObject, "Subtype": Name.Image, "Width": width, "Height": height}
    if grey and bool(np.isin(image, (0, 255)).all()):
        stream = pdf.make_stream(np.packbits(image > 0, axis=1).tobytes())
        stream.update(Dictionary(**told, ColorSpace=Name.DeviceGray, BitsPerComponent=1))
        return stream
    colour = image if grey else np.ascontiguousarray(image[..., ::-1])
    encoded = cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    stream = pdf.make_stream(encoded)
    space = Name.DeviceGray if grey else Name.DeviceRGB
    stream.update(Dictionary(**told, ColorSpace=space, BitsPerComponent=8, Filter=Name.DCTDecode))
    return stream
