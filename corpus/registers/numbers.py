"""Numbers of a register and their order: 12, 12a, 13."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["incoming", "outgoing", "internal"]
"""Kinds of registers: sổ văn bản đến, đi, nội bộ."""
KINDS: tuple[Kind, ...] = get_args(Kind)
State = Literal["given", "reserved", "cancelled", "withdrawn", "purged"]
"""State of a number as a register shows it; the last two are those of its paper."""
STATES: tuple[State, ...] = get_args(State)

_LETTERS = 26
MOST = 9_999_999
"""Largest ordinal that is understood; the column of Nghị định 30/2020, Phụ lục VI has 10 digits."""
_PRINTED = re.compile(r"\s*0*([1-9][0-9]{0,6})\s*[/\-]")
_TYPED = re.compile(r"0*([1-9][0-9]{0,6})([a-z]{0,4})")


@dataclass(frozen=True, slots=True, order=True)
class RegisterNumber:
    """A number of a register; ordered as the register is. `minor`: 0, or 1 for `a` of a late insertion."""

    ordinal: int
    minor: int = 0

    def __str__(self) -> str:
        return f"{self.ordinal}{_letters(self.minor)}"


@dataclass(frozen=True, slots=True)
class RegisterName:
    """A register: direction and code; an empty one: that which the direction has without anybody's doing."""

    kind: Kind
    code: str = ""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    """One line of a register: kind, year, number; register: its code, as in RegisterName."""

    kind: Kind
    year: int
    number: RegisterNumber
    register: str = ""

    @property
    def book(self) -> RegisterName:
        """The register that the line is in."""
        return RegisterName(self.kind, self.register)


def number_of(text: str) -> RegisterNumber | None:
    """The number that a person typed (`12`, `012`, `12A`); None for anything else."""
    found = _TYPED.fullmatch(unicodedata.normalize("NFKC", text).strip().lower())
    return RegisterNumber(int(found[1]), _minor(found[2])) if found else None


def printed_on(code: str) -> int | None:
    """The ordinal in a paper's own number and symbol, 31 of `31/KH-UBND`; None where it begins with none."""
    found = _PRINTED.match(code)
    return int(found[1]) if found else None


def is_kind(text: str) -> bool:
    """True if a text is the code of a kind of register."""
    return text in KINDS


def _letters(minor: int) -> str:
    """a to z, then aa, ab: as a spreadsheet counts columns."""
    said = ""
    while minor > 0:
        minor, at = divmod(minor - 1, _LETTERS)
        said = chr(ord("a") + at) + said
    return said


def _minor(letters: str) -> int:
    found = 0
    for letter in letters:
        found = found * _LETTERS + ord(letter) - ord("a") + 1
    return found
