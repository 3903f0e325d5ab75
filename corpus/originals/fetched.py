"""Copies of originals on this machine, fetched from where they are kept: `ab/abcd…`,
and drafts on their way there.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def path(folder: Path, sha256: str) -> Path:
    """Path of the copy of an original, existing or not."""
    return folder / sha256[:2] / sha256


def draft_prefix(sha256: str) -> str:
    """Prefix of the names of drafts of a copy: a purge must know whose bytes they are."""
    return f".{sha256}-"


def exists(folder: Path, sha256: str) -> bool:
    """True if a copy, or a draft of one, is there."""
    return path(folder, sha256).exists() or any(_drafts(folder, sha256))


def remove(folder: Path, sha256: str) -> None:
    """Remove the copy and its drafts; no effect if they are missing."""
    path(folder, sha256).unlink(missing_ok=True)
    for draft in _drafts(folder, sha256):
        draft.unlink(missing_ok=True)


def all_hashes(folder: Path) -> Iterator[str]:
    """The hashes of the originals that a copy or a draft is here of, in order."""
    names = (path.name for path in folder.glob("*/*") if path.is_file())
    return iter(sorted({name.removeprefix(".").partition("-")[0] for name in names}))


def _drafts(folder: Path, sha256: str) -> Iterator[Path]:
    return (folder / sha256[:2]).glob(f"{draft_prefix(sha256)}*")
