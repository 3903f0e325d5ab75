"""Documents like one document: those that share its rarest words and what it cites."""

from __future__ import annotations

import math
from collections import Counter

from sqlalchemy import select

from corpus.database.models import CitationRow, Document, PageText
from corpus.database.store import Store
from corpus.errors import Problem
from search.engines.base import EVERYONE, Answer, Answering, Plan, Some, Term
from search.index.entries import match_key
from search.query.language import parse
from search.results import finder, snippets
from search.tokens import syllables

_TERMS = 24
"""Words and cited numbers, at most, by which documents are compared: the weightiest words of the document."""
_AT_LEAST = 0.3
"""Share of these words that another document must have."""
_MOST_TIMES = 3
"""Occurrences of a word in the document that count at most."""
_SUBJECT = 2
"""Occurrences that a word of the subject counts more."""
_CITES = 3.0
"""Weight of a number that both documents cite."""
_LONGEST = 20_000
"""Characters of a document that are read."""


def similar(
    store: Store, document_id: int, *, limit: int = 10, viewer: tuple[str, ...] | None = (EVERYONE,)
) -> tuple[finder.Hit, ...]:
    """The documents most like this one, itself left out. Raises Problem("not_found") and
    Problem("index_unusable").
    """
    with store.db.reading() as session:
        document = session.get(Document, document_id)
        if document is None:
            raise Problem("not_found", what=document_id)
        pages = session.scalars(select(PageText.text).where(PageText.document_id == document_id)).all()
        cited = session.scalars(
            select(CitationRow.number).where(
                CitationRow.document_id == document_id, CitationRow.status != "removed"
            )
        ).all()
    words = Counter(syllables("\n".join(pages)[:_LONGEST]).accented)
    for word in syllables(document.subject or "").accented:
        words[word] += _SUBJECT
    keys = tuple(dict.fromkeys(key for number in cited if number and (key := match_key(number))))
    answer = finder.asked(store, viewer, lambda engine: _like(engine, words, keys, limit + 1, viewer))
    top = tuple(hit for hit in answer.top if hit[0] != document_id)[:limit]
    return finder.hits(store, Answer(len(top), top), snippets.targets(parse("")))


def _like(
    engine: Answering, words: Counter[str], keys: tuple[str, ...], limit: int, viewer: tuple[str, ...] | None
) -> Answer:
    held, count = engine.frequencies("syl", list(words)), max(1, engine.count())
    worth = {
        word: min(words[word], _MOST_TIMES) * math.log(1 + count / held[word])
        for word in words
        if held.get(word, 0) > 1 and not word.isdigit()
    }
    telling = sorted(worth, key=lambda word: (-worth[word], word))[:_TERMS]
    if not telling:
        return Answer(0, ())
    must = Some(tuple(Term("syl", word) for word in telling), max(1, math.ceil(_AT_LEAST * len(telling))))
    should = tuple(Term("cites", key, _CITES / 0.01) for key in keys[:_TERMS])
    return engine.search(Plan(must, should=should, groups=viewer), limit=limit)
