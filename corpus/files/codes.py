"""Codes of files (số và ký hiệu hồ sơ): their key, their parts for sorting, references with a year."""

from __future__ import annotations

import re
from dataclasses import dataclass

from corpus.vietnamese.fold import fold

FIRST_YEAR, LAST_YEAR = 1945, 2999
"""Years of a list of files."""
_PARTS = re.compile(r"(?P<ordinal>\d{1,9})?[\W_]*(?P<symbol>.*)", re.DOTALL)
_LAST_NUMBER = re.compile(r"(?P<symbol>.*?)[\W_]*(?P<ordinal>\d{1,9})", re.DOTALL)
_HEADING = re.compile(r"(?:(?P<roman>[IVXLC]{1,8})|(?P<arabic>\d{1,3}))(?=[\s.,:)-])")
_ROMAN = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_WITH_YEAR = re.compile(r"(?P<year>(?:19|20)\d\d)\s*/\s*(?P<code>.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileRef:
    """A reference to a file as typed: the key of its code, and its year where one is given."""

    key: str
    year: int | None = None


def code_key(code: str) -> str:
    """The key that all spellings of a code share: folded, without blanks; `01. TCCB` gives `01.tccb`."""
    return re.sub(r"\s+", "", fold(code))


def code_parts(code: str) -> tuple[str, int]:
    """Symbol and number of a code, for sorting: `01.TCCB` and `TCCB-01` give ("TCCB", 1)."""
    found = _PARTS.fullmatch(code.strip())
    if found is not None and found["ordinal"]:
        return found["symbol"].strip(), int(found["ordinal"])
    last = _LAST_NUMBER.fullmatch(code.strip())
    return (last["symbol"].strip(), int(last["ordinal"])) if last is not None else (code.strip(), 0)


def list_rank(heading: str, code: str) -> tuple[str, int]:
    """Place of a file in the year's list: its heading by Roman or Arabic number, then symbol and number."""
    found = _HEADING.match(heading.strip())
    number = 999
    if found is not None:
        number = int(found["arabic"]) if found["arabic"] else _roman(found["roman"])
    symbol, ordinal = code_parts(code)
    return f"{min(number, 999):03d} {symbol}"[:50], ordinal


def reference(text: str) -> FileRef:
    """A file as a person names it: `01.TCCB`, or `2026/01.TCCB` with its year."""
    found = _WITH_YEAR.fullmatch(text.strip())
    if found is not None:
        return FileRef(code_key(found["code"]), int(found["year"]))
    return FileRef(code_key(text))


def full_code(year: int, code: str) -> str:
    """A code with its year, as the trail and the pages write it: `2026/01.TCCB`."""
    return f"{year}/{code}"


def _roman(text: str) -> int:
    values = [_ROMAN[letter] for letter in text]
    return sum(-one if one < after else one for one, after in zip(values, [*values[1:], 0], strict=True))


def search_keys(year: int, key: str) -> tuple[str, str]:
    """The values by which an index finds the papers of a file: without and with the year."""
    return key, f"{year}/{key}"
