"""Plans and entries as OpenSearch's JSON, and its replies as answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from search.engines.base import (
    FACET_VALUES,
    FACETS,
    RESCORED,
    Adjacent,
    Answer,
    Entry,
    Every,
    Node,
    Plan,
    Some,
    Starts,
    Term,
)

Json = dict[str, Any]

SCHEMA_VERSION = "vanban1"
_SCORED = ("syl", "fold", "cmp", "subject")
_NAMED = ("issuer", "recipient", "signer", "type", "number")
_WHOLE = ("keys", "mentions", "cites", "groups")
_UNSCORED = 0.01
_FIRST = 10_000.0
_LATEST = 99_999_999
_DEEPEST = 100_000
_BATCH = 5000
_NOTHING: Json = {"match_none": {}}
_TOKENS: Json = {"type": "text", "analyzer": "tokens"}

INDEX: Json = {
    "settings": {
        "index": {"max_result_window": _DEEPEST},
        "analysis": {"analyzer": {"tokens": {"type": "custom", "tokenizer": "whitespace"}}},
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"enabled": False},
        "properties": {
            **{name: _TOKENS | {"position_increment_gap": 100} for name in ("syl", "fold")},
            **{name: _TOKENS | {"index_options": "freqs"} for name in ("cmp", "subject")},
            **{name: _TOKENS | {"index_options": "docs", "norms": False} for name in _NAMED},
            **{name: {"type": "keyword"} for name in (*_WHOLE, *(f"of_{name}" for name in FACETS))},
            **{name: {"type": "long"} for name in ("id", "revision", "date", "age")},
        },
    },
}
"""The index: tokens come made, parted by blanks; texts themselves stay in the store."""


def document(entry: Entry) -> Json:
    """An entry as it is sent."""
    date = int(entry.date.replace("-", "")) if entry.date else 0
    named = {name: " ".join(getattr(entry, name).folded) for name in ("subject", *_NAMED[:-1])}
    return {
        "id": entry.id, "revision": entry.revision, "date": date, "age": _LATEST - date if date else 0,
        "syl": [" ".join(part.accented) for part in entry.body],
        "fold": [" ".join(part.folded) for part in entry.body],
        "cmp": " ".join(entry.compounds), **named, "number": " ".join(entry.number),
        "keys": entry.keys, "mentions": entry.mentions, "cites": entry.cites, "groups": entry.groups,
        "of_doc_type": entry.doc_type, "of_issuer": entry.issuer_name, "of_year": entry.date[:4] if entry.date else None,
        "of_recipient": list(dict.fromkeys(entry.recipients)),
    }  # fmt: skip


def search(plan: Plan, limit: int, offset: int) -> Json:
    """The request for a window of a plan's answer."""
    asked: Json = {
        "query": _found(plan),
        "from": min(offset, _DEEPEST - limit),
        "size": limit if offset + limit <= _DEEPEST else 0,
        "track_total_hits": True,
        "aggs": {name: {"terms": {"field": f"of_{name}", "size": FACET_VALUES}} for name in FACETS},
    }
    if plan.sort != "relevance":
        asked["sort"] = [{"date" if plan.sort == "newest" else "age": "desc"}, {"id": "asc"}]
        asked["track_scores"] = True
    elif plan.should and asked["size"]:
        should = {"bool": {"should": [query(node) for node in plan.should]}}
        asked["rescore"] = {"window_size": RESCORED, "query": {"rescore_query": should, "score_mode": "total"}}
    return asked


def answer(reply: Json) -> Answer:
    """What a reply says."""
    top = tuple((int(hit["_id"]), float(hit["_score"] or 0.0)) for hit in reply["hits"]["hits"])
    facets = {
        name: {str(b["key"]): int(b["doc_count"]) for b in reply["aggregations"][name]["buckets"]}
        for name in FACETS
    }
    return Answer(int(reply["hits"]["total"]["value"]), top, facets)


def frequencies(field: str, texts: Sequence[str]) -> Json:
    """The request for how many documents hold each of these tokens."""
    filters = {str(at): {"term": {field: text}} for at, text in enumerate(texts)}
    return {"size": 0, "track_total_hits": False, "aggs": {"held": {"filters": {"filters": filters}}}}


def counts(texts: Sequence[str], reply: Json) -> dict[str, int]:
    buckets = reply["aggregations"]["held"]["buckets"]
    found = {text: int(buckets[str(at)]["doc_count"]) for at, text in zip(count(), texts, strict=False)}
    return {text: held for text, held in found.items() if held}


def revisions(after: list[Any] | None) -> Json:
    """The request for the next documents with their revisions."""
    asked: Json = {
        "query": {"match_all": {}},
        "size": _BATCH,
        "sort": [{"id": "asc"}],
        "docvalue_fields": ["revision"],
    }
    return asked if after is None else asked | {"search_after": after}


def query(node: Node) -> Json:
    """One node as a query."""
    match node:
        case Term(field, text, boost) if field in _SCORED:
            return {"term": {field: {"value": text, "boost": boost}}}
        case Term(field, text, boost):
            return {"constant_score": {"filter": {"term": {field: text}}, "boost": _UNSCORED * boost}}
        case Starts(field, prefix, boost):
            return {"prefix": {field: {"value": prefix, "boost": boost}}} if prefix else _NOTHING
        case Adjacent(field, texts, boost):
            return {"match_phrase": {field: {"query": " ".join(texts), "boost": boost}}} if texts else _NOTHING
        case Every(nodes):
            return {"bool": {"must": [query(each) for each in nodes]}} if nodes else _NOTHING
        case Some(nodes, minimum):
            some = {"should": [query(each) for each in nodes], "minimum_should_match": minimum}
            return {"bool": some} if nodes else _NOTHING


def _found(plan: Plan) -> Json:
    must = (
        query(plan.must)
        if plan.must is not None
        else {"constant_score": {"filter": {"match_all": {}}, "boost": 0}}
    )
    ranks = enumerate(reversed(plan.first), 1)
    lifted = [{"constant_score": {"filter": query(node), "boost": _FIRST * rank}} for rank, node in ranks]
    without = [query(node) for node in plan.without]
    if plan.hidden:
        without.append({"terms": {"id": list(plan.hidden)}})
    clauses: Json = {"must": [must], "filter": _filters(plan), "must_not": without}
    if lifted and plan.sort == "relevance":
        clauses["should"] = lifted
    return {"bool": {name: each for name, each in clauses.items() if each}}


def _filters(plan: Plan) -> list[Json]:
    found: list[Json] = [{"term": {f"of_{name}": value}} for name, value in plan.facets]
    if plan.start is not None or plan.end is not None:
        bounds = {"gte": _day(plan.start) or 1} | ({"lte": _day(plan.end)} if plan.end else {})
        found.append({"range": {"date": bounds}})
    if plan.groups is not None:
        found.append({"terms": {"groups": list(plan.groups)}})
    return found


def _day(date: str | None) -> int:
    return int(date.replace("-", "")) if date else 0
