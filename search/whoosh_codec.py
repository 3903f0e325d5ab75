"""Whoosh's own file format, written with fewer calls: terms gathered first, small blocks not compressed, no length statistics.

Stock Whoosh reads what is written here. It spends most of its indexing time on a call for each posting, on looking
up a document's length for statistics that nothing here reads, and on compressing blocks of one posting.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pickle import dumps
from typing import Any

from whoosh.codec.whoosh3 import WHOOSH3_HEADER_MAGIC, W3Codec, W3FieldWriter, W3TermInfo
from whoosh.system import pack_ushort

_BLOCK = 128
_WORTH_COMPRESSING = 512
_PICKLE = 2
_NO_VALUE = (b"",)

Item = tuple[str, bytes, int, float, bytes]
"""(field, term, document, weight, value), as Whoosh's pool sorts them."""


class Codec(W3Codec):  # type: ignore[misc]
    """W3 with our writer of terms and postings."""

    length_stats = False

    def field_writer(self, storage: Any, segment: Any) -> FieldWriter:
        return FieldWriter(self, storage, segment)


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
            head, data = _block(ids[at:end], weights[at:end], None if values is None else values[at:end])
            length = len(head) + len(data)
            file.write_int(-length if end == len(ids) else length)
            file.write(head + data)
        info.set_extent(start, file.tell() - start)
        return info


def _block(ids: Sequence[int], weights: Sequence[float], values: Sequence[bytes] | None) -> tuple[bytes, bytes]:
    """(what is known of a block before it is read, its postings)."""
    most = max(weights)
    same = most == min(weights)
    packed: Any = (None if most == 1.0 else float(most)) if same else tuple(weights)
    data = dumps((tuple(_deltas(ids)), packed, values), _PICKLE)
    compression = 1 if len(data) >= _WORTH_COMPRESSING else 0
    if compression:
        data = zlib.compress(data, compression)
    return dumps((len(ids), ids[-1], most, compression, 0, 0), _PICKLE), data


def _deltas(ids: Sequence[int]) -> Iterator[int]:
    base = 0
    for id in ids:
        yield id - base
        base = id
