"""Turns for children that draw pages, and each drawing made once, over all processes of a store's machine.

Turns are locks on files in the store's `run` folder: the system releases them when a process dies. A failed
drawing is remembered for some hours, so that a page that exhausts the machine isn't tried again at will.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from corpus.config import Settings
from corpus.database.store import Store
from corpus.errors import Problem
from ingest.sandbox.child import Limits

Weight = Literal["light", "heavy", "long"]
"""Weight of a drawing. light: runs in parallel; heavy: takes much memory and runs alone; long: may take minutes,
one at a time."""

LIGHT = Limits(memory_mb=512, cpu_seconds=25, wall_seconds=50)
"""Enough for a page of A3 at 300 dpi."""
HEAVY = Limits(memory_mb=800, cpu_seconds=25, wall_seconds=50)
"""For a page beyond the light limits: A0 in colour."""

_PATIENCE = 20.0
"""Seconds that a request waits for its turn."""
_MOST_WAITING = 5
"""Threads of one process that draw or wait to; the others go on answering."""
_RETRY = 5
"""Seconds that a refused caller is asked to wait."""
_STRIPES = 128
"""Lock files for drawings; two drawings share one by chance."""
_MEMORY_MB = 1024
"""MiB of the machine counted for each child."""
_FORGOTTEN_AFTER = 6 * 3600
"""Seconds that a failed drawing is remembered: six hours."""
_REMEMBERED = frozenset({"reader_crashed", "reader_timeout", "reader_memory"})
_PROGRAM = version("vanban")

_waiting = threading.BoundedSemaphore(_MOST_WAITING)


def turns(settings: Settings) -> int:
    """Children that may run in parallel: the setting, else by cores and memory, at least one."""
    if settings.web_children:
        return settings.web_children
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") >> 20
    return max(1, min(len(os.sched_getaffinity(0)), memory // (2 * _MEMORY_MB), 16))


@contextmanager
def turn(store: Store, weight: Weight = "light") -> Iterator[None]:
    """A child's turn; raises Problem("too_busy") if none comes in time, or if too many wait already."""
    if not _waiting.acquire(blocking=False):
        raise Problem("too_busy", seconds=_RETRY)
    try:
        with ExitStack() as held:
            _take(store, weight, held, time.monotonic() + _PATIENCE)
            yield
    finally:
        _waiting.release()


def once(
    store: Store,
    kept: Path,
    name: str,
    draw: Callable[[Limits], bytes],
    keep: Callable[[bytes], None],
    limits: Limits | None = None,
) -> Path:
    """Path of the derived file `kept`, drawn first if missing: by one caller, while others wait for it.

    draw: gives the bytes within limits; called again with HEAVY ones if LIGHT ones were too tight. keep: puts them
    in place, if the document may still be shown (`corpus.derived.files`). limits: for drawings that may take
    minutes. name: of the original, for messages. Raises as `draw` does, or the remembered failure;
    Problem("too_busy").
    """
    _as_before(kept, name)
    if not _waiting.acquire(blocking=False):
        raise Problem("too_busy", seconds=_RETRY)
    try:
        with ExitStack() as held:
            until = time.monotonic() + _PATIENCE
            mark = int(hashlib.sha256(str(kept).encode()).hexdigest()[:8], 16) % _STRIPES
            held.enter_context(_lock(_folder(store) / f"one-{mark}.lock", fcntl.LOCK_EX, until))
            if not kept.exists():
                _as_before(kept, name)
                _draw(store, kept, draw, keep, limits, until)
    finally:
        _waiting.release()
    return kept


def _draw(
    store: Store,
    kept: Path,
    draw: Callable[[Limits], bytes],
    keep: Callable[[bytes], None],
    limits: Limits | None,
    until: float,
) -> None:
    try:
        data = _in_turn(store, draw, limits, until)
    except Problem as problem:
        if problem.code in _REMEMBERED:
            _remember(kept, problem)
        raise
    keep(data)


def _in_turn(store: Store, draw: Callable[[Limits], bytes], limits: Limits | None, until: float) -> bytes:
    try:
        with ExitStack() as held:
            _take(store, "long" if limits else "light", held, until)
            return draw(limits or LIGHT)
    except Problem as problem:
        if limits or problem.code not in ("reader_memory", "reader_crashed"):
            raise
    with ExitStack() as held:
        _take(store, "heavy", held, time.monotonic() + _PATIENCE)
        return draw(HEAVY)


def _take(store: Store, weight: Weight, held: ExitStack, until: float) -> None:
    folder = _folder(store)
    if weight == "long":
        held.enter_context(_lock(folder / "long.lock", fcntl.LOCK_EX, until))
    kind = fcntl.LOCK_EX if weight == "heavy" else fcntl.LOCK_SH
    held.enter_context(_lock(folder / "memory.lock", kind, until))
    if weight != "heavy":
        slots = [folder / f"turn-{number}.lock" for number in range(turns(store.settings))]
        held.enter_context(_any_lock(slots, until))


@contextmanager
def _lock(path: Path, kind: int, until: float) -> Iterator[None]:
    with _any_lock([path], until, kind):
        yield


@contextmanager
def _any_lock(paths: list[Path], until: float, kind: int = fcntl.LOCK_EX) -> Iterator[None]:
    """A lock on the first of these files that is free;
    raises Problem("too_busy") after `until` (monotonic seconds).
    """
    while (taken := next((found for path in paths if (found := _try(path, kind)) is not None), None)) is None:
        if time.monotonic() > until:
            raise Problem("too_busy", seconds=_RETRY)
        time.sleep(0.05)
    try:
        yield
    finally:
        # Released, not only closed: a child forked meanwhile has the file open too.
        fcntl.flock(taken, fcntl.LOCK_UN)
        os.close(taken)


def _try(path: Path, kind: int) -> int | None:
    taken = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(taken, kind | fcntl.LOCK_NB)
    except OSError:
        os.close(taken)
        return None
    return taken


def _folder(store: Store) -> Path:
    folder = store.settings.home / "run"
    folder.mkdir(exist_ok=True, mode=0o700)
    return folder


def _note(kept: Path) -> Path:
    return kept.with_suffix(".failed")


def _remember(kept: Path, problem: Problem) -> None:
    told = {"code": problem.code, "until": time.time() + _FORGOTTEN_AFTER, "program": _PROGRAM}
    with suppress(OSError):
        kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _put(_note(kept), json.dumps(told).encode())


def _as_before(kept: Path, name: str) -> None:
    """Raise the last failure again while it is remembered."""
    try:
        told = json.loads(_note(kept).read_text())
        fresh = told["program"] == _PROGRAM and time.time() < told["until"] <= time.time() + _FORGOTTEN_AFTER
        problem = Problem(told["code"], name=name)
    except (OSError, ValueError, KeyError, TypeError):
        return
    if fresh and problem.code in _REMEMBERED:
        raise problem


def _put(kept: Path, data: bytes) -> None:
    """Put a derived file in place atomically."""
    draft = kept.with_name(f".{kept.name}.{os.getpid()}-{threading.get_ident()}")
    draft.write_bytes(data)
    draft.replace(kept)
