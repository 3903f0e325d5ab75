"""Where a segment's posting lists stand: Whoosh's table of terms, looked up in place.

A question asks after hundreds of terms in each segment; Whoosh's own look-up takes a dozen calls for each of them.
"""

from __future__ import annotations

import struct
from typing import Any

from whoosh.system import pack_ushort

_SLOT = struct.Struct("!Iq")
"""Of the hash table: hash, place of the item; an empty one has no place."""
_SIZES = struct.Struct("!ii")
"""Before an item: bytes of its key and of its value."""
_INFO = struct.Struct("!BfIBBfIIq")
"""The value: flags, weight, documents, least and most length, most weight, first and last document, place of the list."""
_DOCUMENTS, _PLACE = 2, 8
_MOST_KEPT = 20_000

Listed = tuple[int, int]
"""How many documents a posting list names, and where it stands in the postings' file."""
NOWHERE: Listed = (0, 0)


class Terms:
    """The terms of one segment; what was looked up is kept."""

    def __init__(self, reader: Any) -> None:
        terms = reader._terms
        self._fields: dict[str, int] = terms._fieldmap
        self._hash, self._tables = terms._tindex.hashfn, terms._tindex.tables
        self._buffer: memoryview = terms._tindex.dbfile._buf
        self._kept: dict[tuple[str, str], Listed] = {}

    def find(self, field: str, text: str) -> Listed:
        """The posting list of a term; NOWHERE when no document holds it."""
        found = self._kept.get((field, text))
        if found is None:
            found = self._found(self._fields[field], text) if field in self._fields else NOWHERE
            if len(self._kept) < _MOST_KEPT:
                self._kept[field, text] = found
        return found

    def _found(self, field: int, text: str) -> Listed:
        key = pack_ushort(field) + text.encode()
        hashed = self._hash(key)
        start, slots = self._tables[hashed & 255]
        buffer = self._buffer
        for at in range(hashed >> 8, (hashed >> 8) + slots):
            here, item = _SLOT.unpack_from(buffer, start + at % slots * _SLOT.size)
            if not item:
                break
            if here == hashed:
                value = item + _SIZES.size + len(key)
                if _SIZES.unpack_from(buffer, item)[0] == len(key) and buffer[value - len(key) : value] == key:
                    info = _INFO.unpack_from(buffer, value)
                    return info[_DOCUMENTS], info[_PLACE]
        return NOWHERE
