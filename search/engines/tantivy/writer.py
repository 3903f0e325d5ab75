"""The writer of a Tantivy index, kept while it merges segments, so that the next changes need not wait."""

from __future__ import annotations

import ctypes
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from search.engines.background_merge import Merges

_HEAP_BYTES = 100_000_000
"""Memory of the writer before it flushes a segment."""
_LOOK_SECONDS = 0.1
"""Interval between looks for running merges."""
_OTHERS_SECONDS = 60.0
"""Longest wait for a writer of another process."""


class Writer:
    """Changes of one index, one after another.
    Merges go on behind a commit, and other processes write after them.
    """

    def __init__(self, folder: Path, index: Any, merged: Callable[[], object]) -> None:
        """merged: called after the merges of a commit."""
        self._folder = folder
        self._index = index
        self._merged = merged
        self._lock = threading.Lock()
        self._kept: Any = None
        self._watched = False
        self._merges = Merges()
        self._closing = threading.Event()

    def write(self, change: Callable[[Any], int]) -> int:
        """Let `change` make its changes by a writer and commit them; an exception undoes them.
        Return what `change` returns.
        """
        with self._lock:
            writer, self._kept = self._kept or _alone(lambda: self._index.writer(_HEAP_BYTES, 1)), None
            try:
                done = change(writer)
            except BaseException:
                writer.rollback()
                writer.wait_merging_threads()
                raise
            self._kept = writer
            if not self._watched:
                self._watched = True
                self._closing.clear()
                self._merges.begin(self._let_go, (OSError, ValueError))
        return done

    def close(self) -> None:
        """Wait for merges."""
        self._closing.set()
        self._merges.wait()

    def _let_go(self) -> None:
        """Release the writer once it has merged. Without that wait segments would pile up, since a merge is
        abandoned with its writer.
        """
        while not self._closing.wait(_LOOK_SECONDS) and _is_merging(self._folder):
            pass
        with self._lock:
            writer, self._kept, self._watched = self._kept, None, False
            if writer is not None:
                writer.wait_merging_threads()
        self._merged()
        _give_back()


def _give_back() -> None:
    """Return freed memory to the system, if the C library can:
    glibc keeps what one thread allocates and another frees.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _is_merging(folder: Path) -> bool:
    """True if there are files of a segment that no commit names yet, as while it is merged from others.

    Tantivy does not report merges. If this is mistaken, the next writer waits as long as the merge takes.
    """
    try:
        managed = json.loads((folder / ".managed.json").read_text(encoding="utf-8"))
        named = json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"]
    except FileNotFoundError:
        return False
    known = {each["segment_id"].replace("-", "") for each in named}
    return any(name.split(".")[0] not in known for name in managed if not name.endswith(".json"))


def _alone(writer: Callable[[], Any]) -> Any:
    """A writer, once the merges that another process's last commit began are over."""
    deadline = time.monotonic() + _OTHERS_SECONDS
    while True:
        try:
            return writer()
        except ValueError as error:
            if "LockBusy" not in str(error) or time.monotonic() >= deadline:
                raise
            time.sleep(0.05)
