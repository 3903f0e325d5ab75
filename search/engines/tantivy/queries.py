"""A plan's nodes as Tantivy queries, and the fields that they speak of."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Any

from search.engines.base import FACETS, Adjacent, Every, Node, Plan, Some, Starts, Term, rarity_among
from search.engines.tantivy.snapshot import View

NO_GROUP = "\x1f"
"""Stands for the groups of a document that has none: then the groups' dictionary tells who may see what."""
_SCORED = {"syl": "position", "fold": "position", "cmp": "freq", "subject": "freq"}
_NAMED = ("issuer", "recipient", "signer", "type", "number")
_WHOLE = ("keys", "mentions", "cites", "groups")
_UNSCORED = 0.01
_RARE = 100_000
"""Documents that hold a word: to go through fewer is quicker than to leap to two hundred of them."""
_MOST_SCORED = 16
"""So many of the commonest words that begin so are told apart by their scores; the others count, and no more."""


def add_fields(builder: Any) -> None:
    """The schema: token streams, names, whole values, facets, and numbers to sort and filter by."""
    for name, option in _SCORED.items():
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in _NAMED:
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in _WHOLE:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"of_{name}", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_integer_field("id", indexed=True, fast=True)
    builder.add_integer_field("revision", fast=True)
    builder.add_integer_field("date", indexed=True, fast=True)
    builder.add_integer_field("age", fast=True)


class Nodes:
    """Makes queries for one view."""

    def __init__(self, view: View) -> None:
        import tantivy

        self._view = view
        self._schema = view.schema
        self._make = tantivy.Query
        self._occur = tantivy.Occur
        self._integer = tantivy.FieldType.Integer

    def found(self, plan: Plan) -> Any:
        """What a plan finds, scored by its words."""
        must = self.query(plan.must) if plan.must is not None else self._unscored(self._make.all_query(), 0.0)
        clauses = [(self._occur.Must, must)]
        clauses += [(self._occur.Must, self._unscored(query, 0.0)) for query in self._filters(plan)]
        clauses += [(self._occur.MustNot, self.query(node)) for node in plan.without]
        if plan.hidden:
            clauses.append((self._occur.MustNot, self._make.term_set_query(self._schema, "id", list(plan.hidden))))
        return self._make.boolean_query(clauses) if len(clauses) > 1 else must

    def lifted(self, query: Any, node: Node, by: float) -> Any:
        """The same documents, those that hold a node with a higher score."""
        should = self._unscored(self.query(node), by)
        return self._make.boolean_query([(self._occur.Must, query), (self._occur.Should, should)])

    def held(self, nodes: Sequence[Node]) -> tuple[list[Adjacent], list[Node]]:
        """Those of which every word stands in some document, phrases by themselves."""
        held = [node for node in nodes if all(self._view.frequency(*term) for term in _terms(node))]
        phrases = [node for node in held if isinstance(node, Adjacent) and len(node.texts) > 1]
        return phrases, [node for node in held if not isinstance(node, Adjacent) or len(node.texts) < 2]

    def raised(self, query: Any, nodes: Sequence[Node]) -> Any:
        """The same few documents, with what nodes score added. One inside the other: a union goes through all that any of
        its nodes finds, which is quicker for rare words alone.
        """
        rare: list[Node] = []
        common: list[Node] = []
        for node in nodes:
            (rare if isinstance(node, Term) and self._is_rare(node) else common).append(node)
        for node in (*common, Some(tuple(rare))) if rare else common:
            query = self._make.boolean_query([(self._occur.Must, query), (self._occur.Should, self.query(node))])
        return query

    def both(self, query: Any, node: Node) -> Any:
        """Those of some documents that hold a node."""
        return self._make.boolean_query([(self._occur.Must, query), (self._occur.Must, self.query(node))])

    def chosen(self, ids: Sequence[int]) -> Any:
        """A few documents. Looked up one by one: a set of terms is matched against all that the index has."""
        each = [(self._occur.Should, self._make.term_query(self._schema, "id", id, "basic")) for id in ids]
        return self._unscored(self._make.boolean_query(each), 0.0)

    def query(self, node: Node) -> Any:
        """One node as a query."""
        match node:
            case Term(field, text, boost):
                return self._term(field, text, boost)
            case Starts(field, prefix, boost):
                return self._starts(field, prefix, boost)
            case Adjacent(field, texts, boost):
                return self._adjacent(field, texts, boost)
            case Every(nodes):
                return self._make.boolean_query([(self._occur.Must, self.query(each)) for each in nodes])
            case Some(nodes, minimum):
                clauses = [(self._occur.Should, self.query(each)) for each in nodes]
                return self._make.boolean_query(clauses, minimum_number_should_match=minimum)

    def _term(self, field: str, text: str, boost: float) -> Any:
        query = self._make.term_query(self._schema, field, text, _SCORED.get(field, "basic"))
        return self._boosted(query, boost) if field in _SCORED else self._unscored(query, _UNSCORED * boost)

    def _starts(self, field: str, prefix: str, boost: float) -> Any:
        words = self._view.searcher.terms_with_prefix(field, prefix)
        if not words:
            return self._make.empty_query()
        common = sorted(words, key=lambda pair: -pair[1])[:_MOST_SCORED]
        clauses = [(self._occur.Should, self._term(field, text, boost)) for text, _ in common]
        if len(words) > len(common):
            others = self._make.regex_query(self._schema, field, re.escape(prefix) + ".*")
            clauses.append((self._occur.Should, self._unscored(others, _UNSCORED * boost)))
        return self._make.boolean_query(clauses)

    def _adjacent(self, field: str, texts: tuple[str, ...], boost: float) -> Any:
        if not texts:
            return self._make.empty_query()
        if len(texts) == 1:
            return self._term(field, texts[0], boost)
        return self._boosted(self._make.phrase_query(self._schema, field, list(texts)), boost)

    def rarity(self, node: Adjacent) -> float:
        """What Tantivy's score of a phrase is weighed by: the rarity of all its words."""
        count = self._view.count
        return sum(rarity_among(min(count, self._view.frequency(node.field, t)), count) for t in node.texts)

    def expected(self, terms: Sequence[Term]) -> float:
        """How many documents hold all of these words, were each independent of the others; mostly they are more."""
        count = max(1, self._view.count)
        return count * math.prod(self._view.frequency(term.field, term.text) / count for term in terms)

    def gone_through(self, terms: Sequence[Term]) -> int:
        """In how many documents these words stand, one that holds several counted for each."""
        return sum(self._view.frequency(term.field, term.text) for term in terms)

    def _is_rare(self, term: Term) -> bool:
        return self._view.frequency(term.field, term.text) < _RARE

    def _filters(self, plan: Plan) -> list[Any]:
        found = [self._make.term_query(self._schema, f"of_{name}", value, "basic") for name, value in plan.facets]
        if plan.start is not None or plan.end is not None:
            lower, upper = _day(plan.start) or 1, _day(plan.end) or None
            found.append(self._make.range_query(self._schema, "date", self._integer, lower, upper))
        # Where every document is for one of these groups, nothing need be filtered.
        if plan.groups is not None and not self._view.groups.issubset(plan.groups):
            found.append(self._make.term_set_query(self._schema, "groups", list(plan.groups)))
        return found

    def _boosted(self, query: Any, boost: float) -> Any:
        return query if boost == 1.0 else self._make.boost_query(query, boost)

    def _unscored(self, query: Any, score: float) -> Any:
        return self._make.const_score_query(query, score)


def _day(date: str | None) -> int:
    return int(date.replace("-", "")) if date else 0


def _terms(node: Node) -> list[tuple[str, str]]:
    """(field, token) that a document must hold to hold the node, as far as it is a word or a phrase."""
    if isinstance(node, Term):
        return [(node.field, node.text)]
    return [(node.field, text) for text in node.texts] if isinstance(node, Adjacent) else []
