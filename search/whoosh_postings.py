"""A plan's node on one Whoosh segment: which of its documents, with what score.

Documents are kept as plain dicts and read block by block from Whoosh's own posting lists. Stepping Whoosh's matchers
through the same lists costs five to ten times as much, all of it interpreter calls (measured: script/bench search).
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from whoosh.codec.whoosh3 import LENGTHS_COLUMN
from whoosh.util.numeric import byte_to_length

from corpus.fold import fold
from search.engine import Adjacent, Every, Node, Some, Starts, Term
from search.whoosh_codec import Block, blocks

Scores = dict[int, float]

_MOST_EXPANDED = 256
_FEW = 16
"""A list this many times longer than the documents asked for is skipped through rather than read whole."""
_UNSCORED = 0.01
_DOCUMENT = 32
"""Bits of a place, below those of its document."""
_MOST_COUNTS = 50_000
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's two constants for one field: how soon repetition stops counting, how much length matters."""

    k: float
    b: float


_SATURATION = {"cmp": Saturation(1.2, 0.5), "subject": Saturation(0.6, 0.3)}
_BODY = Saturation(1.2, 0.75)


class Postings:
    """The posting lists of one segment, and how long its texts are; kept while the segment is."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self._counts: dict[tuple[str, str], int] = {}
        self._lengths: dict[str, Any] = {}

    def count(self, field: str, text: str) -> int:
        """How many documents of the segment hold a term."""
        found = self._counts.get((field, text))
        if found is None:
            found = int(self.reader.doc_frequency(field, text.encode()))
            if len(self._counts) < _MOST_COUNTS:
                self._counts[field, text] = found
        return found

    def weights(self, field: str, text: str, only: Sequence[int] | None) -> Scores:
        """How often a term stands in the documents that hold it; `only`: few of the others are among them."""
        found: Scores = {}
        for block in self._blocks(field, text, only):
            ids, weights = block.ids(), block.weights()
            found.update(
                dict.fromkeys(ids, weights) if isinstance(weights, float) else zip(ids, weights, strict=True)
            )
        return found

    def places(self, field: str, text: str, only: Sequence[int] | None) -> Any:
        """Where a term stands, as one rising array of document · 2³² + place; `only`: few of the others are in it."""
        found = [np.zeros(0, np.int64)]
        for block in self._blocks(field, text, only):
            documents, places = block.places()
            found.append((documents << _DOCUMENT) + places)
        return np.concatenate(found)

    def lengths(self, field: str) -> Any:
        """How many tokens each document has in a field, as exactly as Whoosh keeps it."""
        if field not in self._lengths:
            count, column = self.reader.doc_count_all(), f"_{field}_len"
            packed = np.zeros(count, np.uint8)
            if self.reader._perdoc.has_column(column):
                file = self.reader._perdoc.column_reader(column, LENGTHS_COLUMN)._dbfile
                # A column ends with the last document that has a value.
                data = np.frombuffer(file.get(0, count), np.uint8)
                packed[: len(data)] = data
            self._lengths[field] = _LENGTHS[packed]
        return self._lengths[field]

    def _blocks(self, field: str, text: str, only: Sequence[int] | None) -> Iterator[Block]:
        if not self.count(field, text):
            return iter(())
        terms = self.reader._terms
        return blocks(terms._postfile._buf, terms.term_info(field, text.encode()).extent()[0], only)


class Statistics:
    """How common terms are and how long texts are in the whole index, each worked out once in a view."""

    def __init__(self, whole: Any, segments: Sequence[Postings]) -> None:
        self.whole = whole
        self._segments = segments
        self._count = int(whole.doc_count_all())
        self._held: dict[tuple[str, str], int] = {}

    def held(self, field: str, text: str) -> int:
        """In how many documents a token stands."""
        found = self._held.get((field, text))
        if found is None:
            found = min(self._count, sum(segment.count(field, text) for segment in self._segments))
            if len(self._held) < _MOST_COUNTS:
                self._held[field, text] = found
        return found

    def idf(self, field: str, text: str) -> float:
        held = self.held(field, text)
        return math.log(1 + (self._count - held + 0.5) / (held + 0.5))

    def average(self, field: str) -> float:
        return self.whole.field_length(field) / max(1, self._count) or 1.0


class Segment:
    """Nodes evaluated on one segment, weighed by the statistics of the whole index."""

    def __init__(self, postings: Postings, statistics: Statistics) -> None:
        self._postings = postings
        self._statistics = statistics
        self._whole = statistics.whole
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
        return self._bm25(field, weights, self._statistics.idf(field, text), boost) if weights else {}

    def _bm25(self, field: str, weights: Scores, idf: float, boost: float) -> Scores:
        if not self._whole.schema[field].scorable:
            return dict.fromkeys(weights, _UNSCORED * boost)
        norms = self._norm(field)
        top = idf * boost * (_SATURATION.get(field, _BODY).k + 1)
        return {number: top * weight / (weight + norms[number]) for number, weight in weights.items()}

    def _weights(self, field: str, text: str, only: Sequence[int] | None) -> Scores:
        if only is None:
            return self._postings.weights(field, text, None)
        few = len(only) * _FEW < self._postings.count(field, text)
        found = self._postings.weights(field, text, only if few else None)
        return {number: found[number] for number in only if number in found}

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
        rarity = 1.0 if only is not None else sum(self._statistics.idf(field, text) for text in texts)
        return self._bm25(field, weights, rarity, boost)

    def _runs(self, field: str, texts: Sequence[str], only: Sequence[int] | None) -> Scores:
        """How often tokens follow each other without a gap, in each document that holds them all."""
        starts: Any = None
        if not texts:
            return {}
        for at in sorted(range(len(texts)), key=lambda at: self._postings.count(field, texts[at])):
            among = only if starts is None else np.unique(starts >> _DOCUMENT).tolist()
            here = self._places(field, texts[at], among) - at
            if starts is None:
                starts = here if only is None else here[np.isin(here >> _DOCUMENT, only)]
            else:
                starts = _both(starts, here)
            if not len(starts):
                return {}
        documents, counts = np.unique(starts >> _DOCUMENT, return_counts=True)
        return dict(zip(documents.tolist(), counts.astype(float).tolist(), strict=True))

    def _places(self, field: str, text: str, among: Sequence[int] | None) -> Any:
        few = among is not None and len(among) * _FEW < self._postings.count(field, text)
        return self._postings.places(field, text, among if few else None)

    def _norm(self, field: str) -> list[float]:
        """BM25's length part for each document of the segment."""
        kept = self._norms.get(field)
        if kept is None:
            constants, average = _SATURATION.get(field, _BODY), self._statistics.average(field)
            lengths = self._postings.lengths(field)
            kept = (constants.k * (1 - constants.b + constants.b / average * lengths)).tolist()
            self._norms[field] = kept
        return kept


def _both(some: Any, others: Any) -> Any:
    """What stands in both of two rising arrays."""
    if not len(others):
        return others
    at = np.minimum(np.searchsorted(others, some), len(others) - 1)
    return some[others[at] == some]


def expanded(reader: Any, field: str, prefix: str) -> list[str]:
    """The commonest tokens of an index that begin so; few, since each costs a posting list."""
    if field not in reader.indexed_field_names():
        return []
    found = list(reader.expand_prefix(field, prefix))
    if len(found) > _MOST_EXPANDED:
        found = heapq.nlargest(_MOST_EXPANDED, found, key=lambda text: reader.doc_frequency(field, text))
    return [text.decode() for text in found]
