"""One plan on a Tantivy index: words first, then the best of what they find in order, with counts and facets."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from search.engines.base import (
    FACET_VALUES,
    FACETS,
    FIRST,
    RESCORED,
    UNSCORED,
    YEAR,
    Answer,
    Every,
    Node,
    Plan,
    Some,
    Term,
    worth_together,
)
from search.engines.tantivy.queries import Nodes
from search.engines.tantivy.snapshot import TantivyView

_PICKED = 1000
"""Largest number of hits that are picked from documents with any of the words; more are searched directly."""
_MANY = 50_000
"""Documents that have all words, or the sum over the words:
from here on it is quicker to look among the documents that have any.
"""

_YEAR = re.compile(rf"{YEAR}[1-9]\d{{3}}")

Place = tuple[int, int]
"""Segment and number of a document in a view."""


@dataclass(slots=True)
class FoundPart:
    """Hits of a plan in a view, and how far they are in order;
    the same plan with more `should` continues from there.
    """

    view: int
    plan: Plan
    """Its `should` are the nodes that `gained` counts already."""
    total: int = 0
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    hits: list[tuple[float, Any]] = field(default_factory=list)
    """(score by words alone, address), best first; empty if only counts were asked for."""
    chosen: Any = None
    """The best of the hits as a query."""
    gained: dict[Place, float] = field(default_factory=dict)

    def leads_to(self, view: TantivyView, plan: Plan) -> bool:
        known = self.plan.should
        return (
            self.view == view.number
            and plan.should[: len(known)] == known
            and replace(plan, should=()) == replace(self.plan, should=())
        )


class Search:
    """One plan on one view. `before`: the last result of this thread;
    `found`: the result from which the next may continue.
    """

    def __init__(self, view: TantivyView, plan: Plan, before: FoundPart | None) -> None:
        self._view = view
        self._plan = plan
        self._nodes = Nodes(view)
        self._goes_on = before is not None and before.leads_to(view, plan)
        self.found = (
            before if before is not None and self._goes_on else FoundPart(view.number, replace(plan, should=()))
        )

    def answer(self, limit: int, offset: int) -> Answer:
        """The window `offset … offset + limit`, with the count and facets of all."""
        found, wanted = self.found, offset + limit if limit else 0
        if not self._goes_on or (len(found.hits) < min(found.total, wanted)):
            self._find(wanted)
        ranked = self._rank() if wanted and self._plan.sort == "relevance" else found.hits
        window = ranked[offset : offset + limit]
        ids = self._view.numbers("id", [address for _, address in window])
        top = tuple((id, score) for id, (score, _) in zip(ids, window, strict=True))
        return Answer(found.total, top, found.facets)

    def _find(self, wanted: int) -> None:
        """Find the number of hits wanted, with the count and the facets of all."""
        found, query = self.found, self._nodes.found(self._plan)
        most = max(wanted, RESCORED) if wanted else 0
        found.hits = self._hits(query, most) if most else []
        ids = self._view.numbers("id", (address for _, address in found.hits[:RESCORED]))
        found.chosen = self._nodes.chosen(ids)
        # If the hits are few, all are known: their facets are counted without a second search.
        few = most and len(found.hits) < RESCORED
        self._count(found.chosen if few else query)

    def _hits(self, query: Any, most: int) -> list[tuple[float, Any]]:
        plan = self._plan
        if plan.sort != "relevance":
            by = "date" if plan.sort == "newest" else "age"
            return [(0.0, address) for _, address in self._view.searcher.search(query, most, False, by).hits]
        some = self._some() if most <= _PICKED else None
        hits = self._holding(some, most) if some is not None else None
        return self._best(query, most) if hits is None else hits

    def _some(self) -> Some | None:
        """The words to count among documents with any of them,
        if that is quicker than Tantivy's own search; else None.
        """
        must = self._plan.must
        terms = [node for node in must.nodes if isinstance(node, Term)] if isinstance(must, Every | Some) else []
        if not isinstance(must, Every | Some) or len(terms) < max(2, len(must.nodes)):
            return None
        if isinstance(must, Every):
            return Some(must.nodes, len(terms)) if self._nodes.expected(terms) > _MANY else None
        return must if must.minimum > 1 and self._nodes.gone_through(terms) > _MANY else None

    def _best(self, query: Any, most: int) -> list[tuple[float, Any]]:
        for rank, node in enumerate(reversed(self._plan.first), 1):
            query = self._nodes.lifted(query, node, FIRST * rank)
        return list(self._view.searcher.search(query, most, False).hits)

    def _holding(self, some: Some, most: int) -> list[tuple[float, Any]] | None:
        """The best documents that have enough of some words, picked from the best that have any: Tantivy skips
        most of those. None if too few of the picked have enough.
        """
        query = self._nodes.found(replace(self._plan, must=replace(some, minimum=1)))
        hits = self._best(query, 2 * most)
        chosen = self._nodes.chosen(self._view.numbers("id", (address for _, address in hits)))
        for node in some.nodes:
            chosen = self._nodes.lifted(chosen, node, 1.0)
        held = self._view.searcher.search(chosen, 2 * most, False).hits if hits else []
        enough = {_place(address) for count, address in held if count > some.minimum - 0.5}
        kept = [hit for hit in hits if _place(hit[1]) in enough]
        return kept[:most] if len(kept) >= most or len(hits) < 2 * most else None

    def _count(self, query: Any) -> None:
        counted = self._view.searcher.aggregate(query, _COUNTS)
        self.found.total = int(counted["total"]["doc_count"])
        self.found.facets = {name: _most_first(counted[name]["buckets"]) for name in FACETS}

    def _rank(self) -> list[tuple[float, Any]]:
        """The hits in order, the best of them also by `should`."""
        found, should = self.found, self._plan.should
        self._gain(should[len(found.plan.should) :])
        found.plan = self._plan
        head = [
            (score + found.gained.get(_place(address), 0.0), address) for score, address in found.hits[:RESCORED]
        ]
        return sorted(head, key=lambda hit: -hit[0]) + found.hits[RESCORED:]

    def _gain(self, should: Sequence[Node]) -> None:
        """Add what nodes give to the best hits;
        adjacent words give more, the fewer of these hits have them together.
        """
        self._gain_by_year([node for node in should if _is_year(node)])
        phrases, others = self._nodes.held([node for node in should if not _is_year(node)])
        looked_at, search = min(RESCORED, len(self.found.hits)), self._view.searcher.search
        for node in phrases:
            hits = search(self._nodes.both(self.found.chosen, node), RESCORED, False).hits
            if hits:
                self._add(hits, worth_together(len(hits), looked_at) / self._nodes.rarity(node))
        if others:
            self._add(search(self._nodes.raised(self.found.chosen, others), RESCORED, False).hits, 1.0)

    def _gain_by_year(self, years: Sequence[Node]) -> None:
        """Add what the years of the best hits give: their dates are at hand, while a search for a year goes
        through all of its documents.
        """
        worth: dict[int, float] = {}
        for node in years:
            if isinstance(node, Term):
                year = int(node.text.removeprefix(YEAR))
                worth[year] = worth.get(year, 0.0) + UNSCORED * node.boost
        if not worth:
            return
        addresses = [address for _, address in self.found.hits[:RESCORED]]
        days = self._view.numbers("date", addresses)
        self._add([(worth.get(day // 10_000, 0.0), at) for day, at in zip(days, addresses, strict=True)], 1.0)

    def _add(self, hits: Sequence[tuple[float, Any]], weight: float) -> None:
        gained = self.found.gained
        for score, address in hits:
            if score:
                place = _place(address)
                gained[place] = gained.get(place, 0.0) + weight * score


_COUNTS = {
    "total": {"filter": "*"},
    **{name: {"terms": {"field": f"of_{name}", "size": FACET_VALUES}} for name in FACETS},
}
"""Aggregations of Tantivy for the count and the facets of a query."""


def _is_year(node: Node) -> bool:
    """True if a node is the documents of one year."""
    return isinstance(node, Term) and node.field == "keys" and _YEAR.fullmatch(node.text) is not None


def _most_first(buckets: Sequence[dict[str, Any]]) -> dict[str, int]:
    values = [(each["key"], each["doc_count"]) for each in buckets]
    return dict(sorted(values, key=lambda pair: (-pair[1], pair[0])))


def _place(address: Any) -> Place:
    return address.segment_ord, address.doc
