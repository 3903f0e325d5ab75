"""The contract's JSON of citations, said once for the command line and the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.database.models import Document
from corpus.queries.citations import Cites, Out, Wanted, label_of

Json = dict[str, Any]


def hit(found: Document) -> Json:
    """A document in a hit's shape."""
    names = ("id", "number", "date", "doc_type", "issuer", "subject")
    return {name: getattr(found, name) for name in names} | {"file": found.name}


def cites(view: Cites, shape: Callable[[Document], Json] = hit) -> Json:
    """Citations out and in, the ways up, the conflicts; `shape` says how a document is told."""
    return {
        "document": shape(view.document),
        "out": [_out(one, shape) for one in view.out],
        "in": [
            {"relation": row.relation, "source": shape(source), "page": row.page, "printed": row.printed}
            for row, source in view.into
        ],
        "chain": [[one.id for one in way] for way in view.chains],
        "conflicts": [
            {"code": one.code, "message": one.message} | ({"settled": one.settled} if one.settled else {})
            for one in view.conflicts
        ],
    }


def _out(one: Out, shape: Callable[[Document], Json]) -> Json:
    row = one.row
    return {
        "printed": row.printed,
        "relation": row.relation,
        "page": row.page,
        "target": shape(one.target) if one.target else None,
        "wanted": label_of(row) if one.status == "wanted" else None,
        "status": one.status,
        "candidates": [candidate.id for candidate in one.candidates],
    }


def wanted(rows: list[Wanted]) -> Json:
    """Documents that are cited but not held, most cited first."""
    names = ("label", "doc_type", "date", "issuer", "count")
    return {
        "wanted": [
            {name: getattr(row, name) for name in names} | ({"title": row.title} if row.title else {})
            for row in rows
        ]
    }
