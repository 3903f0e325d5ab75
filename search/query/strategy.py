"""Answering of a query step by step: as typed, values as words, other accents, a letter corrected, most words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.engines.base import Answer, Answering, Plan, Term
from search.query import planning, relevance_feedback, spelling
from search.query.clauses import Clause, FirstDigits, Query, Same, Understood, WordTerm
from search.query.planning import FEW, SearchOptions
from search.query.relevance_feedback import Said
from search.query.understanding import understood, without_fillers

_SCARCE = 3
"""Hits with all words of a longer query below which those with most of them follow."""
MOST_MISSING = 12
"""Words of a query up to which those are named that were let go."""
_TURNED = 6
"""Words that are tried in other accents, each alone."""
_LET_GO = 7
"""Words and values of a query up to which one is let go."""
_LOOSE = (WordTerm, Understood, Same, FirstDigits)
"""Clauses of words that nobody bound to a field, a phrase or a number."""
_LONGER = 5
"""Words from which on a query is longer."""


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer, the query that it answers (after correction), and how it departs from what was typed."""

    answer: Answer
    query: Query
    suggestion: str | None = None
    having: int | None = None
    """Documents that have in their record what words were taken for, if others were found too; else None."""
    complete: int | None = None
    """Documents that have all words, when those with most of them follow; None if none follow."""
    other_accents: tuple[str, ...] = ()
    """Words as typed that are found in other accents only."""
    unknown: tuple[str, ...] = ()
    """Words that no document has, where they were let go."""


def answer_query(
    engine: Answering, query: Query, view: SearchOptions, limit: int, offset: int, said: Said
) -> Answered:
    """The answer of the first step that finds enough, else of the one that finds most.

    `said`: the words of documents, by which those like the best answers of a question are put before the rest.
    """
    if planning.is_question(query):
        return _to_question(engine, query, view, limit, offset, said)
    found = Answered(engine.search(planning.exact(query, view), limit=limit, offset=offset), query)
    # Among papers that have all words, those that join others tell some apart; between values they say nothing.
    fewer = without_fillers(query)
    if fewer != query and (not found.answer.total or _are_values(fewer)):
        wider = engine.search(planning.exact(fewer, view), limit=limit, offset=offset)
        found = Answered(wider, fewer) if wider.total >= found.answer.total else found
    found = replace(found, having=_fulfilling(engine, found, view))
    if found.answer.total >= FEW:
        return found
    found = _with_words_for_values(engine, found, view, limit, offset)
    if not found.answer.total:
        found = _in_other_accents(engine, found, view, limit, offset)
    # A document that is found has every word: there is none to correct.
    if not found.answer.total:
        found = _with_corrections(engine, found, view, limit, offset)
    if not found.answer.total:
        found = _without_one(engine, found, view, limit, offset)
    if not found.answer.total:
        found = _in_any_accents(engine, found, view, limit, offset)
    longer = len(found.query.words) >= _LONGER
    if not found.answer.total or (longer and found.answer.total < _SCARCE):
        return _most(engine, found, view, limit, offset)
    return found


def _are_values(query: Query) -> bool:
    """True if all clauses are values that words were taken for."""
    return all(isinstance(clause, Understood) for clause in query.must)


def _fulfilling(engine: Answering, found: Answered, view: SearchOptions) -> int | None:
    """Number of documents that have the values in their record, if some of those found have them by name in their
    subject only; None if all have them.
    """
    if not found.answer.total or not any(isinstance(clause, Understood) for clause in found.query.must):
        return None
    having = engine.search(planning.fulfilled(found.query, view), limit=0).total
    return having if having < found.answer.total else None


def _with_words_for_values(
    engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int
) -> Answered:
    """Documents that only have the words follow those with the values, if those are few."""
    if not any(isinstance(clause, Understood | FirstDigits) for clause in found.query.must):
        return found
    # By date they would mix.
    if found.answer.total and view.sort != "relevance":
        return found
    wider = engine.search(planning.loose(found.query, view), limit=limit, offset=offset)
    if wider.total <= found.answer.total:
        return found
    return replace(found, answer=wider, having=found.answer.total if found.having is None else found.having)


def _in_other_accents(
    engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int
) -> Answered:
    """Words in other accents: those that no document has as typed; if there are none, one of the words."""
    accented = list(dict.fromkeys(word for word in found.query.words if word.accented))[:_TURNED]
    if not accented:
        return found
    held = engine.frequencies("syl", [word.text for word in accented])
    missing = [word for word in accented if word.text not in held]
    if len(missing) == len(accented):
        return _in_any_accents(engine, found, view, limit, offset)
    best = found
    for bare in [missing] if missing else [[word] for word in accented]:
        query = _drop_accents(found.query, frozenset(bare))
        plan = planning.turned(query, bare[0], view) if len(bare) == 1 else planning.loose(query, view)
        wider = engine.search(plan, limit=limit, offset=offset)
        if wider.total > best.answer.total:
            texts = tuple(word.text for word in bare)
            best = replace(found, answer=wider, query=query, having=None, other_accents=texts)
    return best


def _in_any_accents(engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int) -> Answered:
    """All words in any accents: what is found may have none of them as typed."""
    accented = tuple(dict.fromkeys(word for word in found.query.words if word.accented))
    if not accented:
        return found
    query = _drop_accents(found.query, frozenset(accented))
    wider = engine.search(planning.broad(query, view), limit=limit, offset=offset)
    if not wider.total:
        return found
    texts = tuple(word.text for word in accented)
    return replace(found, answer=wider, query=query, having=None, other_accents=texts)


def _without_one(engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int) -> Answered:
    """Documents that lack what none has, or else one of the words or values; all are weighed.

    What was asked for by a field's name, in quotation marks or as a number stays: only loose words and what they
    were taken for are let go.
    """
    must = found.query.must
    free = [clause for clause in must if isinstance(clause, _LOOSE)]
    if len(free) < 2 or len(must) > _LET_GO:
        return found
    alone = {clause: planning.loose(replace(found.query, must=(clause,)), view) for clause in free}
    unheld = {clause for clause in free if not engine.search(alone[clause], limit=0).total}
    held = [clause for clause in free if clause not in unheld]
    if not held or (len(held) == 1 and isinstance(held[0], WordTerm)):
        # One syllable of a word says nothing of it.
        return found
    fewer = replace(found.query, must=tuple(clause for clause in must if clause not in unheld))
    wider = engine.search(planning.loose(fewer, view), limit=limit, offset=offset) if unheld else None
    if (wider is None or not wider.total) and len(free) == len(must) and _may_lack_one(held):
        wider = engine.search(planning.but_one(fewer, view), limit=limit, offset=offset)
    if wider is None or not wider.total:
        return found
    unknown = _unknown(engine, found.query, view)
    return replace(found, answer=wider, complete=0, having=None, unknown=unknown)


def _may_lack_one(held: Sequence[Clause]) -> bool:
    """True if what is left without any one of them still says something: a value, or two syllables of three."""
    return len(held) > (2 if all(isinstance(clause, WordTerm) for clause in held) else 1)


def without_accents(query: Query) -> Query:
    """The query with all of its words without their accents."""
    return _drop_accents(query, frozenset(word for word in query.words))


def _drop_accents(query: Query, words: frozenset[WordTerm]) -> Query:
    """The query with some words without their accents."""

    def bare(word: WordTerm) -> WordTerm:
        return WordTerm(word.folded, word.folded) if word in words else word

    must: list[Clause] = []
    for clause in query.must:
        match clause:
            case WordTerm():
                must.append(bare(clause))
            case Same() | Understood():
                must.append(replace(clause, words=tuple(map(bare, clause.words))))
            case _:
                must.append(clause)
    return replace(query, must=tuple(must))


def _to_question(
    engine: Answering, query: Query, view: SearchOptions, limit: int, offset: int, said: Said
) -> Answered:
    """Answer a question: most of its words are required as soon as all of them find few documents."""
    plan = planning.exact(query, view)
    found = engine.search(plan, limit=relevance_feedback.BEST)
    complete: int | None = None
    relaxed = planning.relaxed(query, view) if found.total < FEW else None
    if relaxed is not None:
        wider = engine.search(relaxed, limit=relevance_feedback.BEST)
        if wider.total > found.total:
            plan, found, complete = relaxed, wider, found.total
    if view.sort == "relevance":
        asked = [word.text for word in query.words]
        plan = replace(plan, should=(*plan.should, *relevance_feedback.alike(engine, found.top, asked, said)))
    answer = engine.search(plan, limit=limit, offset=offset)
    few = len(query.words) <= MOST_MISSING and complete is not None
    return Answered(answer, query, complete=complete, unknown=_unknown(engine, query, view) if few else ())


def _with_corrections(
    engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int
) -> Answered:
    """Answer the query with words that no document has replaced by their corrections."""
    query = found.query
    known = spelling.corrections(engine, query, view.groups)
    if not known:
        return found
    suggestion = spelling.suggestion(query.text, known)
    promised = engine.search(planning.broad(understood(suggestion), view), limit=0).total
    tolerant = spelling.tolerant(query, known)
    if tolerant is not None:
        wider = engine.search(planning.broad(tolerant, view), limit=limit, offset=offset)
        if wider.total:
            found = replace(found, answer=wider, query=tolerant)
    return replace(found, suggestion=suggestion if promised else None)


def _most(engine: Answering, found: Answered, view: SearchOptions, limit: int, offset: int) -> Answered:
    """Documents with most of the words follow those with all."""
    plan = planning.relaxed(found.query, view)
    if plan is None:
        return found
    complete = found.answer.total
    if complete:
        if view.sort != "relevance":
            return found
        every = planning.loose(found.query, view).must
        plan = replace(plan, first=(*plan.first, *(() if every is None else (every,))))
    wider = engine.search(plan, limit=limit, offset=offset)
    if wider.total <= complete:
        return found
    unknown = _unknown(engine, found.query, view)
    return replace(found, answer=wider, complete=complete, having=None, unknown=unknown)


def _unknown(engine: Answering, query: Query, view: SearchOptions) -> tuple[str, ...]:
    """The words that no document has, as typed."""
    return tuple(word.text for word in dict.fromkeys(query.words) if not _occurs(engine, word, view))


def _occurs(engine: Answering, word: WordTerm, view: SearchOptions) -> bool:
    node = Term("syl", word.text) if word.accented else Term("fold", word.folded)
    return engine.search(Plan(node, groups=view.groups), limit=0).total > 0
