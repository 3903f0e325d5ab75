"""JSON of citations by the contract, for the command line and the API."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from corpus.database.read_only import StoredDocument
from corpus.queries.citations import DocumentCitations, OutgoingCitation, WantedDocument, label_of
from corpus.record_fields import LISTED

Json = dict[str, Any]


def hit(found: StoredDocument) -> Json:
    """A document in the shape of a hit."""
    return {name: getattr(found, name) for name in ("id", *LISTED)} | {"file": found.name}


def cites(view: DocumentCitations, shape: Callable[[StoredDocument], Json] = hit) -> Json:
    """Citations out and in, the ways up, the conflicts; `shape` gives the JSON of a document."""
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


def _out(one: OutgoingCitation, shape: Callable[[StoredDocument], Json]) -> Json:
    row = one.row
    return {
        "id": row.id,
        "printed": row.printed,
        "relation": row.relation,
        "page": row.page,
        "confidence": row.confidence,
        "review": row.review,
        "by_hand": row.added_by is not None,
        "target": shape(one.target) if one.target else None,
        "wanted": label_of(row) if one.status == "wanted" else None,
        "status": one.status,
        "candidates": [candidate.id for candidate in one.candidates],
    }


def wanted(rows: list[WantedDocument]) -> Json:
    """Wanted documents (cited, not on record), most cited first."""
    names = ("label", "doc_type", "date", "issuer", "count")
    return {
        "wanted": [
            {name: getattr(row, name) for name in names} | ({"title": row.title} if row.title else {})
            for row in rows
        ]
    }
