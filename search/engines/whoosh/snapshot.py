"""A Whoosh index as of one commit: its records, and the posting lists asked for, each read once into arrays."""

from __future__ import annotations

import threading
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, TypeVar, cast

import numpy as np
from whoosh.reading import TermNotFound

from search.engines.base import FACET_VALUES, FACETS, BrokenIndex, Plan
from search.engines.fields import FIELD, day_number, of_kind

_MOST_KEPT, _MOST_EXPANDED = 4_000_000, 256
"""Numbers in the cached arrays, 32 MB; words that a prefix matches, the commonest: each costs a posting list."""
PLACE_BITS = 32
"""Bits of a position, below those of its document."""
_LISTS = ("groups", *(f"of_{name}" for name in FACETS))
"""Fields with lists of values in a record."""
Postings = tuple[Any, Any]
"""Numbers of the documents that have a term, rising, and how often each has it."""
_Read = TypeVar("_Read", bound=Callable[..., Any])


@contextmanager
def readable() -> Iterator[None]:
    """Raise BrokenIndex for damaged files: Whoosh unpickles them, so that damage has no class of its own."""
    try:
        yield
    except Exception as error:
        raise BrokenIndex(f"{type(error).__name__}: {error}") from error


def _once(read: _Read) -> _Read:
    """Cache a method that asks Whoosh, one thread at a time, until the cache is too large."""

    def kept(view: WhooshView, *given: str) -> Any:
        with view.lock, readable():
            if (read, *given) not in view.kept:
                found = view.kept[read, *given] = read(view, *given)
                view.size += np.size(found)
            found = view.kept[read, *given]
            if view.size > _MOST_KEPT:
                view.kept, view.size = {}, 0
            return found

    return cast(_Read, kept)


class WhooshView:
    """One generation of an index. Threads share it: one at a time asks Whoosh's readers."""

    def __init__(self, reader: Any, generation: int, stored: dict[str, list[Any]]) -> None:
        self.generation, self._reader = generation, reader
        self._leaves = [(leaf, offset) for leaf, offset in reader.leaf_readers() if leaf.doc_count_all()]
        self.lock, self.kept, self.size = threading.Lock(), dict[tuple[Any, ...], Any](), 0
        # A segment's records are read once: it changes only by what is taken out of it.
        self.stored, live = dict[str, list[Any]](), dict[int, Any]()
        for leaf, offset in self._leaves:
            name, every = leaf.segment().segment_id(), range(leaf.doc_count_all())
            self.stored[name] = stored.get(name) or [leaf.stored_fields(one)["record"] for one in every]
            live |= {offset + one: self.stored[name][one] for one in every if not leaf.is_deleted(one)}
        self.columns = Columns(int(reader.doc_count_all()), live.items())

    @_once
    def postings(self, field: str, text: str) -> Postings:
        """The documents that have a term."""
        numbers, weights = array("q"), array("d")
        for number, matcher in self._matches(field, text):
            numbers.append(number)
            weights.append(matcher.weight())
        return np.array(numbers, np.int64), np.array(weights, np.float64)

    @_once
    def places(self, field: str, text: str) -> Any:
        """A rising array of document · 2³² + position, a number for each position of a term in a `text` field."""
        found, decoded = array("q"), self._reader.schema[field].format.decode_positions
        for number, matcher in self._matches(field, text):
            found.extend([(number << PLACE_BITS) + place for place in decoded(matcher.value())])
        return np.array(found, np.int64)

    @_once
    def frequency(self, field: str, text: str) -> int:
        """Number of documents that have a term, those taken out since the last merge included."""
        return int(self._reader.doc_frequency(field, text))

    @_once
    def beginning(self, field: str, prefix: str) -> list[str]:
        """The commonest terms of a field with this prefix."""
        there = field in self._reader.indexed_field_names()
        found = dict.fromkeys(self._reader.expand_prefix(field, prefix)) if there else {}
        common = sorted(found, key=lambda text: -self._reader.doc_frequency(field, text))
        return [text.decode() for text in common[:_MOST_EXPANDED]]

    @_once
    def norm(self, field: str) -> Any:
        """The length part of BM25 for each document."""
        known, size = FIELD[field], self.columns.size
        lengths = [
            leaf.doc_field_length(at, field) or 0 for leaf, _ in self._leaves for at in range(leaf.doc_count_all())
        ]
        average = self._reader.field_length(field) / max(1, size) or 1.0
        return known.saturation * (1 - known.length + known.length / average * np.array(lengths, np.float64))

    def _matches(self, field: str, text: str) -> Iterator[tuple[int, Any]]:
        """The documents that hold a term, each with the matcher that is at it."""
        for leaf, offset in self._leaves:
            with suppress(TermNotFound):
                matcher = leaf.postings(field, text)
                while matcher.is_active():
                    yield offset + matcher.id(), matcher
                    matcher.next()


class Columns:
    """The records (schema.document) of an index by Whoosh's document numbers; deleted ones have none."""

    def __init__(self, size: int, records: Iterable[tuple[int, Any]]) -> None:
        self.size, self.ids = size, np.zeros(size, np.int64)
        self.revisions, self.numbers = dict[int, int](), dict[int, int]()
        self._days = {field.name: np.zeros(size, np.int64) for field in of_kind("day")}
        self._codes = {name: dict[str, int]() for name in _LISTS}
        pairs = {name: list[tuple[int, int]]() for name in _LISTS}
        for number, (id, revision, days, values) in records:
            self.ids[number], self.revisions[id], self.numbers[id] = id, revision, number
            for name, day in days.items():
                self._days[name][number] = day
            for name, held in values.items():
                codes = self._codes[name]
                pairs[name] += [(number, codes.setdefault(one, len(codes))) for one in held]
        self._pairs = {name: np.array(found, np.int64).reshape(-1, 2).T for name, found in pairs.items()}
        self._live = np.isin(np.arange(size), list(self.numbers.values()))

    def allowed(self, plan: Plan) -> Any:
        """A mask of the documents within the plan's days and facets that the reader may see."""
        mask = self._live & ~np.isin(self.ids, plan.hidden)
        if plan.start is not None or plan.end is not None:
            mask &= self.within("date", plan.start, plan.end)
        if plan.groups is not None:
            mask &= self._having("groups", plan.groups)
        for name, value in plan.facets:
            mask &= self._having(f"of_{name}", (value,))
        return mask

    def within(self, field: str, first: str | None, last: str | None) -> Any:
        """A mask of the documents whose day in a field lies between two, inclusive."""
        days = self._days[field]
        mask = days >= max(1, day_number(first))
        return mask & (days <= day_number(last)) if last is not None else mask

    def by_date(self, numbers: Any, *, newest: bool) -> Any:
        """The same documents by date, those without one last."""
        dates = self._days["date"][numbers]
        return numbers[np.lexsort((numbers, -dates if newest else dates, dates == 0))]

    def facets(self, found: Any) -> dict[str, dict[str, int]]:
        """Facet → value → count among the documents of a mask, most frequent first."""
        counted: dict[str, dict[str, int]] = {}
        for name in FACETS:
            codes, (owners, held) = self._codes[f"of_{name}"], self._pairs[f"of_{name}"]
            counts = np.bincount(held[found[owners]], minlength=len(codes)).tolist()
            ranked = sorted((-count, value) for value, count in zip(codes, counts, strict=True) if count)
            counted[name] = {value: -count for count, value in ranked[:FACET_VALUES]}
        return counted

    def _having(self, name: str, wanted: Sequence[str]) -> Any:
        mask, codes, (owners, held) = np.zeros(self.size, bool), self._codes[name], self._pairs[name]
        mask[owners[np.isin(held, [codes[value] for value in wanted if value in codes])]] = True
        return mask
