"""One generation of a Whoosh index as one thread sees it.

Whoosh's own `Searcher.refresh` takes segments that were merged away along into the new view, so that their documents
count twice; here the table of contents alone says which segments there are. Readers of those that stay are kept.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from whoosh.index import TOC
from whoosh.reading import EmptyReader, MultiReader, SegmentReader

from search.engine import Adjacent, Node, rarity_among
from search.whoosh_columns import Columns
from search.whoosh_fields import SCHEMA_VERSION
from search.whoosh_postings import Postings, Segment, Statistics

_TRIES = 10
_Part = tuple[Segment, int, Sequence[int] | None]
"""A segment, the number of its first document in the index, and which of its documents are looked at (None: all)."""


class View:
    """The segments of one generation, with what is derived from them: columns, and postings to evaluate nodes on."""

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
        self.statistics = statistics = Statistics(self.whole, list(self.postings.values()))
        self._segments: list[tuple[Segment, int]] = []
        self._last: tuple[Node, dict[int, float]] | None = None
        offset = 0
        for postings in self.postings.values():
            self._segments.append((Segment(postings, statistics), offset))
            offset += postings.reader.doc_count_all()

    def scores(self, node: Node) -> dict[int, float]:
        """Documents of the whole index that hold a node."""
        return _scores(node, [(segment, offset, None) for segment, offset in self._segments])

    def found(self, node: Node) -> dict[int, float]:
        """The same, kept for the next call: a question is asked twice, the second time in another order."""
        if self._last is None or self._last[0] != node:
            self._last = (node, self.scores(node))
        return dict(self._last[1])

    def _among(self, head: Sequence[int]) -> list[_Part]:
        """The segments that hold some of these documents (in rising order), each with its own numbers of them."""
        ends = [*(offset for _, offset in self._segments[1:]), len(self.columns)][: len(self._segments)]
        parts: list[_Part] = []
        for (segment, offset), end in zip(self._segments, ends, strict=True):
            here = [number - offset for number in head if offset <= number < end]
            parts += [(segment, offset, here)] if here else []
        return parts

    def added(self, nodes: Sequence[Node], head: Sequence[int]) -> dict[int, float]:
        """What `should` adds to the score of each of these documents (in rising order)."""
        total: dict[int, float] = {}
        parts = self._among(head)
        for node in nodes:
            found = _scores(node, parts)
            rarity = rarity_among(len(found), len(head)) if isinstance(node, Adjacent) else 1.0
            for number, score in found.items():
                total[number] = total.get(number, 0.0) + rarity * score
        return total


def _scores(node: Node, parts: Sequence[_Part]) -> dict[int, float]:
    found: dict[int, float] = {}
    for segment, offset, only in parts:
        scores = segment.scores(node, only)
        found.update({number + offset: score for number, score in scores.items()} if offset else scores)
    return found


def latest(storage: Any, before: View | None) -> View:
    """The index as of now; the view that is given when nothing has changed since."""
    if before is not None and TOC._latest_generation(storage, SCHEMA_VERSION) == before.generation:
        return before
    for _ in range(_TRIES):
        try:
            return View(storage, before)
        except FileNotFoundError:
            # A writer merged a segment away between the table of contents and its files.
            time.sleep(0.02)
    return View(storage, before)
