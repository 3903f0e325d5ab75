"""Conversion of encodings before Unicode: TCVN3 (fonts .VnTime…) and VNI-Windows (fonts VNI-…).

Such a text arrives as Latin letters: `Céng hßa x· héi`, `Coäng hoøa xaõ hoäi`. It is recognised by its words: they
are Vietnamese syllables after the conversion and were none before. The letters are in
corpus/data/legacy_letters.tsv.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from corpus.document import Page, Word
from corpus.tables import rows
from ingest.text.syllables import syllable_share

Encoding = Literal["tcvn3", "vni"]
NAMES: dict[Encoding, str] = {"tcvn3": "TCVN3", "vni": "VNI"}

_OWN_LETTERS = re.compile("[ăđơưĂĐƠƯ\u1ea0-\u1ef9]")
"""Letters that only Unicode text has: one in forty shows that nothing needs converting."""
_LETTER = re.compile(r"[^\W\d_]")
_GAIN = 0.2
"""Least rise in the share of syllables for a text to be converted."""
_SOUND = 0.75
_FONT_TCVN3 = re.compile(r"(?:^|\+)\.?Vn[A-Z3]")
_FONT_VNI = re.compile(r"(?:^|\+)VNI[- ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FontEncoding:
    """Encoding that a font's name implies; `capitals` if the font shows small letters as capitals."""

    encoding: Encoding
    capitals: bool


def of_font(name: str) -> FontEncoding | None:
    """`.VnTimeH` → TCVN3 in capitals, `VNI-Times` → VNI, any other font → None."""
    if _FONT_TCVN3.search(name):
        return FontEncoding("tcvn3", name.split(",")[0].split("-")[0].endswith("H"))
    return FontEncoding("vni", False) if _FONT_VNI.search(name) else None


@cache
def _letters(encoding: Encoding) -> tuple[dict[str, str], re.Pattern[str]]:
    """Letters of an encoding, and a pattern that tries the longest first."""
    table = {
        bytes.fromhex(row["bytes"]).decode("latin-1"): row["letter"]
        for row in rows("legacy_letters")
        if row["encoding"] == encoding
    }
    keys = sorted(table, key=len, reverse=True)
    return table, re.compile("|".join(map(re.escape, keys)))


def converted(text: str, encoding: Encoding, *, capitals: bool = False) -> str:
    """Replace each letter of the encoding in `text`, after NFC. VNI changes its length: its marks are letters."""
    table, pattern = _letters(encoding)
    result = pattern.sub(lambda match: table[match[0]], unicodedata.normalize("NFC", text))
    return result.upper() if capitals else result


def encoding_of(text: str) -> Encoding | None:
    """Encoding of a text; None if it is Unicode, or nothing that these encodings explain."""
    letters = len(_LETTER.findall(text))
    if letters < 4 or text.isascii() or len(_OWN_LETTERS.findall(text)) * 40 > letters:
        return None
    before = syllable_share(text)
    shares = {encoding: syllable_share(converted(text, encoding)) for encoding in NAMES}
    best = max(NAMES, key=lambda encoding: shares[encoding])
    return best if shares[best] >= _SOUND and shares[best] >= before + _GAIN else None


def repaired(text: str) -> tuple[str, Encoding | None]:
    """The text in Unicode, and the encoding it was in; None if it is returned unchanged."""
    encoding = encoding_of(text)
    return (converted(text, encoding), encoding) if encoding else (text, None)


def repaired_page(page: Page, fonts: tuple[str, ...] = ()) -> tuple[Page, Encoding | None]:
    """The page in Unicode with its words' offsets adjusted.

    fonts: name of each word's font; only the font shows that TCVN3 letters are displayed as capitals.
    """
    encoding = encoding_of(page.text)
    if encoding is None:
        return page, None
    named = [of_font(font) for font in fonts]
    foreign = {position for position, font in enumerate(fonts) if font and named[position] is None and any(named)}

    def convert(word: str, position: int) -> str:
        font = named[position] if position < len(named) else None
        if position in foreign:
            return word
        return converted(word, encoding, capitals=font is not None and font.capitals)

    return rewritten(page, convert), encoding


def rewritten(page: Page, change: Callable[[str, int], str]) -> Page:
    """Apply `change(word, position)` to each word of a page and adjust every offset; "" drops the word."""
    parts: list[str] = []
    words: list[Word] = []
    at = length = 0
    for position, word in enumerate(page.words):
        between, letters = page.text[at : word.start], change(page.text[word.start : word.end], position)
        at = word.end
        if not letters:
            continue
        start = length + len(between)
        length = start + len(letters)
        parts += [between, letters]
        words.append(replace(word, start=start, end=length))
    rest = page.text[at:]
    parts.append(rest if page.words else change(rest, 0))
    return replace(page, text="".join(parts), words=tuple(words))
