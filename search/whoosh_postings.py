"""A plan's node on one Whoosh segment: which of its documents, with what score.

Documents are kept as plain dicts and read block by block from Whoosh's own posting lists. Stepping Whoosh's matchers
through the same lists costs five to ten times as much, all of it interpreter calls (measured: script/bench search).
"""

from __future__ import annotations

import heapq
import math
from array import array
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

from corpus.fold import fold
from search.engine import Adjacent, Every, Node, Some, Starts, Term

Scores = dict[int, float]

_MOST_EXPANDED = 256
_FEW = 16
"""A list this many times longer than the documents asked for is skipped through rather than read whole."""
_UNSCORED = 0.01


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's two constants for one field: how soon repetition stops counting, how much length matters."""

    k: float
    b: float


_SATURATION = {"cmp": Saturation(1.2, 0.5), "subject": Saturation(0.6, 0.3)}
_BODY = Saturation(1.2, 0.75)


class Postings:
    """The posting lists of one segment, block by block."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader

    def count(self, field: str, text: str) -> int:
        """How many documents of the segment hold a term."""
        return int(self.reader.doc_frequency(field, text.encode()))

    def blocks(self, field: str, text: str, only: Sequence[int] | None) -> Iterator[tuple[Any, Any, Any]]:
        """(ids, weights or one weight for all, values) of each block; `only`: of those that may hold one of these."""
        try:
            matcher = self.reader.postings(field, text.encode())
        except TermNotFound:
            return
        leaf = getattr(matcher, "child", matcher)
        if isinstance(leaf, ListMatcher):
            yield leaf._ids, leaf._weights, leaf._values
            return
        at = 0
        while True:
            if only is not None:
                if at >= len(only):
                    return
                wanted = only[at] <= leaf.block_max_id()
                at = bisect_left(only, leaf.block_max_id() + 1, at)
            if only is None or wanted:
                leaf._read_data()
                deltas, weights, values = leaf._data
                yield tuple(accumulate(deltas)), 1.0 if weights is None else weights, values
            if leaf._lastblock:
                return
            leaf._goto(leaf._nextoffset)


class Segment:
    """Nodes evaluated on one segment, weighed by the statistics of the whole index."""

    def __init__(self, postings: Postings, whole: Any, lengths: dict[str, Any]) -> None:
        self._postings = postings
        self._whole = whole
        self._lengths = lengths
        self._norms: dict[str, list[float]] = {}

    def scores(self, node: Node, only: Sequence[int] | None = None) -> Scores:
        """Documents that hold a node, with their scores; `only`: looks at these alone (in rising order)."""
        match node:
            case Term(field, text, boost):
                return self._term(field, text, boost, only)
            case Starts(field, prefix, boost):
                return self._union(
                    [Term(field, text, boost) for text in expanded(self._whole, field, prefix)], only
                )
            case Adjacent(field, texts, boost):
                return self._adjacent(field, texts, boost, only)
            case Every(nodes):
                return self._all(nodes, only)
            case Some(nodes, minimum):
                return self._union(nodes, only) if minimum <= 1 else self._at_least(nodes, minimum, only)

    def cost(self, node: Node) -> int:
        """About how many postings a node has."""
        match node:
            case Term(field, text):
                return self._postings.count(field, text)
            case Adjacent(_, texts):
                return min((self._postings.count("fold", fold(text)) for text in texts), default=0)
            case Every(nodes):
                return min(map(self.cost, nodes), default=0)
            case Some(nodes):
                return sum(map(self.cost, nodes))
            case _:
                return 1000

    def _term(self, field: str, text: str, boost: float, only: Sequence[int] | None) -> Scores:
        weights = self._weights(field, text, only)
        return self._bm25(field, weights, self._idf(field, text), boost) if weights else {}

    def _bm25(self, field: str, weights: Scores, idf: float, boost: float) -> Scores:
        if not self._whole.schema[field].scorable:
            return dict.fromkeys(weights, _UNSCORED * boost)
        norms = self._norm(field)
        top = idf * boost * (_SATURATION.get(field, _BODY).k + 1)
        return {number: top * weight / (weight + norms[number]) for number, weight in weights.items()}

    def _weights(self, field: str, text: str, only: Sequence[int] | None) -> Scores:
        found: Scores = {}
        for ids, weights, _ in self._postings.blocks(field, text, only):
            found.update(
                dict.fromkeys(ids, weights) if isinstance(weights, float) else zip(ids, weights, strict=True)
            )
        if only is not None:
            return {number: found[number] for number in only if number in found}
        return found

    def _all(self, nodes: Sequence[Node], only: Sequence[int] | None) -> Scores:
        total: Scores | None = None
        for node in sorted(nodes, key=self.cost):
            if total is not None:
                only = sorted(total) if len(total) * _FEW < self.cost(node) else None
            found = self.scores(node, only)
            if total is None:
                total = found
            else:
                previous = total
                total = {number: previous[number] + found[number] for number in previous.keys() & found.keys()}
            if not total:
                break
        return total or {}

    def _union(self, nodes: Sequence[Node], only: Sequence[int] | None) -> Scores:
        total: Scores = {}
        for node in nodes:
            found = self.scores(node, only)
            if len(total) < len(found):
                total, found = found, total
            for number, score in found.items():
                total[number] = total.get(number, 0.0) + score
        return total

    def _at_least(self, nodes: Sequence[Node], minimum: int, only: Sequence[int] | None) -> Scores:
        total: Scores = {}
        counts: dict[int, int] = {}
        for node in nodes:
            for number, score in self.scores(node, only).items():
                total[number] = total.get(number, 0.0) + score
                counts[number] = counts.get(number, 0) + 1
        return {number: score for number, score in total.items() if counts[number] >= minimum}

    def _adjacent(self, field: str, texts: Sequence[str], boost: float, only: Sequence[int] | None) -> Scores:
        """Scored as one word that is as rare as its words are together; with `only`, rarity is left to the caller."""
        if len(texts) == 1:
            return self._term(field, texts[0], boost, only)
        weights = self._runs(field, texts, only)
        rarity = 1.0 if only is not None else sum(self._idf(field, text) for text in texts)
        return self._bm25(field, weights, rarity, boost)

    def _runs(self, field: str, texts: Sequence[str], only: Sequence[int] | None) -> Scores:
        """How often tokens follow each other without a gap, in each document that holds them all."""
        starts: dict[int, set[int]] | None = None
        for at in sorted(range(len(texts)), key=lambda at: self._postings.count(field, texts[at])):
            among = only if starts is None else sorted(starts)
            here = self._places(field, texts[at], among)
            found = {number: {place - at for place in array("I", packed)} for number, packed in here.items()}
            if starts is not None:
                found = {number: both for number, places in found.items() if (both := places & starts[number])}
            starts = found
            if not starts:
                break
        return {number: float(len(places)) for number, places in (starts or {}).items()}

    def _places(self, field: str, text: str, among: Sequence[int] | None) -> dict[int, bytes]:
        """Where a token stands in these documents; None: in all."""
        few = among is not None and len(among) * _FEW < self._postings.count(field, text)
        found: dict[int, bytes] = {}
        for ids, _, values in self._postings.blocks(field, text, among if few else None):
            found.update(zip(ids, values, strict=True))
        return found if among is None else {number: found[number] for number in among if number in found}

    def _idf(self, field: str, text: str) -> float:
        count = self._whole.doc_count_all()
        held = min(count, self._whole.doc_frequency(field, text.encode()))
        return math.log(1 + (count - held + 0.5) / (held + 0.5))

    def _norm(self, field: str) -> list[float]:
        """BM25's length part for each document of the segment."""
        kept = self._norms.get(field)
        if kept is None:
            constants = _SATURATION.get(field, _BODY)
            average = self._whole.field_length(field) / max(1, self._whole.doc_count_all()) or 1.0
            lengths = self._field_lengths(field)
            kept = (constants.k * (1 - constants.b + constants.b / average * lengths)).tolist()
            self._norms[field] = kept
        return kept

    def _field_lengths(self, field: str) -> Any:
        if field not in self._lengths:
            reader = self._postings.reader
            count = reader.doc_count_all()
            lengths = (reader.doc_field_length(number, field, 1) for number in range(count))
            self._lengths[field] = np.fromiter(lengths, np.float64, count)
        return self._lengths[field]


def expanded(reader: Any, field: str, prefix: str) -> list[str]:
    """The commonest tokens of an index that begin so; few, since each costs a posting list."""
    if field not in reader.indexed_field_names():
        return []
    found = list(reader.expand_prefix(field, prefix))
    if len(found) > _MOST_EXPANDED:
        found = heapq.nlargest(_MOST_EXPANDED, found, key=lambda text: reader.doc_frequency(field, text))
    return [text.decode() for text in found]
