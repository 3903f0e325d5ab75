"""The one door by which a file enters the store, from the command line and from the pages alike.

The bytes stream into a temporary file beside the originals, within the size limit; their first bytes decide what
they are; a ZIP is taken member by member. A file counts as taken only when `records.receive` has returned.
"""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from corpus import files, records
from corpus.errors import Problem
from corpus.store import Store
from ingest import archive
from ingest.sniff import sniff

CHUNK = 1 << 20
HEAD = 64 * 1024
"""Bytes that `sniff` sees; a ZIP's or DOCX's directory is read from the whole file by its own reader."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file at the door; `receipt` is None when it was refused."""

    name: str
    receipt: records.Receipt | None
    problem: Problem | None = None


def take(
    store: Store, source: BinaryIO, name: str, actor: str, *, auto_accept: bool = False, sample: bool = False
) -> list[Outcome]:
    """Takes one file, or each member of a ZIP; a refusal is an Outcome, so that the others go on.

    Raises Problem only for what concerns the whole store (store_busy).
    """
    try:
        with _spooled(store, source, name) as path:
            media_type = _sniff(path, name)
            if media_type == "application/zip":
                return list(_members(store, path, name, actor, auto_accept=auto_accept, sample=sample))
            return [_receive(store, path, name, media_type, actor, auto_accept=auto_accept, sample=sample)]
    except Problem as problem:
        if problem.fault.status >= 500 and problem.code != "disk_full":
            raise
        return [Outcome(name, None, problem)]


def _members(
    store: Store, path: Path, name: str, actor: str, *, auto_accept: bool, sample: bool
) -> Iterator[Outcome]:
    """Each member through the same door; a ZIP inside a ZIP is refused by `archive.members` itself."""
    for member_name, stream in archive.members(path, store.settings):
        yield from take(store, stream, member_name, actor, auto_accept=auto_accept, sample=sample)


def _receive(
    store: Store, path: Path, name: str, media_type: str, actor: str, *, auto_accept: bool, sample: bool
) -> Outcome:
    sha256 = files.put_original(store, path)
    receipt = records.receive(
        store, sha256, name, media_type, path.stat().st_size, actor, auto_accept=auto_accept, sample=sample
    )
    return Outcome(name, receipt)


def _sniff(path: Path, name: str) -> str:
    with path.open("rb") as file:
        return sniff(file.read(HEAD), name)


@contextmanager
def _spooled(store: Store, source: BinaryIO, name: str) -> Iterator[Path]:
    """The bytes as a temporary file of this store; gone afterwards, whatever happens.

    Raises Problem("too_large") as soon as the limit is passed, and "disk_full".
    """
    folder = store.settings.home / "incoming"
    folder.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=folder)
    path = Path(temporary)
    try:
        with os.fdopen(handle, "wb") as file:
            _copy(source, file, store.settings.max_upload_bytes, name)
        yield path
    except OSError as error:
        if error.errno in _FULL:
            raise Problem("disk_full", name=name) from error
        raise
    finally:
        path.unlink(missing_ok=True)


def _copy(source: BinaryIO, target: BinaryIO, limit: int, name: str) -> None:
    taken = 0
    while chunk := source.read(CHUNK):
        taken += len(chunk)
        if taken > limit:
            raise Problem("too_large", name=name, limit=f"{limit // CHUNK} MB")
        target.write(chunk)


_FULL = {errno.ENOSPC, errno.EDQUOT}
"""The disk, or the account's share of it, is full."""
