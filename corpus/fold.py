"""Folding of Vietnamese letters for comparison: lower case, no marks, đ as d, one letter for one letter."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache


class _Folded(dict[int, str]):
    """Fold of every character, worked out once per character; a fold that is not one character keeps the character."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        bare = unicodedata.normalize("NFD", char.replace("Đ", "D").replace("đ", "d"))[0].lower()
        self[code] = bare if len(bare) == 1 else char
        return self[code]


_FOLDED = _Folded()
_SIGNS = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """`text` in NFC, lower case, without tone and vowel marks, `đ` → `d`; as long as its NFC form."""
    return unicodedata.normalize("NFC", text).translate(_FOLDED)


@lru_cache(maxsize=8192)
def words(text: str) -> str:
    """The folded words of `text` with one space between them; signs are dropped: `Thi đua, khen thưởng` → `thi dua khen thuong`."""
    return " ".join(_SIGNS.sub(" ", fold(text)).split())
