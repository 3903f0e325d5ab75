"""Whoosh's file format with posting lists of our own: gathered term by term, written and read as arrays.

Stock Whoosh spends most of its indexing time and memory on an object for each posting, and most of a query on making one
of each posting's places, which scoring doesn't want. Here a list is blocks of arrays that lie where the file is mapped,
each as narrow as its numbers allow: places are then as small as zlib makes them, and nothing needs to be unpacked.
"""

from __future__ import annotations

import struct
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.system import pack_ushort

from search.engines.whoosh.mapped_files import Segment
from search.engines.whoosh.posting_pool import Gathered

_BLOCK = 512
PLACE = 4
"""Bytes of one place in a pool."""
_ID = 4
"""Bytes of one document in a block."""
_MAGIC = b"VBP2"
_HEAD = struct.Struct("<IIIB")
"""Of a block: bytes of it after this head, documents, the last of them, and how it is packed."""
_LAST, _ALIKE, _WIDE_WEIGHTS, _WIDE_PLACES = 1, 2, 4, 8
"""The list ends here; one weight stands for all; weights of four bytes, not one; places of four bytes, not two."""


class Codec(W3Codec):  # type: ignore[misc]
    """W3 with our terms and postings; its own matchers can't read them (`blocks` does)."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> Segment:
        return Segment(self, indexname)

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        return FieldWriter(self, storage, segment)


class Block:
    """Some postings of one term: documents, how often, and where; arrays over the mapped file, not copied."""

    __slots__ = ("_buffer", "_end", "_packing", "_start", "count")

    def __init__(self, buffer: memoryview, start: int, end: int, count: int, packing: int) -> None:
        self.count = count
        self._buffer = buffer
        self._start = start
        self._end = end
        self._packing = packing
        if self._places_at() > end:
            raise EOFError("a posting list holds less than it says")

    def ids(self) -> Any:
        """Its documents, rising."""
        return np.frombuffer(self._buffer, np.uint32, self.count, self._start)

    def weights(self) -> Any:
        """How often the term stands in each document."""
        kind = np.uint32 if self._packing & _WIDE_WEIGHTS else np.uint8
        kept = 1 if self._packing & _ALIKE else self.count
        found = np.frombuffer(self._buffer, kind, kept, self._start + self.count * _ID)
        return found if kept == self.count else np.full(self.count, found[0])

    def places(self) -> Any:
        """The places of all its documents one after the other; none where they are not kept."""
        kind, size = (np.uint32, 4) if self._packing & _WIDE_PLACES else (np.uint16, 2)
        at = self._places_at()
        return np.frombuffer(self._buffer, kind, (self._end - at) // size, at)

    def _places_at(self) -> int:
        width = 4 if self._packing & _WIDE_WEIGHTS else 1
        return self._start + self.count * _ID + width * (1 if self._packing & _ALIKE else self.count)


def blocks(buffer: memoryview, at: int, only: Sequence[int] | None = None) -> Iterator[Block]:
    """The blocks of a posting list that stands at a place of the postings' file, in order.

    only: documents in rising order; blocks that can't hold one of them are passed over. Raises EOFError when there is no
    such list.
    """
    if buffer[at : at + len(_MAGIC)] != _MAGIC:
        raise EOFError("no posting list")
    at += len(_MAGIC)
    wanted = 0
    while only is None or wanted < len(only):
        size, count, last, packing = _HEAD.unpack_from(buffer, at)
        start = at + _HEAD.size
        at = start + size
        if at > len(buffer):
            raise EOFError("a posting list ends too early")
        if only is None or only[wanted] <= last:
            yield Block(buffer, start, at, count, packing)
        if packing & _LAST:
            return
        if only is not None:
            wanted = bisect_left(only, last + 1, wanted)


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Takes the gathered postings of a segment, in order of fields and terms, and writes them."""

    def add_postings(self, schema: Any, lengths: Any, lists: Iterable[tuple[str, bytes, Gathered]]) -> None:
        for name, term, gathered in lists:
            if name != self._fieldname:
                self.start_field(name, schema[name])
                prefix = pack_ushort(self._fieldid)
            self._tindex.add(prefix + term, self._write(gathered).to_bytes())

    def _write(self, gathered: Gathered) -> Any:
        """One posting list; where it stands and its statistics."""
        ids, weights = gathered.ids, gathered.weights
        file, start = self._postfile, self._postfile.tell()
        file.write(_MAGIC)
        place = 0
        for at in range(0, len(ids), _BLOCK):
            of = weights[at : at + _BLOCK]
            end = place + int(sum(of)) * PLACE
            places = gathered.places[place:end] if gathered.places is not None else b""
            file.write(_packed(ids[at : at + _BLOCK], of, places, last=at + _BLOCK >= len(ids)))
            place = end
        info = W3TermInfo(sum(weights), len(ids), None, 0, max(weights), ids[0], ids[-1])
        info.set_extent(start, file.tell() - start)
        return info


def _packed(ids: array[int], weights: array[float], places: bytes | bytearray, *, last: bool) -> bytes:
    """One block, its numbers as narrow as the largest allows."""
    most = max(weights)
    alike = most == min(weights)
    counts = array("B" if most < 1 << 8 else "I", map(int, weights[:1] if alike else weights)).tobytes()
    whole = np.frombuffer(places, np.uint32)
    narrow = not len(whole) or int(whole.max()) < 1 << 16
    body = ids.tobytes() + counts + (whole.astype(np.uint16).tobytes() if narrow else bytes(places))
    packing = last * _LAST + alike * _ALIKE + (most >= 1 << 8) * _WIDE_WEIGHTS + (not narrow) * _WIDE_PLACES
    return _HEAD.pack(len(body), len(ids), ids[-1], packing) + body
