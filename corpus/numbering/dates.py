"""Dates as Vietnamese documents print them: in words, with slash, hyphen or dot, partly blank, in signature
stamps.

The day always comes before the month. Periods, quarters, months and days without a year are no dates. All patterns
are bounded, so a search is linear in the text's length.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from corpus.vietnamese.fold import fold
from corpus.vietnamese.lookalikes import plain

Form = Literal["WORDS", "SLASH", "HYPHEN", "DOT", "ISO", "PARTIAL"]
Flag = Literal["lunar", "short_year"]


@dataclass(frozen=True, slots=True)
class DatePrinted:
    """One printed date; a part that the paper leaves blank is None. `text[start:end]` is `printed`."""

    day: int | None
    month: int | None
    year: int | None
    start: int
    end: int
    printed: str
    form: Form
    flags: tuple[Flag, ...] = ()
    """`lunar`: month named by the lunar calendar, never a date of issue; `short_year`: two digits,
    read as 1951–2050."""

    @property
    def iso(self) -> str | None:
        """ISO 8601, None when a part is blank."""
        if self.day is None or self.month is None or self.year is None:
            return None
        return f"{self.year:04d}-{self.month:02d}-{self.day:02d}"

    @property
    def pattern(self) -> str:
        """ISO 8601 with `?` for blank parts: `2022-04-??`."""
        day = f"{self.day:02d}" if self.day else "??"
        month = f"{self.month:02d}" if self.month else "??"
        return f"{self.year or '????'}-{month}-{day}"


_DIGIT = r"0-9OoQlI|\]\[}!"
_BLANK = r"[.…_\s]{1,24}"
_YEAR = rf"[12lI][ ]?[90OoQ][ ]?[{_DIGIT}][ ]?[{_DIGIT}](?![{_DIGIT}])"
_MONTHS = {
    "gieng": 1, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9,
    "muoi": 10, "muoi mot": 11, "muoi hai": 12, "chap": 12,
}  # fmt: skip
_LUNAR = frozenset({"gieng", "chap"})
_MONTH_WORD = r"[Gg]iêng|[Mm]ười(?:\s(?:[Mm]ột|[Hh]ai))?|[Hh]ai|[Bb]a|[Tt]ư|[Bb]ốn|[Nn]ăm|[Ss]áu|[Bb]ảy|[Bb]ẩy|[Tt]ám|[Cc]hín|[Cc]hạp"
_WORDS = re.compile(
    rf"""
    [Nn][gG][àaảáạÀAầâ][yY]\s{{0,4}}(?:[Mm][ồùôu]ng\s{{1,4}})?  # ngày, ngày mồng
    (?P<d>[{_DIGIT}]{{1,2}}(?![{_DIGIT}])|[{_DIGIT}]\s[{_DIGIT}](?![{_DIGIT}])|{_BLANK})\s{{0,4}},?\s{{0,4}}  # 15, 1 5, …
    [Tt][hH][áaàâấÁA][nN][gG]\s{{0,4}}  # tháng
    (?P<m>[{_DIGIT}]{{1,2}}(?![{_DIGIT}])|1\s[012](?!\d)|{_MONTH_WORD}|{_BLANK})\s{{0,4}},?\s{{0,4}}  # 3, mười hai, …
    [Nn][ăaâäÃĂA][mM]\s{{0,4}}  # năm
    (?P<y>{_YEAR}|\d\d(?![\w.…_]|\s[\d.…_])|20[\s.…_]{{1,8}}|{_BLANK}|\Z)  # 2024, 24, 20…
    """,
    re.VERBOSE,
)
_FIGURES = re.compile(
    rf"""
    (?P<d>[0-3OoQlI|](?<![\w/.-].)[0-9OoQlI|]?|[4-9](?<![\w/.-].))\s?(?P<s>[/.-])\s?  # 15/
    (?P<m>0?[1-9]|1[0-2]|[OoQ][1-9]|[lI][0-2])\s?(?P=s)\s?  # 3/
    (?P<y>[12lI][90OoQ][{_DIGIT}]{{2}})(?![\d/_]|[-.]\d)  # 2024
    """,
    re.VERBOSE,
)
_SHORT_YEAR = re.compile(
    r"[Nn]g[àa]y\s{1,3}(?P<d>[0-3]?\d)\s?(?P<s>[/.-])\s?(?P<m>[01]?\d)\s?(?P=s)\s?(?P<y>\d\d)(?![\d/.-]\d|\d)"
)
_STAMP = re.compile(
    r"(?P<y>20\d\d)(?<!\d....)-(?P<m>[01]\d)-(?P<d>[0-3]\d)[T ]\s?\d\d:\d\d(?::\d\d)?(?:\s?[+]07:?00)?"
)
_ISO_DAY = re.compile(r"[Nn]g[àa]y\s{1,3}(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)(?![\d/-]|[T ]\s?\d\d:)")
_BEHIND_PLACE = re.compile(
    r"(?<=[,;])\s{0,4}(?:(?P<y>(?:19|20)\d\d)-(?P<m>[01]\d)-(?P<d>[0-3]\d)"
    r"|(?P<d2>\d{1,2})\s{1,4}tháng\s{1,4}(?P<m2>\d{1,2})\s{1,4}năm\s{1,4}(?P<y2>(?:19|20)\d\d))\W{0,3}\Z"
)
"""A date without the word `ngày`, which is one at the end of a line of place and date only."""
_CENTURY, _LAST_SHORT = 2000, 50
"""A year of two figures is of 1951–2050."""
_FORMS: dict[str, Form] = {"/": "SLASH", "-": "HYPHEN", ".": "DOT"}
_TO_DIGIT = str.maketrans("OoQlI|][}!", "0001111111")


def find(text: str) -> Iterator[DatePrinted]:
    """Yield every date in running `text`, in order, partly blank ones included; offsets point into `text` as
    given.
    """
    prepared = plain(text)
    found = [date for match in _WORDS.finditer(prepared.text) if (date := _in_words(match))]
    found += [date for match in _FIGURES.finditer(prepared.text) if (date := _in_figures(match))]
    found += [date for match in _SHORT_YEAR.finditer(prepared.text) if (date := _with_short_year(match))]
    found += [date for match in _STAMP.finditer(prepared.text) if (date := _in_stamp(match))]
    found += [date for match in _ISO_DAY.finditer(prepared.text) if (date := _in_iso(match))]
    for date in sorted(found, key=lambda date: date.start):
        start, end = prepared.origin(date.start), prepared.origin(date.end)
        yield DatePrinted(date.day, date.month, date.year, start, end, text[start:end], date.form, date.flags)


def find_behind_place(line: str) -> Iterator[DatePrinted]:
    """Dates of a line of place and date, as `find`, also without `ngày`: `An Giang, 2024-05-09`."""
    found = list(find(line))
    match = None if any(date.iso for date in found) else _BEHIND_PLACE.search(line)
    if match is not None:
        iso = match["y"] is not None
        day, month, year = (int(match[part if iso else f"{part}2"]) for part in ("d", "m", "y"))
        if _possible(day, month, year):
            start = match.start("y" if iso else "d2")
            end = match.end("d" if iso else "y2")
            yield DatePrinted(day, month, year, start, end, line[start:end], "ISO" if iso else "WORDS")
            return
    yield from found


def parse(text: str) -> DatePrinted | None:
    """The first date in `text`, a whole one before a half blank one; None when there is none."""
    dates = list(find(text))
    return next((date for date in dates if date.iso), dates[0] if dates else None)


def _figure(text: str) -> int | None:
    digits = "".join(text.split()).translate(_TO_DIGIT)
    return int(digits) if digits.isdigit() else None


def _month(text: str) -> int | None:
    return _MONTHS.get(" ".join(fold(text).split())) or _figure(text)


def _in_words(match: re.Match[str]) -> DatePrinted | None:
    day, month, year = _figure(match["d"]), _month(match["m"]), _figure(match["y"])
    short = len(match["y"].strip()) == 2 and match["y"].strip().isdigit() and year is not None
    if short and year is not None:
        year += _CENTURY if year <= _LAST_SHORT else _CENTURY - 100
    year = year if year and year > 999 else None
    form: Form = "WORDS" if day and month and year else "PARTIAL"
    if not _possible(day, month, year):
        return None
    flags: tuple[Flag, ...] = ("lunar",) if fold(match["m"]) in _LUNAR else ()
    flags += ("short_year",) if short else ()
    printed = match.group().rstrip()
    return DatePrinted(day, month, year, match.start(), match.start() + len(printed), printed, form, flags)


def _in_figures(match: re.Match[str]) -> DatePrinted | None:
    day, month, year = _figure(match["d"]), _figure(match["m"]), _figure(match["y"])
    if day is None or month is None or year is None or not _possible(day, month, year):
        return None
    return DatePrinted(day, month, year, match.start(), match.end(), match.group(), _FORMS[match["s"]])


def _with_short_year(match: re.Match[str]) -> DatePrinted | None:
    day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
    year += _CENTURY if year <= _LAST_SHORT else _CENTURY - 100
    if not _possible(day, month, year):
        return None
    start = match.start("d")
    printed = match.group()[start - match.start() :]
    return DatePrinted(day, month, year, start, match.end(), printed, _FORMS[match["s"]], ("short_year",))


def _in_stamp(match: re.Match[str]) -> DatePrinted | None:
    day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
    if not _possible(day, month, year):
        return None
    return DatePrinted(day, month, year, match.start(), match.end(), match.group(), "ISO")


def _in_iso(match: re.Match[str]) -> DatePrinted | None:
    """`ngày 2024-03-15`: without the word it may be any code."""
    day, month, year = int(match["d"]), int(match["m"]), int(match["y"])
    if not _possible(day, month, year):
        return None
    start = match.start("y")
    return DatePrinted(day, month, year, start, match.end(), match.group()[start - match.start() :], "ISO")


def _possible(day: int | None, month: int | None, year: int | None) -> bool:
    """True if the given parts can occur in one calendar date; blank parts are always possible."""
    try:
        datetime.date(year or 2000, month or 1, 1 if day is None else day)
    except ValueError:
        return False
    return month is None or 1 <= month <= 12


def day_of(iso: str | None) -> datetime.date | None:
    """The day of strict ISO 8601 (`2022-04-27`); None for anything else, ISO weeks (`2024-W19-4`) among it."""
    if not iso or not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", iso):
        return None
    try:
        return datetime.date.fromisoformat(iso)
    except ValueError:
        return None
