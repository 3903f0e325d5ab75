"""Tones of Vietnamese (dấu thanh): the marks, and the two places where one may stand (`hoà` of old, `hòa` of
today).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import product

TONES = "\u0300\u0301\u0303\u0309\u0323"
"""Combining marks of the tones: huyền, sắc, ngã, hỏi, nặng."""
MARKS = TONES + "\u0302\u0306\u031b"
"""With them the marks of â, ă, ơ."""


@cache
def places() -> tuple[tuple[str, str], ...]:
    """Pairs of small letters with the tone on the second vowel, and the same on the first: (`oà`, `òa`), …, (`uỵ`,
    `ụy`).
    """
    return tuple(
        (_nfc(first + second + tone), _nfc(first + tone + second))
        for (first, second), tone in product((("o", "a"), ("o", "e"), ("u", "y")), TONES)
    )


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


@cache
def _open_syllable() -> re.Pattern[str]:
    """`oà` at the end of a syllable in any case; behind a q the u is no vowel (`quý`)."""
    spelled = (
        form
        for old, _ in places()
        for form in (old, old.upper(), old[0].upper() + old[1], old[0] + old[1].upper())
    )
    return re.compile(rf"(?<![qQ])(?:{'|'.join(spelled)})(?![^\W\d_])")


def new_place(text: str) -> str:
    """`text`, in NFC, with the tone of open syllables on the first vowel: `hoà`, `Uỷ` → `hòa`, `Ủy`;
    as long as it was.
    """
    return _open_syllable().sub(lambda found: _move_tone(found.group()), text)


@cache
def _move_tone(pair: str) -> str:
    second = unicodedata.normalize("NFD", pair[1])
    return _nfc(pair[0] + second[1:]) + second[0]
