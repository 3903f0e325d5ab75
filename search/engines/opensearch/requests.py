"""Plans and entries as OpenSearch's JSON, and its replies as answers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

from search.engines.base import (
    FACET_VALUES,
    FACETS,
    FIRST,
    LATEST,
    RESCORED,
    UNSCORED,
    Adjacent,
    Answer,
    Every,
    IndexEntry,
    Node,
    Plan,
    Some,
    Starts,
    Term,
    Within,
)
from search.engines.fields import FIELD, FIELDS, SearchField, day_number, schema_version

Json = dict[str, Any]

SCHEMA_VERSION = schema_version(3)
DEEPEST = 10_000
"""Largest rank of a hit that is asked for by its rank: OpenSearch's `max_result_window`."""
_BATCH = 5000
"""Documents of one reply with revisions."""
_EXACT = 10_000
"""Values that each shard counts for a facet, so that the sum over the shards is exact up to as many values."""
_NOTHING: Json = {"match_none": {}}


def _mapping(field: SearchField) -> Json:
    """A field of the index: tokens arrive ready, separated by blanks; the registry says how they weigh."""
    tokens: Json = {"type": "text", "analyzer": "tokens"}
    match field.kind:
        case "text":
            return tokens | {"position_increment_gap": 100, "similarity": _similarity_name(field)}
        case "words":
            return tokens | {"index_options": "freqs", "similarity": _similarity_name(field)}
        case "names":
            return tokens | {"index_options": "docs", "norms": False}
        case "day":
            return {"type": "long"}
        case _:
            return {"type": "keyword"}


def _similarity_name(field: SearchField) -> str:
    return f"bm25_{round(field.saturation * 100)}_{round(field.length * 100)}"


_WEIGHED = tuple(field for field in FIELDS if field.is_weighed)
TEMPLATE_NAME = SCHEMA_VERSION
TEMPLATE: Json = {
    # The schema comes first in an index's name: a server refuses templates whose patterns could both fit one name.
    "index_patterns": [f"{SCHEMA_VERSION}-*"],
    "priority": 100,
    "template": {
        "settings": {
            "index": {"max_result_window": DEEPEST},
            "analysis": {"analyzer": {"tokens": {"type": "custom", "tokenizer": "whitespace"}}},
            "similarity": {
                _similarity_name(one): {"type": "BM25", "k1": one.saturation, "b": one.length} for one in _WEIGHED
            },
        },
        "mappings": {
            "dynamic": "strict",
            "_source": {"enabled": False},
            "properties": {
                **{field.name: _mapping(field) for field in FIELDS},
                **{name: {"type": "long"} for name in ("id", "revision", "age")},
            },
        },
    },
}
"""Every index of this schema; texts themselves stay in the store."""


def new_index(shards: int) -> Json:
    """Settings of an index while it is filled: no copies, nothing visible but when it is asked for."""
    return {"settings": {"index": {"number_of_shards": shards, "number_of_replicas": 0, "refresh_interval": "-1"}}}


def in_force(replicas: int) -> Json:
    """Settings of an index that serves searches."""
    return {"index": {"number_of_replicas": replicas, "refresh_interval": None}}


def document(entry: IndexEntry) -> Json:
    """An entry as the JSON that is indexed."""
    date = day_number(entry.date)
    values = {field.name: _indexed_value(field, field.of(entry)) for field in FIELDS}
    return {"id": entry.id, "revision": entry.revision, "age": LATEST - date if date else 0, **values}


def _indexed_value(field: SearchField, values: list[str]) -> Any:
    """The values of a field in the form that its mapping takes."""
    if field.kind == "day":
        return day_number(values[0]) if values else 0
    return " ".join(values) if field.kind in ("words", "names") else values


def search(plan: Plan, limit: int, offset: int) -> Json:
    """The request for a window of a plan's answer, with the count and facets of all of it."""
    asked: Json = {
        "query": _plan_query(plan),
        "from": offset if limit else 0,
        "size": limit,
        "track_total_hits": True,
        "aggs": {
            name: {"terms": {"field": f"of_{name}", "size": FACET_VALUES, "shard_size": _EXACT}} for name in FACETS
        },
    }
    if plan.sort != "relevance":
        asked |= {"sort": _by_date(plan), "track_scores": True}
    elif plan.should and limit:
        should = {"bool": {"should": [query(node) for node in plan.should]}}
        asked["rescore"] = {"window_size": RESCORED, "query": {"rescore_query": should, "score_mode": "total"}}
    return asked


def deep(plan: Plan, after: list[Any] | None, size: int) -> Json:
    """The request for the next hits after the sort values of the last one, without counts."""
    order = _by_date(plan) if plan.sort != "relevance" else [{"_score": "desc"}, {"id": "asc"}]
    asked = {
        "query": _plan_query(plan),
        "size": size,
        "sort": order,
        "track_scores": True,
        "track_total_hits": False,
    }
    return asked if after is None else asked | {"search_after": after}


def _by_date(plan: Plan) -> list[Json]:
    return [{"date" if plan.sort == "newest" else "age": "desc"}, {"id": "asc"}]


def answer(reply: Json) -> Answer:
    """Return the answer in a reply."""
    top = tuple((int(hit["_id"]), float(hit["_score"] or 0.0)) for hit in reply["hits"]["hits"])
    facets = {
        name: {str(b["key"]): int(b["doc_count"]) for b in reply["aggregations"][name]["buckets"]}
        for name in FACETS
    }
    return Answer(int(reply["hits"]["total"]["value"]), top, facets)


def frequencies(field: str, texts: Sequence[str]) -> Json:
    """The request for the number of documents that have each of these tokens."""
    filters = {str(at): {"term": {field: text}} for at, text in enumerate(texts)}
    return {"size": 0, "track_total_hits": False, "aggs": {"held": {"filters": {"filters": filters}}}}


def counts(texts: Sequence[str], reply: Json) -> dict[str, int]:
    buckets = reply["aggregations"]["held"]["buckets"]
    found = {text: int(buckets[str(at)]["doc_count"]) for at, text in zip(count(), texts, strict=False)}
    return {text: held for text, held in found.items() if held}


def revisions(after: list[Any] | None) -> Json:
    """The request for the next documents with their revisions, after the sort values of the last one."""
    asked: Json = {
        "query": {"match_all": {}},
        "size": _BATCH,
        "sort": [{"id": "asc"}],
        "docvalue_fields": ["revision"],
    }
    return asked if after is None else asked | {"search_after": after}


def query(node: Node) -> Json:
    """One node as a query of OpenSearch."""
    match node:
        case Term(field, text, boost) if FIELD[field].is_weighed:
            return {"term": {field: {"value": text, "boost": boost}}}
        case Term(field, text, boost):
            return {"constant_score": {"filter": {"term": {field: text}}, "boost": UNSCORED * boost}}
        case Starts(field, prefix, boost):
            return {"prefix": {field: {"value": prefix, "boost": boost}}} if prefix else _NOTHING
        case Adjacent(field, texts, boost):
            return {"match_phrase": {field: {"query": " ".join(texts), "boost": boost}}} if texts else _NOTHING
        case Within(field, first, last):
            return {"constant_score": {"filter": _within(field, first, last), "boost": 0}}
        case Every(nodes):
            return {"bool": {"must": [query(each) for each in nodes]}} if nodes else _NOTHING
        case Some(nodes, minimum):
            some = {"should": [query(each) for each in nodes], "minimum_should_match": minimum}
            return {"bool": some} if nodes else _NOTHING


def _plan_query(plan: Plan) -> Json:
    must = (
        query(plan.must)
        if plan.must is not None
        else {"constant_score": {"filter": {"match_all": {}}, "boost": 0}}
    )
    ranks = enumerate(reversed(plan.first), 1)
    lifted = [{"constant_score": {"filter": query(node), "boost": FIRST * rank}} for rank, node in ranks]
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
        found.append(_within("date", plan.start, plan.end))
    if plan.groups is not None:
        found.append({"terms": {"groups": list(plan.groups)}})
    return found


def _within(field: str, first: str | None, last: str | None) -> Json:
    bounds = {"gte": day_number(first) or 1} | ({"lte": day_number(last)} if last else {})
    return {"range": {field: bounds}}
