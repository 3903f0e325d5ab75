"""Working days (ngày làm việc): Monday to Friday, but for the days of the table of holidays."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

from corpus.numbering import dates
from corpus.tables import rows

_SATURDAY = 5
_LONGEST = 31
"""Most days of one row of the table."""


@cache
def _table() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Days off as `MM-DD`, days off and days of work as ISO days; rows that hold no day are left out."""
    yearly: set[str] = set()
    single: dict[str, set[str]] = {"off": set(), "work": set()}
    for row in rows("holidays"):
        if re.fullmatch(r"\d\d-\d\d", row["day"]) and row["kind"] == "off":
            yearly.add(row["day"])
        elif row["kind"] in single and (first := dates.day_of(row["day"])) is not None:
            last = dates.day_of(row["to"]) or first
            span = range(min((last - first).days, _LONGEST) + 1)
            single[row["kind"]].update((first + timedelta(days=step)).isoformat() for step in span)
    return frozenset(yearly), frozenset(single["off"]), frozenset(single["work"])


def is_working(day: str) -> bool:
    """True if offices work on a day (ISO 8601)."""
    yearly, off, work = _table()
    if day in work:
        return True
    return day not in off and day[5:] not in yearly and date.fromisoformat(day).weekday() < _SATURDAY


def after(day: str, working_days: int) -> str:
    """The day (ISO 8601) that is some working days after another; the day itself for 0."""
    at = date.fromisoformat(day)
    while working_days > 0:
        at += timedelta(days=1)
        working_days -= is_working(at.isoformat())
    return at.isoformat()
