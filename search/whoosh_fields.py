"""Whoosh's schema for token streams, and a storage that survives a power cut."""

from __future__ import annotations

import os
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from whoosh import columns, fields, formats
from whoosh.filedb.filestore import FileStorage

SCHEMA_VERSION = "vanban5"
"""Name of the index inside its folder; a new schema takes a new one, so an old index is not found but rebuilt."""


Posting = tuple[bytes, int, float, bytes]


class Tokens(fields.FieldType):  # type: ignore[misc]
    """A field whose value is its tokens; how often each stands in a document is kept, not where."""

    def __init__(self, *, scorable: bool) -> None:
        super().__init__(formats.Existence(), analyzer=None, scorable=scorable)

    def index(self, value: Sequence[str], **_options: Any) -> Iterator[Posting]:
        for token, count in Counter(value).items():
            yield token.encode(), count, float(count), b""


class Places(formats.Format):  # type: ignore[misc]
    """Postings whose value is the places of a term in its document: unsigned 32-bit numbers, one after the other."""

    def fixed_value_size(self) -> int:
        return -1


class Placed(fields.FieldType):  # type: ignore[misc]
    """A field whose value is the parts of a text, token by token: where each stands is kept, with a gap between parts."""

    def __init__(self) -> None:
        super().__init__(Places(), analyzer=None, scorable=True)

    def index(self, value: Sequence[Sequence[str]], **_options: Any) -> Iterator[Posting]:
        places: dict[str, list[int]] = {}
        start = 0
        for part in value:
            for at, token in enumerate(part, start):
                places.setdefault(token, []).append(at)
            start += len(part) + 1
        for token, found in places.items():
            yield token.encode(), len(found), float(len(found)), array("I", found).tobytes()


def schema() -> Any:
    """The fields of an index."""
    row = fields.COLUMN(columns.VarBytesColumn())
    texts = {name: Tokens(scorable=True) for name in ("cmp", "subject")}
    names = ("id", "issuer", "recipient", "signer", "type", "number", "keys", "mentions", "cites")
    named = {name: Tokens(scorable=False) for name in names}
    return fields.Schema(row=row, syl=Placed(), fold=Placed(), **texts, **named)


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
