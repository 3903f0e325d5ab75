"""The default engine: Whoosh, nothing to install, for stores of some ten thousand documents."""

from __future__ import annotations

import pickle
import shutil
import struct
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from whoosh import index

from search.engines.background_merge import Merges
from search.engines.base import FACET_VALUES, RESCORED, Answer, BrokenIndex, Entry, Plan
from search.engines.whoosh.schema import SCHEMA_VERSION, DurableStorage, schema
from search.engines.whoosh.scored import Found
from search.engines.whoosh.snapshot import View, is_behind, latest
from search.engines.whoosh.writer import Writer, merge_deleted, merge_many, merge_none

_FIRST = 10_000.0
_TORN = (EOFError, OSError, pickle.UnpicklingError, struct.error)
"""What decoding a damaged file raises."""
_UNREADABLE = (*_TORN, index.IndexError, ValueError, KeyError, AttributeError, TypeError, AssertionError)
"""What opening an index raises that is damaged, of another schema or not there."""


class WhooshEngine:
    """One Whoosh index in a folder; threads that search share one view of it."""

    name = "whoosh"

    def __init__(self, folder: Path, opened: Any) -> None:
        self._folder = folder
        self._index = opened
        self._seen: View | None = None
        self._looking = threading.Lock()
        self._merges = Merges()

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        folder.mkdir(parents=True, exist_ok=True)
        storage = DurableStorage(str(folder))
        return cls(folder, storage.create_index(schema(), indexname=SCHEMA_VERSION))

    @classmethod
    def open(cls, folder: Path) -> WhooshEngine:
        storage = DurableStorage(str(folder))
        try:
            opened = storage.open_index(indexname=SCHEMA_VERSION)
            engine = cls(folder, opened)
            engine._view()
        except _UNREADABLE as error:
            raise BrokenIndex(f"{folder.name}: {error}") from error
        return engine

    @classmethod
    def discard(cls, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        self._merges.wait()
        writer = Writer(self._index)
        try:
            count = _written(writer, self._view().columns.numbers(), entries, removed)
        except BaseException:
            writer.cancel()
            raise
        if not writer.merges_much():
            writer.commit(mergetype=merge_many)
            return count
        # Found first, put in order afterwards.
        writer.commit(mergetype=merge_none)
        self._merges.begin(self._merge, (FileNotFoundError, index.LockError, index.EmptyIndexError))
        return count

    def _merge(self) -> None:
        writer = Writer(self._index)
        try:
            writer.commit(mergetype=merge_many)
        except BaseException:
            writer.cancel()
            raise

    def expunge(self) -> bool:
        self._merges.wait()
        writer = Writer(self._index)
        try:
            writer.commit(mergetype=merge_deleted)
        except BaseException:
            writer.cancel()
            raise
        return True

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        try:
            return _answer(self._view(), plan, limit, offset)
        except _TORN as error:
            raise BrokenIndex(f"{self._folder.name}: {error}") from error

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        view = self._view()
        if field not in view.whole.indexed_field_names():
            return {}
        counts = ((text, view.statistics.held(field, text)) for text in texts)
        return {text: count for text, count in counts if count}

    def count(self) -> int:
        return self._view().columns.count()

    def revisions(self) -> dict[int, int]:
        return self._view().columns.revisions()

    def close(self) -> None:
        self._merges.wait()
        self._index.close()

    def _view(self) -> View:
        """The index as of now."""
        view = self._seen
        if view is None or is_behind(self._index.storage, view):
            with self._looking:
                view = self._seen = latest(self._index.storage, self._seen)
        return view


def _written(writer: Writer, numbers: dict[int, int], entries: Iterable[Entry], removed: Sequence[int]) -> int:
    """numbers: the document numbers of what the index holds, by which a document is taken out without a search."""
    for id in removed:
        if id in numbers:
            writer.delete_document(numbers[id])
    count = 0
    for entry in entries:
        if entry.id in numbers:
            writer.delete_document(numbers[entry.id])
        writer.put(entry)
        count += 1
    return count


def _answer(view: View, plan: Plan, limit: int, offset: int) -> Answer:
    found = view.found(plan.must) if plan.must is not None else _everything(view)
    for node in plan.without:
        found = found.but(view.scores(node).numbers)
    allowed = view.columns.allowed(plan)
    if allowed is not None:
        found = found.where(allowed[found.numbers])
    facets = view.columns.facets(found.numbers, FACET_VALUES)
    order = _order(view, plan, found, offset + limit)
    top = tuple((view.columns.id(number), score) for number, score in order[offset : offset + limit])
    return Answer(len(found.numbers), top, facets)


def _everything(view: View) -> Found:
    return Found(np.arange(len(view.columns)), np.zeros(len(view.columns)))


def _order(view: View, plan: Plan, found: Found, count: int) -> list[tuple[int, float]]:
    """(document, score) in the plan's order, as many as are asked for at least."""
    if plan.sort != "relevance":
        order = view.columns.by_date(found.numbers, newest=plan.sort == "newest")[:count]
        return found.where(order).pairs()
    for rank, node in enumerate(reversed(plan.first), 1):
        answers = np.isin(found.numbers, view.scores(node).numbers)
        found = Found(found.numbers, found.scores + _FIRST * rank * answers)
    window = found.best(max(count, RESCORED))
    head = window.where(slice(RESCORED)).rising()
    rescored = Found(head.numbers, head.scores + view.added(plan.should, head.numbers)).best(RESCORED)
    return rescored.pairs() + window.where(slice(RESCORED, None)).pairs()
