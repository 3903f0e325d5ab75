"""Worker processes are counted while they live, however they end."""

from __future__ import annotations

import os
import signal
import time

from corpus.database.store import Store
from corpus.queue import presence


def _worker(store: Store) -> int:
    """A process that announces itself and waits; returns its number once it is counted."""
    before = presence.count(store)
    pid = os.fork()
    if pid == 0:
        with presence.announced(store):
            time.sleep(600)
        os._exit(0)
    until = time.monotonic() + 300
    while presence.count(store) == before and time.monotonic() < until:
        time.sleep(0.01)
    return pid


def test_nobody_works_in_a_new_store(store: Store) -> None:
    assert presence.count(store) == 0


def test_a_worker_counts_from_its_start_to_its_end(store: Store) -> None:
    with presence.announced(store):
        assert presence.count(store) == 1
    assert presence.count(store) == 0


def test_a_killed_worker_counts_no_more_and_its_file_goes(store: Store) -> None:
    pids = [_worker(store) for _ in range(3)]
    assert presence.count(store) == 3
    os.kill(pids[0], signal.SIGKILL)
    os.waitpid(pids[0], 0)
    assert presence.count(store) == 2
    with presence.announced(store):
        assert {path.name for path in (store.settings.home / "run/workers").iterdir()} == {
            str(pid) for pid in (os.getpid(), *pids[1:])
        }
    for pid in pids[1:]:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert presence.count(store) == 0
