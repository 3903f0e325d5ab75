"""A plan's node on one Whoosh segment: which of its documents, with what score.

Posting lists are read as arrays where the file is mapped, those of many terms in one go, and weighed as arrays: a question
looks at some ten thousand postings, and a call of the interpreter for each would be most of its time (script/bench search).
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

from corpus.vietnamese.fold import fold
from search.engines.base import Adjacent, Every, Node, Some, Starts, Term
from search.engines.whoosh.codec import Block, blocks
from search.engines.whoosh.scored import NONE, Found, at_least, different, held
from search.engines.whoosh.term_lookup import Terms

_MOST_EXPANDED = 256
_FEW = 64
"""A list this many times longer than the documents asked for is skipped through rather than read whole."""
_UNSCORED = 0.01
_DOCUMENT = 32
"""Bits of a place, below those of its document."""
_MOST_COUNTS = 50_000
_NO_IDS, _NO_WEIGHTS = np.zeros(0, np.uint32), np.zeros(0, np.uint8)
_LENGTHS = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


@dataclass(frozen=True, slots=True)
class Saturation:
    """BM25's two constants for one field: how soon repetition stops counting, how much length matters."""

    k: float
    b: float


_SATURATION = {"cmp": Saturation(1.2, 0.5), "subject": Saturation(0.6, 0.3)}
_BODY = Saturation(1.2, 0.75)


class Postings:
    """The posting lists of one segment, and how long its texts are; kept while the segment is, shared by threads."""

    def __init__(self, reader: Any) -> None:
        self.reader = reader
        self.size = int(reader.doc_count_all())
        self._terms = Terms(reader)
        self._buffer: memoryview = reader._terms._postfile._buf
        self._lengths: dict[str, Any] = {}

    def count(self, field: str, text: str) -> int:
        """How many documents of the segment hold a term."""
        return self._terms.find(field, text)[0]

    def weights(self, field: str, texts: Sequence[str], only: Any) -> tuple[Any, Any, list[int]]:
        """Documents that hold the terms, how often, and how many of them each term has, one term after the other.

        only: a rising array; few of the others are among them.
        """
        found = [list(self._blocks(field, text, only)) for text in texts]
        every = [block for some in found for block in some]
        each = [sum(block.count for block in some) for some in found]
        return self._numbers(every), np.concatenate([_NO_WEIGHTS, *(block.weights() for block in every)]), each

    def places(self, field: str, text: str, only: Any) -> Any:
        """Where a term stands, as one rising array of document · 2³² + place; `only`: in these documents alone."""
        found = list(self._blocks(field, text, only))
        if not found:
            return np.zeros(0, np.int64)
        ids, each = self._numbers(found), np.concatenate([block.weights() for block in found])
        places = np.concatenate([block.places() for block in found])
        if len(places) != each.sum():
            raise EOFError("a posting list has not the places that it says")
        if only is not None:
            wanted = held(only, ids)
            places = places[np.repeat(wanted, each)]
            ids, each = ids[wanted], each[wanted]
        return (np.repeat(ids, each) << _DOCUMENT) + places

    def _numbers(self, found: Sequence[Block]) -> Any:
        """The documents of some blocks, one after the other; raises EOFError for one that isn't there."""
        numbers = np.concatenate([_NO_IDS, *(block.ids() for block in found)]).astype(np.int64)
        if len(numbers) and numbers.max() >= self.size:
            raise EOFError("a posting list names a document that isn't there")
        return numbers

    def lengths(self, field: str) -> Any:
        """How many tokens each document has in a field, as exactly as Whoosh keeps it."""
        if field not in self._lengths:
            column = f"_{field}_len"
            packed = np.zeros(self.size, np.uint8)
            if self.reader._perdoc.has_column(column):
                file = self.reader._perdoc.column_reader(column, LENGTHS_COLUMN)._dbfile
                # A column ends with the last document that has a value.
                data = np.frombuffer(file.get(0, self.size), np.uint8)
                packed[: len(data)] = data
            self._lengths[field] = _LENGTHS[packed]
        return self._lengths[field]

    def _blocks(self, field: str, text: str, only: Any) -> Iterator[Block]:
        count, at = self._terms.find(field, text)
        if not count:
            return iter(())
        few = only is not None and len(only) * _FEW < count
        return blocks(self._buffer, at, only.tolist() if few else None)


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
        many = self.held(field, text)
        return math.log(1 + (self._count - many + 0.5) / (many + 0.5))

    def average(self, field: str) -> float:
        return self.whole.field_length(field) / max(1, self._count) or 1.0


class Segment:
    """Nodes evaluated on one segment, weighed by the statistics of the whole index."""

    def __init__(self, postings: Postings, statistics: Statistics) -> None:
        self._postings = postings
        self._statistics = statistics
        self._whole = statistics.whole
        self._norms: dict[str, Any] = {}

    @property
    def size(self) -> int:
        """How many documents it holds, those taken out counted in."""
        return self._postings.size

    def scores(self, node: Node, only: Any = None) -> Found:
        """Documents that hold a node, rising, with their scores; `only`: looks at these alone (a rising array)."""
        match node:
            case Term(field):
                return self.of_terms(field, (node,), only)
            case Starts(field, prefix, boost):
                texts = expanded(self._whole, field, prefix)
                return self._some([Term(field, text, boost) for text in texts], 1, only)
            case Adjacent(field, texts, boost):
                rarity = sum(self._statistics.idf(field, text) for text in texts)
                return self.together(node, rarity, only)
            case Every(nodes):
                return self._all(nodes, only)
            case Some(nodes, minimum):
                return self._some(nodes, minimum, only)

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

    def of_terms(self, field: str, terms: Sequence[Term], only: Any) -> Found:
        """The documents of some terms of one field, one term after the other."""
        numbers, weights, each = self._postings.weights(field, [term.text for term in terms], only)
        worth = np.array([self._worth(term) for term in terms]).repeat(each)
        if only is not None:
            wanted = self._mask(only)[numbers]
            numbers, weights, worth = numbers[wanted], weights[wanted], worth[wanted]
        return Found(numbers, self._bm25(field, numbers, weights, worth))

    def together(self, node: Adjacent, rarity: float, only: Any = None) -> Found:
        """Documents in which tokens follow each other without a gap, scored as one word that is so rare."""
        if not node.texts:
            return NONE
        numbers, weights = self._runs(node.field, node.texts, only)
        return Found(numbers, self._bm25(node.field, numbers, weights, rarity * node.boost))

    def _worth(self, term: Term) -> float:
        return (
            self._statistics.idf(term.field, term.text) * term.boost if self._scorable(term.field) else term.boost
        )

    def _scorable(self, field: str) -> bool:
        return bool(self._whole.schema[field].scorable)

    def _bm25(self, field: str, numbers: Any, weights: Any, worth: Any) -> Any:
        """worth: what a word is worth at most, one number or one for each document."""
        if not self._scorable(field):
            return _UNSCORED * worth * np.ones(len(numbers))
        top = worth * (_SATURATION.get(field, _BODY).k + 1)
        return top * weights / (weights + self._norm(field)[numbers])

    def _mask(self, only: Any) -> Any:
        mask = np.zeros(self.size, bool)
        mask[only] = True
        return mask

    def _all(self, nodes: Sequence[Node], only: Any) -> Found:
        total: Found | None = None
        for node in sorted(nodes, key=self.cost):
            found = self.scores(node, only if total is None else total.numbers)
            total = found if total is None else total.and_also(found)
            if not len(total.numbers):
                break
        return total or NONE

    def _some(self, nodes: Sequence[Node], minimum: int, only: Any) -> Found:
        terms, others = by_field(nodes)
        parts = [self.of_terms(field, some, only) for field, some in terms.items()]
        return at_least(minimum, [*parts, *(self.scores(node, only) for node in others)], self.size)

    def _runs(self, field: str, texts: Sequence[str], only: Any) -> tuple[Any, Any]:
        """Documents that hold tokens one right after the other, and how often."""
        starts: Any = None
        for at in sorted(range(len(texts)), key=lambda at: self._postings.count(field, texts[at])):
            among = only if starts is None else different(starts >> _DOCUMENT)
            here = self._postings.places(field, texts[at], among) - at
            starts = here if starts is None else starts[held(here, starts)]
            if not len(starts):
                break
        return np.unique(starts >> _DOCUMENT, return_counts=True)

    def _norm(self, field: str) -> Any:
        """BM25's length part for each document of the segment."""
        kept = self._norms.get(field)
        if kept is None:
            constants, average = _SATURATION.get(field, _BODY), self._statistics.average(field)
            lengths = self._postings.lengths(field)
            kept = self._norms[field] = constants.k * (1 - constants.b + constants.b / average * lengths)
        return kept


def by_field(nodes: Sequence[Node]) -> tuple[dict[str, list[Term]], list[Node]]:
    """The terms among some nodes by their field, and the other nodes."""
    terms: dict[str, list[Term]] = {}
    others: list[Node] = []
    for node in nodes:
        if isinstance(node, Term):
            terms.setdefault(node.field, []).append(node)
        else:
            others.append(node)
    return terms, others


def expanded(reader: Any, field: str, prefix: str) -> list[str]:
    """The commonest tokens of an index that begin so; few, since each costs a posting list."""
    if field not in reader.indexed_field_names():
        return []
    found = list(reader.expand_prefix(field, prefix))
    if len(found) > _MOST_EXPANDED:
        found = heapq.nlargest(_MOST_EXPANDED, found, key=lambda text: reader.doc_frequency(field, text))
    return [text.decode() for text in found]
