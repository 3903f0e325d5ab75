"""Whoosh's file format with posting lists of our own: gathered term by term, written and read as arrays.

Stock Whoosh spends most of its indexing time and memory on an object for each posting, and most of a query on making one
of each posting's places, which scoring doesn't want. Here a list is blocks of arrays, read where the file is mapped, and
the places of a block are one string that is cut when asked for.
"""

from __future__ import annotations

import struct
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import W3Codec, W3FieldWriter, W3TermInfo
from whoosh.system import pack_ushort

from search.whoosh_files import Segment
from search.whoosh_pool import Gathered

_BLOCK = 512
PLACE = 4
"""Bytes of one place, one document and one weight."""
_MAGIC = b"VBP1"
_HEAD = struct.Struct("<IIIIB")
"""Of a block: bytes of it after this head, documents, the last of them, bytes of places; how it is packed."""
_LAST, _PLAIN = 1, 2


class Codec(W3Codec):  # type: ignore[misc]
    """W3 with our terms and postings; its own matchers can't read them (`blocks` does)."""

    length_stats = False

    def new_segment(self, storage: Any, indexname: str) -> Segment:
        return Segment(self, indexname)

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        return FieldWriter(self, storage, segment)


class Block:
    """Some postings of one term: documents, how often, and where."""

    __slots__ = ("_ids", "_places", "_plain", "_weights", "count")

    def __init__(self, ids: memoryview, weights: memoryview, places: memoryview, *, plain: bool) -> None:
        self.count = len(ids) // PLACE
        self._ids = ids
        self._weights = weights
        self._places = places
        self._plain = plain

    def ids(self) -> list[int]:
        return array("I", self._ids.tobytes()).tolist()

    def weights(self) -> list[float] | float:
        """One for each document, or one for all."""
        found = array("f", self._weights.tobytes()).tolist()
        return found[0] if len(found) < self.count or self.count == 1 else found

    def each_weight(self) -> list[float]:
        """One for each document."""
        weights = self.weights()
        return [weights] * self.count if isinstance(weights, float) else weights

    def packed_places(self) -> bytes:
        """The places of all its documents one after the other; empty where none are kept."""
        return bytes(self._places) if self._plain else zlib.decompress(self._places)

    def places(self) -> tuple[Any, Any]:
        """(document, place) of every occurrence, as two arrays in rising order."""
        weights = np.frombuffer(self._weights, np.float32).astype(np.int64)
        ids = np.frombuffer(self._ids, np.uint32).astype(np.int64)
        each = weights if len(weights) == self.count else np.full(self.count, weights[0])
        return np.repeat(ids, each), np.frombuffer(self.packed_places(), np.uint32).astype(np.int64)


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
        size, count, last, placed, packing = _HEAD.unpack_from(buffer, at)
        start = at + _HEAD.size
        at = start + size
        if at > len(buffer):
            raise EOFError("a posting list ends too early")
        if only is None or only[wanted] <= last:
            weights, places = start + count * PLACE, at - placed
            plain = bool(packing & _PLAIN)
            yield Block(buffer[start:weights], buffer[weights:places], buffer[places:at], plain=plain)
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
    """One block; one weight stands for all where they are equal, and few places are left as they are."""
    packed = zlib.compress(places, 1)
    plain = len(packed) >= len(places)
    data = places if plain else packed
    body = ids.tobytes() + (weights[:1] if min(weights) == max(weights) else weights).tobytes() + data
    return _HEAD.pack(len(body), len(ids), ids[-1], len(data), last * _LAST + plain * _PLAIN) + body
