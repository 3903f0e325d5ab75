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
from search.engines.base import Answer, BrokenIndex, Entry, Plan
from search.engines.tantivy.queries import NO_GROUP, add_fields
from search.engines.tantivy.search import Found, Search
from search.engines.tantivy.snapshot import View
from search.engines.tantivy.writer import Writer

SCHEMA_VERSION = "vanban4"
_MARK = "vanban.schema"
"""File that names the schema; an index of another one is rebuilt."""
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
        self._kept: View | None = None
        self._last = threading.local()
        # The files of what was merged go with the last view of them, which takes a while: nobody is to wait for that.
        self._writer = Writer(folder, opened, self._reload)

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
            engine._view()
        return engine

    @classmethod
    def discard(cls, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def write(self, entries: Iterable[Entry], removed: Sequence[int] = ()) -> int:
        count = self._writer.write(lambda writer: _committed(writer, entries, removed))
        self._reload()
        return count

    def expunge(self) -> bool:
        """Its merges can't be asked for."""
        return False

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        with _readable(self._folder):
            last: Found | None = getattr(self._last, "found", None)
            self._last.found = None
            asked = Search(self._view(), plan, last)
            answer = asked.answer(limit, offset)
            self._last.found = asked.found
            return answer

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        view = self._view()
        return {text: count for text in texts if (count := view.frequency(field, text))}

    def count(self) -> int:
        return self._view().count

    def revisions(self) -> dict[int, int]:
        import tantivy

        view = self._view()
        found = view.searcher.search(tantivy.Query.all_query(), limit=max(1, view.count), count=False)
        addresses = [address for _, address in found.hits]
        return dict(zip(view.numbers("id", addresses), view.numbers("revision", addresses), strict=True))

    def close(self) -> None:
        """Waits for merges; files are mapped, and unmapped with the last searcher."""
        self._writer.close()

    def _view(self) -> View:
        """A view of the last commit, another process's included."""
        stamp, kept = _stamp(self._folder), self._kept
        return kept if kept is not None and kept.stamp == stamp else self._reload()

    def _reload(self) -> View:
        with self._lock:
            stamp = _stamp(self._folder)
            self._index.reload()
            self._kept = View(self._index.searcher(), self._index.schema, stamp)
            return self._kept


def _committed(writer: Any, entries: Iterable[Entry], removed: Sequence[int]) -> int:
    """How many entries were put in place of older ones, others taken out, in one commit."""
    count = 0
    for id in removed:
        writer.delete_documents_by_term("id", id)
    for entry in entries:
        writer.delete_documents_by_term("id", entry.id)
        writer.add_document(_document(entry))
        count += 1
    writer.commit()
    return count


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
