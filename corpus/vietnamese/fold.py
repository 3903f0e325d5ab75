"""Folding of Vietnamese letters for comparison: lower case, no marks, đ as d, one letter for one letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from itertools import accumulate
from typing import Any


class _Folded(dict[int, str]):
    """Fold of every character, worked out once per character; a fold that is not one character of the basic
    plane keeps the character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = unicodedata.normalize("NFD", char.replace("Đ", "D").replace("đ", "d"))[0].lower()
        self[code] = bare if len(bare) == 1 and bare <= "\uffff" else char
        return self[code]


_FOLDED = _Folded()
_SIGNS = re.compile(r"[\W_]+")


_LONG = 2000
"""Letters from which a table of the whole plane is quicker than looking each letter up."""


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
    """The fold of every letter of the basic plane, worked out for all at once; halves of pairs stay as they are."""
    import numpy

    letters = [*map(chr, range(0xD800)), *map(chr, range(0xE000, 0x10000))]
    plain = _APART.join(letters).replace("Đ", "D").replace("đ", "d")
    first = _APART.join(parts[0] for parts in unicodedata.normalize("NFD", plain).split(_APART))
    folded = [
        bare if len(bare) == 1 and bare <= "\uffff" else letter
        for bare, letter in zip(first.lower().split(_APART), letters, strict=True)
    ]
    halves = map(chr, range(0xD800, 0xE000))
    whole = "".join((*folded[:0xD800], *halves, *folded[0xD800:]))
    return numpy.frombuffer(whole.encode("utf-16-le", "surrogatepass"), dtype="<u2")


_APART = "\U0010ffff"
"""No letter: what stands before it and behind it has no influence on each other."""


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """The folded words of `text` with one space between them; signs are dropped: `Thi đua, khen thưởng` → `thi dua khen thuong`."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())


def beginnings(phrases: Iterable[str]) -> frozenset[str]:
    """What phrases begin with, word by word, the whole ones too: who follows a text word by word sees when to stop."""
    return frozenset(
        begun for phrase in phrases for begun in accumulate(phrase.split(), lambda begun, word: f"{begun} {word}")
    )
