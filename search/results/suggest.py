"""What a search box offers while somebody types: numbers, issuers and subjects that the words begin."""

from __future__ import annotations

from sqlalchemy import select

from corpus.database.models import Document
from corpus.database.store import Store
from search.engines.base import EVERYONE, Answering, Every, Node, Plan, Starts, Term
from search.index.entries import INDEXED
from search.results import finder
from search.tokens import syllables

_LOOKED_AT = 40
_SHORTEST = 2


def complete(
    store: Store, text: str, *, limit: int = 8, viewer: tuple[str, ...] | None = (EVERYONE,)
) -> list[str]:
    """Numbers, then issuers, then subjects that hold the words typed and one that begins as the last; no more than
    the reader may see. Raises Problem("index_unusable").
    """
    typed = syllables(text[:200])
    if sum(map(len, typed.folded)) < _SHORTEST:
        return []
    found = dict.fromkeys(finder.asked(store, viewer, lambda engine: _found(store, engine, typed.folded, viewer)))
    as_typed = [value for value in found if _holds(value, typed.accented)]
    return (as_typed or list(found))[:limit]


def _found(store: Store, engine: Answering, words: tuple[str, ...], viewer: tuple[str, ...] | None) -> list[str]:
    offered: list[str] = []
    if any(word[0].isdigit() for word in words):
        numbers = _values(store, engine, Plan(_begun("number", words), groups=viewer), "number")
        offered += sorted(numbers, key=lambda number: (_place(number, words), len(number), number))
    issuers = engine.search(Plan(_begun("issuer", words), groups=viewer), limit=0).facets.get("issuer", {})
    offered += issuers
    return offered + _values(store, engine, Plan(_begun("subject", words), groups=viewer), "subject")


def _begun(field: str, words: tuple[str, ...]) -> Node:
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
    """Whether a value bears the accents that were typed; what was typed without any may bear all."""
    *whole, last = typed
    found = syllables(value)
    held = {*found.accented, *found.folded}
    return held.issuperset(whole) and any(form.startswith(last) for form in held)


def _place(number: str, words: tuple[str, ...]) -> bool:
    """Numbers that begin as typed stand before those that hold it further on."""
    return not " ".join(syllables(number).folded).startswith(" ".join(words))
