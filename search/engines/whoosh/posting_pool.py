"""The postings of a segment that is being written, term by term in arrays: a fifteenth of the memory of Whoosh's tuples."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Any

import numpy as np


class Gathered:
    """The postings of one term so far, documents in rising order."""

    __slots__ = ("ids", "places", "weights")

    def __init__(self, *, placed: bool) -> None:
        self.ids = array("I")
        self.weights = array("f")
        self.places: bytearray | None = bytearray() if placed else None


class Pool:
    """The postings of one segment; terms in UTF-8, whose order is the order of the file."""

    def __init__(self) -> None:
        self._fields: dict[str, dict[bytes, Gathered]] = {}
        self.size = 0
        """About how many bytes are held."""

    def add(self, field: str, term: bytes, document: int, weight: float, places: bytes | None) -> None:
        """One posting."""
        gathered = self.of(field, term, placed=places is not None)
        gathered.ids.append(document)
        gathered.weights.append(weight)
        self.size += 8
        if places is not None and gathered.places is not None:
            gathered.places += places
            self.size += len(places)

    def extend(self, field: str, term: bytes, documents: Any, weights: Any, places: Any) -> None:
        """Many postings of a term at once, as a merge brings them: arrays of numbers, no places where none are kept."""
        gathered = self.of(field, term, placed=places is not None)
        gathered.ids.frombytes(documents.astype(np.uint32).tobytes())
        gathered.weights.frombytes(weights.astype(np.float32).tobytes())
        self.size += 8 * len(documents)
        if places is not None and gathered.places is not None:
            gathered.places += places.astype(np.uint32).tobytes()
            self.size += 4 * len(places)

    def of(self, field: str, term: bytes, *, placed: bool) -> Gathered:
        """The postings of a term, none when it is new."""
        terms = self._fields.setdefault(field, {})
        found = terms.get(term)
        if found is None:
            found = terms[term] = Gathered(placed=placed)
            self.size += _TERM
        return found

    def iter_postings(self) -> Iterator[tuple[str, bytes, Gathered]]:
        """(field, term, its postings) in the order that the file wants."""
        for field in sorted(self._fields):
            terms = self._fields[field]
            for term in sorted(terms):
                yield field, term, terms[term]

    def cleanup(self) -> None:
        """Lets go of all."""
        self._fields.clear()
        self.size = 0


_TERM = 400
"""Bytes of a term without its postings."""
