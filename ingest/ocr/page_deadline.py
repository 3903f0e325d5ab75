"""A limit in CPU time on work that can only be limited by the clock: an engine that waits for a busy machine is not slow."""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BACKSTOP = 8.0
"""Times the limit that a clock may show at the very most: then something hangs rather than waits."""
_SPENT = 0.8
"""Share of the limit from which the time was used and not waited for."""
_IDLE = 0.01
"""Share of the clock below which nothing was done at all: it hangs, and more time would not help."""


def cpu_seconds() -> float:
    """CPU time of this process and of the programs that it ran to their end."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def patient(
    attempt: Callable[[float], T | None], limit: float, used: Callable[[], float] = cpu_seconds
) -> T | None:
    """What attempt(seconds by the clock) gives; None when it took `limit` seconds of CPU time, or the backstop passed.

    An attempt that its clock ended while it got little of a processor is made again with as much more time.
    """
    clock = limit
    while True:
        before = used()
        result = attempt(clock)
        spent = used() - before
        if result is not None or spent >= _SPENT * limit or spent < _IDLE * clock or clock >= BACKSTOP * limit:
            return result
        clock = min(BACKSTOP * limit, clock * max(2.0, 1.5 * limit / spent))
