"""How a query is answered, step by step: as typed, in other accents, with a letter mended, by most of its words."""

from __future__ import annotations

from dataclasses import dataclass, replace

from search.engines.base import Answer, Answering
from search.query import planning, relevance_feedback, spelling
from search.query.language import Query, parse
from search.query.planning import FEW, View
from search.query.relevance_feedback import Said


@dataclass(frozen=True, slots=True)
class Found:
    """An answer, the query that it answers (letters mended), and what may have been meant."""

    answer: Answer
    query: Query
    suggestion: str | None = None


def answered(engine: Answering, query: Query, view: View, limit: int, offset: int, said: Said) -> Found:
    """The answer of the first step that finds enough, else of the one that finds most.

    said: the words of documents, by which what is like the best answers of a question is put before the rest.
    """
    if planning.is_question(query):
        return Found(_to_question(engine, query, view, limit, offset, said), query)
    answer = engine.search(planning.exact(query, view), limit=limit, offset=offset)
    if answer.total >= FEW:
        return Found(answer, query)
    wider = engine.search(planning.broad(query, view), limit=limit, offset=offset)
    answer = wider if wider.total > answer.total else answer
    if answer.total >= FEW:
        return Found(answer, query)
    # A document that is found holds every word: there is none to be mended.
    found = Found(answer, query) if answer.total else _mended(engine, query, view, limit, offset, answer)
    if found.answer.total:
        return found
    return Found(_most(engine, query, view, limit, offset, answer), query, found.suggestion)


def _to_question(engine: Answering, query: Query, view: View, limit: int, offset: int, said: Said) -> Answer:
    """A question need not be found whole: most of its words are asked for as soon as all of them find few."""
    plan = planning.exact(query, view)
    found = engine.search(plan, limit=relevance_feedback.BEST)
    relaxed = planning.relaxed(query, view) if found.total < FEW else None
    if relaxed is not None:
        wider = engine.search(relaxed, limit=relevance_feedback.BEST)
        plan, found = (relaxed, wider) if wider.total > found.total else (plan, found)
    if view.sort == "relevance":
        asked = [word.text for word in query.words]
        plan = replace(plan, should=(*plan.should, *relevance_feedback.alike(engine, found.top, asked, said)))
    return engine.search(plan, limit=limit, offset=offset)


def _mended(engine: Answering, query: Query, view: View, limit: int, offset: int, answer: Answer) -> Found:
    """With words that no document holds replaced by what they may mean."""
    known = spelling.corrections(engine, query, view.groups)
    if not known:
        return Found(answer, query)
    suggestion = spelling.suggestion(query.text, known)
    promised = engine.search(planning.broad(parse(suggestion), view), limit=0).total
    tolerant = spelling.tolerant(query, known)
    if tolerant is not None:
        wider = engine.search(planning.broad(tolerant, view), limit=limit, offset=offset)
        if wider.total > answer.total:
            answer, query = wider, tolerant
    return Found(answer, query, suggestion if promised else None)


def _most(engine: Answering, query: Query, view: View, limit: int, offset: int, answer: Answer) -> Answer:
    plan = planning.relaxed(query, view)
    wider = answer if plan is None else engine.search(plan, limit=limit, offset=offset)
    return wider if wider.total > answer.total else answer
