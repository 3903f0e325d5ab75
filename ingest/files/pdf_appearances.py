"""Text that annotations and form fields draw on a PDF page (appearance streams, ISO 32000-1, 12.5.5).

Signing software of a clerk draws number and date as the appearance of a signature field over the blanks of the
finished page: every viewer shows them, and a text layer without annotations has none of them.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pikepdf
from pdfminer.psexceptions import PSException
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from corpus.vietnamese.fold import fold

Kind = Literal["signature", "field", "note", "stamp"]
"""Signature field, other form field, free text, rubber stamp."""

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top in points of the unrotated page."""
Edges = tuple[float, float, float, float]
"""Left, top, right, bottom as shares of the page as displayed."""

_MOST = 1_200
"""Annotations read of one file; a paper has 1 to 11 signatures (measured on 73 signed papers)."""
_MOST_LETTERS = 5_000
"""Letters read of one appearance."""
_HIDDEN = 0b10 | 0b100000
"""Annotation flags Hidden and NoView (ISO 32000-1, table 165)."""
_KINDS: dict[str, Kind] = {"/FreeText": "note", "/Stamp": "stamp"}
_STEP = 0.6
"""Share of the letter size by which the baseline moves at a new line."""
_BLANK = 0.25
"""Share of the letter size that separates two words of an appearance."""
_OUTSIDE = 0.2
"""Share of the page by which ink may lie outside it; what is further off nobody sees."""
_LONGEST = 60
"""Letters; a number or day written by a clerk's software is shorter, a longer text is a frame."""
_SIGNING = re.compile(
    r"\b(?:ky boi|nguoi ky|co quan|email|thoi gian ky|ngay ky|sao y|ky so"
    r"|digitally signed|signed by|date|location|reason)\b"
)


@dataclass(frozen=True, slots=True)
class Appearance:
    """Text drawn by one annotation: its lines from the top, the box of its ink, and letter size in points.

    `page` counts from 1; `name` is the field's (`/T`); `signed`: True if the field holds a signature.
    """

    page: int
    kind: Kind
    name: str
    edges: Edges
    lines: tuple[str, ...]
    size: float
    signed: bool = False

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def appearances_of(path: Path) -> tuple[Appearance, ...]:
    """Texts that a PDF's annotations draw, by page and field; empty if its objects can't be read.

    Frames of signing data (`Ký bởi …`, `Thời gian ký …`) are recognised by `is_signing_data`; seals and pictures
    of signatures have no letters.
    """
    try:
        with pikepdf.open(path) as pdf:
            sheets, places = _sheets(pdf)
        if not places:
            return ()
        with PDF(sheets) as drawn:
            pages = zip(places, drawn.pages, strict=True)
            return tuple(found for place, page in pages if (found := _read_sound(place, page)) is not None)
    except UNREADABLE:
        return ()


UNREADABLE = (
    pikepdf.PdfError, PdfminerException, PSException, ValueError, TypeError, KeyError, AttributeError,
    IndexError, RecursionError, RuntimeError, AssertionError, OverflowError, ZeroDivisionError,
)  # fmt: skip
"""Errors of damaged or hostile objects: the page is then read without its annotations."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Page, kind and field name of an annotation; `signed` as in Appearance."""

    page: int
    kind: Kind
    name: str
    signed: bool


def _sheets(pdf: pikepdf.Pdf) -> tuple[io.BytesIO, list[_Place]]:
    """A PDF with one page per annotation, which draws its appearance at its place on the real page."""
    sheets = pikepdf.new()
    places: list[_Place] = []
    for index, page in enumerate(pdf.pages):
        for annotation in _annotations(page):
            if len(places) >= _MOST:
                break
            # One damaged annotation costs only itself.
            with suppress(*UNREADABLE):
                shown = _appearance(annotation)
                if shown is not None:
                    placed = _onto(shown, _rect(annotation["/Rect"]))
                    place = _place(index + 1, annotation)
                    _add_sheet(sheets, page, sheets.copy_foreign(shown), placed)
                    places.append(place)
    out = io.BytesIO()
    sheets.save(out)
    out.seek(0)
    return out, places


def _place(number: int, annotation: Any) -> _Place:
    kind = _kind(annotation)
    signed = kind == "signature" and "/V" in (*annotation.keys(), *annotation.get("/Parent", {}).keys())
    return _Place(number, kind, str(annotation.get("/T", "")), signed)


def _add_sheet(sheets: pikepdf.Pdf, page: pikepdf.Page, stream: Any, placed: Sequence[float]) -> None:
    """Add a page of the real page's size and turn that draws a stream by a matrix."""
    sides = [[float(edge) for edge in box] for box in (page.mediabox, page.cropbox)]
    turn = int(page.get("/Rotate", 0))
    sheet = sheets.add_blank_page(page_size=(10, 10))
    sheet.MediaBox, sheet.CropBox = (pikepdf.Array(side) for side in sides)
    sheet.Rotate = turn
    sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=stream))
    matrix = " ".join(f"{value:.6f}" for value in placed)
    sheet.Contents = sheets.make_stream(f"q {matrix} cm /A Do Q".encode())


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    """Annotations of a page whose text a viewer displays."""
    for annotation in list(page.obj.get("/Annots", []))[: 2 * _MOST]:
        if str(annotation.get("/Subtype")) not in ("/Widget", *_KINDS) or int(annotation.get("/F", 0)) & _HIDDEN:
            continue
        left, bottom, right, top = _rect(annotation["/Rect"])
        if right - left >= 1 and top - bottom >= 1:
            yield annotation


def _rect(values: Any) -> Rect:
    x0, y0, x1, y1 = (float(value) for value in values)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _kind(annotation: Any) -> Kind:
    kind = _KINDS.get(str(annotation["/Subtype"]))
    if kind is not None:
        return kind
    parent = annotation.get("/Parent", {})
    return "signature" if "/Sig" in (str(annotation.get("/FT", "")), str(parent.get("/FT", ""))) else "field"


def _appearance(annotation: Any) -> Any:
    """Stream of an annotation's normal appearance in its current state, or None."""
    shown = annotation.get("/AP", {}).get("/N")
    if shown is not None and not isinstance(shown, pikepdf.Stream):
        shown = shown.get(str(annotation.get("/AS", "/Off")))
    return shown if isinstance(shown, pikepdf.Stream) else None


def _onto(stream: Any, rect: Rect) -> tuple[float, float, float, float, float, float]:
    """Matrix that maps an appearance to its annotation's rectangle (ISO 32000-1, 12.5.5, algorithm 8.1)."""
    x0, y0, x1, y1 = _rect(stream.get("/BBox", [0, 0, rect[2] - rect[0], rect[3] - rect[1]]))
    a, b, c, d, e, f = (float(value) for value in stream.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    wide, high = max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom
    across = (rect[2] - rect[0]) / wide if wide > 0 else 1.0
    up = (rect[3] - rect[1]) / high if high > 0 else 1.0
    return across, 0.0, 0.0, up, rect[0] - left * across, rect[1] - bottom * up


def _read_sound(place: _Place, page: Any) -> Appearance | None:
    """As `_read`; None for an appearance whose objects can't be read."""
    try:
        return _read(place, page)
    except UNREADABLE:
        return None


def _read(place: _Place, page: Any) -> Appearance | None:
    """Lines of one appearance with the box of their ink; None if it draws no text."""
    chars = page.chars[:_MOST_LETTERS]
    lines = tuple(line for line in (_clean(line) for line in _lines(chars)) if line)
    if not lines:
        return None
    inked = [char for char in chars if not char["text"].isspace()]
    left, top, right, bottom = (float(edge) for edge in page.cropbox)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)
    edges = (
        (min(char["x0"] for char in inked) - left) / wide, (min(char["top"] for char in inked) - top) / high,
        (max(char["x1"] for char in inked) - left) / wide, (max(char["bottom"] for char in inked) - top) / high,
    )  # fmt: skip
    if not all(-_OUTSIDE < edge < 1 + _OUTSIDE for edge in edges):
        return None
    size = max(_size(char) for char in inked)
    return Appearance(place.page, place.kind, place.name, edges, lines, size, place.signed)


def _size(char: Any) -> float:
    """Size of a letter in points, whichever way it is set."""
    return float(char["bottom"] - char["top"] if char["upright"] else char["x1"] - char["x0"])


def _lines(chars: Sequence[Any]) -> Iterator[str]:
    """Lines of letters in drawing order: a new line if the baseline moves, a blank at a wide gap.

    Positions are measured along the letters' own baseline. Fonts of signing software have no widths: between
    letters without width there is no blank.
    """
    line, behind, baseline = "", 0.0, 0.0
    for char in chars:
        a, b, _, _, x, y = char["matrix"]
        scale = math.hypot(a, b) or 1.0
        along, across = (x * a + y * b) / scale, (y * a - x * b) / scale
        size = max(_size(char), 1.0)
        if line and (abs(across - baseline) > _STEP * size or along < behind - 2 * size):
            yield line
            line = ""
        elif line and along - behind > _BLANK * size and char["adv"] > 0:
            line += " "
        line += char["text"]
        behind, baseline = along + float(char["adv"]), across
    yield line


def _clean(line: str) -> str:
    """A line without control characters and unmapped glyphs, with single blanks."""
    kept = (letter for letter in re.sub(r"\(cid:\d+\)", "", line) if unicodedata.category(letter)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def is_signing_data(appearance: Appearance) -> bool:
    """True if it is the frame that signing software prints: signer, time, certificate."""
    return appearance.kind == "signature" and bool(
        len(appearance.lines) > 1 or _SIGNING.search(fold(appearance.text)) or len(appearance.text) > _LONGEST
    )
