"""Grammars of lines with a value: characters that may follow a prefix, and the value of a whole text."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Protocol

_DIGITS = "0123456789"
_OPENS, _DAY, _MONTH, _YEAR = "Số:", "ngày", "tháng", "năm"
_EARLIEST = 1945
_LONGEST = 5
_TAIL = 4
"""Characters of the symbol required after the digits: enough to end them, few enough to be read right."""


class Grammar(Protocol):
    """Texts without blanks that a line may have."""

    def following(self, text: str) -> str:
        """Characters that may follow a text that begins the line."""
        ...

    def value(self, text: str) -> str | None:
        """Value of a whole line; None if the text is no whole line."""
        ...

    @property
    def end(self) -> str:
        """Printed characters that end the part with the value."""
        ...


@dataclass(frozen=True, slots=True)
class NumberLine:
    """`Số:`, digits and the printed symbol: the value is the digits with leading zeros; `Số:` may be missing.

    symbol: the print after the digits with its separator (`/QĐ-UBND`, `-QĐ/TU`, `/2023/NQ-HĐND`); `/` alone if it
    could not be read.
    """

    symbol: str

    @property
    def end(self) -> str:
        return self.symbol.replace(" ", "").replace("–", "-")[:_TAIL] or "/"

    def following(self, text: str) -> str:
        if _OPENS.startswith(text) and text != _OPENS:
            return _OPENS[len(text)] + ("" if text else _DIGITS)
        digits, rest = self._parts(text)
        if rest:
            return self.end[len(rest) : len(rest) + 1]
        return (_DIGITS if len(digits) < _LONGEST else "") + (self.end[0] if digits else "")

    def value(self, text: str) -> str | None:
        digits, rest = self._parts(text)
        return digits if digits and rest == self.end and int(digits) else None

    @staticmethod
    def _parts(text: str) -> tuple[str, str]:
        behind = text.removeprefix(_OPENS)
        rest = behind.lstrip(_DIGITS)
        return behind[: len(behind) - len(rest)], rest


_DATE = re.compile(rf"{_DAY}(\d{{1,2}}){_MONTH}(\d{{1,2}}){_YEAR}")
_LONGEST_MONTHS = 2024
"""A leap year, to test which day and month are possible together."""


@dataclass(frozen=True, slots=True)
class DateLine:
    """`ngày` day `tháng` month `năm`: the value is `day/month` without leading zeros."""

    @property
    def end(self) -> str:
        return _YEAR

    def following(self, text: str) -> str:
        words = ((_DAY, 2), (_MONTH, 2), (_YEAR, 0))
        left = text
        for at, (word, most) in enumerate(words):
            if len(left) < len(word):
                return word[len(left)]
            left = left[len(word) :]
            figures = len(left) - len(left.lstrip(_DIGITS))
            if len(left) == figures:
                following = words[at + 1][0][0] if figures else ""
                return (_DIGITS if figures < most else "") + following if most else ""
            left = left[figures:]
        return ""

    def value(self, text: str) -> str | None:
        found = _DATE.fullmatch(text)
        if found is None:
            return None
        try:
            date = datetime.date(_LONGEST_MONTHS, int(found[2]), int(found[1]))
        except ValueError:
            return None
        return f"{date.day}/{date.month}"


@dataclass(frozen=True, slots=True)
class Year:
    """Four figures of a year from 1945 to `latest`: the value is the year."""

    latest: int

    @property
    def end(self) -> str:
        return ""

    def following(self, text: str) -> str:
        return _DIGITS if len(text) < 4 else ""

    def value(self, text: str) -> str | None:
        return text if len(text) == 4 and _EARLIEST <= int(text) <= self.latest else None
