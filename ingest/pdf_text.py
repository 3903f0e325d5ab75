"""The text layer of a PDF page: its words with their boxes, and whether it can be trusted."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from dataclasses import dataclass
from typing import Any

from corpus.document import Box, Page, Word

_SYLLABLE = re.compile(
    r"(?:ngh?|nh|th|tr|ch|kh|ph|gh|gi|qu|[bcdđghklmnpqrstvx])?"
    r"[aăâeêioôơuưy]{1,3}"
    r"(?:ng|nh|ch|[cmnpt])?",
)
"""A Vietnamese syllable without its tone: onset, nucleus, coda."""
_WORD = re.compile(r"[^\W\d_]+")
_TONES = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309\u0323"))
_SOUND_SHARE = 0.6
_MARKED_SHARE = 0.12
"""Vietnamese prose carries a mark on most words; a layer with hardly any was made by an engine that knew none."""
_TEXT, _IMAGE, _INVISIBLE = 1, 3, 3
"""FPDF_PAGEOBJ_TEXT, FPDF_PAGEOBJ_IMAGE, FPDF_TEXTRENDERMODE_INVISIBLE."""
_MOST_OBJECTS = 20_000


def is_sound(text: str) -> bool:
    """Whether the text reads like Vietnamese: most words are syllables of it, and enough of them carry marks.

    Short texts and those in capitals abbreviate a lot, so little is asked of them.
    """
    words = [word for word in _WORD.findall(text) if not (word.isupper() and len(word) < 6)]
    if len(words) < 8:
        return "\ufffd" not in text
    folded = [_toneless(word.lower()) for word in words]
    valid = sum(1 for word in folded if _SYLLABLE.fullmatch(word))
    marked = sum(1 for word in words if not word.isascii())
    return valid / len(words) >= _SOUND_SHARE and marked / len(words) >= _MARKED_SHARE


def pictures_and_hidden_text(page: Any) -> tuple[float, bool]:
    """Share of the page that its pictures cover, and whether its text is drawn invisibly (an OCR layer)."""
    import pypdfium2.raw as pdfium

    left, bottom, right, top = page.get_bbox()
    area = max((right - left) * (top - bottom), 1.0)
    covered, visible, invisible = 0.0, 0, 0
    for index in range(min(pdfium.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        obj = pdfium.FPDFPage_GetObject(page, index)
        kind = pdfium.FPDFPageObj_GetType(obj)
        if kind == _IMAGE:
            covered += _area(pdfium, obj, (left, bottom, right, top))
        elif kind == _TEXT:
            if pdfium.FPDFTextObj_GetTextRenderMode(obj) == _INVISIBLE:
                invisible += 1
            else:
                visible += 1
    return min(covered / area, 1.0), invisible > visible


def _area(pdfium: Any, obj: Any, page: tuple[float, float, float, float]) -> float:
    """The part of an object's bounds that lies on the page, in square points."""
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(obj, *edges):
        return 0.0
    left, bottom, right, top = (edge.value for edge in edges)
    width = min(right, page[2]) - max(left, page[0])
    height = min(top, page[3]) - max(bottom, page[1])
    return max(width, 0.0) * max(height, 0.0)


@dataclass(slots=True)
class _Letters:
    """The letters of one word as they are gathered."""

    text: str = ""
    left: float = 0.0
    bottom: float = 0.0
    right: float = 0.0
    top: float = 0.0

    def add(self, letter: str, left: float, bottom: float, right: float, top: float) -> None:
        if not self.text:
            self.left, self.bottom, self.right, self.top = left, bottom, right, top
        else:
            self.left, self.bottom = min(self.left, left), min(self.bottom, bottom)
            self.right, self.top = max(self.right, right), max(self.top, top)
        self.text += letter


def read_layer(page: Any, number: int) -> Page | None:
    """The page's text in the order it was drawn, NFC, with a box for each word; None when it has none."""
    layer = page.get_textpage()
    try:
        count = layer.count_chars()
        if count <= 0:
            return None
        letters = layer.get_text_range(0, count, errors="ignore")
        return _assembled(page, layer, count, number) if letters.strip() else None
    finally:
        layer.close()


def _assembled(page: Any, layer: Any, count: int, number: int) -> Page:
    import pypdfium2.raw as pdfium

    width, height = page.get_size()
    lines: list[list[_Letters]] = [[]]
    word = _Letters()
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(layer, index)
        letter = chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else ""
        if letter in ("\r", "\n") or letter.isspace():
            if word.text:
                lines[-1].append(word)
                word = _Letters()
            if letter == "\n" and lines[-1]:
                lines.append([])
        elif letter and unicodedata.category(letter) not in ("Cc", "Cf", "Cn"):
            word.add(letter, *layer.get_charbox(index))
    if word.text:
        lines[-1].append(word)
    return _page(lines, number, width, height)


def _page(lines: list[list[_Letters]], number: int, width: float, height: float) -> Page:
    """Joins words by one space and lines by one break, so that every offset is known."""
    text, words = "", []
    for line in filter(None, lines):
        if text:
            text += "\n"
        for position, letters in enumerate(line):
            if position:
                text += " "
            value = unicodedata.normalize("NFC", letters.text)
            box = Box(
                letters.left / width, 1 - letters.top / height, letters.right / width, 1 - letters.bottom / height
            )
            words.append(Word(len(text), len(text) + len(value), box))
            text += value
    return Page(number, "text", text, tuple(words))


def _toneless(word: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", word).translate(_TONES))
