"""From a query to plans for an engine, in three steps: exact, without accents, most of the words."""

from __future__ import annotations

import datetime
import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.numbering.typed_days import today
from search.compound_words import LONGEST, joined
from search.engines.base import (
    EVERYONE,
    SIGNED,
    Adjacent,
    Every,
    Node,
    Plan,
    Some,
    Sort,
    Starts,
    Term,
    Within,
)
from search.engines.fields import FIELD
from search.query import understanding
from search.query.clauses import (
    AnyOf,
    CitesTerm,
    Clause,
    FirstDigits,
    Having,
    InEffect,
    InField,
    InFile,
    NumberTerm,
    Phrase,
    Prefix,
    Query,
    Same,
    Signed,
    State,
    Understood,
    WordTerm,
)
from search.query.value_nodes import (
    about,
    adjacent,
    begun,
    every,
    firm,
    first,
    newest,
    signers,
    titled,
    word_node,
    worth,
)
from search.query.value_nodes import loose as loose_value

FEW = 10
"""With fewer hits than this, the next step is tried."""
_ENOUGH = 0.3
"""Share of the words of a long query that a document must have, once no document has all."""
_PAIR = 0.6
"""Weight of two words of the query that are next to each other."""
_FOLDED = 0.2
"""Weight of a word in other accents in a question; 1 is the weight of the word as typed."""
_OTHER = 0.3
"""Weight of another spelling: it is rare, and no better for that."""
_LONGEST_SCORED = 40
"""Words of a query that are scored."""


@dataclass(frozen=True, slots=True)
class SearchOptions:
    """Options of a search: groups of the reader, facets chosen, order."""

    groups: tuple[str, ...] | None = (EVERYONE,)
    facets: tuple[tuple[str, str], ...] = ()
    sort: Sort = "relevance"


EVERYTHING = SearchOptions()


def exact(query: Query, view: SearchOptions = EVERYTHING) -> Plan:
    """Plan requiring all clauses, accents as typed, and the values that words were taken for: in the record, or a
    type, a body or a year by its name in the subject.
    """
    return _plan(query, [_node(clause, broad=False) for clause in query.must], _should(query), view)


def fulfilled(query: Query, view: SearchOptions = EVERYTHING) -> Plan:
    """Plan requiring all clauses and the values in the record, not their names in a subject; to be counted."""
    must = [
        firm(clause) if isinstance(clause, Understood) else _node(clause, broad=False) for clause in query.must
    ]
    return _plan(query, must, (), view)


def loose(query: Query, view: SearchOptions = EVERYTHING, *, broad: bool = False) -> Plan:
    """Plan requiring all clauses, but words that were taken for a value as values or as words; documents that have
    the values come first.

    broad: words in any accents.
    """
    as_typed = tuple(Term("syl", word.text) for word in dict.fromkeys(_scored_words(query)) if word.accented)
    must = [_loosely(clause, broad=broad) for clause in query.must]
    return _plan(query, must, (*_should(query), *(as_typed if broad else ())), view)


def turned(query: Query, word: WordTerm, view: SearchOptions = EVERYTHING) -> Plan:
    """Plan for a query in which one word is meant in other accents: next to a word that is next to it there, since
    nearly every long text has some word with its letters.
    """
    plan = loose(query, view)
    folded = word.folded
    pairs = tuple(
        Adjacent("fold", (one.folded, other.folded))
        for one, other in pairwise(query.words)
        if folded in (one.folded, other.folded)
    )
    return replace(plan, must=every([plan.must, Some(pairs)])) if pairs and plan.must is not None else plan


def but_one(query: Query, view: SearchOptions = EVERYTHING) -> Plan:
    """Plan requiring all clauses but one, values or their words; one that is left is required."""
    clauses = tuple(_loosely(clause, broad=False) for clause in query.must)
    return _plan(query, [Some(clauses, max(1, len(clauses) - 1))], _should(query), view)


def broad(query: Query, view: SearchOptions = EVERYTHING) -> Plan:
    """Plan requiring all clauses in any accents; documents with the accents as typed come first."""
    return loose(query, view, broad=True)


def relaxed(query: Query, view: SearchOptions = EVERYTHING) -> Plan | None:
    """Plan requiring 30 % of the words of a long query, any accents; repeated words weigh more. None for a query
    of at most three words, all of which matter.
    """
    words = Counter(clause for clause in query.must if isinstance(clause, WordTerm))
    if len(words) <= 3:
        return None
    others = [_loosely(clause, broad=True) for clause in query.must if not isinstance(clause, WordTerm)]
    minimum = max(2, math.ceil(_ENOUGH * len(words)))
    scored = list(words.items())[:_LONGEST_SCORED]
    most = Some(tuple(word_node(word, accented=word.accented, boost=times) for word, times in scored), minimum)
    otherwise = tuple(
        Term("fold", word.folded, _FOLDED) for word in dict.fromkeys(_scored_words(query)) if word.accented
    )
    return _plan(query, [*others, most], (*_should(query), *otherwise), view)


def is_question(query: Query) -> bool:
    """True if a query has too many words for a document to be expected to have all."""
    return len({clause for clause in query.must if isinstance(clause, WordTerm)}) >= understanding.QUESTION


def _plan(query: Query, must: list[Node], should: tuple[Node, ...], view: SearchOptions) -> Plan:
    return Plan(
        must=None if not must else must[0] if len(must) == 1 else Every(tuple(must)),
        should=should,
        without=tuple(_node(clause, broad=False) for clause in query.without),
        first=first(query),
        start=query.dates.start,
        end=query.dates.end,
        groups=view.groups,
        facets=view.facets,
        sort=view.sort,
    )


def _scored_words(query: Query) -> tuple[WordTerm, ...]:
    return query.words[:_LONGEST_SCORED]


def _should(query: Query) -> tuple[Node, ...]:
    """Nodes that add to a score: pairs of words next to each other, compounds, words of the subject."""
    words = _scored_words(query)
    nodes: list[Node] = []
    for one, other in dict.fromkeys(pairwise(words)):
        accented = one.accented or other.accented
        texts = (one.text, other.text) if accented else (one.folded, other.folded)
        nodes.append(Adjacent("syl" if accented else "fold", texts, _PAIR))
    nodes += [Term("cmp", compound, FIELD["cmp"].weight) for compound in _compounds(words)]
    nodes += [
        Term("heading", word.text, FIELD["heading"].weight)
        if word.accented
        else Term("subject", word.folded, FIELD["subject"].weight)
        for word in dict.fromkeys(words)
    ]
    nodes += [*(worth(each) for each in query.hints), *signers(words)]
    if is_question(query):
        return tuple(nodes)
    # A question has words enough to tell documents that are alike apart.
    pairs = dict.fromkeys(f"{one.folded}_{other.folded}" for one, other in pairwise(words))
    nodes += [Term("couples", pair, FIELD["couples"].weight) for pair in pairs]
    return (*nodes, *about(words), *newest())


def _compounds(words: tuple[WordTerm, ...]) -> Iterator[str]:
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
        case WordTerm():
            return word_node(clause, accented=clause.accented and not broad)
        case Phrase(words):
            return adjacent(words, broad=broad)
        case Prefix(word):
            return Starts("syl", word.text) if word.accented and not broad else Starts("fold", word.folded)
        case NumberTerm(key, parts, words, own):
            return Term("keys", key) if own and key is not None else _number(key, parts, words)
        case Understood():
            return titled(clause)
        case Same():
            return _same(clause, broad=broad)
        case FirstDigits(word):
            return begun(word.folded)
        case InField(field, words):
            return every([Term(field, word.folded) for word in words])
        case CitesTerm(key):
            return Term("cites", key)
        case InFile(key):
            return Term("file", key)
        case Having(field, values):
            return every([Term(field, value) for value in values])
        case Signed(states):
            return Some(tuple(Term("keys", f"{SIGNED}{state}") for state in states))
        case InEffect(state, day):
            return _effect(state, day or today())
        case AnyOf(options):
            return Some(tuple(_node(option, broad=broad) for option in options))


def _loosely(clause: Clause, *, broad: bool) -> Node:
    """A clause with words for values as well."""
    return loose_value(clause, broad=broad) or _node(clause, broad=broad)


def _same(clause: Same, *, broad: bool) -> Node:
    words = [word_node(word, accented=word.accented and not broad) for word in clause.words]
    return Some((every([*words]), *(adjacent(form, broad=broad, boost=_OTHER) for form in clause.others)))


def _effect(state: State, day: str) -> Node:
    """Documents in a state on a day: entries have the days on which it changes
    (corpus.citations.effect.state_on).
    """
    after = (datetime.date.fromisoformat(day) + datetime.timedelta(days=1)).isoformat()
    not_over, parted = Within("over", after), Within("partly", None, day)
    match state:
        case "ended":
            return Within("over", None, day)
        case "coming":
            return Every((Within("since", after), not_over))
        case "partly":
            return Every((parted, not_over))
        case "in_force":
            # A document that is ended in part is in force for the rest.
            return Every((Some((Within("since", None, day), parted)), not_over))


def _number(key: str | None, parts: tuple[str, ...], words: tuple[WordTerm, ...]) -> Node:
    if key is None:
        return every([Term("number", part) for part in parts])
    spelled = [Adjacent("fold", tuple(word.folded for word in words))] if len(words) > 1 else []
    return Some((Term("keys", key), Term("mentions", key), *spelled))
