"""One generation of a Whoosh index.

Whoosh's own `Searcher.refresh` takes segments that were merged away along into the new view, so that their documents
count twice; here the table of contents alone says which segments there are. Readers of those that stay are kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import accumulate
from typing import Any, TypeVar

import numpy as np
from whoosh.index import TOC
from whoosh.reading import EmptyReader, MultiReader, SegmentReader

from search.engines.base import Adjacent, Node, rarity_among
from search.engines.whoosh.columns import Columns
from search.engines.whoosh.postings import Postings, Segment, Statistics, by_field
from search.engines.whoosh.schema import SCHEMA_VERSION
from search.engines.whoosh.scored import Found, joined

_TRIES = 10
_MOST_KEPT = 8
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_Part = tuple[Segment, slice, Any]
"""A segment, where among the documents looked at its own stand, and their numbers in it."""


class View:
    """The segments of one generation, with what is derived from them: columns, and postings to evaluate nodes on.

    Threads share it: all of it is read by place in the mapped files, and what it keeps is the same whoever works it out.
    """

    def __init__(self, storage: Any, before: View | None = None) -> None:
        contents = TOC.read(storage, SCHEMA_VERSION)
        self.generation = contents.generation
        kept = {} if before is None else before.postings
        self.postings: dict[str, Postings] = {
            segment.segment_id(): kept.get(segment.segment_id())
            or Postings(SegmentReader(storage, contents.schema, segment))
            for segment in contents.segments
        }
        readers = [postings.reader for postings in self.postings.values()]
        self.whole = MultiReader(readers) if readers else EmptyReader(contents.schema)
        self.columns = Columns.of(contents.segments, readers)
        self.statistics = Statistics(self.whole, list(self.postings.values()))
        self._segments = [Segment(postings, self.statistics) for postings in self.postings.values()]
        self._offsets = list(accumulate((segment.size for segment in self._segments), initial=0))
        self._found: dict[Node, Found] = {}
        self._added: dict[bytes, tuple[tuple[Node, ...], Any]] = {}

    def scores(self, node: Node) -> Found:
        """Documents of the whole index that hold a node, rising."""
        parts = zip(self._segments, self._offsets, strict=False)
        return joined([segment.scores(node).moved(offset) for segment, offset in parts])

    def found(self, node: Node) -> Found:
        """The same, kept for a while: a question is asked twice, the second time in another order."""
        found = self._found.get(node)
        return _kept(self._found, node, self.scores(node)) if found is None else found

    def added(self, nodes: tuple[Node, ...], head: Any) -> Any:
        """What `should` adds to the score of each of these documents (a rising array).

        Kept for a while too: what a question adds when it is asked again comes after what it added before.
        """
        documents = head.tobytes()
        known, total = self._added.get(documents, ((), np.zeros(len(head))))
        if nodes[: len(known)] != known:
            known, total = (), np.zeros(len(head))
        total = total + self._sum(nodes[len(known) :], head)
        _kept(self._added, documents, (nodes, total))
        return total

    def _sum(self, nodes: Sequence[Node], head: Any) -> Any:
        total = np.zeros(len(head))
        terms, others = by_field(nodes)
        parts = self._among(head)
        for segment, where, only in parts:
            for field, some in terms.items():
                numbers, scores = segment.of_terms(field, some, only)
                total[where] += np.bincount(np.searchsorted(only, numbers), scores, len(only))
        for node in others:
            total += _added(node, parts, len(head))
        return total

    def _among(self, head: Any) -> list[_Part]:
        """The segments that hold some of these documents."""
        ends = np.searchsorted(head, self._offsets).tolist()
        parts: list[_Part] = []
        for at, segment in enumerate(self._segments):
            where = slice(ends[at], ends[at + 1])
            only = head[where] - self._offsets[at]
            parts += [(segment, where, only)] if len(only) else []
        return parts


def _kept(some: dict[_Key, _Value], key: _Key, value: _Value) -> _Value:
    """Keeps a value with a few others; any thread may do so at any time."""
    if len(some) >= _MOST_KEPT:
        some.clear()
    some[key] = value
    return value


def _added(node: Node, parts: Sequence[_Part], count: int) -> Any:
    """What one node adds to each of the documents looked at; neighbours the more, the fewer of these hold them."""
    total, many = np.zeros(count), 0
    for segment, where, only in parts:
        if isinstance(node, Adjacent):
            numbers, scores = segment.together(node, 1.0, only)
        else:
            numbers, scores = segment.scores(node, only)
        total[where][np.searchsorted(only, numbers)] = scores
        many += len(numbers)
    return total * rarity_among(many, count) if isinstance(node, Adjacent) else total


def is_behind(storage: Any, view: View) -> bool:
    """Whether something was committed since."""
    return bool(TOC._latest_generation(storage, SCHEMA_VERSION) != view.generation)


def latest(storage: Any, before: View | None) -> View:
    """The index as of now; the view that is given when nothing has changed since."""
    if before is not None and not is_behind(storage, before):
        return before
    for _ in range(_TRIES):
        try:
            return View(storage, before)
        except FileNotFoundError:
            # A writer merged a segment away between the table of contents and its files.
            time.sleep(0.02)
    return View(storage, before)
