"""Folding of Vietnamese letters for comparison: lower case, no marks, đ as d, one letter for one letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any


class _Folded(dict[int, str]):
    """Fold of every character, computed once per character; a fold longer than one character of the basic plane
    keeps the character.
    """

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = unicodedata.normalize("NFD", char.translate(_DEES))[0].lower()
        self[code] = bare if len(bare) == 1 and bare <= "\uffff" else char
        return self[code]


_DEES = str.maketrans("ĐÐƉđð", "DDDdd")
"""Đ, and the Icelandic and African letters that look the same and get into texts for it, to D."""
_FOLDED = _Folded()
_SIGNS = re.compile(r"[\W_]+")


_LONG = 2000
"""Number of letters from which a table of the whole plane is faster than looking each letter up."""


def fold(text: str) -> str:
    """`text` in NFC, lower case, without tone and vowel marks, `đ` → `d`; as long as its NFC form."""
    return fold_composed(unicodedata.normalize("NFC", text))


def fold_composed(text: str) -> str:
    """As `fold`, of a text that is in NFC already."""
    if len(text) < _LONG:
        return text.translate(_FOLDED)
    import numpy

    letters = numpy.frombuffer(text.encode("utf-16-le", "surrogatepass"), dtype="<u2")
    folded: bytes = _plane()[letters].tobytes()
    return folded.decode("utf-16-le", "surrogatepass")


@cache
def _plane() -> Any:
    """The fold of every letter of the basic plane, computed at once; halves of surrogate pairs stay."""
    import numpy

    letters = [*map(chr, range(0xD800)), *map(chr, range(0xE000, 0x10000))]
    plain = _APART.join(letters).translate(_DEES)
    first = _APART.join(parts[0] for parts in unicodedata.normalize("NFD", plain).split(_APART))
    folded = [
        bare if len(bare) == 1 and bare <= "\uffff" else letter
        for bare, letter in zip(first.lower().split(_APART), letters, strict=True)
    ]
    halves = map(chr, range(0xD800, 0xE000))
    whole = "".join((*folded[:0xD800], *halves, *folded[0xD800:]))
    return numpy.frombuffer(whole.encode("utf-16-le", "surrogatepass"), dtype="<u2")


_APART = "\U0010ffff"
"""A character that is no letter, put between texts so that neither influences the fold of the other."""


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """The folded words of `text` with one space between them; signs are dropped: `Thi đua, khen thưởng` → `thi dua
    khen thuong`.
    """
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


def beginnings(phrases: Iterable[str]) -> frozenset[str]:
    """All beginnings of phrases by whole words, the phrases included: a matcher of words knows when to stop."""
    return frozenset(
        begun for phrase in phrases for begun in accumulate(phrase.split(), lambda begun, word: f"{begun} {word}")
    )
