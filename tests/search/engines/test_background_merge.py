"""Merges behind a commit: one at a time, and none fails in silence."""

from __future__ import annotations

import threading

import pytest
from structlog.testing import capture_logs

from search.engines.background_merge import Merges


def test_one_merge_waits_for_the_other() -> None:
    merges, go_on, order = Merges(), threading.Event(), list[str]()

    def first() -> None:
        go_on.wait(10)
        order.append("first")

    merges.begin(first, ())
    threading.Timer(0.05, go_on.set).start()
    merges.begin(lambda: order.append("second"), ())
    merges.wait()
    assert order == ["first", "second"]


@pytest.mark.parametrize(
    ("error", "event", "level", "reason"),
    [
        (FileNotFoundError("gone"), "index.merge_left", "info", "the index was removed meanwhile"),
        (KeyError("ours"), "index.merge", "error", "a fault of ours is told with its trace"),
    ],
)
def test_what_a_merge_raises_is_told(error: Exception, event: str, level: str, reason: str) -> None:
    def fails() -> None:
        raise error

    merges, done = Merges(), list[int]()
    with capture_logs() as told:
        merges.begin(fails, (FileNotFoundError,))
        merges.begin(lambda: done.append(1), ())
        merges.wait()
    assert [(one["event"], one["log_level"]) for one in told] == [(event, level)], reason
    assert done == [1], "the next merge runs"
