"""What pages and commands call to find documents: hits with snippets, facets, boxes of hits on the page images."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, select

from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.document import Box
from corpus.errors import Problem
from corpus.json_shapes import unpack_words
from search.engines.base import EVERYONE, Answer, Answering, BrokenIndex, Engine, Sort
from search.index import current, indexer, visibility
from search.index.entries import INDEXED
from search.query import planning
from search.query.language import parse
from search.query.strategy import answered
from search.results import snippets
from search.tokens import syllables

Json = dict[str, Any]

Reply = TypeVar("Reply")

MOST = 1000
"""Most hits of one window."""
_LOOKED_AT = 12_000
"""Characters of a good hit that tell what it is about."""
_SMALL_STORE = 500
"""A missing index of so few documents is built while the reader waits; a larger one is the worker's."""


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_SHOWN = select(
    Document.id,
    Document.number,
    Document.date,
    Document.doc_type,
    Document.issuer,
    Document.subject,
    Document.name,
).where(Document.id.in_(_IDS), (Document.status + "").in_(INDEXED))
_PAGES = (
    select(PageText.document_id, PageText.number, PageText.text)
    .where(PageText.document_id.in_(_IDS))
    .order_by(PageText.document_id, PageText.number)
)
"""Put together once: that takes longer than to ask them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One found document with the stretch of its text that shows why; `snippet` is HTML, escaped but for `<mark>`."""

    id: int
    number: str | None
    date: str | None
    doc_type: str | None
    issuer: str | None
    subject: str | None
    file: str
    score: float
    snippet: str
    page: int | None

    def to_json(self) -> Json:
        """The contract's hit."""
        return {name: getattr(self, name) for name in self.__slots__} | {"score": round(self.score, 4)}


@dataclass(frozen=True, slots=True)
class Results:
    """A window of what was found, with the count and facets of all of it."""

    total: int
    took_ms: float
    hits: tuple[Hit, ...] = ()
    facets: dict[str, dict[str, int]] = field(default_factory=dict)
    recipients: dict[str, int] = field(default_factory=dict)
    suggestion: str | None = None

    def to_json(self) -> Json:
        """The contract's search result."""
        return {
            "total": self.total,
            "took_ms": round(self.took_ms, 2),
            "hits": [hit.to_json() for hit in self.hits],
            "facets": self.facets,
            "suggestion": self.suggestion,
        }


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
) -> Results:
    """Documents that answer a query, best first; their texts are not looked at without `snippet`.

    viewer: the groups whose documents the reader may see; None: sees all. filters: facet → value, as a click on a
    facet adds it (`doc_type`, `issuer`, `year`, `recipient`). Raises Problem("index_unusable").
    """
    began = time.perf_counter()
    query = parse(text)
    view = planning.View(viewer, tuple((filters or {}).items()), sort)
    if query.is_empty and not view.facets:
        usable(store)
        return Results(0, (time.perf_counter() - began) * 1000)
    limit, offset = max(0, min(limit, MOST)), max(0, offset)
    said = partial(_said, store)
    found = asked(store, viewer, lambda engine: answered(engine, query, view, limit, offset, said))
    shown = hits(store, found.answer, snippets.targets(found.query) if snippet else None)
    facets = {name: found.answer.facets.get(name, {}) for name in ("doc_type", "issuer", "year")}
    recipients = found.answer.facets.get("recipient", {})
    took = (time.perf_counter() - began) * 1000
    return Results(found.answer.total, took, shown, facets, recipients, found.suggestion)


def _said(store: Store, documents: Sequence[int]) -> list[Sequence[str]]:
    """The accented syllables at the beginning of each document's text."""
    pages: dict[int, list[str]] = {id: [] for id in documents}
    with store.db.reading() as session:
        for document_id, _, page in session.execute(_PAGES, {"ids": list(documents)}):
            pages[document_id].append(page)
    return [syllables("\n".join(texts)[:_LOOKED_AT]).accented for texts in pages.values()]


def hit_boxes(store: Store, document_id: int, text: str) -> list[tuple[int, list[Box]]]:
    """Where the words of a query stand on the page images of a document: (page, boxes), pages without any left out."""
    wanted = snippets.targets(parse(text))
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
    """What the index replies to this viewer. One that proves torn is taken out of force and, in a small store, built
    anew at once.
    """
    try:
        return ask(visibility.drawn(store, usable(store), viewer))
    except BrokenIndex:
        current.condemn(store)
    return ask(visibility.drawn(store, usable(store), viewer))


def usable(store: Store) -> Engine:
    """The index in force; raises Problem("index_unusable") while the worker is building it."""
    engine = current.reader(store)
    if engine is None and current.state(store).stale <= _SMALL_STORE:
        indexer.sync(store, wait=5.0)
        engine = current.reader(store)
    if engine is None:
        raise Problem("index_unusable")
    return engine


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
