"""The text layer of a PDF page: its words in the order they were written, with a box for each."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from corpus.document import Box, Page, Word
from ingest import legacy_text

_MOST_LETTERS = 300_000
"""A page holds a few thousand; a layer of millions was made to harm."""
_SOFT_HYPHEN = "\u00ad"
_BROKEN = ("Cn", "Co", "Cs")
_DROPPED = ("Cc", "Cf")
_GRID = 1_000_000
"""Units that a page's width and height are divided into when a point is mapped onto it."""
_INVISIBLE = 3
"""FPDF_TEXTRENDERMODE_INVISIBLE: how recognition programs lay text under a scan."""
_MOST_OBJECTS = 20_000


@dataclass(frozen=True, slots=True)
class Layer:
    """A page's text and what is odd about it; `broken` is the share of letters that stand for none."""

    page: Page
    broken: float
    fonts: tuple[str, ...]
    """Name of the font that each word begins in."""


@dataclass(slots=True)
class _Gathered:
    """The letters of one word as they are gathered; edges in points of the unrotated page."""

    text: str = ""
    first: int = 0
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    def add(self, letter: str, index: int, edges: tuple[float, float, float, float]) -> None:
        left, bottom, right, top = edges
        if not self.text:
            self.first, self.left, self.bottom, self.right, self.top = index, left, bottom, right, top
        elif right > left:
            self.left, self.bottom = min(self.left, left), min(self.bottom, bottom)
            self.right, self.top = max(self.right, right), max(self.top, top)
        self.text += letter


def read_layer(page: Any, number: int) -> Layer | None:
    """The page's text in the order it was drawn, NFC, old encodings as they are; None when it has none.

    Raises ValueError for a layer of absurd length.
    """
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if count > _MOST_LETTERS:
            raise ValueError("a text layer of absurd length")
        return _assembled(page, layer, count, number) if count > 0 else None
    finally:
        layer.close()


def _assembled(page: Any, layer: Any, count: int, number: int) -> Layer | None:
    lines, broken = _lines(layer, count)
    lines = [line for line in lines if line]
    if not lines:
        return None
    letters = sum(len(word.text) for line in lines for word in line)
    fonts = tuple(_font(layer, word.first) for line in lines for word in line)
    return Layer(_joined(page, lines, number), broken / max(letters, 1), fonts)


def _lines(layer: Any, count: int) -> tuple[list[list[_Gathered]], int]:
    """Words by printed line, and how many letters among them stand for none."""
    import pypdfium2.raw as pdfium

    lines: list[list[_Gathered]] = [[]]
    word, broken = _Gathered(), 0
    for index in range(count):
        letter = _letter(pdfium.FPDFText_GetUnicode(layer.raw, index))
        if letter.isspace():
            if word.text:
                lines[-1].append(word)
                word = _Gathered()
            if letter == "\n" and lines[-1]:
                lines.append([])
            continue
        kind = unicodedata.category(letter) if letter else "Cn"
        broken += kind in _BROKEN or letter == "\ufffd"
        if kind not in _BROKEN and (kind not in _DROPPED or letter == _SOFT_HYPHEN):
            word.add(letter, index, layer.get_charbox(index))
    if word.text:
        lines[-1].append(word)
    return lines, broken


def _letter(code: int) -> str:
    """Empty for a code that is no letter: NUL is what a font without a map gives."""
    return chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""


def _font(layer: Any, index: int) -> str:
    import pypdfium2.raw as pdfium

    name = ctypes.create_string_buffer(128)
    length = pdfium.FPDFText_GetFontInfo(layer.raw, index, name, len(name), ctypes.c_int())
    return name.value.decode("latin-1") if 0 < length <= len(name) else ""


def _joined(page: Any, lines: list[list[_Gathered]], number: int) -> Page:
    """Joins words by one space and lines by one break, so that every offset is known."""
    parts: list[str] = []
    words: list[Word] = []
    length = 0
    for line in lines:
        for position, gathered in enumerate(line):
            between = " " if position else "\n" if words else ""
            value = unicodedata.normalize("NFC", gathered.text)
            start = length + len(between)
            length = start + len(value)
            parts += [between, value]
            words.append(Word(start, length, _box(page, gathered)))
    return Page(number, "text", "".join(parts), tuple(words))


def _box(page: Any, word: _Gathered) -> Box:
    """The word's place on the page as it is shown, after /Rotate and /CropBox."""
    x0, y0 = _shown(page, word.left, word.bottom)
    x1, y1 = _shown(page, word.right, word.top)
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _shown(page: Any, x: float, y: float) -> tuple[float, float]:
    import pypdfium2.raw as pdfium

    across, down = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDF_PageToDevice(page.raw, 0, 0, _GRID, _GRID, 0, x, y, across, down)
    return min(max(across.value / _GRID, 0.0), 1.0), min(max(down.value / _GRID, 0.0), 1.0)


def in_unicode(layer: Layer) -> tuple[Page, legacy_text.Encoding | None]:
    """The layer's page with an old encoding repaired, soft hyphens left out; the encoding when there was one."""
    repaired, encoding = legacy_text.repaired_page(layer.page, layer.fonts)
    if encoding is None and _SOFT_HYPHEN in repaired.text:
        return legacy_text.rewritten(repaired, lambda word, _: word.replace(_SOFT_HYPHEN, "")), None
    return repaired, encoding


def is_hidden(page: Any) -> bool:
    """Whether most of the page's text is drawn invisibly: the layer that a recognition program put under a scan."""
    import pypdfium2.raw as pdfium

    visible = invisible = 0
    for seen, item in enumerate(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT], max_depth=3)):
        if seen >= _MOST_OBJECTS:
            break
        mode = pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
        visible, invisible = visible + (mode != _INVISIBLE), invisible + (mode == _INVISIBLE)
    return invisible > visible


def without(page: Page, hidden: frozenset[int]) -> Page:
    """The page without the words at these positions."""
    keep = iter(range(len(page.words)))
    return legacy_text.rewritten(page, lambda word, _: "" if next(keep) in hidden else word)


def spans(page: Page) -> Iterator[str]:
    """The page's words one by one."""
    return (page.text[word.start : word.end] for word in page.words)
