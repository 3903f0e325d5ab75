"""From text to tokens, the same for documents and queries: NFC, one tone placement, lower case, bare letters.

A syllable comes in two forms at one position: as written (`kế`) and folded (`ke`).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np

from corpus.fold import fold

_TOKEN = re.compile(r"[^\W_]+")
_OLD_TONE = re.compile(r"^(.*?)(?:(o)([àáảãạèéẻẽẹ])|((?<!q)u)([ỳýỷỹỵ]))$")
"""`hoà`, `khoẻ`, `thuỷ`: the mark on the last vowel of an open syllable (kiểu cũ); `quý` is right as it is."""
_NUMBER = re.compile(
    r"(?<![\w/.-])\d{1,5}[a-zđ]?\s?(?:/\s?\d{4})?\s?[/-]\s?[a-zđ][a-z0-9đêôơưâăéòà]{0,12}(?:[-/.]\s?[a-z0-9đưâăêôơ]{1,16}){0,5}",
    re.IGNORECASE,
)
"""Where a document number may stand in running text; whether it is one, `corpus.number` says."""
_DATE = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?![\d/])")
_GLUED = re.compile(r"(?:(\d{1,5})([^\W\d_]{1,8})|([^\W\d_]{1,8})(\d{1,5}))\Z")
"""`KH31`, `31KH`, `QH15`: letters and digits of a number written without a sign between."""
_LONGEST_TOKEN = 64
_TABLED = 0x3000
"""Characters below this are folded by table: all Latin letters and common punctuation."""


@dataclass(frozen=True, slots=True)
class Syllables:
    """Tokens of one text in order: as written and folded, position by position."""

    accented: tuple[str, ...]
    folded: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.accented)


def normal(text: str) -> str:
    """NFC and lower case; tone placement is a matter of whole syllables (`syllables`)."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).lower()


def syllables(text: str) -> Syllables:
    """The tokens of a text; letters and digits run together stay one token, everything else parts them."""
    chunks = normal(text).split()
    accented = tuple(chain.from_iterable(map(_ACCENTED.__getitem__, chunks)))
    return Syllables(accented, tuple(chain.from_iterable(map(_BARE.__getitem__, chunks))))


def folded(text: str) -> str:
    """What corpus.fold makes of a text in NFC, some ten times as quickly; as long as the text."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    table = _fold_table()
    if codes.size and codes.max() >= len(table):
        return "".join(map(_bare, text))
    return str(table[codes].tobytes(), "utf-32-le", "surrogatepass")


def is_accented(token: str) -> bool:
    """Whether a token bears a mark (or đ) that folding would take away."""
    return token != fold(token)


def unglued(token: str) -> tuple[str, ...]:
    """`kh31` → `kh`, `31`; any other token by itself."""
    match = _GLUED.match(token)
    return (token,) if match is None else tuple(part for part in match.groups() if part)


def dates(text: str) -> tuple[str, ...]:
    """Whole dates of a text in ISO 8601: `12/4/2022` → `2022-04-12`; impossible ones are left out."""
    read = (match.groups() for match in _at_digits(_DATE, text))
    found = (f"{year}-{int(month):02}-{int(day):02}" for day, month, year in read
             if 1 <= int(month) <= 12 and 1 <= int(day) <= 31)  # fmt: skip
    return tuple(dict.fromkeys(found))


def number_candidates(text: str) -> tuple[str, ...]:
    """Stretches of text that look like document numbers, each once, in order."""
    return tuple(dict.fromkeys(match.group() for match in _at_digits(_NUMBER, text)))


def _at_digits(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """Matches that begin with a run of digits: trying there alone is ten times as quick as searching."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    digits = (codes >= ord("0")) & (codes <= ord("9"))
    digits[1:] &= ~digits[:-1]
    for at in np.flatnonzero(digits).tolist():
        if (match := pattern.match(text, at)) is not None:
            yield match


class _Chunks(dict[str, tuple[str, ...]]):
    """What stands between blanks, in lower case → its tokens; most texts are made of few, so each is worked out once."""

    _LIMIT = 100_000

    def __init__(self, form: Callable[[str], str]) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, chunk: str) -> tuple[str, ...]:
        tokens = tuple(self._form(token[:_LONGEST_TOKEN]) for token in _TOKEN.findall(chunk))
        if len(self) < self._LIMIT:
            self[chunk] = tokens
        return tokens


@lru_cache(maxsize=1)
def _fold_table() -> Any:
    return np.array([ord(_bare(chr(code))) for code in range(_TABLED)], np.uint32)


def _bare(char: str) -> str:
    """A character folded; itself when that would be more than one (which no text in NFC holds)."""
    found = fold(char)
    return found if len(found) == 1 else char


def _place_tone(token: str) -> str:
    match = None if token.isascii() else _OLD_TONE.match(token)
    if match is None:
        return token
    start, o, after_o, u, after_u = match.groups()
    first, second = (o, after_o) if o else (u, after_u)
    parts = unicodedata.normalize("NFD", second)
    return start + unicodedata.normalize("NFC", first + parts[1:]) + parts[0]


_ACCENTED = _Chunks(_place_tone)
_BARE = _Chunks(lambda token: fold(_place_tone(token)))
