"""Supervisor of the worker processes: starts them, replaces dead ones, stops them, keeps the index up to date.

    supervisor ── fork ──> worker (claims, heartbeat) ── fork ──> reading child (limits; parsing and OCR)

The supervisor itself has one thread and opens no incoming file, so it outlives anything a file does to a worker.
"""

from __future__ import annotations

import ctypes
import os
import selectors
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import FrameType

import structlog

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queue import presence
from ingest.pipeline import read_safely
from ingest.sandbox import child
from ingest.worker import reader_process
from ingest.worker.reader_process import Idle, Reader

_TICK_SECONDS = 0.5
_TIDY_SECONDS = 60.0
_REST_SECONDS = 1.0
"""Pause before a dead worker is replaced, so that a fault at its start doesn't spin."""
_MOST_FAULTS = 5
"""Consecutive workers that end by a fault of their own before a run with `once` gives up."""
_STOP_SECONDS = 25.0
_PR_SET_PDEATHSIG = 1

log = structlog.get_logger()


def run(
    store: Store,
    jobs: int = 1,
    once: bool = False,
    after: Callable[[], object] | None = None,
    read: Reader = read_safely,
    idle: Idle | None = None,
) -> bool:
    """Process the queue with `jobs` processes, until SIGTERM or SIGINT, or with `once` until nothing is due.

    Returns True if a signal ended it. Raises Problem("readers_failing") with `once` if none of the processes can
    start.

    after: called when documents have been finished, every minute, and at the end (the index follows the store).
    idle: work of the processes while no document waits.
    """
    supervisor = _Supervisor(store, once, after, read, idle)
    _tidy(store)
    try:
        with _signals(supervisor):
            supervisor.start(jobs)
            supervisor.watch()
    finally:
        supervisor.end()
    supervisor.follow()
    return supervisor.interrupted


@dataclass(slots=True)
class _Supervisor:
    store: Store
    once: bool
    after: Callable[[], object] | None
    read: Reader
    idle: Idle | None = None
    workers: dict[int, float] = field(default_factory=dict)
    """Process numbers of the workers, with their starting times (monotonic seconds)."""
    pipe: tuple[int, int] = field(default_factory=os.pipe)
    stopping: bool = False
    interrupted: bool = False
    """True once a signal has asked to stop."""
    faults: int = 0
    """Workers that ended by a fault of their own since one last did any work."""
    tidied: float = field(default_factory=time.monotonic)

    def start(self, jobs: int) -> None:
        for _ in range(jobs):
            self._fork()

    def watch(self) -> None:
        """Run until every worker has gone: follow what they finish and replace those that died."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.pipe[0], selectors.EVENT_READ)
            while self.workers:
                if selector.select(_TICK_SECONDS):
                    os.read(self.pipe[0], 4096)
                    self.faults = 0
                    self.follow()
                elif time.monotonic() - self.tidied > _TIDY_SECONDS:
                    self.tidied = time.monotonic()
                    _tidy(self.store)
                    self.follow()
                self._reap()

    def stop(self) -> None:
        """Ask every worker to give its job back and exit."""
        self.stopping = True
        for pid in self.workers:
            _kill(pid, signal.SIGTERM)

    def end(self) -> None:
        """Wait for the workers after a stop; one that doesn't exit is killed, and its lease runs out."""
        deadline = time.monotonic() + _STOP_SECONDS
        self.stop()
        while self.workers and time.monotonic() < deadline:
            self._reap()
            time.sleep(0.02)
        for pid in self.workers:
            _kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        self.workers.clear()
        for descriptor in self.pipe:
            os.close(descriptor)

    def follow(self) -> None:
        """Call `after`; if it fails, it is called again with the next document."""
        if self.after is None:
            return
        try:
            self.after()
        except Exception:
            # The wall: the index may be broken or unreachable; reading goes on and the next call repairs it.
            log.exception("worker.after")

    def _fork(self) -> None:
        # Neither a database connection nor a pool of threads may be carried across a fork.
        self.store.db.close()
        child.end_pools()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        # A signal between the fork and the worker's own handlers would be lost on it.
        signal.pthread_sigmask(signal.SIG_BLOCK, reader_process.STOP_SIGNALS)
        pid = os.fork()
        if pid == 0:
            os._exit(self._be_worker(parent))
        self.workers[pid] = time.monotonic()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, reader_process.STOP_SIGNALS)

    def _be_worker(self, parent: int) -> int:
        """Run in the forked process; return its exit code."""
        try:
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
            if os.getppid() != parent:
                return 0
            os.close(self.pipe[0])
            os.nice(10)
            tell = partial(_tell, self.pipe[1])
            with presence.announced(self.store):
                reader_process.work(self.store.settings, self.read, once=self.once, tell=tell, idle=self.idle)
        except Exception:
            # The wall: the supervisor reads the exit code and starts another worker.
            log.exception("hand.fault")
            return 1
        return 0

    def _reap(self) -> None:
        for pid in list(self.workers):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done == 0:
                continue
            started = self.workers.pop(pid)
            if status == 0 or self.stopping:
                continue
            code = os.waitstatus_to_exitcode(status)
            log.warning("hand.died", pid=pid, code=code)
            self.faults += code == 1
            if self.once and self.faults >= _MOST_FAULTS:
                raise Problem("readers_failing")
            self._replace(pid, started)

    def _replace(self, pid: int, started: float) -> None:
        time.sleep(max(0.0, _REST_SECONDS - (time.monotonic() - started)))
        _release(self.store, pid)
        if not self.stopping:
            self._fork()


@contextmanager
def _signals(supervisor: _Supervisor) -> Iterator[None]:
    """Stop the supervisor on SIGTERM and SIGINT while the block runs."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        supervisor.interrupted = True
        supervisor.stop()

    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, stop) for number in reader_process.STOP_SIGNALS}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tidy(store: Store) -> None:
    """Clean up after crashes: folders of children, half-written uploads, bytes to be purged, and leases of dead
    workers of this machine.
    """
    try:
        child.clear_folders()
        content_store.clear_staging(store)
        records.purge_pending(store)
        records.expire_leases(store, reader_process.is_gone)
    except Problem as problem:
        log.warning("worker.tidy", code=problem.code)


def _release(store: Store, pid: int) -> None:
    try:
        records.expire_leases(store, lambda owner: reader_process.is_of(owner, pid))
    except Problem as problem:
        log.warning("worker.release", code=problem.code)


def _tell(descriptor: int) -> None:
    os.write(descriptor, b".")


def _kill(pid: int, number: int) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return
