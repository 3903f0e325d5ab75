"""Deadlines as people type them, and working days by the table of holidays."""

from __future__ import annotations

import pytest

from corpus.errors import Problem
from corpus.handover import deadlines
from corpus.numbering import working_days

MONDAY = "2026-11-30"


@pytest.mark.parametrize(
    ("typed", "today", "expected", "reason"),
    [
        ("", MONDAY, None, "no deadline"),
        ("  ", MONDAY, None, "no deadline"),
        ("15/12/2026", MONDAY, "2026-12-15", "a day"),
        ("2026-12-15", MONDAY, "2026-12-15", "an ISO day, as programs send it"),
        ("30/11/2026", MONDAY, MONDAY, "today is allowed"),
        ("5", MONDAY, "2026-12-07", "five working days, over a weekend"),
        ("5 ngày", MONDAY, "2026-12-07", "in words"),
        ("5 ngày làm việc", MONDAY, "2026-12-07", "in full"),
        ("1", "2026-12-31", "2027-01-04", "New Year's Day and a weekend lie between"),
        ("1", "2026-02-13", "2026-02-23", "Tết lies between"),
        ("1", "2026-08-21", "2026-08-22", "a Saturday on which offices work"),
        ("6", "2026-08-21", "2026-08-28", "that Saturday counts"),
        ("1", "2026-08-28", "2026-09-03", "the holiday that was made up for"),
    ],
)
def test_a_deadline(typed: str, today: str, expected: str | None, reason: str) -> None:
    assert deadlines.deadline_of(typed, today) == expected, reason


@pytest.mark.parametrize(
    "typed",
    [
        "29/11/2026",
        "31/02/2027",
        "0",
        "366",
        "1/1/2099",
        "mai",
        "-1",
        "5 tuần",
        "2026-W50-1",
        "١٥/12/2026x",
        "9" * 500,
    ],
)
def test_what_is_no_deadline_is_refused(typed: str) -> None:
    with pytest.raises(Problem) as caught:
        deadlines.deadline_of(typed, MONDAY)
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize(
    ("deadline", "expected"),
    [(None, "none"), ("2026-11-29", "overdue"), (MONDAY, "soon"), ("2026-12-02", "soon"), ("2026-12-03", "later")],
)
def test_standing(deadline: str | None, expected: str) -> None:
    assert deadlines.standing(deadline, MONDAY, working_days.after(MONDAY, 2)) == expected
