"""Citation chains: the ways from a document up to its directives, and the tree below it; cycles are cut."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from corpus.citations.resolution import is_live
from corpus.database.models import CitationRow, Document

UPWARD = ("implements", "basis", "guides", "annex_of")
"""Relations that lead from a document to the one that it carries out, closest first."""
_MOST_NODES, _MOST_EDGES, _MOST_STEPS = 300, 1500, 2000
"""Documents of a level that are followed, edges read for one, steps taken to lay out the ways:
a page must not wait for a hub."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A document of the tree down, with its relation to the one above and its own branches."""

    document_id: int
    relation: str
    below: tuple[Branch, ...]
    again: bool = False
    """True if the document occurs earlier in the tree; its branches are shown there only."""


def ways_up(session: Session, start: int, *, deepest: int = 6, most: int = 20) -> list[tuple[int, ...]]:
    """The ways up from `start`, each with `start` first and its top directive last, longest first,
    at most `most`.
    """
    above = _levels(session, start, deepest, up=True)
    done: list[tuple[int, ...]] = []
    open_ways: list[tuple[int, ...]] = [(start,)]
    for _ in range(_MOST_STEPS):
        if not open_ways:
            break
        way = open_ways.pop()
        further = [one for one, _ in above.get(way[-1], ()) if one not in way] if len(way) < deepest else []
        open_ways += [(*way, one) for one in reversed(further)]
        if not further and len(way) > 1:
            done.append(way)
    return sorted(done, key=len, reverse=True)[:most]


def tree_down(session: Session, start: int, *, deepest: int = 5) -> tuple[Branch, ...]:
    """Tree of the documents that carry `start` out, and so on; each is expanded once, at its shallowest place."""
    below = _levels(session, start, deepest, up=False)
    depth = {start: 0}
    queue = [start]
    for one in queue:
        for lower, _ in below.get(one, ()):
            if lower not in depth:
                depth[lower] = depth[one] + 1
                queue.append(lower)
    opened: set[int] = set()
    return _branches(below, depth, start, opened)


def _branches(
    below: dict[int, list[tuple[int, str]]], depth: dict[int, int], upper: int, opened: set[int]
) -> tuple[Branch, ...]:
    out = []
    for lower, relation in below.get(upper, ()):
        again = lower in opened or depth[lower] != depth[upper] + 1
        if not again:
            opened.add(lower)
        out.append(Branch(lower, relation, () if again else _branches(below, depth, lower, opened), again))
    return tuple(out)


def _levels(session: Session, start: int, deepest: int, *, up: bool) -> dict[int, list[tuple[int, str]]]:
    """Document → its neighbours one level on, with the relation; one question to the database a level."""
    found: dict[int, list[tuple[int, str]]] = {}
    level = [start]
    while level and deepest > 0:
        deepest -= 1
        edges = neighbours(session, level, up=up)
        found |= {one: edges.get(one, []) for one in level}
        reached = dict.fromkeys(one for ends in edges.values() for one, _ in ends if one not in found)
        level = list(reached)[:_MOST_NODES]
    return found


def neighbours(
    session: Session,
    level: Iterable[int],
    *,
    up: bool,
    relations: tuple[str, ...] | None = UPWARD,
    seen: ColumnElement[bool] | None = None,
) -> dict[int, list[tuple[int, str]]]:
    """Document → those it cites (`up`) or that cite it, each once, by the relation that leads closest.

    relations: which citations are followed, None for all; seen: a condition on `documents` that the others must
    meet.
    """
    asked = _query(up, relations)
    found: dict[int, dict[int, str]] = {}
    for one, other, relation in session.execute(
        asked if seen is None else asked.where(seen), {"level": list(level)}
    ):
        if one != other:
            kept = found.setdefault(one, {})
            kept[other] = min(kept.get(other, relation), relation, key=_closeness)
    return {
        one: sorted(others.items(), key=lambda pair: _closeness(pair[1])) if up else list(others.items())
        for one, others in found.items()
    }


def _closeness(relation: str) -> int:
    return UPWARD.index(relation) if relation in UPWARD else len(UPWARD)


@cache
def _query(up: bool, relations: tuple[str, ...] | None) -> Select[Any]:
    ends: tuple[Any, Any] = (CitationRow.document_id, CitationRow.target_id)
    here, there = ends if up else ends[::-1]
    rows = (
        select(here, there, CitationRow.relation)
        .join(Document, Document.id == there)
        .where(here.in_(bindparam("level", expanding=True)), CitationRow.status == "found", is_live())
        .order_by(CitationRow.position if up else Document.date, CitationRow.id)
        .limit(_MOST_EDGES)
    )
    return rows if relations is None else rows.where(CitationRow.relation.in_(relations))
