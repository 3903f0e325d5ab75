"""A plan's nodes as Tantivy queries, and the index's fields."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from search.engines.base import UNSCORED, Adjacent, Every, Node, Plan, Some, Starts, Term, Within, rarity_among
from search.engines.fields import FIELD, FIELDS, day_number
from search.engines.tantivy.snapshot import TantivyView

NO_GROUP = "\x1f"
"""Sentinel group of documents that have none,
so that the term dictionary of `groups` lists every class of viewers.
"""
_OPTIONS = {"text": "position", "words": "freq"}
"""Index record by kind of field; the fields of other kinds only record the documents that have a word."""
_RARE = 100_000
"""Documents that have a word: below this it is quicker to go through all of them than to seek two hundred."""
_MOST_SCORED = 16
"""Number of words with a prefix, the commonest ones, that are scored one by one;
the others share one low score.
"""


def add_fields(builder: Any) -> None:
    """Add the schema to a builder: token streams, names, whole values, facets,
    and numbers to sort and filter by.
    """
    for field in FIELDS:
        if field.kind == "day":
            builder.add_integer_field(field.name, indexed=True, fast=True)
            continue
        builder.add_text_field(
            field.name,
            tokenizer_name="whitespace" if field.is_tokens else "raw",
            index_option=_OPTIONS.get(field.kind, "basic"),
            fast=field.kind == "facet",
        )
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("revision", fast=True)
    builder.add_integer_field("age", fast=True)


class Nodes:
    """Maker of queries for one view."""

    def __init__(self, view: TantivyView) -> None:
        import tantivy

        self._view = view
        self._schema = view.schema
        self._make = tantivy.Query
        self._occur = tantivy.Occur
        self._integer = tantivy.FieldType.Integer

    def found(self, plan: Plan) -> Any:
        """The documents of a plan, scored by its words."""
        must = (
            self.query(plan.must) if plan.must is not None else self._constant_score(self._make.all_query(), 0.0)
        )
        clauses = [(self._occur.Must, must)]
        clauses += [(self._occur.Must, self._constant_score(query, 0.0)) for query in self._filters(plan)]
        clauses += [(self._occur.MustNot, self.query(node)) for node in plan.without]
        if plan.hidden:
            clauses.append((self._occur.MustNot, self._make.term_set_query(self._schema, "id", list(plan.hidden))))
        return self._make.boolean_query(clauses) if len(clauses) > 1 else must

    def lifted(self, query: Any, node: Node, by: float) -> Any:
        """The same documents, with `by` added to the score of those that match a node."""
        should = self._constant_score(self.query(node), by)
        return self._make.boolean_query([(self._occur.Must, query), (self._occur.Should, should)])

    def held(self, nodes: Sequence[Node]) -> tuple[list[Adjacent], list[Node]]:
        """(phrases, other nodes) of which every word occurs in some document."""
        held = [node for node in nodes if all(self._view.frequency(*term) for term in _terms(node))]
        phrases = [node for node in held if isinstance(node, Adjacent) and len(node.texts) > 1]
        return phrases, [node for node in held if not isinstance(node, Adjacent) or len(node.texts) < 2]

    def raised(self, query: Any, nodes: Sequence[Node]) -> Any:
        """The same few documents, with the scores of nodes added.

        The queries are nested: a union goes through all documents that match any of its nodes, which is quicker
        for rare words only.
        """
        rare: list[Node] = []
        common: list[Node] = []
        for node in nodes:
            (rare if isinstance(node, Term) and self._is_rare(node) else common).append(node)
        for node in (*common, Some(tuple(rare))) if rare else common:
            query = self._make.boolean_query([(self._occur.Must, query), (self._occur.Should, self.query(node))])
        return query

    def both(self, query: Any, node: Node) -> Any:
        """Those documents of a query that match a node."""
        return self._make.boolean_query([(self._occur.Must, query), (self._occur.Must, self.query(node))])

    def chosen(self, ids: Sequence[int]) -> Any:
        """Documents by id. Looked up one by one,
        since Tantivy matches a set of terms against all ids of the index.
        """
        each = [(self._occur.Should, self._make.term_query(self._schema, "id", id, "basic")) for id in ids]
        return self._constant_score(self._make.boolean_query(each), 0.0)

    def query(self, node: Node) -> Any:
        """One node as a query of Tantivy."""
        match node:
            case Term(field, text, boost):
                return self._term(field, text, boost)
            case Starts(field, prefix, boost):
                return self._starts(field, prefix, boost)
            case Adjacent(field, texts, boost):
                return self._adjacent(field, texts, boost)
            case Within(field, first, last):
                return self._constant_score(self._within(field, first, last), 0.0)
            case Every(nodes):
                return self._make.boolean_query([(self._occur.Must, self.query(each)) for each in nodes])
            case Some(nodes, minimum):
                clauses = [(self._occur.Should, self.query(each)) for each in nodes]
                return self._make.boolean_query(clauses, minimum_number_should_match=minimum)

    def _term(self, field: str, text: str, boost: float) -> Any:
        query = self._make.term_query(self._schema, field, text, _OPTIONS.get(FIELD[field].kind, "basic"))
        return (
            self._boost(query, boost) if FIELD[field].is_weighed else self._constant_score(query, UNSCORED * boost)
        )

    def _starts(self, field: str, prefix: str, boost: float) -> Any:
        words = self._view.searcher.terms_with_prefix(field, prefix)
        if not words:
            return self._make.empty_query()
        common = sorted(words, key=lambda pair: -pair[1])[:_MOST_SCORED]
        clauses = [(self._occur.Should, self._term(field, text, boost)) for text, _ in common]
        if len(words) > len(common):
            others = self._make.regex_query(self._schema, field, re.escape(prefix) + ".*")
            clauses.append((self._occur.Should, self._constant_score(others, UNSCORED * boost)))
        return self._make.boolean_query(clauses)

    def _adjacent(self, field: str, texts: tuple[str, ...], boost: float) -> Any:
        if not texts:
            return self._make.empty_query()
        if len(texts) == 1:
            return self._term(field, texts[0], boost)
        return self._boost(self._make.phrase_query(self._schema, field, list(texts)), boost)

    def rarity(self, node: Adjacent) -> float:
        """The weight of a phrase in Tantivy's score: the sum of the rarities of its words."""
        count = self._view.count
        return sum(rarity_among(min(count, self._view.frequency(node.field, t)), count) for t in node.texts)

    def expected(self, terms: Sequence[Term]) -> float:
        """Expected number of documents that have all of these words, were words independent;
        mostly there are more.
        """
        count = max(1, self._view.count)
        return count * math.prod(self._view.frequency(term.field, term.text) / count for term in terms)

    def gone_through(self, terms: Sequence[Term]) -> int:
        """Sum of the numbers of documents that have each of these words: those that Tantivy goes through."""
        return sum(self._view.frequency(term.field, term.text) for term in terms)

    def _is_rare(self, term: Term) -> bool:
        return self._view.frequency(term.field, term.text) < _RARE

    def _filters(self, plan: Plan) -> list[Any]:
        found = [self._make.term_query(self._schema, f"of_{name}", value, "basic") for name, value in plan.facets]
        if plan.start is not None or plan.end is not None:
            found.append(self._within("date", plan.start, plan.end))
        # If every document is for one of these groups, nothing need be filtered.
        if plan.groups is not None and not self._view.groups.issubset(plan.groups):
            found.append(self._make.term_set_query(self._schema, "groups", list(plan.groups)))
        return found

    def _within(self, field: str, first: str | None, last: str | None) -> Any:
        lower, upper = day_number(first) or 1, day_number(last) or None
        return self._make.range_query(self._schema, field, self._integer, lower, upper)

    def _boost(self, query: Any, boost: float) -> Any:
        return query if boost == 1.0 else self._make.boost_query(query, boost)

    def _constant_score(self, query: Any, score: float) -> Any:
        return self._make.const_score_query(query, score)


def _terms(node: Node) -> list[tuple[str, str]]:
    """(field, token) pairs that a document must have to match a node;
    empty for other nodes than words and phrases.
    """
    if isinstance(node, Term):
        return [(node.field, node.text)]
    if isinstance(node, Every):
        return [term for each in node.nodes for term in _terms(each)]
    return [(node.field, text) for text in node.texts] if isinstance(node, Adjacent) else []
