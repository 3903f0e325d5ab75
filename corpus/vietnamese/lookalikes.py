"""Look-alike characters of typists, fonts and PDF layers set to the plain one,
with the way back to the text as given.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

_DEES = (("\u00d0", "Đ"), ("\u0189", "Đ"), ("\u00f0", "đ"))
_PAIRS = (
    *((dash, "-") for dash in "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\uff0d"),
    *((slash, "/") for slash in "\u2044\u2215\uff0f"),
    *(
        (blank, " ")
        for blank in "\u00a0\t\r\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
        "\u2007\u2008\u2009\u200a\u202f\u3000\x0b\x0c"
    ),
    *zip("АВЕКМНОРСТХУаеорсху", "ABEKMHOPCTXYaeopcxy", strict=True),
    *((mark, " ") for mark in "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾"),
    *_DEES,
)
_ZERO_WIDTH = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SPECIAL = re.compile("[" + _ZERO_WIDTH + "".join(re.escape(read) for read, _ in _PAIRS) + "]")
_RUN = re.compile(rf"[^{_ZERO_WIDTH}]?[{_ZERO_WIDTH}\u0300-\u036f]+")
"""A character with the combining marks or zero-width characters behind it."""


@dataclass(frozen=True, slots=True)
class Plain:
    """Cleaned text; `origin` leads an offset in it back to the text it was made of."""

    text: str
    starts: tuple[int, ...] = ()
    """Offsets in `text` behind which characters were dropped or joined; empty when lengths are equal."""
    shifts: tuple[int, ...] = ()

    def origin(self, offset: int) -> int:
        """The offset in the given text of the character at `offset`."""
        if not self.starts:
            return offset
        place = bisect_right(self.starts, offset)
        return offset + (self.shifts[place - 1] if place else 0)


def plain_d(text: str) -> str:
    """`text` in NFC with Đ for the Icelandic Ð and the African Ɖ that look the same,
    also where an engine gave both.
    """
    text = unicodedata.normalize("NFC", text)
    for read, meant in _DEES:
        if read in text:
            text = text.replace(meant + read, meant).replace(read + meant, meant).replace(read, meant)
    return text


def plain(text: str) -> Plain:
    """`text` in NFC with plain dashes, slashes, blanks and Đ, without footnote marks,
    zero-width characters and soft hyphens.
    """
    if _SPECIAL.search(text) is None and unicodedata.is_normalized("NFC", text):
        return Plain(text)
    starts: tuple[int, ...] = ()
    shifts: tuple[int, ...] = ()
    if any(char in text for char in _ZERO_WIDTH) or not unicodedata.is_normalized("NFC", text):
        text, starts, shifts = _shorten(text)
    for read, meant in _PAIRS:
        if read in text:
            text = text.replace(read, meant)
    return Plain(text, starts, shifts)


def _shorten(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """NFC and no zero-width characters, one run of marks at a time, with the shifts that lead back."""
    out: list[str] = []
    starts: list[int] = []
    shifts: list[int] = []
    length = position = 0
    for run in _RUN.finditer(text):
        before = text[position : run.start()]
        kept = unicodedata.normalize("NFC", "".join(char for char in run.group() if char not in _ZERO_WIDTH))
        out += (before, kept)
        length += len(before) + len(kept)
        position = run.end()
        starts.append(length)
        shifts.append(position - length)
    return "".join((*out, text[position:])), tuple(starts), tuple(shifts)
