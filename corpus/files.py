"""Originals under their SHA-256, never changed once written.

The order that loses nothing, by kill -9 or power cut alike: write to a temporary file in the same file system, fsync it,
rename it to its address, fsync the folder; only then does the caller commit the row that tells of it.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import io
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import BinaryIO

from corpus.errors import Problem
from corpus.store import Store

_BLOCK = 1 << 20
_STALE_SECONDS = 60


def put_original(
    store: Store, source: BinaryIO | bytes | Path, *, name: str = "", limit: int | None = None
) -> str:
    """Keeps the bytes and returns their SHA-256; they are on disk, folder entry included, when it returns.

    The same bytes again are the same file. limit: most bytes that are taken, None for the setting.
    Raises Problem("too_large"), Problem("empty_file"), Problem("disk_full"); nothing stays behind then.
    """
    limit = store.settings.max_upload_bytes if limit is None else limit
    try:
        with _opened(source) as stream:
            return _keep(store, stream, name, limit)
    except OSError as error:
        raise disk_problem(error, name) from error


def disk_problem(error: OSError, name: str) -> Exception:
    """What to raise for a write that failed: Problem("disk_full") where room is what was missing, else the error itself."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Problem("disk_full", name=name)
    return error


def address(store: Store, sha256: str) -> Path:
    """Where the original with this hash lies, whether it is there or not."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Problem("not_found", what=sha256[:80])
    return store.originals / sha256[:2] / sha256


def has_original(store: Store, sha256: str) -> bool:
    return address(store, sha256).is_file()


def original_path(store: Store, sha256: str, *, document: int | None = None, verify: bool = True) -> Path:
    """The original's path, its bytes re-hashed unless verify is False.

    Raises Problem("original_missing") when it is gone or its bytes are no longer those that came in.
    """
    path = address(store, sha256)
    if not path.is_file() or (verify and hash_of(path) != sha256):
        raise Problem("original_missing", document=document if document is not None else sha256[:12])
    return path


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove_original(store: Store, sha256: str) -> None:
    """Takes the bytes away for good; absent already is well."""
    path = address(store, sha256)
    path.unlink(missing_ok=True)
    if path.parent.is_dir():
        sync_folder(path.parent)


def all_originals(store: Store) -> Iterator[str]:
    """The hashes of all originals on disk."""
    for folder in sorted(store.originals.iterdir()):
        if len(folder.name) == 2 and folder.is_dir():
            yield from sorted(path.name for path in folder.iterdir() if len(path.name) == 64)


def clear_staging(store: Store) -> int:
    """Removes what uploads that were killed left half-written; files still being written are locked and stay."""
    return sum(_remove_stale(path) for path in (store.originals / ".staging").iterdir())


def sync_folder(folder: Path) -> None:
    """Brings a folder's entries to disk: a rename is only durable after this."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _opened(source: BinaryIO | bytes | Path) -> AbstractContextManager[BinaryIO]:
    """A stream to read; one that was handed in is the caller's to close."""
    if isinstance(source, Path):
        return source.open("rb")
    return nullcontext(io.BytesIO(source) if isinstance(source, bytes) else source)


def _keep(store: Store, stream: BinaryIO, name: str, limit: int) -> str:
    descriptor, staged_name = tempfile.mkstemp(dir=store.originals / ".staging")
    staged = Path(staged_name)
    try:
        with os.fdopen(descriptor, "wb") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            sha256 = _copy(stream, out, name, limit)
            out.flush()
            os.fsync(out.fileno())
            _move_in(store, staged, sha256)
    finally:
        staged.unlink(missing_ok=True)
    return sha256


def _copy(stream: BinaryIO, out: BinaryIO, name: str, limit: int) -> str:
    digest, size = hashlib.sha256(), 0
    while block := stream.read(_BLOCK):
        size += len(block)
        if size > limit:
            raise Problem("too_large", name=name, limit=f"{limit / 1_048_576:.0f} MB")
        digest.update(block)
        out.write(block)
    if size == 0:
        raise Problem("empty_file", name=name)
    return digest.hexdigest()


def _move_in(store: Store, staged: Path, sha256: str) -> None:
    """Renames into place; an entry already there with other bytes (rot) is put right by the new ones."""
    target = address(store, sha256)
    if not target.parent.is_dir():
        target.parent.mkdir(exist_ok=True, mode=0o700)
    sync_folder(store.originals)
    staged.chmod(0o400)
    staged.replace(target)
    sync_folder(target.parent)


def _remove_stale(path: Path) -> bool:
    try:
        if time.time() - path.stat().st_mtime < _STALE_SECONDS:
            return False
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
    except OSError:
        return False
    return True
