"""Days and periods in the words of a question: `27/4/2022`, `tháng 11 năm 2017`, `quý 2/2020`, `từ A đến B`."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from corpus.numbering.dates import day_of

Span = Literal["day", "month", "quarter", "year", "range"]

_EARLIEST, _LATEST = 1945, 2100
"""Years that a number of four digits is taken for: from the first documents of the Republic on."""
_QUARTERS = {"1": 1, "2": 2, "3": 3, "4": 4, "i": 1, "ii": 2, "iii": 3, "iv": 4}
_QUARTER = frozenset({"quy", "quý", "quí"})
_DAY_NAMES = (
    ("ngay", "ban", "hanh"), ("ngay", "ky"), ("ngay", "mung"), ("ngay", "mong"), ("ky", "ngay"), ("date",),
    ("ngay",), ("mung",), ("mong",),
)  # fmt: skip
"""Words before a day, folded."""
_TENTH = ("mot", "hai", "ba", "bon", "nam", "sau", "bay", "tam", "chin")
_IN_WORDS: dict[tuple[str, ...], int] = {
    **{(word,): at for at, word in enumerate((*_TENTH, "muoi"), 1)},
    **{("muoi", word): 10 + at for at, word in enumerate(_TENTH, 1)},
    ("muoi", "lam"): 15, ("hai", "muoi"): 20, ("ba", "muoi"): 30, ("ba", "muoi", "mot"): 31, ("ba", "mot"): 31,
    **{("hai", "muoi", word): 20 + at for at, word in enumerate(_TENTH, 1)}, ("hai", "muoi", "lam"): 25,
    **{("hai", word): 20 + at for at, word in enumerate(_TENTH, 1)}, ("hai", "lam"): 25,
    ("tu",): 4, ("gieng",): 1, ("chap",): 12,
}  # fmt: skip
"""Days and months in words, folded; `tư` for the fourth month, `giêng` and `chạp` for the first and the last."""
_STAGES = ("giai doan", "nhiem ky", "nien khoa", "nam hoc", "khoa")
"""Words before two years that name a stretch of time and are no days of papers: `giai đoạn 2021 - 2025`."""
_PARTS_OF_YEAR = {"dau": ("01-01", "03-31"), "giua": ("05-01", "08-31"), "cuoi": ("10-01", "12-31")}
"""`đầu năm 2018`, `giữa năm`, `cuối năm`: first and last day that people mean by it."""
_GLUED_MONTH = re.compile(r"[tT](\d{1,2})\Z")
_GLUED_QUARTER = re.compile(r"[qQ]([1-4])\Z")
_COMPACT_DAY = re.compile(r"((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])\Z")
"""`20171211`, as names of files have days."""
_SHORT_DAY = re.compile(r"(?<![\d/.-])(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{2})(?![\d/.-])")
_CENTURY, _LAST_SHORT = 2000, 50
"""A year of two figures is of 1951–2050 (corpus.numbering.dates)."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a stretch of days that `length` words mean; bounds are ISO 8601, inclusive, None: open."""

    span: Span
    start: str | None
    end: str | None
    length: int


def short_days(text: str) -> frozenset[tuple[str, str, str]]:
    """The days of a typed text whose year has two figures, by their figures: `6/11/17`."""
    return frozenset((match[1], match[2], match[3]) for match in _SHORT_DAY.finditer(text))


def period_at(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    """The longest day or period that begins with a word; `words` are folded, `short` as of short_days."""
    return _range(words, at, short) or _one(words, at, short)


def _one(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    for read in (_day, _month, _quarter, _year):
        if (found := read(words, at, short)) is not None:
            return found
    return None


def _range(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    """`từ ngày A đến ngày B`, `từ tháng 1 đến tháng 3 năm 2018`, `trước 2018`, `sau 1/1/2018`."""
    word = words[at]
    if (years := _years(words, at)) is not None:
        return years
    if word in ("truoc", "sau") and (found := _one(words, at + 1, short) if at + 1 < len(words) else None):
        first, last = (
            (None, _days_later(found.start, -1)) if word == "truoc" else (_days_later(found.end, 1), None)
        )
        return Period("range", first, last, 1 + found.length)
    if word != "tu" or at + 1 >= len(words):
        return None
    begin = _one(words, at + 1, short) or _month_without_year(words, at + 1)
    if begin is None:
        return None
    then = at + 1 + begin.length
    if then >= len(words) or words[then] not in ("den", "toi"):
        return Period("range", begin.start, None, 1 + begin.length) if begin.start else None
    end = _one(words, then + 1, short) if then + 1 < len(words) else None
    if end is None or end.end is None:
        return None
    start = begin.start or f"{end.end[:4]}-{begin.end}-01"
    return Period("range", start, end.end, then + 1 + end.length - at) if start <= end.end else None


def _years(words: Sequence[str], at: int) -> Period | None:
    """`2017-2018`, `năm 2016 đến 2018`; None behind `giai đoạn` and the like."""
    before = " ".join(words[max(0, at - 2) : at])
    begin = at + (words[at] == "nam")
    first = _number(words, begin, _EARLIEST, _LATEST)
    then = begin + 1 + (_holds(words, begin + 1, "den") or _holds(words, begin + 1, "toi"))
    then += _holds(words, then, "nam") if then > begin + 1 else 0
    last = _number(words, then, _EARLIEST, _LATEST)
    if first is None or last is None or first >= last or before.endswith(_STAGES):
        return None
    return Period("range", f"{first}-01-01", f"{last}-12-31", then + 1 - at)


def _month_without_year(words: Sequence[str], at: int) -> Period | None:
    """`tháng 1` before `đến tháng 3 năm 2018`; its `end` is the month alone."""
    if words[at] == "thang" and (month := _number(words, at + 1, 1, 12)) is not None:
        return Period("month", None, f"{month:02}", 2)
    return None


def _day(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    """`27 4 2022`, `ngày 27 tháng 4 năm 2022`, `2022 04 27`."""
    begin = at + next((len(name) for name in _DAY_NAMES if tuple(words[at : at + len(name)]) == name), 0)
    parts: list[int | None]
    if begin < len(words) and (compact := _COMPACT_DAY.match(words[begin])):
        day_typed = "-".join(compact.groups())
        return Period("day", day_typed, day_typed, begin + 1 - at) if day_of(day_typed) else None
    if (year := _number(words, begin, _EARLIEST, _LATEST)) is not None:
        parts = [year, _number(words, begin + 1, 1, 12), _number(words, begin + 2, 1, 31)]
        last = begin + 3
    else:
        day, length = _day_or_month(words, begin, 31, spelled=begin > at)
        month_at = begin + length + _holds(words, begin + length, "thang")
        month, length = _day_or_month(words, month_at, 12, spelled=month_at > begin + length)
        year_at = month_at + length + _holds(words, month_at + length, "nam")
        parts = [_number(words, year_at, _EARLIEST, _LATEST), month, day]
        if parts[0] is None and tuple(words[begin : begin + 3]) in short:
            figure = int(words[begin + 2])
            parts[0] = figure + (_CENTURY if figure <= _LAST_SHORT else _CENTURY - 100)
        last = year_at + 1
    known = [part for part in parts if part is not None]
    iso = "{:04}-{:02}-{:02}".format(*known) if len(known) == 3 else None
    return Period("day", iso, iso, last - at) if iso and day_of(iso) else None


def _month(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    """`tháng 11 năm 2017`, `tháng 11/2017`, `t11/2017`, `11 2017`."""
    glued = _GLUED_MONTH.match(words[at])
    month_at = at + (words[at] == "thang")
    month, length = (int(glued[1]), 1) if glued else _day_or_month(words, month_at, 12, spelled=month_at > at)
    year_at = month_at + length + _holds(words, month_at + length, "nam")
    year = _number(words, year_at, _EARLIEST, _LATEST)
    if month is None or year is None or not 1 <= month <= 12:
        return None
    if not glued and words[at] != "thang" and year_at != month_at + 1:
        return None
    days = calendar.monthrange(year, month)[1]
    return Period("month", f"{year}-{month:02}-01", f"{year}-{month:02}-{days}", year_at + 1 - at)


def _quarter(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    """`quý I năm 2020`, `quý 4/2019`, `q1/2020`."""
    glued = _GLUED_QUARTER.match(words[at])
    if words[at] in _PARTS_OF_YEAR:
        return _part_of_year(words, at)
    if not glued and (words[at] not in _QUARTER or at + 1 >= len(words)):
        return None
    quarter = int(glued[1]) if glued else _QUARTERS.get(words[at + 1])
    year_at = at + (1 if glued else 2)
    year_at += _holds(words, year_at, "nam")
    year = _number(words, year_at, _EARLIEST, _LATEST)
    if quarter is None or year is None:
        return None
    last = quarter * 3
    days = calendar.monthrange(year, last)[1]
    return Period("quarter", f"{year}-{last - 2:02}-01", f"{year}-{last:02}-{days}", year_at + 1 - at)


def _part_of_year(words: Sequence[str], at: int) -> Period | None:
    """`cuối năm 2017`; not `sáu tháng đầu năm 2018`, which papers are about."""
    year = _number(words, at + 2, _EARLIEST, _LATEST) if _holds(words, at + 1, "nam") else None
    if year is None or (at and words[at - 1] == "thang"):
        return None
    first, last = _PARTS_OF_YEAR[words[at]]
    return Period("range", f"{year}-{first}", f"{year}-{last}", 3)


def _year(words: Sequence[str], at: int, short: frozenset[tuple[str, str, str]]) -> Period | None:
    begin = at + (words[at] == "nam")
    year = _number(words, begin, _EARLIEST, _LATEST)
    return None if year is None else Period("year", f"{year}-01-01", f"{year}-12-31", begin + 1 - at)


def _day_or_month(words: Sequence[str], at: int, most: int, *, spelled: bool) -> tuple[int | None, int]:
    """A day or month in figures, or in words where they are spelled out, and the number of its words."""
    value = _number(words, at, 1, most)
    if value is not None or not spelled:
        return value, 1
    for length in (3, 2, 1):
        value = _IN_WORDS.get(tuple(words[at : at + length]))
        if value is not None and value <= most and at + length <= len(words):
            return value, length
    return None, 1


def _number(words: Sequence[str], at: int, least: int, most: int) -> int | None:
    if at >= len(words) or not words[at].isascii() or not words[at].isdigit() or len(words[at]) > 4:
        return None
    value = int(words[at])
    return value if least <= value <= most else None


def _holds(words: Sequence[str], at: int, word: str) -> bool:
    return at < len(words) and words[at] == word


def _days_later(iso: str | None, days: int) -> str | None:
    """The day that many days later; None for no day."""
    day = day_of(iso)
    return (day + datetime.timedelta(days)).isoformat() if day else None
