"""Deadlines (hạn xử lý): typed days and working days, overdue and due soon."""

from __future__ import annotations

import re
from datetime import date, timedelta

from corpus.errors import Problem
from corpus.numbering import dates
from corpus.numbering.typed_days import iso
from corpus.numbering.working_days import after

NEVER = "9999-12-31"
"""Place in lists of what has no deadline: behind all that has."""
_MOST_DAYS = 365
"""Most working days of a typed deadline."""
_LAST = timedelta(days=5 * 366)
"""A deadline further away is a slip of the pen."""


def deadline_of(typed: str, today: str) -> str | None:
    """The deadline that a person typed: a day, or a number of working days from today; None for nothing.

    Raises Problem("bad_value") for what is neither, a day that has passed, or one more than five years away.
    """
    text = typed.strip()[:40]
    if not text:
        return None
    counted = re.fullmatch(r"(\d{1,3})(?:\s+ngày(?:\s+làm việc)?|\s+days?)?", text)
    if counted and 1 <= int(counted[1]) <= _MOST_DAYS:
        return after(today, int(counted[1]))
    day = dates.day_of(iso(text))
    if counted or day is None:
        raise Problem("bad_value", field="deadline", value=text, why="cần là ngày/tháng/năm hoặc số ngày làm việc")
    if day < date.fromisoformat(today):
        raise Problem("bad_value", field="deadline", value=text, why="ngày này đã qua")
    if day > date.fromisoformat(today) + _LAST:
        raise Problem("bad_value", field="deadline", value=text, why="quá năm năm nữa")
    return day.isoformat()


def standing(deadline: str | None, today: str, soon: str) -> str:
    """`overdue`, `soon`, `later`, or `none` without a deadline; soon: the last day that counts as near."""
    if deadline is None or deadline == NEVER:
        return "none"
    return "overdue" if deadline < today else "soon" if deadline <= soon else "later"
