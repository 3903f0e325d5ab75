"""A plan on one view: each node as a mask and a score for every document, of which there are a few thousand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from search.engines import base
from search.engines.base import Node, Plan
from search.engines.fields import FIELD
from search.engines.whoosh.snapshot import PLACE_BITS, Postings, WhooshView

Held = tuple[Any, Any]
"""By document number: true if a node matches (bool), and its score (float64), 0 elsewhere."""


def answer(view: WhooshView, plan: Plan, limit: int, offset: int) -> base.Answer:
    """The window `offset … offset + limit` of a plan's answer."""
    found, scores = held(view, plan.must or base.Every(()))
    mask = view.columns.allowed(plan) & (found if plan.must is not None else True)
    for node in plan.without:
        mask &= ~held(view, node)[0]
    numbers = np.flatnonzero(mask)
    ranked = _rank(view, plan, numbers, scores)[offset : offset + limit] if limit else []
    top = tuple((int(view.columns.ids[number]), score) for number, score in ranked)
    return base.Answer(len(numbers), top, view.columns.facets(mask))


def _rank(view: WhooshView, plan: Plan, numbers: Any, scores: Any) -> list[tuple[int, float]]:
    """(document number, score) in the plan's order."""
    if plan.sort != "relevance":
        order = view.columns.by_date(numbers, newest=plan.sort == "newest")
        return list(zip(order.tolist(), scores[order].tolist(), strict=True))
    for rank, node in enumerate(reversed(plan.first), 1):
        scores = scores + base.FIRST * rank * held(view, node)[0]
    order = numbers[np.argsort(-scores[numbers], kind="stable")]
    head, rest = np.sort(order[: base.RESCORED]), order[base.RESCORED :]
    gained = scores[head] + sum((_gain(view, node, head) for node in plan.should), np.zeros(len(head)))
    best = np.argsort(-gained, kind="stable")
    pairs = zip(head[best].tolist(), gained[best].tolist(), strict=True)
    return [*pairs, *zip(rest.tolist(), scores[rest].tolist(), strict=True)]


def _gain(view: WhooshView, node: Node, head: Any) -> Any:
    """Scores that a node adds to the documents of `head`; adjacent words add more, the rarer they are."""
    if not isinstance(node, base.Adjacent):
        return held(view, node)[1][head]
    mask, scores = _together(view, node, 1.0)
    return scores[head] * base.worth_together(int(mask[head].sum()), len(head))


def held(view: WhooshView, node: Node) -> Held:
    """The documents that match a node, with their scores."""
    match node:
        case base.Term(field, text, boost):
            return _bm25(view, field, view.postings(field, text), boost * _rarity(view, field, text))
        case base.Starts(field, prefix, boost):
            return _some(view, [base.Term(field, text, boost) for text in view.beginning(field, prefix)], 1)
        case base.Adjacent(field, texts):
            return _together(view, node, sum(_rarity(view, field, text) for text in texts))
        case base.Within(field, first, last):
            return view.columns.within(field, first, last), np.zeros(view.columns.size)
        case base.Every(nodes):
            return _some(view, nodes, len(nodes))
        case base.Some(nodes, minimum):
            return _some(view, nodes, minimum)


def _some(view: WhooshView, nodes: Sequence[Node], minimum: int) -> Held:
    """The documents that match enough of some nodes, with the sum of their scores."""
    counts, scores = np.zeros(view.columns.size, np.int64), np.zeros(view.columns.size)
    for node in nodes:
        mask, gained = held(view, node)
        counts += mask
        scores += gained
    enough = counts >= max(1, minimum)
    return enough, np.where(enough, scores, 0.0)


def _together(view: WhooshView, node: base.Adjacent, rarity: float) -> Held:
    """The documents in which tokens follow each other without a gap, scored as one word of this rarity."""
    starts = view.places(node.field, node.texts[0]) if node.texts else np.zeros(0, np.int64)
    for at, text in enumerate(node.texts[1:], 1):
        starts = np.intersect1d(starts, view.places(node.field, text) - at, assume_unique=True)
    found = np.unique(starts >> PLACE_BITS, return_counts=True)
    return _bm25(view, node.field, found, rarity * node.boost)


def _rarity(view: WhooshView, field: str, text: str) -> float:
    """BM25's weight of a word among all documents; a constant for fields without BM25."""
    count = view.columns.size
    many = min(count, view.frequency(field, text)) if FIELD[field].is_weighed else 0
    return math.log(1 + (count - many + 0.5) / (many + 0.5)) if FIELD[field].is_weighed else base.UNSCORED


def _bm25(view: WhooshView, field: str, found: Postings, worth: float) -> Held:
    """The documents of a posting list, scored by BM25 if the field is."""
    (numbers, weights), known = found, FIELD[field]
    mask, scores = np.zeros(view.columns.size, bool), np.zeros(view.columns.size)
    mask[numbers], scores[numbers] = True, worth
    if known.is_weighed and len(numbers):
        scores[numbers] *= (known.saturation + 1) * weights / (weights + view.norm(field)[numbers])
    return mask, scores
