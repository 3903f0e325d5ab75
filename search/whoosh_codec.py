"""Whoosh's file format with posting lists of our own: written term by term, read as arrays rather than object by object.

Stock Whoosh spends most of its indexing time on a call for each posting, and most of a query on making an object of
each posting's places, which scoring doesn't want. Here the places of a block are one string that is cut when asked for.
"""

from __future__ import annotations

import zlib
from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Sequence
from itertools import groupby, repeat
from operator import itemgetter
from pickle import dumps
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3LeafMatcher, W3TermInfo
from whoosh.system import pack_ushort

_BLOCK = 512
_PLACE = 4
"""Bytes of one place."""
_PICKLE = 2
_NO_VALUE = (b"",)

Item = tuple[str, bytes, int, float, bytes]
"""(field, term, document, weight, value), as Whoosh's pool sorts them."""


class Codec(W3Codec):  # type: ignore[misc]
    """W3 with our writer of terms and postings."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        return FieldWriter(self, storage, segment)

    def postings_reader(
        self, dbfile: Any, terminfo: Any, format_: Any, term: Any = None, scorer: Any = None
    ) -> Any:
        if terminfo.is_inlined():
            return super().postings_reader(dbfile, terminfo, format_, term, scorer)
        offset, length = terminfo.extent()
        return Matcher(dbfile, offset, length, format_, term=term, scorer=scorer)


class Matcher(W3LeafMatcher):  # type: ignore[misc]
    """Steps through a posting list posting by posting, as merging does, or block by block, as searching does."""

    def blocks(self, only: Sequence[int] | None) -> Iterator[Block]:
        """The blocks in order; `only`: those that may hold one of these documents."""
        at = 0
        while only is None or at < len(only):
            wanted = only is None or only[at] <= self._maxid
            if only is not None:
                at = bisect_left(only, self._maxid + 1, at)
            if wanted:
                self._read_data()
                yield Block(*self._data)
            if self._lastblock:
                return
            self._goto(self._nextoffset)

    def _held(self) -> Block:
        if self._data is None:
            self._read_data()
        return Block(*self._data)

    def _read_ids(self) -> None:
        self._ids = self._held().ids()

    def _read_weights(self) -> None:
        weights = self._held().weights()
        self._weights = [weights] * self._blocklength if isinstance(weights, float) else weights

    def _read_values(self) -> None:
        block = self._held()
        found = dict(block.places(None))
        self._values = [found.get(id, b"") for id in block.ids()]


class Block:
    """Some postings of one term: documents, how often, and where."""

    __slots__ = ("_ids", "_places", "_weights")

    def __init__(self, ids: bytes, weights: bytes | float, places: bytes | None) -> None:
        self._ids = ids
        self._weights = weights
        self._places = places

    def ids(self) -> list[int]:
        return array("I", self._ids).tolist()

    def weights(self) -> list[float] | float:
        """One for each document, or one for all."""
        return self._weights if isinstance(self._weights, float) else array("f", self._weights).tolist()

    def places(self, among: Container[int] | None) -> Iterator[tuple[int, bytes]]:
        """(document, its places) of these documents; as many places as the weight says."""
        if self._places is None:
            return
        packed, weights = zlib.decompress(self._places), self.weights()
        each = repeat(weights, len(self._ids) // _PLACE) if isinstance(weights, float) else weights
        start = 0
        for id, weight in zip(self.ids(), each, strict=True):
            end = start + int(weight) * _PLACE
            if among is None or id in among:
                yield id, packed[start:end]
            start = end


class FieldWriter(W3FieldWriter):  # type: ignore[misc]
    """Takes the sorted postings of a segment and writes them term by term."""

    def add_postings(self, schema: Any, lengths: Any, items: Iterable[Item]) -> None:
        for (name, term), postings in groupby(items, key=itemgetter(0, 1)):
            if name != self._fieldname:
                self.start_field(name, schema[name])
                prefix = pack_ushort(self._fieldid)
                has_values = self._format.fixed_value_size() != 0
            _, _, ids, weights, values = zip(*postings, strict=True)
            info = self._write(ids, weights, values if has_values else None)
            self._tindex.add(prefix + term, info.to_bytes())

    def _write(self, ids: Sequence[int], weights: Sequence[float], values: Sequence[bytes] | None) -> Any:
        """One posting list; where it stands and its statistics. A single posting stands with the statistics themselves."""
        info = W3TermInfo(sum(weights), len(ids), None, 0, max(weights), ids[0], ids[-1])
        if len(ids) == 1:
            info.set_inlined(ids, weights, values or _NO_VALUE)
            return info
        file = self._postfile
        start = file.tell()
        file.write(WHOOSH3_HEADER_MAGIC)
        for at in range(0, len(ids), _BLOCK):
            end = min(at + _BLOCK, len(ids))
            head, data = _packed(ids[at:end], weights[at:end], None if values is None else values[at:end])
            length = len(head) + len(data)
            file.write_int(-length if end == len(ids) else length)
            file.write(head + data)
        info.set_extent(start, file.tell() - start)
        return info


def _packed(ids: Sequence[int], weights: Sequence[float], values: Sequence[bytes] | None) -> tuple[bytes, bytes]:
    """(what is known of a block before it is read, its postings)."""
    most = max(weights)
    packed = float(most) if most == min(weights) else array("f", weights).tobytes()
    places = None if values is None else zlib.compress(b"".join(values), 1)
    data = dumps((array("I", ids).tobytes(), packed, places), _PICKLE)
    return dumps((len(ids), ids[-1], most, 0, 0, 0), _PICKLE), data
