"""Search for pages and commands: hits with snippets, facets, boxes of hits on the page images."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, select

from corpus.access.groups import seen_by
from corpus.cataloguing import own_fields
from corpus.citations.effect import State, days_of, state_on
from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.document import Box
from corpus.errors import Problem
from corpus.json_shapes import unpack_words
from corpus.numbering.typed_days import today
from corpus.vietnamese.fold import fold
from search.engines.base import (
    EVERYONE,
    Answer,
    Answering,
    BrokenIndex,
    Engine,
    Plan,
    Sort,
)
from search.engines.fields import PREFIXES
from search.index import current, indexer, visibility
from search.index.entries import INDEXED
from search.index.visibility import groups_of
from search.query import planning
from search.query.clauses import Query, Understood
from search.query.negation import has_negations, left_out, with_whole_negations
from search.query.strategy import MOST_MISSING, Answered, answer_query, without_accents
from search.query.typed_keys import has_typed_keys, with_letters
from search.query.understanding import understood
from search.query.value_nodes import signed_by
from search.results import snippets
from search.tokens import syllables

Json = dict[str, Any]

Reply = TypeVar("Reply")

MOST = 1000
"""Most hits of one window."""
_MANY_ALIKE = 4
"""Hits with nearly one subject from which on they are many."""
_NEAR = 0.75
"""Share of the words of two subjects that both have, from which on the two are nearly the same."""
_LOOKED_AT = 12_000
"""Characters of a good hit from which its topic is taken."""
_SMALL_STORE = 500
"""Documents up to which a missing index is built while the reader waits; a larger one is the worker's."""


_NAMED = re.compile(r"([^\W_]+):")
"""A name before a colon, which may be that of a field."""
_FOR_PAGES = ("status", "urgency", "effect", "missing")
"""Attributes of a hit that the contract's shape does not have."""
_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SHOWN = select(
    Document.id,
    Document.number,
    Document.date,
    Document.doc_type,
    Document.issuer,
    Document.subject,
    Document.name,
    Document.status,
    Document.urgency,
).where(Document.id.in_(_IDS), (Document.status + "").in_(INDEXED))
_PAGES = (
    select(PageText.document_id, PageText.number, PageText.text)
    .where(PageText.document_id.in_(_IDS))
    .order_by(PageText.document_id, PageText.number)
)
"""Built once: building takes longer than running them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document with the stretch of its text that explains it;
    `snippet` is HTML, escaped but for `<mark>`.
    """

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    file: str
    status: str
    urgency: str | None
    score: float
    snippet: str
    page: int | None
    effect: State | None = None
    """Its state on the day that the query asks about (`hieuluc:`), or today where that is wanted;
    None if nothing is known.
    """
    missing: tuple[str, ...] = ()
    """Words of the query that its text lacks, where most of them were enough."""

    def to_json(self) -> Json:
        """The hit in the contract's shape; `effect` only if there is one."""
        told = {name: getattr(self, name) for name in self.__slots__ if name not in _FOR_PAGES}
        return told | {"score": round(self.score, 4)} | ({"effect": self.effect} if self.effect else {})


@dataclass(frozen=True, slots=True)
class Results:
    """A window of the documents found, with the count and facets of all of them."""

    total: int
    took_ms: float
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    recipients: dict[str, int] = field(default_factory=dict)
    suggestion: str | None = None
    meant: tuple[Understood, ...] = ()
    """Values of the record that words were taken for."""
    having: int | None = None
    complete: int | None = None
    other_accents: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """Departures of the answer from what was typed (search.query.strategy.Answered)."""
    left_out: tuple[str, ...] = ()
    """Negated words and phrases, which no document found has."""
    read_as: str | None = None
    """The question in letters, if some of its words were typed by keys (search.query.typed_keys)."""

    @property
    def alike(self) -> int:
        """Number of hits in this window whose subjects are nearly the same, if they are many; else 0.

        Subjects of the same words but for one in eight differ in a year, a place or a name.
        """
        subjects = [frozenset(syllables(hit.subject).folded) for hit in self.hits if hit.subject]
        most = max((sum(_are_near(one, other) for other in subjects) for one in subjects), default=0)
        return most if most >= _MANY_ALIKE else 0

    def to_json(self) -> Json:
        """The result as the API gives it."""
        return {
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "hits": [hit.to_json() for hit in self.hits],
            "facets": self.facets,
            "suggestion": self.suggestion,
        }


def _are_near(one: frozenset[str], other: frozenset[str]) -> bool:
    return len(one & other) >= _NEAR * len(one | other)


def find(
    store: Store,
    text: str,
    *,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "relevance",
    viewer: tuple[str, ...] | None = (EVERYONE,),
    filters: dict[str, str] | None = None,
    snippet: bool = True,
    effects: bool = False,
) -> Results:
    """Documents that answer a query, best first; their texts are not read without `snippet`.

    viewer: the groups whose documents the reader may see; None: all documents. filters: facet → value, as a click
    on a facet adds it (`doc_type`, `issuer`, `year`, `tag`, `recipient`).
    effects: with each hit's effect today. Raises Problem("index_unusable").
    """
    began = time.perf_counter()
    query, read_as = _understood(store, text, viewer)
    view = planning.SearchOptions(viewer, tuple((filters or {}).items()), sort)
    if query.is_empty and not view.facets:
        usable(store)
        return Results(0, (time.perf_counter() - began) * 1000)
    limit, offset = max(0, min(limit, MOST)), max(0, offset)
    said = partial(_first_syllables, store)
    found = asked(store, viewer, lambda engine: answer_query(engine, query, view, limit, offset, said))
    shown = hits(store, found.answer, _targets(found) if snippet else None)
    if snippet and found.complete is not None:
        shown = _with_missing(store, shown, found.query)
    if (effect := query.effect) is not None or effects:
        shown = _with_effect(store, shown, (effect and effect.day) or today(), viewer)
    facets = {name: found.answer.facets.get(name, {}) for name in ("doc_type", "issuer", "year")}
    facets |= {"tag": tags} if (tags := found.answer.facets.get("tag")) else {}
    recipients = found.answer.facets.get("recipient", {})
    took = (time.perf_counter() - began) * 1000
    return Results(
        found.answer.total,
        took,
        shown,
        facets,
        recipients,
        found.suggestion,
        query.meant,
        found.having,
        found.complete,
        found.other_accents,
        found.unknown,
        left_out(query),
        read_as,
    )


def _understood(store: Store, text: str, viewer: visibility.Viewer) -> tuple[Query, str | None]:
    """The query with its keys as letters and its negated compounds whole, which takes the index;
    and the question in letters if it had keys.
    """
    typed = text
    if has_typed_keys(text):
        text = asked(store, viewer, lambda engine: with_letters(engine, typed))
    read = text
    if has_negations(text):
        text = asked(store, viewer, lambda engine: with_whole_negations(engine, read, viewer))
    kinds = _own_kinds(store, text)
    return understood(text, kinds, _signers(store, viewer)), read if read != typed else None


def _signers(store: Store, viewer: visibility.Viewer) -> Callable[[tuple[str, ...]], bool]:
    """True for a name (folded words) by which somebody signed a document that the viewer may see."""
    among: dict[str, bool] = {}

    def have_signed(name: tuple[str, ...]) -> bool:
        if unknown := [word for word in name if word not in among]:
            # Nearly all words are no signer's: that is known without asking what the viewer may see.
            held = usable(store)[1].frequencies("signer", unknown)
            among.update({word: word in held for word in unknown})
        if not all(among[word] for word in name):
            return False
        plan = Plan(signed_by(name), groups=viewer)
        return asked(store, viewer, lambda engine: engine.search(plan, limit=0).total > 0)

    return have_signed


def _own_kinds(store: Store, text: str) -> dict[str, str]:
    """The office's own fields, if the text may name one: looking them up takes half a millisecond."""
    named = (fold(match[1]) for match in _NAMED.finditer(text))
    return own_kinds(store) if any(name not in PREFIXES for name in named) else {}


def own_kinds(store: Store) -> dict[str, str]:
    """Slug → kind of the office's own fields, by which its documents can be searched."""
    with store.db.reading() as session:
        return {row.slug: row.kind for row in own_fields.in_use(session)}


def _targets(found: Answered) -> snippets.Targets:
    return snippets.targets(found.query, as_typed=not found.other_accents)


def _with_missing(store: Store, found: tuple[Hit, ...], query: Query) -> tuple[Hit, ...]:
    """The hits with the words of a query that each lacks, as typed; none for a long question."""
    words = list(dict.fromkeys(query.words))
    if len(words) > MOST_MISSING:
        return found
    texts: dict[int, list[str]] = {
        hit.id: [hit.number or "", hit.subject or "", hit.issuer or ""] for hit in found
    }
    with store.db.reading() as session:
        for document_id, _, page in session.execute(_PAGES, {"ids": list(texts)}):
            texts[document_id].append(page)
    held = {id: frozenset(syllables("\n".join(parts)).folded) for id, parts in texts.items()}
    return tuple(
        replace(hit, missing=tuple(word.text for word in words if word.folded not in held[hit.id]))
        for hit in found
    )


def _with_effect(store: Store, found: tuple[Hit, ...], day: str, viewer: visibility.Viewer) -> tuple[Hit, ...]:
    """The hits with their state of effect on a day, as far as this viewer may know."""
    with store.db.reading() as session:
        documents = session.scalars(select(Document).where(Document.id.in_([hit.id for hit in found]))).all()
        theirs = groups_of(viewer)
        days = days_of(session, documents, seen_by(None if theirs is None else tuple(theirs)))
    return tuple(replace(hit, effect=state_on(days[hit.id], day)) if hit.id in days else hit for hit in found)


def _first_syllables(store: Store, documents: Sequence[int]) -> list[Sequence[str]]:
    """The accented syllables at the beginning of each document's text."""
    pages: dict[int, list[str]] = {id: [] for id in documents}
    with store.db.reading() as session:
        for document_id, _, page in session.execute(_PAGES, {"ids": list(documents)}):
            pages[document_id].append(page)
    return [syllables("\n".join(texts)[:_LOOKED_AT]).accented for texts in pages.values()]


def hit_boxes(store: Store, document_id: int, text: str) -> list[tuple[int, list[Box]]]:
    """Boxes of a query's words on the page images of a document: (page, boxes) for each page that has some; in
    other accents if none has them as typed.
    """
    try:
        query, _ = _understood(store, text, (EVERYONE,))
    except Problem:
        # Marks must not fail for lack of an index.
        query = understood(text, _own_kinds(store, text))
    return _boxes_of(store, document_id, snippets.targets(query)) or _boxes_of(
        store, document_id, snippets.targets(without_accents(query))
    )


def _boxes_of(store: Store, document_id: int, wanted: snippets.Targets) -> list[tuple[int, list[Box]]]:
    found = []
    with store.db.reading() as session:
        pages = session.scalars(
            select(PageText).where(PageText.document_id == document_id).order_by(PageText.number)
        )
        for page in pages:
            marked = snippets.ranges(page.text, wanted)
            boxes = _boxes(page, marked) if marked else []
            if boxes:
                found.append((page.number, boxes))
    return found


def _boxes(page: PageText, marked: list[tuple[int, int]]) -> list[Box]:
    boxes = []
    at = 0
    for word in unpack_words(page.words):
        while at < len(marked) and marked[at][1] <= word.start:
            at += 1
        if at < len(marked) and marked[at][0] < word.end:
            boxes.append(word.box)
    return boxes


def asked(store: Store, viewer: visibility.Viewer, ask: Callable[[Answering], Reply]) -> Reply:
    """The index's reply to this viewer. A damaged index is taken out of force and,
    in a small store, rebuilt at once.

    Raises Problem("index_unusable") if there is no index to ask.
    """
    try:
        return ask(_view(store, viewer))
    except BrokenIndex:
        current.mark_index_corrupt(store)
    return ask(_view(store, viewer))


def _view(store: Store, viewer: visibility.Viewer) -> Answering:
    live, engine = usable(store)
    return visibility.engine_for(store, engine, live.key, viewer)


def usable(store: Store) -> tuple[current.Live, Engine]:
    """The index in force with its pointer.

    Raises Problem("index_unusable") while the worker is building it, and that of a cluster that can't be asked.
    """
    found = current.in_force(store)
    if found is None and current.documents(store) <= _SMALL_STORE:
        indexer.sync(store, wait=5.0)
        found = current.in_force(store)
    if found is None:
        raise Problem("index_unusable")
    return found


def hits(store: Store, answer: Answer, wanted: snippets.Targets | None) -> tuple[Hit, ...]:
    """The documents of an answer as they are shown, each with its best stretch of text."""
    ids = [id for id, _ in answer.top]
    with store.db.reading() as session:
        reading = session.connection()
        rows = {row[0]: row for row in reading.execute(_SHOWN, {"ids": ids})}
        pages: dict[int, list[tuple[int, str]]] = {}
        for document_id, number, page in reading.execute(_PAGES, {"ids": ids}) if wanted is not None else ():
            pages.setdefault(document_id, []).append((number, page))
    found = []
    for id, score in answer.top:
        if id in rows:
            shown = snippets.NONE if wanted is None else snippets.snippet(pages.get(id, []), wanted)
            found.append(Hit(*rows[id], score=score, snippet=shown.html, page=shown.page))
    return tuple(found)
