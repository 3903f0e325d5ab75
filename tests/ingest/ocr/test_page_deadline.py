"""A limit in CPU time on what only a clock can end."""

from __future__ import annotations

import time

import pytest

from ingest.ocr.page_deadline import BACKSTOP, cpu_seconds, patient


@pytest.mark.parametrize(
    ("share", "needs", "done", "why"),
    [
        (1.0, 5.0, True, "done within its clock"),
        (0.1, 9.0, False, "more than the backstop at a tenth of a processor"),
        (0.3, 9.0, True, "starved at first, done with more time"),
        (0.95, 30.0, False, "slow by itself: its CPU time is used up at once"),
        (0.0, 1.0, False, "it hangs: nothing is done however long it takes"),
    ],
)
def test_time_that_is_waited_for_does_not_count(share: float, needs: float, done: bool, why: str) -> None:
    limit, used, clocks = 10.0, [0.0], []

    def attempt(clock: float) -> str | None:
        clocks.append(clock)
        spent = min(clock * share, needs)
        used[0] += spent
        return "lines" if spent >= needs else None

    assert (patient(attempt, limit, lambda: used[0]) == "lines") == done, why
    assert max(clocks) <= BACKSTOP * limit and len(clocks) <= 4


def test_what_is_slow_by_itself_is_tried_once() -> None:
    calls = []

    def attempt(clock: float) -> None:
        calls.append(clock)
        begun = cpu_seconds()
        while cpu_seconds() - begun < 0.2:
            sum(range(1000))

    assert patient(attempt, 0.2) is None and len(calls) == 1


def test_sleep_is_no_cpu_time() -> None:
    begun = cpu_seconds()
    time.sleep(0.2)
    assert cpu_seconds() - begun < 0.1
