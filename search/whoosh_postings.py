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
from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from whoosh.matching import ListMatcher
from whoosh.reading import TermNotFound

from corpus.fold import fold
from search.engine import Adjacent, Every, Node, Some, Starts, Term
from search.whoosh_fields import FORMS, pair_key

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


_SATURATION = {"pair": Saturation(1.2, 0.5), "cmp": Saturation(1.2, 0.5), "subject": Saturation(0.6, 0.3)}
_BODY = Saturation(1.8, 0.75)


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
                return min((self.cost(Term("fold", fold(text))) for text in texts), default=0) // 2
            case Every(nodes):
                return min(map(self.cost, nodes), default=0)
            case Some(nodes):
                return sum(map(self.cost, nodes))
            case _:
                return 1000

    def _term(self, field: str, text: str, boost: float, only: Sequence[int] | None) -> Scores:
        weights = self._weights(field, text, only)
        return self._bm25(field, weights, self._idf(field, (text,)), boost) if weights else {}

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
        if len(texts) == 1:
            return self._term(field, texts[0], boost, only)
        slots = [self._forms(field, first, second) for first, second in pairwise(texts)]
        if not slots or not all(slots):
            return {}
        idfs = [self._idf("pair", forms) for forms in slots]
        if len(slots) == 1:
            weights: Scores = {}
            for form in slots[0]:
                for number, weight in self._weights("pair", form, only).items():
                    weights[number] = weights.get(number, 0.0) + weight
        else:
            weights = self._runs(slots, only)
        return self._bm25("pair", weights, sum(idfs), boost)

    def _forms(self, field: str, first: str, second: str) -> tuple[str, ...]:
        """The terms of `pair` that stand for two neighbours: one as written, all forms of a folded one."""
        if field == "syl":
            key = pair_key(first, second)
            return (key,) if ("pair", key.encode()) in self._whole else ()
        return tuple(expanded(self._whole, "pair", f"{first} {second}{FORMS}"))

    def _runs(self, slots: Sequence[tuple[str, ...]], only: Sequence[int] | None) -> Scores:
        """How often pairs follow each other without a gap, in each document that holds them all."""
        ranked = sorted(range(len(slots)), key=lambda i: sum(self.cost(Term("pair", form)) for form in slots[i]))
        starts: dict[int, set[int]] | None = None
        for at in ranked:
            here: dict[int, set[int]] = {}
            for form in slots[at]:
                for number, packed in self._places(form, only if starts is None else starts.keys()):
                    found = {place - at for place in array("I", packed)}
                    here[number] = here[number] | found if number in here else found
            if starts is not None:
                here = {number: both for number, places in here.items() if (both := places & starts[number])}
            starts = here
            if not starts:
                return {}
        return {number: float(len(places)) for number, places in (starts or {}).items()}

    def _places(self, form: str, among: Any) -> Iterator[tuple[int, bytes]]:
        only = sorted(among) if among is not None and len(among) * _FEW < self.cost(Term("pair", form)) else None
        for ids, _, values in self._postings.blocks("pair", form, only):
            for number, packed in zip(ids, values, strict=True):
                if among is None or number in among:
                    yield number, packed

    def _idf(self, field: str, texts: Sequence[str]) -> float:
        count = self._whole.doc_count_all()
        held = min(count, sum(self._whole.doc_frequency(field, text) for text in texts))
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
