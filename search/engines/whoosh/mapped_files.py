"""Segments as they lie in memory maps: opening one copies nothing, and threads and processes share its pages."""

from __future__ import annotations

import os
from typing import Any

from whoosh.codec.whoosh3 import W3Segment
from whoosh.filedb.compound import CompoundStorage
from whoosh.filedb.structfile import BufferFile


class Segment(W3Segment):  # type: ignore[misc]
    """A segment whose one file is mapped; Whoosh's own copies it, once for each thread that searches."""

    def open_compound_file(self, storage: Any) -> Any:
        return _Mapped(storage.open_file(self.make_filename(self.COMPOUND_EXT)))


class _Mapped(CompoundStorage):  # type: ignore[misc]
    def open_file(self, name: str, *args: Any, **kwargs: Any) -> Any:
        offset, length = self.range(name)
        if not self._source:
            return super().open_file(name, *args, **kwargs)
        return _Part(memoryview(self._source)[offset : offset + length], name)


class _Part(BufferFile):  # type: ignore[misc]
    """One of the files in a mapped one."""

    def __init__(self, buffer: memoryview, name: str) -> None:
        super().__init__(b"", name)
        self._buf = buffer
        self.file = _Reading(buffer)


class _Reading:
    """A position in a buffer, as Whoosh reads from files."""

    __slots__ = ("_at", "_buffer")

    def __init__(self, buffer: memoryview) -> None:
        self._buffer = buffer
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        end = len(self._buffer) if size < 0 else self._at + size
        found = bytes(self._buffer[self._at : end])
        self._at += len(found)
        return found

    def readline(self) -> bytes:
        found = bytes(self._buffer[self._at :]).partition(b"\n")
        line = found[0] + found[1]
        self._at += len(line)
        return line

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: len(self._buffer)}[whence]
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at
