"""Merges of an index's segments, in a thread of their own behind the commit that calls for them."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog

log = structlog.get_logger()


class Merges:
    """One merge at a time; documents of the last commit are found meanwhile."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None

    def begin(self, merge: Callable[[], object], gone: tuple[type[Exception], ...]) -> None:
        """Start a merge, after one that is under way. `gone`: what it raises if the index was removed meanwhile.
        Any other fault is logged and ends this merge alone, since the next commit merges again.
        """
        self.wait()
        self._thread = threading.Thread(target=_run, args=(merge, gone), name="merges")
        self._thread.start()

    def wait(self) -> None:
        """Wait until no merge is under way."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None


def _run(merge: Callable[[], object], gone: tuple[type[Exception], ...]) -> None:
    try:
        merge()
    except gone as error:
        log.info("index.merge_left", why=f"{type(error).__name__}: {error}"[:200])
    except Exception:
        # The wall: nobody waits for this thread, and the index is as sound as before the merge.
        log.exception("index.merge")
