"""Limit in CPU time for work that can only be limited by the clock, so that waiting on a busy machine doesn't
count.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BACKSTOP = 8.0
"""Greatest clock time as a multiple of the limit: beyond it something hangs rather than waits."""
_SPENT = 0.8
"""Share of the limit in CPU time from which an attempt counts as slow rather than waiting."""
_IDLE = 0.01
"""Share of the clock below which an attempt did nothing at all: it hangs, and more time would not help."""


def cpu_seconds() -> float:
    """CPU time (seconds) of this process and of its finished child processes."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def patient(
    attempt: Callable[[float], T | None], limit: float, used: Callable[[], float] = cpu_seconds
) -> T | None:
    """Result of attempt(clock seconds); None if it took `limit` seconds of CPU time, or the backstop passed.

    An attempt that its clock ended before it had its CPU time is repeated with accordingly more time.
    """
    clock = limit
    while True:
        before = used()
        result = attempt(clock)
        spent = used() - before
        if result is not None or spent >= _SPENT * limit or spent < _IDLE * clock or clock >= BACKSTOP * limit:
            return result
        clock = min(BACKSTOP * limit, clock * max(2.0, 1.5 * limit / spent))
