"""Whoosh's schema for token streams, and a storage that survives a power cut."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from whoosh import fields, formats
from whoosh.filedb.filestore import FileStorage

from search.engines.whoosh.columns import COLUMNS
from search.engines.whoosh.posting_pool import Pool

SCHEMA_VERSION = "vanban7"
"""Name of the index inside its folder; a new schema takes a new one, so an old index is not found but rebuilt."""


class Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is its tokens; how often each stands in a document is kept, not where."""

    placed = False

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(formats.Existence(), analyzer=None, scorable=scorable)

    def gather(self, pool: Pool, name: str, document: int, value: Sequence[str]) -> int:
        """Puts the postings of one document into the pool; how many tokens it has."""
        for token, count in Counter(value).items():
            pool.add(name, token.encode(), document, count, None)
        return len(value)


class Placed(fields.FieldType):  # type: ignore[misc]
    """A field whose value is the parts of a text, token by token: where each stands is kept, with a gap between parts."""

    placed = True

    def __init__(self) -> None:
        super().__init__(formats.Existence(), analyzer=None, scorable=True)

    def gather(self, pool: Pool, name: str, document: int, value: Sequence[Sequence[str]]) -> int:
        """Puts the postings of one document into the pool, places as unsigned 32-bit numbers; how many tokens it has."""
        places: dict[str, list[int]] = {}
        start = 0
        for part in value:
            for at, token in enumerate(part, start):
                places.setdefault(token, []).append(at)
            start += len(part) + 1
        for token, found in places.items():
            pool.add(name, token.encode(), document, len(found), array("I", found).tobytes())
        return sum(map(len, value))


def schema() -> Any:
    """The fields of an index."""
    texts = {name: Tokens(scorable=True) for name in ("cmp", "subject")}
    names = ("issuer", "recipient", "signer", "type", "number", "keys", "mentions", "cites")
    named = {name: Tokens(scorable=False) for name in names}
    kept = {name: fields.COLUMN(column) for name, column in COLUMNS.items()}
    return fields.Schema(syl=Placed(), fold=Placed(), **texts, **named, **kept)


class DurableStorage(FileStorage):  # type: ignore[misc]
    """A folder whose commits survive a power cut: all files are on the disk before the table of contents names them."""

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        for name in self.list():
            _sync(Path(self.folder) / name)
        super().rename_file(oldname, newname, safe)
        _sync(Path(self.folder))


def _sync(path: Path) -> None:
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
