"""The engine for large stores on one machine: Tantivy."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from search.engines.base import LATEST, Answer, BrokenIndex, IndexEntry, Plan
from search.engines.fields import FIELDS, day_number, schema_version
from search.engines.tantivy.queries import NO_GROUP, add_fields
from search.engines.tantivy.search import FoundPart, Search
from search.engines.tantivy.snapshot import TantivyView
from search.engines.tantivy.writer import Writer

SCHEMA_VERSION = schema_version(5)
_MARK = "vanban.schema"
"""File that names the schema; an index of another one is rebuilt."""
_PART_BREAK = " \x1f "
"""A separate token between the parts of a body, so that no phrase crosses from one part to the next."""


class TantivyEngine:
    """One Tantivy index in a folder, safe to share between threads."""

    name = "tantivy"

    def __init__(self, folder: Path, opened: Any) -> None:
        self._folder = folder
        self._index = opened
        self._lock = threading.Lock()
        self._kept: TantivyView | None = None
        self._last = threading.local()
        # Files of merged segments are removed with the last view of them, which takes a while: nobody is to
        # wait for that.
        self._writer = Writer(folder, opened, self._reload)

    @classmethod
    def create(cls, folder: Path) -> TantivyEngine:
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

    def write(self, entries: Iterable[IndexEntry], removed: Sequence[int] = ()) -> int:
        count = self._writer.write(lambda writer: _commit(writer, entries, removed))
        self._reload()
        return count

    def expunge(self) -> bool:
        """False, always: True if an engine can merge on request, which Tantivy can't."""
        return False

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        with _readable(self._folder):
            last: FoundPart | None = getattr(self._last, "found", None)
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
        """Wait for merges; files are mapped, and unmapped with the last searcher."""
        self._writer.close()

    def _view(self) -> TantivyView:
        """A view of the last commit, also of another process's."""
        stamp, kept = _stamp(self._folder), self._kept
        return kept if kept is not None and kept.stamp == stamp else self._reload()

    def _reload(self) -> TantivyView:
        with self._lock:
            stamp = _stamp(self._folder)
            self._index.reload()
            self._kept = TantivyView(self._index.searcher(), self._index.schema, stamp)
            return self._kept


def _commit(writer: Any, entries: Iterable[IndexEntry], removed: Sequence[int]) -> int:
    """Replace entries and take others out in one commit; return the number written."""
    count = 0
    for id in removed:
        writer.delete_documents_by_term("id", id)
    for entry in entries:
        writer.delete_documents_by_term("id", entry.id)
        writer.add_document(_document(entry))
        count += 1
    writer.commit()
    return count


def _document(entry: IndexEntry) -> Any:
    import tantivy

    date = day_number(entry.date)
    made = tantivy.Document()
    for name, number in (("id", entry.id), ("revision", entry.revision), ("age", LATEST - date if date else 0)):
        made.add_integer(name, number)
    for field in FIELDS:
        values = field.of(entry)
        if field.kind == "day":
            made.add_integer(field.name, day_number(values[0]) if values else 0)
        elif field.is_tokens and values:
            made.add_text(field.name, (_PART_BREAK if field.kind == "text" else " ").join(values))
        elif not field.is_tokens:
            for value in values:
                made.add_text(field.name, value)
    if not entry.groups:
        made.add_text("groups", NO_GROUP)
    return made


def _stamp(folder: Path) -> tuple[int, int]:
    """Inode and time (ns) of the list of segments, which Tantivy replaces at every commit;
    zeros if it is missing.
    """
    try:
        found = (folder / "meta.json").stat()
    except FileNotFoundError:
        return (0, 0)
    return found.st_ino, found.st_mtime_ns


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    """Raise BrokenIndex for what Tantivy raises of damaged files; its panics derive from BaseException alone."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise BrokenIndex(f"{folder.name}: {error}") from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise BrokenIndex(f"{folder.name}: {error}") from error
        raise
