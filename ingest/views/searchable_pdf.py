"""A scan as a PDF that can be searched: its pages as they are, and over them what was read, unseen, where it stands.

The words are those of the one recognition pass, each stretched over its box (text rendering mode 3, ISO 32000-1, 9.3.6).
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.config import Settings
from corpus.document import Page, Word
from corpus.errors import Problem
from ingest.files.media_type import PDF
from ingest.files.open_pages import open_pages
from ingest.imaging.crop_to_page import cut_out
from ingest.imaging.deskew import skew_of
from ingest.imaging.orientation import upright
from ingest.imaging.pixels import grey_of
from ingest.sandbox.child import Limits, run_in_child

if TYPE_CHECKING:
    import pikepdf

    from ingest.imaging.pixels import Image

    Point = tuple[float, float]
    Place = Callable[[float, float], Point]

_LETTER = 0.5
"""Width of every letter of the layer's font, in its own size."""
_QUALITY = 85
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /VanbanUnicode def
1 begincodespacerange <0000> <ffff> endcodespacerange
1 beginbfrange <0000> <ffff> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def searchable_pdf(path: Path, name: str, media_type: str, settings: Settings, pages: Sequence[Page]) -> bytes:
    """The PDF's bytes; `pages` are the document's as they were read.

    Opens the file in a child, since it came from outside. Raises Problem("not_found") for a file that has no pictures
    of pages (text, office files), and as `run_in_child` does.
    """
    if media_type != PDF and not media_type.startswith("image/"):
        raise Problem("not_found", what=name)
    return run_in_child(
        _made, path, name, media_type, settings, tuple(pages), limits=Limits.of(settings), name=name
    )


def _made(path: Path, name: str, media_type: str, settings: Settings, pages: tuple[Page, ...], **_: Any) -> bytes:
    import pikepdf

    read = {page.number: page for page in pages if page.origin == "ocr" and page.words}
    pdf = pikepdf.open(path) if media_type == PDF else pikepdf.new()
    font = _font(pdf)
    for raw in open_pages(path, name, media_type, settings).pages:
        if raw.image is None or raw.number > len(pdf.pages) + (media_type != PDF):
            continue
        image, dpi = cut_out(raw.image, raw.dpi)
        if media_type != PDF or image is not raw.image:
            _put_picture(pdf, raw.number, image, dpi)
        if raw.number in read:
            _overlay(pdf, pdf.pages[raw.number - 1], image, read[raw.number], font)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _font(pdf: pikepdf.Pdf) -> Any:
    """A font without shapes whose codes are UTF-16: text in it is found and copied, never seen."""
    from pikepdf import Dictionary, Name

    inner = Dictionary(
        Type=Name.Font, Subtype=Name.CIDFontType2, BaseFont=Name.VanbanUnseen, DW=round(1000 * _LETTER),
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(Dictionary(
            Type=Name.FontDescriptor, FontName=Name.VanbanUnseen, Flags=5, FontBBox=[0, 0, 500, 1000],
            Ascent=1000, Descent=-1, CapHeight=1000, ItalicAngle=0, StemV=80,
        )),
    )  # fmt: skip
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font, Subtype=Name.Type0, BaseFont=Name.VanbanUnseen, Encoding=Name("/Identity-H"),
            DescendantFonts=[pdf.make_indirect(inner)], ToUnicode=pdf.make_stream(_TO_UNICODE),
        )
    )  # fmt: skip


def _put_picture(pdf: pikepdf.Pdf, number: int, image: Image, dpi: float) -> None:
    """A picture as a page as large as the paper was: a new last one, or in place of the photograph it was cut out of."""
    import cv2
    import numpy as np
    from pikepdf import Dictionary, Name

    height, width = image.shape[:2]
    colour = image if image.ndim == 2 else np.ascontiguousarray(image[..., ::-1])
    jpeg = cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])[1].tobytes()
    picture = pdf.make_stream(jpeg)
    picture.update(Dictionary(
        Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height, BitsPerComponent=8,
        ColorSpace=Name.DeviceGray if image.ndim == 2 else Name.DeviceRGB, Filter=Name.DCTDecode,
    ))  # fmt: skip
    wide, high = width * 72 / dpi, height * 72 / dpi
    page = pdf.add_blank_page(page_size=(wide, high))
    page.Resources = Dictionary(XObject=Dictionary(Scan=picture))
    page.Contents = pdf.make_stream(f"q {wide:.3f} 0 0 {high:.3f} 0 0 cm /Scan Do Q".encode())
    if number < len(pdf.pages):
        pdf.pages[number - 1] = page
        del pdf.pages[-1]


def _overlay(pdf: pikepdf.Pdf, page: pikepdf.Page, image: Image, read: Page, font: Any) -> None:
    name = page.add_resource(font, _name("/Font"))
    place = _place(page, image, read.rotation)
    words = (_drawn(read.text[word.start : word.end], word, place) for word in read.words)
    layer = b"q BT 3 Tr\n" + b"\n".join(word.replace(b"/F", str(name).encode(), 1) for word in words) + b"\nET Q"
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ\n" + layer))


def _name(text: str) -> Any:
    from pikepdf import Name

    return Name(text)


def _drawn(text: str, word: Word, place: Place) -> bytes:
    """A word from the lower left corner of its box, as high and as long as the box, along it."""
    box = word.box
    at, end, above = place(box.left, box.bottom), place(box.right, box.bottom), place(box.left, box.top)
    length, size = math.dist(at, end), math.dist(at, above)
    if not text or length <= 0 or size <= 0:
        return b""
    along = ((end[0] - at[0]) / length, (end[1] - at[1]) / length)
    up = ((above[0] - at[0]) / size, (above[1] - at[1]) / size)
    codes = text.encode("utf-16-be", "replace")
    stretch = 100 * length / (len(codes) / 2 * _LETTER * size)
    matrix = " ".join(f"{number:.4f}" for number in (*along, *up, *at))
    return f"/F {size:.3f} Tf {stretch:.2f} Tz {matrix} Tm <{codes.hex()}> Tj".encode()


def _place(page: pikepdf.Page, image: Image, rotation: int) -> Place:
    """From shares of the page as it was read, upright and level, to the points of the PDF's own page."""
    raised = upright(image, rotation) if rotation else image
    high, wide = raised.shape[:2]
    slant = math.radians(skew_of(grey_of(raised)))
    sine, cosine = math.sin(slant), math.cos(slant)
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360 if "/Rotate" in page.obj else 0

    def place(across: float, down: float) -> Point:
        x, y = (across - 0.5) * wide, (down - 0.5) * high
        x, y = cosine * x - sine * y, sine * x + cosine * y
        share = _unturned((x / wide + 0.5, y / high + 0.5), rotation)
        share = _unturned(share, turn)
        return left + share[0] * (right - left), top - share[1] * (top - bottom)

    return place


def _unturned(share: Point, turn: int) -> Point:
    """Where a point of a page that was turned clockwise lay before, as shares of the page."""
    x, y = share
    return {0: (x, y), 90: (y, 1 - x), 180: (1 - x, 1 - y), 270: (1 - y, x)}[turn % 360]
