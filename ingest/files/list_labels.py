"""Printed numbers of automatic lists: decimal, letters, Roman, bullets, over several levels."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"),
    (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_MOST_ROMAN = 5000
_MOST_LETTERS = 30
_PLACE = re.compile(r"%([1-9])")
BULLET = "-"
"""Text for a bullet of a symbol font, whose letter means nothing."""


@dataclass(frozen=True, slots=True)
class ListLevel:
    """One level of a list: number format and printed text, where `%1` … `%9` are the levels' numbers."""

    form: str = "decimal"
    text: str = "%1."
    start: int = 1
    legal: bool = False
    """True if all its numbers are printed as decimals."""


@dataclass(slots=True)
class Counter:
    """Current number on each level of one list."""

    at: dict[int, int] = field(default_factory=dict)

    def label(self, levels: Mapping[int, ListLevel], depth: int, start: int | None = None) -> str:
        """Next label on a level (0 is the outermost); `start` restarts the level at that number."""
        level = levels.get(depth, ListLevel())
        following = self.at[depth] + 1 if depth in self.at else level.start
        self.at[depth] = following if start is None else start
        for deeper in [one for one in self.at if one > depth]:
            del self.at[deeper]
        if level.form in ("bullet", "none"):
            return level.text if level.form == "bullet" else _PLACE.sub("", level.text)

        def number(place: re.Match[str]) -> str:
            shown = int(place[1]) - 1
            other = levels.get(shown, ListLevel())
            value = self.at.setdefault(shown, other.start)
            return printed(value, "decimal" if level.legal else other.form)

        return _PLACE.sub(number, level.text)


def printed(value: int, form: str) -> str:
    """A number as a list prints it; an unknown form counts as decimal."""
    if form.endswith("Roman") and 0 < value < _MOST_ROMAN:
        said = ""
        for worth, letters in _ROMAN:
            count, value = divmod(value, worth)
            said += letters * count
        return said.upper() if form.startswith("upper") else said
    if form.endswith("Letter") and 0 < value <= 26 * _MOST_LETTERS:
        # Behind z come aa, bb, cc (ISO/IEC 29500-1, 17.18.59).
        said = chr(ord("a") + (value - 1) % 26) * ((value - 1) // 26 + 1)
        return said.upper() if form.startswith("upper") else said
    return f"{value:02d}" if form == "decimalZero" else str(value)


def bullet(sign: str, *, symbol_font: bool = False) -> str:
    """A bullet as text: the sign itself if people type it, else `-`."""
    return sign if sign in ("-", "–", "—", "+", "*", "•") and not symbol_font else BULLET
