"""Text that annotations and form fields draw on a PDF page (appearance streams, ISO 32000-1, 12.5.5).

A clerk's signing software writes the number and the day as the appearance of a signature field over the blanks of the
finished page: every viewer draws them, and a text layer without annotations has none of them.
"""

from __future__ import annotations

import io
import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
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
"""left, bottom, right, top in points of the unrotated page."""
Edges = tuple[float, float, float, float]
"""left, top, right, bottom as shares of the page as it is shown."""

_MOST = 200
"""Annotations of one file that are looked at; a paper has 1 to 11 signatures (measured on 73 signed papers)."""
_MOST_LETTERS = 5_000
"""Letters of one appearance."""
_HIDDEN = 0b10 | 0b100000
"""Annotation flags Hidden and NoView (ISO 32000-1, table 165)."""
_KINDS: dict[str, Kind] = {"/FreeText": "note", "/Stamp": "stamp"}
_STEP = 0.6
"""Share of the letters' size that a baseline moves by where a new line begins."""
_BLANK = 0.25
"""Share of the letters' size that parts two words of an appearance."""
_LONGEST = 60
"""Letters of a number or day written by a clerk's software are at most a few; a longer text is a frame."""
_SIGNING = re.compile(
    r"\b(?:ky boi|nguoi ky|co quan|email|thoi gian ky|ngay ky|sao y|ky so|digitally signed|signed by|date|location|reason)\b"
)


@dataclass(frozen=True, slots=True)
class Appearance:
    """Text drawn by one annotation: its lines top down, the place of its ink, and its letters' size in points.

    `page` counts from 1; `name` is the field's (`/T`).
    """

    page: int
    kind: Kind
    name: str
    edges: Edges
    lines: tuple[str, ...]
    size: float

    @property
    def text(self) -> str:
        return " ".join(self.lines)


def appearances_of(path: Path) -> tuple[Appearance, ...]:
    """The texts that a PDF's annotations draw, in the order of pages and fields; empty when its objects can't be read.

    Frames of signing data (`Ký bởi …`, `Thời gian ký …`), seals and pictures of signatures draw no text of the paper;
    the former are told by `is_signing_data`, the latter have no letters.
    """
    try:
        with pikepdf.open(path) as pdf:
            sheets, places = _sheets(pdf)
        if not places:
            return ()
        with PDF(sheets) as drawn:
            pages = zip(places, drawn.pages, strict=True)
            return tuple(found for place, page in pages if (found := _read(place, page)) is not None)
    except UNREADABLE:
        return ()


UNREADABLE = (
    pikepdf.PdfError, PdfminerException, PSException, ValueError, TypeError, KeyError, AttributeError,
    IndexError, RecursionError, RuntimeError, AssertionError, OverflowError, ZeroDivisionError,
)  # fmt: skip
"""Faults of damaged or hostile objects: the page is then read without its annotations."""


@dataclass(frozen=True, slots=True)
class _Place:
    """An annotation of one page: kind and field name."""

    page: int
    kind: Kind
    name: str


def _sheets(pdf: pikepdf.Pdf) -> tuple[io.BytesIO, list[_Place]]:
    """A PDF with one page an annotation, which draws its appearance where it is on the real page."""
    sheets = pikepdf.new()
    places: list[_Place] = []
    for index, page in enumerate(pdf.pages):
        for annotation in _annotations(page):
            shown = _appearance(annotation)
            if shown is None or len(places) >= _MOST:
                continue
            rect = _rect(annotation["/Rect"])
            sheet = sheets.add_blank_page(page_size=(10, 10))
            sheet.MediaBox = pikepdf.Array([float(edge) for edge in page.mediabox])
            sheet.CropBox = pikepdf.Array([float(edge) for edge in page.cropbox])
            sheet.Rotate = int(page.get("/Rotate", 0))
            stream = sheets.copy_foreign(shown)
            sheet.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=stream))
            placed = " ".join(f"{value:.6f}" for value in _onto(shown, rect))
            sheet.Contents = sheets.make_stream(f"q {placed} cm /A Do Q".encode())
            places.append(_Place(index + 1, _kind(annotation), str(annotation.get("/T", ""))))
    out = io.BytesIO()
    sheets.save(out)
    out.seek(0)
    return out, places


def _annotations(page: pikepdf.Page) -> Iterator[Any]:
    """Annotations of a page that a viewer shows text of."""
    for annotation in list(page.obj.get("/Annots", []))[: 5 * _MOST]:
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
    """The stream of an annotation's normal appearance in its present state, or None."""
    shown = annotation.get("/AP", {}).get("/N")
    if shown is not None and not isinstance(shown, pikepdf.Stream):
        shown = shown.get(str(annotation.get("/AS", "/Off")))
    return shown if isinstance(shown, pikepdf.Stream) else None


def _onto(stream: Any, rect: Rect) -> tuple[float, float, float, float, float, float]:
    """The matrix that lays an appearance into its annotation's rectangle (ISO 32000-1, 12.5.5, algorithm 8.1)."""
    x0, y0, x1, y1 = _rect(stream.get("/BBox", [0, 0, rect[2] - rect[0], rect[3] - rect[1]]))
    a, b, c, d, e, f = (float(value) for value in stream.get("/Matrix", [1, 0, 0, 1, 0, 0]))
    corners = [(a * x + c * y + e, b * x + d * y + f) for x in (x0, x1) for y in (y0, y1)]
    left, bottom = min(x for x, _ in corners), min(y for _, y in corners)
    wide, high = max(x for x, _ in corners) - left, max(y for _, y in corners) - bottom
    across = (rect[2] - rect[0]) / wide if wide > 0 else 1.0
    up = (rect[3] - rect[1]) / high if high > 0 else 1.0
    return across, 0.0, 0.0, up, rect[0] - left * across, rect[1] - bottom * up


def _read(place: _Place, page: Any) -> Appearance | None:
    """The letters of one appearance, line by line, with the place of their ink; None when it draws none."""
    chars = page.chars[:_MOST_LETTERS]
    lines = tuple(line for line in (_cleaned(line) for line in _lines(chars)) if line)
    if not lines:
        return None
    inked = [char for char in chars if not char["text"].isspace()]
    left, top, right, bottom = (float(edge) for edge in page.cropbox)
    wide, high = max(right - left, 1.0), max(bottom - top, 1.0)
    edges = (
        (min(char["x0"] for char in inked) - left) / wide, (min(char["top"] for char in inked) - top) / high,
        (max(char["x1"] for char in inked) - left) / wide, (max(char["bottom"] for char in inked) - top) / high,
    )  # fmt: skip
    return Appearance(place.page, place.kind, place.name, edges, lines, max(_size(char) for char in inked))


def _size(char: Any) -> float:
    """Size of a letter in points, whichever way it is set."""
    return float(char["bottom"] - char["top"] if char["upright"] else char["x1"] - char["x0"])


def _lines(chars: Sequence[Any]) -> Iterator[str]:
    """Letters in drawing order, a new line where the baseline moves, a blank where a gap is as wide as one.

    Places are taken along the letters' own baseline. Fonts of signing software carry no widths: between letters that
    have none there is no blank.
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


def _cleaned(line: str) -> str:
    """A line without control characters and glyphs that stand for no letter, blanks made one."""
    kept = (letter for letter in re.sub(r"\(cid:\d+\)", "", line) if unicodedata.category(letter)[0] != "C")
    return " ".join(unicodedata.normalize("NFC", "".join(kept)).split())


def is_signing_data(appearance: Appearance) -> bool:
    """True for the frame that signing software prints: by whom, when, with which certificate."""
    return appearance.kind == "signature" and bool(
        len(appearance.lines) > 1 or _SIGNING.search(fold(appearance.text)) or len(appearance.text) > _LONGEST
    )
