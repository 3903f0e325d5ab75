"""The engine of a new store: Whoosh by its public API, for some thousands of documents."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.reading import SegmentReader

from search.engines.background_merge import Merges
from search.engines.base import Answer, IndexEntry, Plan
from search.engines.durable import flush
from search.engines.whoosh import evaluate
from search.engines.whoosh.schema import SCHEMA_VERSION, alike, document, schema
from search.engines.whoosh.snapshot import WhooshView, readable


class WhooshEngine:
    """One Whoosh index in a folder; threads that search share one view of it."""

    name = "whoosh"

    def __init__(self, folder: Path, opened: Any) -> None:
        self._folder = folder
        self._index = opened
        self._seen: WhooshView | None = None
        self._looking = threading.Lock()
        self._merges = Merges()

    @classmethod
    def create(cls, folder: Path) -> WhooshEngine:
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder, index.create_in(str(folder), schema(), indexname=SCHEMA_VERSION))

    @classmethod
    def open(cls, folder: Path) -> WhooshEngine:
        with readable():
            engine = cls(folder, index.open_dir(str(folder), indexname=SCHEMA_VERSION))
        engine._view()
        return engine

    @classmethod
    def discard(cls, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)

    def write(self, entries: Iterable[IndexEntry], removed: Sequence[int] = ()) -> int:
        self._merges.wait()
        count = 0
        with self._commit(lambda _: []) as writer:
            numbers = self._view().columns.numbers
            for id in filter(numbers.__contains__, removed):
                writer.delete_document(numbers[id])
            for entry in entries:
                if entry.id in numbers:
                    writer.delete_document(numbers[entry.id])
                writer.add_document(**document(entry))
                count += 1
        if alike(writer.segments):
            # Found first, put in order afterwards.
            self._merges.begin(self._merge, (FileNotFoundError, index.LockError, index.EmptyIndexError))
        return count

    def expunge(self) -> bool:
        self._merges.wait()
        self._merge(lambda segments: [segment for segment in segments if segment.has_deletions()])
        return True

    def _merge(self, chosen: Callable[[Sequence[Any]], list[Any]] = alike) -> None:
        with self._commit(chosen):
            pass

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        return evaluate.answer(self._view(), plan, limit, offset)

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        view = self._view()
        return {text: count for text in texts if (count := view.frequency(field, text))}

    def count(self) -> int:
        return len(self._view().columns.numbers)

    def revisions(self) -> dict[int, int]:
        return self._view().columns.revisions

    def close(self) -> None:
        self._merges.wait()

    @contextmanager
    def _commit(self, chosen: Callable[[Sequence[Any]], list[Any]]) -> Iterator[Any]:
        """A writer for one commit, which takes the chosen segments into its own; an exception undoes it.

        All of it is on the disk at the end: documents are marked as indexed only then, so a power cut loses none.
        """
        writer = self._index.writer(timeout=60.0)  # seconds, for another's merge
        try:
            yield writer
            merged = chosen(writer.segments)
            for segment in filter(lambda one: one.doc_count(), merged):
                with SegmentReader(writer.storage, writer.schema, segment) as reader:
                    writer.add_reader(reader)
            writer.commit(mergetype=lambda _, segments: [one for one in segments if one not in merged])
        except BaseException:
            if not writer.is_closed:
                writer.cancel()
            raise
        flush(self._folder)

    def _view(self) -> WhooshView:
        """The index as of now."""
        with self._looking, readable():
            # The generation first: a commit meanwhile makes this view look old, and is read next time.
            generation = self._index.latest_generation()
            if self._seen is None or self._seen.generation != generation:
                stored = self._seen.stored if self._seen else {}
                self._seen = WhooshView(self._index.reader(), generation, stored)
            return self._seen
