"""On time or late: a paper is to be on record by the end of the working day after it came (NĐ 30/2020, Điều 4).

The one place that says what a deadline is; what a hand-over asks for has its own lists (corpus.handover).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from corpus.numbering import working_days


@dataclass(frozen=True, slots=True)
class Stay:
    """Documents that came on one day and went on record on another (None: not yet), with their number."""

    came: date
    on_record: date | None
    count: int
    waits: bool
    """True if they still wait; False for those refused, failed or withdrawn, which are not counted."""


@dataclass(frozen=True, slots=True)
class Timeliness:
    """Numbers of documents: on record in time or late, waiting within their time or beyond it."""

    on_time: int = 0
    late: int = 0
    waiting: int = 0
    overdue: int = 0


def due_day(came: date) -> date:
    """The working day after a day."""
    return date.fromisoformat(working_days.after(came.isoformat(), 1))


def timeliness(stays: Iterable[Stay], today: date) -> Timeliness:
    """Add up what was on time and what was not."""
    on_time = late = waiting = overdue = 0
    for one in stays:
        due = due_day(one.came)
        if one.on_record is not None:
            on_time += one.count if one.on_record <= due else 0
            late += one.count if one.on_record > due else 0
        elif one.waits:
            waiting += one.count if today <= due else 0
            overdue += one.count if today > due else 0
    return Timeliness(on_time, late, waiting, overdue)
