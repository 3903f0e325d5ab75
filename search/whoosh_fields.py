"""Whoosh's schema for token streams, and a storage that survives a power cut."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.filedb.filestore import FileStorage

from corpus.fold import fold
from search.analysis import Syllables

SCHEMA_VERSION = "vanban1"
"""Name of the index inside its folder; a new schema takes a new one, so an old index is not found but rebuilt."""


class Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is its tokens; only how often each stands in a document is kept."""

    def __init__(self, *, scorable: bool) -> None:
        self.format = formats.Existence()
        self.scorable = scorable
        self.stored = False
        self.indexed = True
        self.vector = None
        self.column_type = None
        self.analyzer = None
        self.multitoken_query = "default"
        self.unique = False
        self.spelling = False

    def index(self, value: Sequence[str], **_options: Any) -> Iterator[tuple[bytes, int, float, bytes]]:
        for token, count in Counter(value).items():
            yield token.encode(), count, float(count), b""


def schema() -> Any:
    """The fields of an index; `pair` holds neighbouring syllables, which makes a phrase a matter of few lists."""
    row = fields.COLUMN(columns.VarBytesColumn())
    texts = {name: Tokens(scorable=True) for name in ("syl", "fold", "pair", "cmp", "subject")}
    names = ("id", "issuer", "recipient", "signer", "type", "number", "keys", "mentions", "cites")
    return fields.Schema(row=row, **texts, **{name: Tokens(scorable=False) for name in names})


def pairs(parts: Sequence[Syllables]) -> list[str]:
    """Neighbouring syllables of each part, as `pair_key` writes them."""
    return [
        f"{first} {second}\x1f{a} {b}"
        for part in parts
        for (first, second), (a, b) in zip(pairwise(part.folded), pairwise(part.accented), strict=True)
    ]


def pair_key(first: str, second: str) -> str:
    """Folded pair, then the pair as written: all forms of a folded pair stand together in the dictionary."""
    return f"{fold(first)} {fold(second)}\x1f{first} {second}"


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
