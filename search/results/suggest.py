"""Completions of a search box: numbers, bodies, people and subjects with the words typed so far."""

from __future__ import annotations

from itertools import chain

from sqlalchemy import select

from corpus.database.models import Document
from corpus.database.store import Store
from search.engines.base import EVERYONE, Answering, Every, Node, Plan, Starts, Term
from search.index.entries import INDEXED
from search.query import vocabulary
from search.query.clauses import FirstDigits, Understood
from search.query.understanding import understood
from search.query.value_nodes import every, firm
from search.results import finder
from search.tokens import Syllables, syllables

_LOOKED_AT = 40
"""Hits whose values are offered."""
_SHORTEST = 2
"""Letters typed from which on something is offered."""
_OF_ONE_KIND = 3
"""Bodies, people and subjects each that are offered before more of the same kind."""


def complete(
    store: Store, text: str, *, limit: int = 8, viewer: tuple[str, ...] | None = (EVERYONE,)
) -> list[str]:
    """Numbers, then bodies, people (known signers) and subjects that have the words typed, the last of them as a
    prefix; only of documents that the reader may see. Raises Problem("index_unusable").

    A body is completed from its symbol too (`syt`), a number from its type (`quyết định 50`).
    """
    typed = syllables(text[:200])
    if sum(map(len, typed.folded)) < _SHORTEST:
        return []
    offered = finder.asked(store, viewer, lambda engine: _completions(store, engine, text[:200], typed, viewer))
    found = list(dict.fromkeys(value for values in offered for value in values))
    as_typed = {value for value in found if _holds(value, typed.accented)}
    named = set(offered[0]) | set(offered[1] if _long_name(typed.folded) else ())
    if as_typed:
        offered = [[value for value in values if value in as_typed | named] for values in offered]
    numbers, *others = offered
    first = chain(numbers, *(values[:_OF_ONE_KIND] for values in others))
    return list(dict.fromkeys(chain(first, *(values[_OF_ONE_KIND:] for values in others))))[:limit]


def _completions(
    store: Store, engine: Answering, text: str, typed: Syllables, viewer: tuple[str, ...] | None
) -> list[list[str]]:
    """Numbers, bodies, people and subjects, each the likeliest first."""
    words = typed.folded

    def plan(node: Node) -> Plan:
        return Plan(node, groups=viewer)

    bodies: list[str] = []
    for name in dict.fromkeys(filter(None, (words, _long_name(words)))):
        bodies += engine.search(plan(_prefix_node("issuer", name)), limit=0).facets.get("issuer", {})
    people = _values(store, engine, plan(_prefix_node("signer", words)), "signer")
    return [
        _numbers(store, engine, text, words, viewer),
        list(dict.fromkeys(bodies)),
        sorted(dict.fromkeys(people), key=people.count, reverse=True),
        _values(store, engine, plan(_prefix_node("subject", words)), "subject"),
    ]


def _numbers(
    store: Store, engine: Answering, text: str, words: tuple[str, ...], viewer: tuple[str, ...] | None
) -> list[str]:
    """Numbers that have the words typed; behind a type, a body or a year those of their documents."""
    if not any(word[0].isdigit() for word in words):
        return []
    found = _values(store, engine, Plan(_prefix_node("number", words), groups=viewer), "number")
    found.sort(key=lambda number: (_place(number, words), len(number), number))
    clauses = understood(text).must
    digits = [clause.word.folded for clause in clauses if isinstance(clause, FirstDigits)]
    if (
        len(digits) == 1
        and len(clauses) > 1
        and all(isinstance(each, Understood | FirstDigits) for each in clauses)
    ):
        values = [firm(clause) for clause in clauses if isinstance(clause, Understood)]
        meant = _values(
            store, engine, Plan(every([*values, Starts("number", digits[0])]), groups=viewer), "number"
        )
        found += sorted(meant, key=lambda number: (_place(number, tuple(digits)), len(number), number))
    return found


def _long_name(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words with a body's symbol written out: `syt kien` → `so y te kien`; empty if they have none in front."""
    key = vocabulary.longest(vocabulary.bodies(), words, 0)
    return () if key is None or len(key) > 1 else (*vocabulary.bodies()[key].value, *words[1:])


def _prefix_node(field: str, words: tuple[str, ...]) -> Node:
    *whole, last = words
    return Every((*(Term(field, word) for word in whole), Starts(field, last)))


def _values(store: Store, engine: Answering, plan: Plan, name: str) -> list[str]:
    ids = [id for id, _ in engine.search(plan, limit=_LOOKED_AT).top]
    column = getattr(Document, name)
    with store.db.reading() as session:
        rows = session.execute(
            select(Document.id, column).where(Document.id.in_(ids), (Document.status + "").in_(INDEXED))
        ).all()
    values: dict[int, str] = {row[0]: row[1] for row in rows}
    return [values[id] for id in ids if values.get(id)]


def _holds(value: str, typed: tuple[str, ...]) -> bool:
    """True if a value has the words with the accents as typed; words typed without accents match any."""
    *whole, last = typed
    found = syllables(value)
    held = {*found.accented, *found.folded}
    return held.issuperset(whole) and any(form.startswith(last) for form in held)


def _place(number: str, words: tuple[str, ...]) -> bool:
    """False if a number begins with the words typed, so that it sorts before those that have them further on."""
    return not " ".join(syllables(number).folded).startswith(" ".join(words))
