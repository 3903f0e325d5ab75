"""Files derived from originals (pictures of pages, searchable PDFs), under `derived` by the original's hash.

All of them can be made again, so they may be removed at any time, and must be when the original is purged.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared


def folder(store: Store, sha256: str) -> Path:
    """Folder of an original's derived files, existing or not."""
    return store.settings.home / "derived" / sha256[:2] / sha256


def keep(store: Store, document: Document, name: str, data: bytes) -> Path:
    """Put a derived file in place atomically; return its path.

    Raises Problem("not_cleared") if the document may not be shown any more; nothing stays behind then. The file is
    written before the store is asked: a purge commits its order before it looks for files, so one of the two sees
    the other.
    """
    place = folder(store, document.sha256)
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=place)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
        Path(draft).replace(place / name)
    except FileNotFoundError as error:
        # The folder went away under our hands: that is a purge.
        raise Problem("not_cleared", document=document.id) from error
    with store.db.reading() as session:
        now = session.get(Document, document.id)
    if now is None or not is_cleared(now):
        remove(store, document.sha256)
        raise Problem("not_cleared", document=document.id)
    return place / name


def exists(store: Store, sha256: str) -> bool:
    """True if anything derived of this original is there."""
    return folder(store, sha256).exists()


def remove(store: Store, sha256: str) -> None:
    """Remove all files derived from an original; no effect if there are none."""
    shutil.rmtree(folder(store, sha256), ignore_errors=True)


def all_hashes(store: Store) -> Iterator[str]:
    """The hashes of the originals that something was made out of, in order."""
    root = store.settings.home / "derived"
    for first in sorted(root.iterdir()) if root.is_dir() else ():
        if first.is_dir():
            yield from sorted(path.name for path in first.iterdir())
