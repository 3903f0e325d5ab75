"""Living worker processes of this machine, known by locks on files, which the system releases at their end."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.database.store import Store


@contextmanager
def announced(store: Store) -> Iterator[None]:
    """Be counted as a worker process within the block, or until the process ends."""
    folder = _folder(store)
    folder.mkdir(parents=True, exist_ok=True)
    for left in (path for path in folder.iterdir() if not _is_locked(path)):
        left.unlink(missing_ok=True)
    path = folder / str(os.getpid())
    # Locked before it has its name: nobody takes it for the file of a dead process.
    beginning = path.with_suffix(".new")
    with beginning.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        beginning.rename(path)
        try:
            yield
        finally:
            path.unlink(missing_ok=True)


def count(store: Store) -> int:
    """Number of worker processes alive on this machine."""
    folder = _folder(store)
    return sum(_is_locked(path) for path in folder.iterdir() if not path.suffix) if folder.is_dir() else 0


def _folder(store: Store) -> Path:
    return store.settings.home / "run" / "workers"


def _is_locked(path: Path) -> bool:
    """True if a living process has locked the file; one that is just being made counts as locked."""
    if path.suffix:
        return True
    with suppress(OSError), path.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False
