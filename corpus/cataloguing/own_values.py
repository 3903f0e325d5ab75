"""Values of the office's own fields: canonical forms, and the tokens by which they are searched for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.errors import Problem
from corpus.numbering import typed_days
from corpus.numbering.dates import day_of
from corpus.typed_text import clean_text
from corpus.vietnamese.fold import fold

KINDS = {"text": "Chữ", "number": "Số", "date": "Ngày", "choice": "Chọn một"}
"""Kind of a field → its name for people."""
LONGEST = 500
"""Characters of a value."""
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?\Z")
_PLAIN = re.compile(r"-?\d{1,18}(?:[.,]\d{1,9})?\Z")
_WORD = re.compile(r"[^\W_]+")


def canonical(label: str, kind: str, choices: Sequence[str], typed: str) -> str:
    """A typed value as it is stored: a number with a point, a day in ISO 8601, a choice as it is listed.

    Empty for an empty one. Raises Problem("bad_value").
    """
    clean = clean_text(label, typed)
    if not clean:
        return ""
    if len(clean) > LONGEST:
        raise Problem("bad_value", field=label, value=clean[:50], why=f"dài quá {LONGEST} ký tự")
    if kind == "number":
        return _number(label, clean)
    if kind == "date":
        day = typed_days.iso(clean)
        if not day_of(day):
            raise Problem("bad_value", field=label, value=clean[:50], why="cần dạng ngày/tháng/năm")
        return day
    if kind == "choice":
        found = next((one for one in choices if fold(one) == fold(clean)), None)
        if found is None:
            raise Problem("bad_value", field=label, value=clean[:50], why=f"cần là: {', '.join(choices)}")
        return found
    return clean


def shown(kind: str, value: str) -> str:
    """A stored value for people: 27/4/2022, 1.234,5."""
    if kind == "date" and day_of(value):
        year, month, day = value.split("-")
        return f"{int(day)}/{int(month)}/{year}"
    if kind == "number" and _PLAIN.match(value):
        whole, _, rest = value.partition(".")
        grouped = f"{int(whole):,}".replace(",", ".")
        return f"{'-' if whole == '-0' else ''}{grouped}{',' + rest if rest else ''}"
    return value


def tokens(slug: str, kind: str, value: str) -> tuple[str, ...]:
    """The tokens of a stored value in the index: of a text its words, of a day also its month and year."""
    if kind == "date":
        parts: tuple[str, ...] = (value, value[:7], value[:4])
    elif kind == "number":
        parts = (value,)
    elif kind == "choice":
        parts = (_one_word(value),)
    else:
        parts = tuple(dict.fromkeys(_WORD.findall(fold(value))))
    return tuple(f"{slug}:{part}" for part in parts if part)


def wanted(slug: str, kind: str, typed: str) -> tuple[str, ...]:
    """The tokens that a document must have for `slug:typed`; empty if nothing can have that value."""
    if kind == "date":
        parts = (_day_token(typed),)
    elif kind == "number":
        try:
            parts = (_number(slug, typed.strip()),)
        except Problem:
            parts = ("",)
    elif kind == "choice":
        parts = (_one_word(typed),)
    else:
        parts = tuple(_WORD.findall(fold(typed)))
    return tuple(f"{slug}:{part}" for part in parts if part)


def _one_word(value: str) -> str:
    return "".join(_WORD.findall(fold(value)))


def _number(label: str, clean: str) -> str:
    if _GROUPED.match(clean):
        clean = clean.replace(".", "")
    if not _PLAIN.match(clean):
        raise Problem("bad_value", field=label, value=clean[:50], why="cần là số, ví dụ 1.250.000 hoặc 3,5")
    whole, _, rest = clean.replace(",", ".").partition(".")
    rest = rest.rstrip("0")
    return f"{'-' if whole.startswith('-') else ''}{int(whole.lstrip('-'))}{'.' + rest if rest else ''}"


def _day_token(typed: str) -> str:
    """`2026`, `5/2026` and `1/5/2026` as the index has them; empty for anything else."""
    day = typed_days.iso(typed.strip())
    if day_of(day) or re.fullmatch(r"\d{4}", day):
        return day
    if found := re.fullmatch(r"(\d{1,2})[/.-](\d{4})", day):
        return f"{found[2]}-{int(found[1]):02}"
    return day if re.fullmatch(r"\d{4}-\d\d", day) else ""
