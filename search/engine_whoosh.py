"""The default engine: Whoosh, nothing to install, for stores of some ten thousand documents."""

from __future__ import annotations

import heapq
import threading
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

from whoosh import index, query, scoring
from whoosh.reading import TermNotFound

from search.engine import (
    FACET_VALUES,
    RESCORED,
    Adjacent,
    Answer,
    BrokenIndex,
    Entry,
    Every,
    Node,
    Plan,
    Some,
    Starts,
    Term,
)
from search.whoosh_columns import Columns
from search.whoosh_fields import SCHEMA_VERSION, DurableStorage, pair_key, pairs, schema

_MOST_EXPANDED = 64
_SEGMENTS = 12
_K1, _B = 1.2, 0.75


class WhooshEngine:
    """One Whoosh index in a folder; a searcher for each thread, since Whoosh's are not safe to share."""

    name = "whoosh"

    def __init__(self, folder: Path, opened: Any) -> None:
        self._folder = folder
        self._index = opened
        self._local = threading.local()

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        folder.mkdir(parents=True, exist_ok=True)
        storage = DurableStorage(str(folder))
        return cls(folder, storage.create_index(schema(), indexname=SCHEMA_VERSION))

    @classmethod
    def open(cls, folder: Path) -> WhooshEngine:
        storage = DurableStorage(str(folder))
        try:
            opened = storage.open_index(indexname=SCHEMA_VERSION)
            engine = cls(folder, opened)
            engine._searcher()
        except (
            index.IndexError,
            OSError,
            EOFError,
            ValueError,
            KeyError,
            AttributeError,
            TypeError,
            AssertionError,
        ) as error:
            raise BrokenIndex(str(error)) from error
        return engine

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        writer = self._index.writer(limitmb=256, compound=True)
        count = 0
        try:
            for id in removed:
                writer.delete_by_term("id", str(id))
            for entry in entries:
                writer.delete_by_term("id", str(entry.id))
                writer.add_document(**_fields(entry))
                count += 1
        except BaseException:
            writer.cancel()
            raise
        writer.commit(mergetype=_merge_many)
        return count

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        searcher = self._searcher()
        columns = Columns.of(searcher)
        allowed = columns.allowed(plan)
        for node in plan.without:
            allowed[list(_documents(searcher, node))] = False
        if plan.must is None:
            scores = dict.fromkeys(allowed.nonzero()[0].tolist(), 0.0)
        else:
            found = _scored(searcher, plan.must)
            scores = {number: score for number, score in found if allowed[number]}
        order = self._order(searcher, columns, plan, scores, offset + limit)
        top = tuple((columns.id(number), score) for number, score in order[offset : offset + limit])
        return Answer(len(scores), top, columns.facets(list(scores), FACET_VALUES))

    def _order(
        self, searcher: Any, columns: Columns, plan: Plan, scores: dict[int, float], count: int
    ) -> list[tuple[int, float]]:
        if plan.sort != "relevance":
            numbers = columns.by_date(list(scores), newest=plan.sort == "newest")
            return [(number, scores[number]) for number in numbers]
        ranks: dict[int, int] = {}
        for rank, node in enumerate(plan.first):
            for number in _documents(searcher, node):
                if number in scores:
                    ranks.setdefault(number, len(plan.first) - rank)
        window = heapq.nlargest(
            max(count, RESCORED), scores.items(), key=lambda item: (ranks.get(item[0], 0), item[1], -item[0])
        )
        head = [number for number, _ in window[:RESCORED]]
        extra = _extra(searcher, plan.should, head)
        rescored = [
            (number, score + extra.get(number, 0.0) + 1000.0 * ranks.get(number, 0))
            for number, score in window[:RESCORED]
        ]
        rescored.sort(key=lambda item: (-item[1], item[0]))
        return rescored + window[RESCORED:]

    def frequency(self, field: str, text: str) -> int:
        return int(self._searcher().doc_frequency(field, text.encode()))

    def alike(self, text: str, *, limit: int = 8) -> list[tuple[str, int]]:
        reader = self._searcher().reader()
        found = [
            (word, reader.doc_frequency("fold", word)) for word in _terms_within(reader, text) if word != text
        ]
        return sorted(found, key=lambda pair: -pair[1])[:limit]

    def completions(self, field: str, prefix: str, *, limit: int = 10) -> list[str]:
        reader = self._searcher().reader()
        found = [(reader.doc_frequency(field, text), text.decode()) for text in _expanded(reader, field, prefix)]
        return [text for _, text in heapq.nlargest(limit, found)]

    def count(self) -> int:
        return int(self._searcher().doc_count())

    def revisions(self) -> dict[int, int]:
        return Columns.of(self._searcher()).revisions()

    def close(self) -> None:
        self._index.close()

    def _searcher(self) -> Any:
        searcher = getattr(self._local, "searcher", None)
        if searcher is None:
            searcher = self._index.searcher(weighting=scoring.BM25F(K1=_K1, B=_B))
        elif not searcher.up_to_date():
            searcher = searcher.refresh()
        self._local.searcher = searcher
        return searcher


def _fields(entry: Entry) -> dict[str, Any]:
    accented = [token for part in entry.body for token in part.accented]
    folded = [token for part in entry.body for token in part.folded]
    return {
        "id": [str(entry.id)],
        "syl": accented,
        "fold": folded,
        "pair": pairs(entry.body),
        "cmp": entry.compounds,
        "subject": entry.subject.folded,
        "issuer": entry.issuer.folded,
        "recipient": entry.recipient.folded,
        "signer": entry.signer.folded,
        "type": entry.type.folded,
        "number": entry.number,
        "keys": entry.keys,
        "mentions": entry.mentions,
        "cites": entry.cites,
        "row": Columns.row(entry),
    }


def _query(searcher: Any, node: Node) -> Any:
    """The plan's node as Whoosh's query."""
    match node:
        case Term(field, text, boost):
            return query.Term(field, text, boost=boost)
        case Starts(field, prefix, boost):
            texts = _expanded(searcher.reader(), field, prefix)
            return (
                query.Or([query.Term(field, text.decode(), boost=boost) for text in texts])
                if texts
                else query.NullQuery
            )
        case Adjacent(field, texts, boost):
            return query.And([_pair(searcher, field, a, b, boost) for a, b in pairwise(texts)])
        case Every(nodes):
            return query.And([_query(searcher, child) for child in nodes])
        case Some(nodes, minimum):
            return query.Or([_query(searcher, child) for child in nodes], minmatch=minimum)


def _pair(searcher: Any, field: str, first: str, second: str, boost: float) -> Any:
    if field == "syl":
        return query.Term("pair", pair_key(first, second), boost=boost)
    forms = _expanded(searcher.reader(), "pair", f"{first} {second}\x1f")
    terms = [query.Term("pair", form.decode(), boost=boost) for form in forms]
    return query.Or(terms) if terms else query.NullQuery


def _expanded(reader: Any, field: str, prefix: str) -> list[bytes]:
    """The commonest tokens that begin so; few, since each costs a posting list."""
    if field not in reader.indexed_field_names():
        return []
    found = list(reader.expand_prefix(field, prefix))
    if len(found) > _MOST_EXPANDED:
        found = heapq.nlargest(_MOST_EXPANDED, found, key=lambda text: reader.doc_frequency(field, text))
    return found


def _terms_within(reader: Any, text: str) -> Iterator[str]:
    try:
        yield from reader.terms_within("fold", text, 1, prefix=0)
    except TermNotFound:
        return


def _scored(searcher: Any, node: Node) -> Iterator[tuple[int, float]]:
    compiled = _query(searcher, node).normalize()
    for leaf, offset in searcher.leaf_searchers():
        matcher = compiled.matcher(leaf, leaf.context(weighting=searcher.weighting))
        while matcher.is_active():
            yield matcher.id() + offset, matcher.score()
            matcher.next()


def _documents(searcher: Any, node: Node) -> Iterator[int]:
    yield from _query(searcher, node).normalize().docs(searcher)


def _extra(searcher: Any, nodes: Sequence[Node], numbers: list[int]) -> dict[int, float]:
    """What `should` adds to each of a few documents: its posting lists are only looked into where they stand."""
    extra: dict[int, float] = {}
    wanted = sorted(numbers)
    for node in nodes:
        compiled = _query(searcher, node).normalize()
        for leaf, offset in searcher.leaf_searchers():
            matcher = compiled.matcher(leaf, leaf.context(weighting=searcher.weighting))
            upper = offset + leaf.doc_count_all()
            for number in wanted:
                if not offset <= number < upper:
                    continue
                if not matcher.is_active():
                    break
                if matcher.id() < number - offset:
                    matcher.skip_to(number - offset)
                if matcher.is_active() and matcher.id() == number - offset:
                    extra[number] = extra.get(number, 0.0) + matcher.score()
    return extra


def _merge_many(writer: Any, segments: list[Any]) -> list[Any]:
    """Merges the small segments once there are many, so that adding a document seldom costs more than its own."""
    if len(segments) < _SEGMENTS:
        return segments
    from whoosh.reading import SegmentReader

    kept = sorted(segments, key=lambda segment: -segment.doc_count_all())
    kept, small = kept[:4], kept[4:]
    for segment in small:
        with SegmentReader(writer.storage, writer.schema, segment) as reader:
            writer.add_reader(reader)
    return kept
