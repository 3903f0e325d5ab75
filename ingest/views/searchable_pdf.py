"""Searchable PDF of a scan: the original pages with an invisible text layer.

The words are those of the one recognition pass, each stretched over its box (text rendering mode 3, ISO 32000-1,
9.3.6).
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
from corpus.file_types import EDXML, PDF
from ingest.files.edxml import paper_of
from ingest.files.open_pages import open_pages
from ingest.imaging.page_view import PageFrame, PageView, Point, before_turn
from ingest.sandbox.child import Limits, run_in_child
from ingest.views.recorded_page import view_of

if TYPE_CHECKING:
    import pikepdf

    from ingest.imaging.pixels import Image

    Place = Callable[[float, float], Point]

_LETTER = 0.5
"""Width of every letter of the layer's font, relative to its size."""
_QUALITY = 85
_TO_UNICODE = b"""/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /VanbanUnicode def
1 begincodespacerange <0000> <ffff> endcodespacerange
1 beginbfrange <0000> <ffff> <0000> endbfrange
endcmap CMapName currentdict /CMap defineresource pop end end"""


def searchable_pdf(path: Path, name: str, media_type: str, settings: Settings, pages: Sequence[Page]) -> bytes:
    """Make the PDF; `pages` are the document's pages as they were read.

    Opens the file in a child, since it is foreign input. Raises Problem("not_found") for a file without pictures
    of pages (text, office files), and as `run_in_child` does.
    """
    if media_type not in (PDF, EDXML) and not media_type.startswith("image/"):
        raise Problem("not_found", what=name)
    return run_in_child(
        _make, path, name, media_type, settings, tuple(pages), limits=Limits.of(settings), name=name
    )


def _make(path: Path, name: str, media_type: str, settings: Settings, pages: tuple[Page, ...], **_: Any) -> bytes:
    with paper_of(path, name, media_type) as paper:
        if paper.media_type != PDF and not paper.media_type.startswith("image/"):
            raise Problem("not_found", what=name)
        return _overlaid(paper.path, paper.name, paper.media_type, settings, pages)


def _overlaid(path: Path, name: str, media_type: str, settings: Settings, pages: tuple[Page, ...]) -> bytes:
    import pikepdf

    read = {page.number: page for page in pages if page.origin == "ocr" and page.words}
    pdf = pikepdf.open(path) if media_type == PDF else pikepdf.new()
    font = _font(pdf)
    for raw in open_pages(path, name, media_type, settings).pages:
        if raw.image is None or raw.number > len(pdf.pages) + (media_type != PDF):
            continue
        page = read.get(raw.number)
        view = view_of(raw, PageFrame(page.rotation, levelled=True) if page else PageFrame())
        if view is None:
            continue
        if media_type != PDF or view.cut.is_cut:
            _put_picture(pdf, raw.number, view.cut.image, view.dpi)
        if page is not None:
            _overlay(pdf, pdf.pages[raw.number - 1], view, page, font)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def _font(pdf: pikepdf.Pdf) -> Any:
    """A font without glyph shapes whose codes are UTF-16: its text is found and copied, never seen."""
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
    """Add a picture as a page of the paper's size: a new last one, or in place of the photograph it was cropped
    from.
    """
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


def _overlay(pdf: pikepdf.Pdf, page: pikepdf.Page, view: PageView, read: Page, font: Any) -> None:
    name = page.add_resource(font, _name("/Font"))
    place = _place(page, view)
    words = (_draw_word(read.text[word.start : word.end], word, place) for word in read.words)
    layer = b"q BT 3 Tr\n" + b"\n".join(word.replace(b"/F", str(name).encode(), 1) for word in words) + b"\nET Q"
    page.contents_add(pdf.make_stream(b"q\n"), prepend=True)
    page.contents_add(pdf.make_stream(b"\nQ\n" + layer))


def _name(text: str) -> Any:
    from pikepdf import Name

    return Name(text)


def _draw_word(text: str, word: Word, place: Place) -> bytes:
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


def _place(page: pikepdf.Page, view: PageView) -> Place:
    """Map from fractions of the page as it was read to points of the PDF's own page, which shows the sheet
    alone.
    """
    left, bottom, right, top = (float(edge) for edge in page.cropbox)
    turn = int(page.obj.get("/Rotate", 0)) % 360 if "/Rotate" in page.obj else 0

    def place(across: float, down: float) -> Point:
        share = before_turn(view.to_cut((across, down)), turn)
        return left + share[0] * (right - left), top - share[1] * (top - bottom)

    return place
