"""One worker process: claims a job, has it read in a child, hands the Reading to records; one job at a time."""

from __future__ import annotations

import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType, TracebackType
from typing import Never, Protocol

import structlog

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.document import Reading
from corpus.errors import Problem
from corpus.lifecycle.reread import Earlier
from corpus.originals import content_store
from corpus.queue.jobs import JobLease

POSTPONED_CODES = frozenset(
    {"ocr_missing", "disk_full", "store_busy", "originals_unreachable", "originals_refused"}
)
"""Problems of the machine, not of the file: the job waits and is tried again without counting an attempt."""

_POSTPONE_SECONDS = 30.0
_POLL_SECONDS = 0.5
_PROGRESS_SECONDS = 1.0

STOP_SIGNALS = (signal.SIGTERM, signal.SIGINT)

Progress = Callable[[str, int, int], None]
"""Called with the stage, the current page and the number of pages."""

log = structlog.get_logger()


class Reader(Protocol):
    """Reads one file within its limits; raises Problem."""

    def __call__(
        self,
        path: Path,
        name: str,
        settings: Settings,
        /,
        *,
        released: bool = False,
        progress: Progress | None = None,
        earlier: Earlier | None = None,
    ) -> Reading: ...


Idle = Callable[[Store, str], bool]
"""Does one piece of low-priority work for this owner; False if there is none."""


class Stopped(BaseException):
    """SIGTERM came: the current job returns to the queue."""


class LeaseLost(Exception):
    """The job has gone to another worker or was cancelled; the result is dropped."""


def owner_name() -> str:
    """A unique name: host, process number, and a random part, since process numbers are reused."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{random.randbytes(4).hex()}"  # noqa: S311


def is_of(owner: str, pid: int) -> bool:
    """True if this owner was the process with this number on this machine."""
    return owner.startswith(f"{socket.gethostname()[:60]}:{pid}:")


def is_gone(owner: str) -> bool:
    """True if this owner was a process of this machine that no longer runs."""
    parts = owner.rsplit(":", 2)
    if len(parts) != 3 or not is_of(owner, int(parts[1]) if parts[1].isdigit() else 0):
        return False
    return not Path(f"/proc/{parts[1]}").exists()


def work(
    settings: Settings, read: Reader, *, once: bool, tell: Callable[[], None], idle: Idle | None = None
) -> None:
    """Work until stopped, or with `once` until nothing is due; `tell` is called after each job.

    idle: work done, piece by piece, while no document waits. SIGTERM and SIGINT end it: the current job is given
    back. They may be blocked at the start, and are unblocked here.
    """
    try:
        signal.signal(signal.SIGTERM, _stop)
        signal.signal(signal.SIGINT, _stop)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOP_SIGNALS)
        store, owner = open_store(settings, create=False), owner_name()
        while True:
            lease = _claim(store, owner)
            if lease is not None:
                do(store, lease, read)
                tell()
            elif idle is not None and idle(store, owner):
                continue
            elif once:
                return
            else:
                time.sleep(_POLL_SECONDS * random.uniform(0.5, 1.5))  # noqa: S311
    except Stopped:
        return


def do(store: Store, lease: JobLease, read: Reader) -> None:
    """Finish one job, whatever the file does: read, refused, failed, postponed or given back."""
    try:
        with LeaseHeartbeat(store, lease) as heart:
            _read(store, lease, read, heart)
    except Stopped:
        records.give_back(store, lease)
        raise
    except LeaseLost:
        log.info("job.lost", job=lease.id, document=lease.document_id)
    except Problem as problem:
        _refuse(store, lease, problem)
    except Exception:
        # The wall: a fault of ours costs this document a `failed` with an id, never the worker.
        fault = random.randbytes(4).hex()  # noqa: S311
        log.exception("job.fault", job=lease.id, document=lease.document_id, id=fault)
        _refuse(store, lease, Problem("internal", id=fault))


class LeaseHeartbeat:
    """Keeps a lease alive from a thread of its own as long as the block runs."""

    def __init__(self, store: Store, lease: JobLease) -> None:
        self.lost = False
        self._store, self._lease = store, lease
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def __enter__(self) -> LeaseHeartbeat:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._thread.join()

    def _beat(self) -> None:
        while not self._done.wait(self._store.settings.lease_seconds / 3):
            try:
                self.lost = not records.heartbeat(self._store, self._lease)
            except Problem:
                continue
            if self.lost:
                return


def _stop(_signal: int, _frame: FrameType | None) -> Never:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise Stopped


def _claim(store: Store, owner: str) -> JobLease | None:
    try:
        return records.claim(store, owner)
    except Problem as problem:
        log.warning("claim.failed", code=problem.code)
        time.sleep(_POLL_SECONDS)
        return None


def _read(store: Store, lease: JobLease, read: Reader, heart: LeaseHeartbeat) -> None:
    with store.db.reading() as session:
        document = session.get(Document, lease.document_id)
    if document is None:
        raise LeaseLost
    version = records.version_to_read(store, document.id)
    sha256, name = (version.sha256, version.name) if version else (document.sha256, document.name)
    path = content_store.original_path(store, sha256, document=document.id)
    released = version.released if version else document.released is not None
    told = _progress(store, lease, heart)
    before = records.earlier(store, lease) if version is None else None
    partly = {} if before is None else {"earlier": before}
    reading = read(path, name, store.settings, released=released, progress=told, **partly)
    status = records.propose(store, document.id, reading, lease)
    log.info("job.done", job=lease.id, document=document.id, status=status, pages=len(reading.pages))


def _progress(store: Store, lease: JobLease, heart: LeaseHeartbeat) -> Progress:
    """Record the progress in the database, once a second at most."""
    last = 0.0

    def note(stage: str, page: int, pages: int) -> None:
        nonlocal last
        if heart.lost:
            raise LeaseLost
        if time.monotonic() - last >= _PROGRESS_SECONDS:
            last = time.monotonic()
            if not records.progress(store, lease, stage, page, pages):
                raise LeaseLost

    return note


def _refuse(store: Store, lease: JobLease, problem: Problem) -> None:
    """Record the refusal; if even that fails, the lease runs out and the job is tried again."""
    try:
        if problem.code in POSTPONED_CODES:
            records.give_back(store, lease, delay_seconds=_POSTPONE_SECONDS, error=problem.code)
        elif lease.document_id is not None:
            records.refuse(store, lease.document_id, problem, lease)
        log.info("job.refused", job=lease.id, document=lease.document_id, code=problem.code)
    except Problem as second:
        log.warning("job.unwritten", job=lease.id, code=second.code)
