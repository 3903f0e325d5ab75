"""From a query to what an engine is asked, in three steps of patience: exact, without accents, most of the words."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from search.compound_words import LONGEST, joined
from search.engines.base import EVERYONE, SIGNED, Adjacent, Every, Node, Plan, Some, Sort, Starts, Term
from search.query.language import AnyOf, Cites, Clause, InField, Number, Phrase, Prefix, Query, Signed, Word

FEW = 10
"""With fewer hits than this, the next step is tried."""
_ENOUGH = 0.3
"""Share of the words of a long query that must stand in a document, once no document holds all."""
QUESTION = 8
"""A query of so many words is a question: no document need hold all of its words."""
_PAIR = 0.6
_SUBJECT = 1.5
_COMPOUND = 0.5
_FOLDED = 0.2
"""What a word in other accents is worth to a question, beside the word as typed."""
_LONGEST_SCORED = 40


@dataclass(frozen=True, slots=True)
class View:
    """Who asks and how he wants it: groups he belongs to, facets he has chosen, order."""

    groups: tuple[str, ...] | None = (EVERYONE,)
    facets: tuple[tuple[str, str], ...] = ()
    sort: Sort = "relevance"


EVERYTHING = View()


def exact(query: Query, view: View = EVERYTHING) -> Plan:
    """All must occur, accents as typed."""
    return _plan(query, [_node(clause, broad=False) for clause in query.must], _should(query), view)


def broad(query: Query, view: View = EVERYTHING) -> Plan:
    """All must occur, accents or not; those as typed come first."""
    as_typed = tuple(Term("syl", word.text) for word in dict.fromkeys(_scored(query)) if word.accented)
    return _plan(query, [_node(clause, broad=True) for clause in query.must], (*_should(query), *as_typed), view)


def relaxed(query: Query, view: View = EVERYTHING) -> Plan | None:
    """Most of the words of a long query, one that it says twice for twice as much; None for a short one, whose words
    all matter.
    """
    words = Counter(clause for clause in query.must if isinstance(clause, Word))
    if len(words) <= 3:
        return None
    others = [_node(clause, broad=True) for clause in query.must if not isinstance(clause, Word)]
    minimum = max(2, math.ceil(_ENOUGH * len(words)))
    scored = list(words.items())[:_LONGEST_SCORED]
    most = Some(tuple(_word(word, accented=word.accented, boost=times) for word, times in scored), minimum)
    otherwise = tuple(
        Term("fold", word.folded, _FOLDED) for word in dict.fromkeys(_scored(query)) if word.accented
    )
    return _plan(query, [*others, most], (*_should(query), *otherwise), view)


def is_question(query: Query) -> bool:
    """Whether a query has so many words that hardly a document holds all."""
    return len({clause for clause in query.must if isinstance(clause, Word)}) >= QUESTION


def _plan(query: Query, must: list[Node], should: tuple[Node, ...], view: View) -> Plan:
    return Plan(
        must=None if not must else must[0] if len(must) == 1 else Every(tuple(must)),
        should=should,
        without=tuple(_node(clause, broad=False) for clause in query.without),
        first=tuple(node for number in query.numbers for node in _firsts(number)),
        start=query.dates.start,
        end=query.dates.end,
        groups=view.groups,
        facets=view.facets,
        sort=view.sort,
    )


def _scored(query: Query) -> tuple[Word, ...]:
    return query.words[:_LONGEST_SCORED]


def _should(query: Query) -> tuple[Node, ...]:
    """Neighbours that stand together, compounds, words of the subject."""
    words = _scored(query)
    nodes: list[Node] = []
    for first, second in dict.fromkeys(pairwise(words)):
        accented = first.accented or second.accented
        texts = (first.text, second.text) if accented else (first.folded, second.folded)
        nodes.append(Adjacent("syl" if accented else "fold", texts, _PAIR))
    nodes += [Term("cmp", compound, _COMPOUND) for compound in _compounds(words)]
    nodes += [Term("subject", word.folded, _SUBJECT) for word in dict.fromkeys(words)]
    return tuple(nodes)


def _compounds(words: tuple[Word, ...]) -> Iterator[str]:
    """Every stretch of a query that may be a compound in a text, each once; the index knows which are."""
    found: dict[str, None] = {}
    for length in range(2, LONGEST + 1):
        for at in range(len(words) - length + 1):
            stretch = words[at : at + length]
            if any(word.accented for word in stretch):
                found[joined([word.text for word in stretch])] = None
    return iter(found)


def _node(clause: Clause, *, broad: bool) -> Node:
    match clause:
        case Word():
            return _word(clause, accented=clause.accented and not broad)
        case Phrase(words):
            if clause.accented and not broad:
                return Adjacent("syl", tuple(word.text for word in words))
            return Adjacent("fold", tuple(word.folded for word in words))
        case Prefix(word):
            return Starts("syl", word.text) if word.accented and not broad else Starts("fold", word.folded)
        case Number(key, parts, words):
            return _number(key, parts, words)
        case InField(field, words):
            return _every([Term(field, word.folded) for word in words])
        case Cites(key):
            return Term("cites", key)
        case Signed(states):
            return Some(tuple(Term("keys", f"{SIGNED}{state}") for state in states))
        case AnyOf(options):
            return Some(tuple(_node(option, broad=broad) for option in options))


def _word(word: Word, *, accented: bool, boost: float = 1.0) -> Term:
    return Term("syl", word.text, boost) if accented else Term("fold", word.folded, boost)


def _number(key: str | None, parts: tuple[str, ...], words: tuple[Word, ...]) -> Node:
    if key is None:
        return _every([Term("number", part) for part in parts])
    spelled = [Adjacent("fold", tuple(word.folded for word in words))] if len(words) > 1 else []
    return Some((Term("keys", key), Term("mentions", key), *spelled))


def _firsts(number: Number) -> list[Node]:
    nodes: list[Node] = [] if number.key is None else [Term("keys", number.key)]
    if number.parts:
        nodes.append(_every([Term("number", part) for part in number.parts]))
    return nodes


def _every(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Every(tuple(nodes))
