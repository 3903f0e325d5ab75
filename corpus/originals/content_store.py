"""Originals under their SHA-256, never changed once written.

The order that loses nothing, by kill -9 or power cut alike: write to a temporary file in the same file system,
fsync it, rename it to its address, fsync the folder (or put it into S3 under its hash); only then does the caller
commit the row that tells of it.
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

from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import fetched
from corpus.originals.folder import Folder, Originals, OriginalStat
from corpus.originals.folder import hash_of as hash_of
from corpus.originals.folder import sync_folder as sync_folder
from corpus.originals.s3 import Bucket

_BLOCK = 1 << 20
"""Bytes copied at a time."""
_STALE_SECONDS = 60
"""Age from which an unlocked draft counts as left by a killed upload."""


def put_original(
    store: Store, source: BinaryIO | bytes | Path, *, name: str = "", limit: int | None = None
) -> str:
    """Store the bytes and return their SHA-256; they are on disk by then, folder entry included.

    The same bytes again are the same file. limit: most bytes that are taken, None for the setting.
    Raises Problem("too_large"), Problem("empty_file"), Problem("disk_full"); nothing stays behind then.
    """
    limit = store.settings.max_upload_bytes if limit is None else limit
    try:
        with _stream(source) as stream:
            return _keep(store, stream, name, limit)
    except OSError as error:
        raise disk_problem(error, name) from error


def disk_problem(error: OSError, name: str) -> Exception:
    """Error to raise for a failed write: Problem("disk_full") if room is missing, else the error itself."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        return Problem("disk_full", name=name)
    return error


def address(store: Store, sha256: str) -> Path:
    """Path of the original with this hash in a folder, existing or not."""
    return Folder(store.originals).path(_valid_hash(sha256))


def place(store: Store) -> Originals:
    """Place of this store's originals, by the setting: a folder or a bucket."""
    if store.settings.originals.startswith("s3://"):
        return Bucket(store.settings, fetched_folder(store))
    return Folder(store.originals)


def fetched_folder(store: Store) -> Path:
    """Folder of local copies of originals that are kept on another machine."""
    return store.settings.home / "fetched"


def has_original(store: Store, sha256: str) -> bool:
    return look_at(store, sha256) is not None


def look_at(store: Store, sha256: str) -> OriginalStat | None:
    """Size and age of an original; None when it is gone."""
    return place(store).look(_valid_hash(sha256))


def original_path(store: Store, sha256: str, *, document: int | None = None, verify: bool = True) -> Path:
    """A path of this machine to the original, its bytes re-hashed unless verify is False.

    Raises Problem("original_missing") when it is gone or its bytes are no longer those that came in.
    """
    path = place(store).local(_valid_hash(sha256))
    if path is None or (verify and hash_of(path) != sha256):
        raise Problem("original_missing", document=document if document is not None else sha256[:12])
    return path


def remove_original(store: Store, sha256: str) -> None:
    """Remove the bytes for good, fetched copies too; no effect if they are missing."""
    place(store).remove(_valid_hash(sha256))
    fetched.remove(fetched_folder(store), sha256)


def is_lying_about(store: Store, sha256: str) -> bool:
    """True if the bytes are where originals are kept, or in a copy that was fetched from there."""
    return fetched.exists(fetched_folder(store), _valid_hash(sha256)) or has_original(store, sha256)


def all_fetched(store: Store) -> Iterator[str]:
    """The hashes of all originals that a fetched copy is here of."""
    return fetched.all_hashes(fetched_folder(store))


def all_originals(store: Store) -> Iterator[str]:
    """The hashes of all originals that are kept."""
    return place(store).all()


def clear_staging(store: Store) -> int:
    """Remove half-written files of killed uploads and unused fetched copies; return the number of half-written
    ones.

    Files still being written are locked and stay.
    """
    place(store).tidy()
    return sum(_remove_stale(path) for path in (store.originals / ".staging").iterdir())


def _valid_hash(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise Problem("not_found", what=sha256[:80])
    return sha256


def _stream(source: BinaryIO | bytes | Path) -> AbstractContextManager[BinaryIO]:
    """Stream to read from; one passed in by the caller is not closed."""
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
            place(store).keep(staged, sha256)
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
