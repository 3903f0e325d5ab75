"""From text to tokens, the same for documents and queries: NFC, one tone placement, lower case, bare letters.

A syllable comes in two forms at one position: as written (`kế`) and folded (`ke`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from corpus.vietnamese.fold import fold, fold_composed

_OLD_TONE = re.compile(r"[ou](?:(?<=o)[àáảãạèéẻẽẹ]|(?<=u)(?<!qu)[ỳýỷỹỵ])(?![^ ])")
"""`hoà`, `khoẻ`, `thuỷ`: the mark on the last vowel of an open syllable (kiểu cũ); `quý` is right already. One
class of letters comes first in the pattern, so that the search leaps from one to the next.
"""
_NUMBER = re.compile(
    r"(?<![\w/.-])\d{1,5}[a-zđ]?\s?(?:/\s?\d{4})?\s?[/-]\s?[a-zđ][a-z0-9đêôơưâăéòà]{0,12}(?:[-/.]\s?[a-z0-9đưâăêôơ]{1,16}){0,5}",
    re.IGNORECASE,
)
"""Possible document numbers in running text; `corpus.numbering.number` decides which are."""
_DATE = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?:[/.-]|\s{1,4}th[áa]ng\s{1,4})(\d{1,2})(?:[/.-]|,?\s{1,4}n[ăa]m\s{1,4})(\d{4})(?![\d/])",
    re.IGNORECASE,
)
_GLUED = re.compile(r"(?:(\d{1,5})([^\W\d_]{1,8})|([^\W\d_]{1,8})(\d{1,5}))\Z")
"""`KH31`, `31KH`, `QH15`: letters and digits of a number written without a sign between."""
_LONGEST_TOKEN = 64
"""Letters; the rest of a longer token is left out."""
_LIGATURES = {ord(letter): unicodedata.normalize("NFKC", letter) for letter in "ﬀﬁﬂﬃﬄﬅﬆ"}
_LIGATURE = re.compile("[ﬀ-ﬆ]")
_DEES = {"ð": "đ", "ɖ": "đ"}
"""Letters that look like đ and get into texts for it, in lower case."""
_TOO_LONG = re.compile(rf"([^ ]{{{_LONGEST_TOKEN}}})[^ ]+")
_LONG = 500
"""Letters of a text from which on an array is quicker than looking each letter up."""


@dataclass(frozen=True, slots=True)
class Syllables:
    """The tokens of one text in order, position by position;
    each form as one string with blanks between tokens.
    """

    written: str
    """As written: `kế hoạch`."""
    bare: str
    """Folded: `ke hoach`."""

    @property
    def accented(self) -> tuple[str, ...]:
        """The tokens as written."""
        return tuple(self.written.split())

    @property
    def folded(self) -> tuple[str, ...]:
        """The tokens folded."""
        return tuple(self.bare.split())

    def __len__(self) -> int:
        return len(self.written.split())

    def __bool__(self) -> bool:
        return self.written != "" and not self.written.isspace()


def syllables(text: str) -> Syllables:
    """The tokens of a text; letters and digits run together stay one token, everything else separates."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", without_ligatures(text))
    written, bare = _apart(text)
    # Folded, a syllable is the same wherever its mark was.
    return Syllables(_OLD_TONE.sub(lambda match: _move_tone(match.group()), written), bare)


def without_ligatures(text: str) -> str:
    """The text with `ﬁ` and the like as the letters that they join."""
    return text.translate(_LIGATURES) if _LIGATURE.search(text) else text


def folded(text: str) -> str:
    """corpus.vietnamese.fold of a text in NFC, of the same length; for long texts some ten times as quick."""
    units = _units(text)
    return text.translate(_FOLDED) if units is None else _text(_FOLDED.of(units))


def is_accented(token: str) -> bool:
    """True if a token has a mark (or đ) that folding would remove."""
    return token != fold(token)


def unglued(token: str) -> tuple[str, ...]:
    """`kh31` → `kh`, `31`; any other token unchanged, alone."""
    match = _GLUED.match(token)
    return (token,) if match is None else tuple(part for part in match.groups() if part)


def dates(text: str) -> tuple[str, ...]:
    """Whole dates of a text in ISO 8601: `12/4/2022`, `12 tháng 4 năm 2022` → `2022-04-12`;
    impossible ones are left out.
    """
    read = (match.groups() for match in _at_digits(_DATE, text))
    found = (f"{year}-{int(month):02}-{int(day):02}" for day, month, year in read
             if 1 <= int(month) <= 12 and 1 <= int(day) <= 31)  # fmt: skip
    return tuple(dict.fromkeys(found))


def number_candidates(text: str) -> tuple[str, ...]:
    """Stretches of text that look like document numbers, each once, in order."""
    return tuple(dict.fromkeys(match.group() for match in _at_digits(_NUMBER, text)))


def _at_digits(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches that begin with a run of digits; trying there alone is ten times as quick as searching."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    digits[1:] &= ~digits[:-1]
    for at in np.flatnonzero(digits).tolist():
        if (match := pattern.match(text, at)) is not None:
            yield match


class _Letters(dict[int, str]):
    """A table of letters, each worked out once; for those of the basic plane there is an array too."""

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form
        self._units = np.zeros(0x10000, "<u2")

    def __missing__(self, code: int) -> str:
        self[code] = self._form(chr(code))
        return self[code]

    def of(self, units: Any) -> Any:
        """Map an array of letters."""
        found = self._units[units]
        if not found.all():
            for unit in np.unique(units[found == 0]).tolist():
                self._units[unit] = ord(self[unit])
            found = self._units[units]
        return found


def _written_letter(letter: str) -> str:
    """The letter as written in tokens: in lower case, if that is one letter too;
    a blank for signs, which separate.
    """
    low = letter.lower()
    return " " if not letter.isalnum() else _DEES.get(low, low) if len(low) == 1 else letter


_WRITTEN, _FOLDED = _Letters(_written_letter), _Letters(fold_composed)


def _apart(text: str) -> tuple[str, str]:
    """A text in NFC letter by letter, with tokens cut to a bounded length: as written, and folded."""
    units = _units(text)
    if units is None:
        written = text.translate(_WRITTEN)
        written = written if len(text) <= _LONGEST_TOKEN else _TOO_LONG.sub(r"\1", written)
        return written, written.translate(_FOLDED)
    letters = _WRITTEN.of(units)
    blanks = np.flatnonzero(letters == ord(" "))
    if (blanks[1:] - blanks[:-1]).max() > _LONGEST_TOKEN + 1:
        written = _TOO_LONG.sub(r"\1", _text(letters))
        return written, folded(written)
    return _text(letters), _text(_FOLDED.of(letters))


def _units(text: str) -> Any:
    """A text between two blanks as an array; None for a short one or one beyond the basic plane."""
    if len(text) < _LONG:
        return None
    units = np.frombuffer(f" {text} ".encode("utf-16-le", "surrogatepass"), "<u2")
    return None if ((units & 0xF800) == 0xD800).any() else units


def _text(units: Any) -> str:
    return str(units[1:-1].tobytes(), "utf-16-le")


@cache
def _move_tone(pair: str) -> str:
    """`oà` → `òa`."""
    last = unicodedata.normalize("NFD", pair[1])
    return unicodedata.normalize("NFC", pair[0] + last[1:]) + last[0]
