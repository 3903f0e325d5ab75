"""What is made out of originals (pictures of pages, searchable PDFs): kept under `derived` by the original's hash.

All of it can be made again, so it may go at any time; with an original that is purged it must.
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
    """Where the derived files of an original lie, whether there are any or not."""
    return store.settings.home / "derived" / sha256[:2] / sha256


def keep(store: Store, document: Document, name: str, data: bytes) -> Path:
    """Puts a derived file in place in one step; its path.

    Raises Problem("not_cleared") when the document may not be shown any more, and nothing of it stays behind then. The
    file is written first and the store asked afterwards: a purge commits its order before it looks for files, so one
    of the two sees what the other did.
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
    """Takes all that was made out of an original away; absent already is well."""
    shutil.rmtree(folder(store, sha256), ignore_errors=True)


def all_hashes(store: Store) -> Iterator[str]:
    """The hashes of the originals that something was made out of, in order."""
    root = store.settings.home / "derived"
    for first in sorted(root.iterdir()) if root.is_dir() else ():
        if first.is_dir():
            yield from sorted(path.name for path in first.iterdir())
