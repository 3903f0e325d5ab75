"""The day by which a paper is to be on record, and what is in time."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.lifecycle.timeliness import Stay, Timeliness, due_day, timeliness

WEDNESDAY = date(2026, 3, 4)


@pytest.mark.parametrize(
    ("came", "due", "reason"),
    [
        (WEDNESDAY, date(2026, 3, 5), "the day after"),
        (date(2026, 3, 6), date(2026, 3, 9), "Friday: Monday"),
        (date(2026, 3, 7), date(2026, 3, 9), "Saturday: Monday"),
        (date(2026, 12, 31), date(2027, 1, 4), "New Year and a weekend lie between"),
    ],
)
def test_the_next_working_day(came: date, due: date, reason: str) -> None:
    assert due_day(came) == due, reason


@pytest.mark.parametrize(
    ("on_record", "waits", "today", "expected"),
    [
        (WEDNESDAY, False, date(2026, 4, 1), Timeliness(on_time=3)),
        (date(2026, 3, 5), False, date(2026, 4, 1), Timeliness(on_time=3)),
        (date(2026, 3, 6), False, date(2026, 4, 1), Timeliness(late=3)),
        (None, True, date(2026, 3, 5), Timeliness(waiting=3)),
        (None, True, date(2026, 3, 6), Timeliness(overdue=3)),
        (None, False, date(2026, 3, 6), Timeliness()),
    ],
)
def test_in_time_and_late(on_record: date | None, waits: bool, today: date, expected: Timeliness) -> None:
    assert timeliness([Stay(WEDNESDAY, on_record, 3, waits)], today) == expected
