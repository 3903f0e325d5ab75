"""The engine for large stores on one machine: Tantivy (extra `fast`), some hundred times as quick as Whoosh."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from corpus.errors import Problem
from search.engine import FACET_VALUES, FACETS, RESCORED, Adjacent, Answer, BrokenIndex, Entry, Plan, rarity_among
from search.tantivy_nodes import NO_GROUP, Nodes, add_fields
from search.tantivy_writer import Writer

SCHEMA_VERSION = "vanban4"
_MARK = "vanban.schema"
"""File that names the schema; an index of another one is rebuilt."""
_FIRST = 10_000.0
_PART_BREAK = "\x1f"
"""A token of its own between the parts of a body, so that no phrase reaches over."""
_LATEST = 99_999_999


class TantivyEngine:
    """One Tantivy index in a folder, safe to share between threads."""

    name = "tantivy"

    def __init__(self, folder: Path, opened: Any) -> None:
        self._folder = folder
        self._index = opened
        self._lock = threading.Lock()
        self._stamp = _stamp(folder)
        self._writer = Writer(folder, opened)

    @classmethod
    def create(cls, folder: Path) -> TantivyEngine:
        _check_installed()
        import tantivy

        folder.mkdir(parents=True, exist_ok=True)
        builder = tantivy.SchemaBuilder()
        add_fields(builder)
        with _readable(folder):
            opened = tantivy.Index(builder.build(), path=str(folder))
        (folder / _MARK).write_text(SCHEMA_VERSION, encoding="utf-8")
        return cls(folder, opened)

    @classmethod
    def open(cls, folder: Path) -> TantivyEngine:
        _check_installed()
        import tantivy

        with _readable(folder):
            if (folder / _MARK).read_text(encoding="utf-8") != SCHEMA_VERSION:
                raise BrokenIndex(f"{folder.name}: another schema")
            engine = cls(folder, tantivy.Index.open(str(folder)))
            engine._searcher()
        return engine

    @classmethod
    def discard(cls, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        count = self._writer.write(lambda writer: _changed(writer, entries, removed))
        self._reload()
        return count

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        with _readable(self._folder):
            return _Search(self._searcher(), self._index.schema, plan).answer(limit, offset)

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        searcher = self._searcher()
        counts = ((text, int(searcher.doc_freq(field, text))) for text in texts)
        return {text: count for text, count in counts if count}

    def count(self) -> int:
        return int(self._searcher().num_docs)

    def revisions(self) -> dict[int, int]:
        import tantivy

        searcher = self._searcher()
        found = searcher.search(tantivy.Query.all_query(), limit=max(1, searcher.num_docs), count=False)
        addresses = [address for _, address in found.hits]
        ids = searcher.fast_field_values("id", addresses)
        return dict(zip(ids, searcher.fast_field_values("revision", addresses), strict=True))

    def close(self) -> None:
        """Waits for merges; files are mapped, and unmapped with the last searcher."""
        self._writer.close()

    def _searcher(self) -> Any:
        """A searcher on the last commit, another process's included."""
        if _stamp(self._folder) != self._stamp:
            self._reload()
        return self._index.searcher()

    def _reload(self) -> None:
        with self._lock:
            stamp = _stamp(self._folder)
            self._index.reload()
            self._stamp = stamp


class _Search:
    """One plan on one searcher: words first, then the best of what they find in order, counts and facets beside."""

    def __init__(self, searcher: Any, schema: Any, plan: Plan) -> None:
        self._searcher = searcher
        self._plan = plan
        self._nodes = Nodes(searcher, schema)

    def answer(self, limit: int, offset: int) -> Answer:
        query = self._nodes.found(self._plan)
        counted = self._searcher.aggregate(query, _counts())
        total = int(counted["total"]["value"])
        facets = {name: {b["key"]: b["doc_count"] for b in counted[name]["buckets"]} for name in FACETS}
        window = self._window(query, offset + limit)[offset : offset + limit] if total and limit else []
        ids = self._searcher.fast_field_values("id", [address for _, address in window])
        top = tuple((int(id), score) for id, (score, _) in zip(ids, window, strict=True))
        return Answer(total, top, {name: _ranked(values) for name, values in facets.items()})

    def _window(self, query: Any, count: int) -> list[tuple[float, Any]]:
        """(score, address) in the plan's order, as many as are asked for."""
        plan, search = self._plan, self._searcher.search
        if plan.sort != "relevance":
            field = "date" if plan.sort == "newest" else "age"
            return [(0.0, address) for _, address in search(query, count, False, field).hits]
        for rank, node in enumerate(reversed(plan.first), 1):
            query = self._nodes.lifted(query, node, _FIRST * rank)
        hits = list(search(query, max(count, RESCORED), False).hits)
        head, tail = hits[:RESCORED], hits[RESCORED:]
        return self._rescored(head) + tail

    def _rescored(self, head: list[tuple[float, Any]]) -> list[tuple[float, Any]]:
        """The best by words alone, put in order by `should` too."""
        scores = {(address.segment_ord, address.doc): score for score, address in head}
        chosen = self._nodes.chosen(self._searcher.fast_field_values("id", [address for _, address in head]))
        for node in self._nodes.gathered(self._plan.should):
            hits = self._searcher.search(self._nodes.among(chosen, node), RESCORED, False).hits
            weight = 1.0
            if isinstance(node, Adjacent) and len(node.texts) > 1 and hits:
                weight = rarity_among(len(hits), len(head)) / self._nodes.rarity(node)
            for score, address in hits:
                scores[address.segment_ord, address.doc] += weight * score
        ranked = [(scores[address.segment_ord, address.doc], address) for _, address in head]
        return sorted(ranked, key=lambda hit: -hit[0])


def _changed(writer: Any, entries: Iterable[Entry], removed: Sequence[int]) -> int:
    """How many entries were put in place of older ones; others are taken out."""
    count = 0
    for id in removed:
        writer.delete_documents_by_term("id", id)
    for entry in entries:
        writer.delete_documents_by_term("id", entry.id)
        writer.add_document(_document(entry))
        count += 1
    return count


def _counts() -> dict[str, Any]:
    facets = {name: {"terms": {"field": f"of_{name}", "size": FACET_VALUES}} for name in FACETS}
    return {"total": {"value_count": {"field": "id"}}, **facets}


def _ranked(values: dict[str, int]) -> dict[str, int]:
    return dict(sorted(values.items(), key=lambda item: (-item[1], item[0])))


def _document(entry: Entry) -> Any:
    import tantivy

    date = int(entry.date.replace("-", "")) if entry.date else 0
    made = tantivy.Document()
    for name, number in (("id", entry.id), ("revision", entry.revision), ("date", date)):
        made.add_integer(name, number)
    made.add_integer("age", _LATEST - date if date else 0)
    for name, tokens in _texts(entry):
        if tokens:
            made.add_text(name, tokens)
    return made


def _texts(entry: Entry) -> Iterator[tuple[str, str]]:
    """(field, its tokens or one whole value)."""
    gap = f" {_PART_BREAK} "
    yield "syl", gap.join(part.written for part in entry.body)
    yield "fold", gap.join(part.bare for part in entry.body)
    for name in ("subject", "issuer", "recipient", "signer", "type"):
        yield name, getattr(entry, name).bare
    yield "cmp", " ".join(entry.compounds)
    yield "number", " ".join(entry.number)
    for name in ("keys", "mentions", "cites"):
        yield from ((name, value) for value in getattr(entry, name))
    yield from (("groups", group) for group in entry.groups or (NO_GROUP,))
    yield "of_doc_type", entry.doc_type or ""
    yield "of_issuer", entry.issuer_name or ""
    yield "of_year", (entry.date or "")[:4]
    yield from (("of_recipient", value) for value in dict.fromkeys(entry.recipients))


def _stamp(folder: Path) -> tuple[int, int]:
    """Changes with every commit: Tantivy puts a new file of segments in place of the old one."""
    try:
        found = (folder / "meta.json").stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_ino, found.st_mtime_ns


def _check_installed() -> None:
    if find_spec("tantivy") is None:
        why = "chưa cài phần mở rộng fast (pip install 'vanban[fast]')"
        raise Problem("bad_value", field="VANBAN_SEARCH_ENGINE", value="tantivy", why=why)


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """What Tantivy says of damaged files comes out as BrokenIndex; its panics derive from BaseException alone."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise BrokenIndex(f"{folder.name}: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise BrokenIndex(f"{folder.name}: {error}") from error
        raise
