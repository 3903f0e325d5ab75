"""A recognised word as it is kept: engines' doubled tones and look-alike letters put right."""

from __future__ import annotations

import re
import unicodedata

_TWICE = re.compile("|".join(
    f"[{letters}]{{2}}" for letters in ("êếềểễệ", "ôốồổỗộ", "âấầẩẫậ", "ăắằẳẵặ", "ơớờởỡợ", "ưứừửữự")
), re.IGNORECASE)  # fmt: skip
"""No word has one of these letters twice running: the engine could not tell its tone and gave both."""
_ONE_AS_L = re.compile(r"(?<![^\W\d_])l(?=\d)|(?<=\d)l(?![^\W_])")


def plain(read: str) -> str:
    """A word in NFC; the letter Eth that engines read for Đ, or beside it, is Đ (two Đ are two: `QLĐĐ`); an l among digits is
    1; a vowel read twice with two tones is one.
    """
    word = _TWICE.sub(lambda twice: twice.group()[0], unicodedata.normalize("NFC", read))
    return _ONE_AS_L.sub("1", re.sub("ĐÐ|ÐĐ|Ð", "Đ", word))
