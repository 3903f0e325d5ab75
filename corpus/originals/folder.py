"""Places for originals, by SHA-256: the protocol of a place, and the folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OriginalStat:
    """Size and age of an original, known without reading it; `since` in seconds of the epoch."""

    size: int
    since: float


class Originals(Protocol):
    """A place for originals. An original is never changed; the same bytes are the same original."""

    def keep(self, staged: Path, sha256: str) -> None:
        """Take a file that is whole and on disk; durable when it returns.
        An entry with other bytes is put right.
        """

    def look(self, sha256: str) -> OriginalStat | None:
        """Size and age of the original with this hash; None if there is none."""

    def digest(self, sha256: str) -> str | None:
        """SHA-256 of the bytes as stored now; None if they are missing."""

    def local(self, sha256: str) -> Path | None:
        """A file of this machine with the bytes; None when they are gone. It stays for hours at least."""

    def lend(self, sha256: str, folder: Path) -> Path | None:
        """The same for one use: a file that is there anyway, or one put into `folder`."""

    def remove(self, sha256: str) -> None:
        """Remove the bytes for good, copies too; no effect if they are missing."""

    def all(self) -> Iterator[str]:
        """The hashes of all originals, in order."""

    def tidy(self) -> None:
        """Remove copies that were not used for long."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Originals in a folder, of this machine or shared: `ab/abcd…`."""

    root: Path

    def path(self, sha256: str) -> Path:
        return self.root / sha256[:2] / sha256

    def keep(self, staged: Path, sha256: str) -> None:
        target = self.path(sha256)
        if not target.parent.is_dir():
            target.parent.mkdir(exist_ok=True, mode=0o700)
        sync_folder(self.root)
        staged.chmod(0o400)
        staged.replace(target)
        sync_folder(target.parent)

    def look(self, sha256: str) -> OriginalStat | None:
        try:
            found = self.path(sha256).stat()
        except FileNotFoundError:
            return None
        return OriginalStat(found.st_size, found.st_mtime)

    def digest(self, sha256: str) -> str | None:
        path = self.path(sha256)
        return hash_of(path) if path.is_file() else None

    def local(self, sha256: str) -> Path | None:
        path = self.path(sha256)
        return path if path.is_file() else None

    def lend(self, sha256: str, folder: Path) -> Path | None:
        return self.local(sha256)

    def remove(self, sha256: str) -> None:
        path = self.path(sha256)
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            sync_folder(path.parent)

    def all(self) -> Iterator[str]:
        for folder in sorted(self.root.iterdir()):
            if len(folder.name) == 2 and folder.is_dir():
                yield from sorted(path.name for path in folder.iterdir() if len(path.name) == 64)

    def tidy(self) -> None:
        """Do nothing: a folder has no copies."""


def hash_of(path: Path) -> str:
    """SHA-256 of a file, in lower-case hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_folder(folder: Path) -> None:
    """Flush a folder's entries to disk: a rename is only durable after this."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
