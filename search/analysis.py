"""From text to tokens, the same for documents and queries: NFC, one tone placement, lower case, bare letters.

A syllable comes in two forms at one position: as written (`kế`) and folded (`ke`).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

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
_LONGEST_TOKEN = 64


@dataclass(frozen=True, slots=True)
class Syllables:
    """Tokens of one text in order: as written and folded, position by position."""

    accented: tuple[str, ...]
    folded: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.accented)


@dataclass(frozen=True, slots=True)
class Span:
    """One token and where it stands in the text it was found in."""

    folded: str
    accented: str
    start: int
    end: int


def normal(text: str) -> str:
    """NFC and lower case; tone placement is a matter of whole syllables (`syllables`)."""
    return (text if text.isascii() else unicodedata.normalize("NFC", text)).lower()


def syllables(text: str) -> Syllables:
    """The tokens of a text; letters and digits run together stay one token, everything else parts them."""
    forms = [_FORMS[token] for token in _TOKEN.findall(normal(text))]
    if not forms:
        return Syllables((), ())
    accented, folded = zip(*forms, strict=True)
    return Syllables(accented, folded)


def spans(text: str) -> list[Span]:
    """The tokens of a text with their offsets in it; the text is NFC already (as every stored text is)."""
    found = []
    for match in _TOKEN.finditer(text):
        accented, folded = _FORMS[normal(match.group())]
        found.append(Span(folded, accented, match.start(), match.end()))
    return found


def is_accented(token: str) -> bool:
    """Whether a token bears a mark (or đ) that folding would take away."""
    return token != fold(token)


def dates(text: str) -> tuple[str, ...]:
    """Whole dates of a text in ISO 8601: `12/4/2022` → `2022-04-12`; impossible ones are left out."""
    found = (f"{year}-{int(month):02}-{int(day):02}" for day, month, year in _DATE.findall(text)
             if 1 <= int(month) <= 12 and 1 <= int(day) <= 31)  # fmt: skip
    return tuple(dict.fromkeys(found))


def number_candidates(text: str) -> tuple[str, ...]:
    """Stretches of text that look like document numbers, each once, in order."""
    return tuple(dict.fromkeys(_NUMBER.findall(text)))


class _Forms(dict[str, tuple[str, str]]):
    """Lower-case token → (tone placed, folded); syllables are few, so each is worked out once."""

    _LIMIT = 200_000

    def __missing__(self, token: str) -> tuple[str, str]:
        short = token[:_LONGEST_TOKEN]
        placed = short if short.isascii() else _place_tone(short)
        forms = (placed, fold(placed))
        if len(self) < self._LIMIT:
            self[token] = forms
        return forms


def _place_tone(token: str) -> str:
    match = _OLD_TONE.match(token)
    if match is None:
        return token
    start, o, after_o, u, after_u = match.groups()
    first, second = (o, after_o) if o else (u, after_u)
    parts = unicodedata.normalize("NFD", second)
    return start + unicodedata.normalize("NFC", first + parts[1:]) + parts[0]


_FORMS = _Forms()
