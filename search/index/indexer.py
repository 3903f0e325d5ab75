"""The index follows the store by revision: what differs is written, what broke is built anew beside and swapped in."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.intake import is_classified
from search import engine_choice
from search.engines.base import Engine, Entry
from search.index.current import Live, chosen_engine, pending, point, pointed
from search.index.current import condemn as condemn
from search.index.current import forget as forget
from search.index.current import reader as reader
from search.index.current import state as state
from search.index.entries import INDEXED, entries

_BATCH = 200
_COMMIT = 20_000
"""Documents of one commit while an index is built: each engine bounds by itself what it holds of them in memory."""
_MARKED = 2000
_LOCK_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class _Marks:
    """What an index under way holds: document → revision, and which it has compounds of."""

    revisions: dict[int, int]
    with_compounds: set[int]


def sync(store: Store, *, wait: float = _LOCK_SECONDS) -> int:
    """Brings the index up to the store; how many documents were written or taken out.

    One writer at a time: waits for the lock, and returns 0 when another writer still holds it after `wait` seconds.
    A lost, torn or old index, or one of another engine than is set, is rebuilt.
    """
    with _writing(store, wait) as alone:
        if not alone:
            return 0
        live, purged = reader(store), _purged(store)
        if live is None or live.name != chosen_engine(store):
            return _rebuild(store, chosen_engine(store), keep_last=not purged)
        if purged:
            live.write((), purged)
            if not live.expunge():
                return _rebuild(store, live.name, keep_last=False)
            _discard_others(store)
        if live.count() != _counted(store):
            _unmark_differing(store, live)
        return _write_pending(store, live)


def rebuild(store: Store, engine: str | None = None) -> int:
    """Builds the index anew beside the live one and swaps; how many documents it holds. Searches go on."""
    with _writing(store, _LOCK_SECONDS) as alone:
        if not alone:
            raise Problem("store_busy")
        return _rebuild(store, engine or chosen_engine(store), keep_last=not _purged(store))


def _purged(store: Store) -> list[int]:
    """Classified documents that an index may still hold words of: no word of them may stay on disk.

    They are marked as taken out only afterwards, so that what is cut short is done again.
    """
    behind = (Document.revision != Document.indexed_revision, Document.indexed_revision != literal_column("0"))
    with store.db.reading() as session:
        refused = session.scalars(select(Document).where(*behind, Document.status == "refused"))
        return [one.id for one in refused if is_classified(one)]


def _write_pending(store: Store, engine: Engine) -> int:
    done = 0
    while True:
        with store.db.reading() as session:
            rows = session.execute(
                select(Document.id, Document.revision, Document.status)
                .where(pending())
                .order_by(Document.id)
                .limit(_BATCH)
            ).all()
            if not rows:
                return done
            shown = [row.id for row in rows if row.status in INDEXED]
            written = list(entries(session, shown))
        taken_out = [row.id for row in rows if row.status not in INDEXED]
        engine.write(written, taken_out)
        with_compounds = [entry.id for entry in written if entry.compounds]
        records.mark_indexed(store, {entry.id: entry.revision for entry in written} | {
            row.id: row.revision for row in rows if row.status not in INDEXED}, with_compounds)  # fmt: skip
        done += len(rows)


def _rebuild(store: Store, name: str, *, keep_last: bool) -> int:
    """keep_last: the index that was in force may stay for searches under way in it."""
    folder = f"{name}-{int(time.time() * 1000):x}"
    path = store.index_folder / folder
    path.mkdir(parents=True, mode=0o700)
    engine = engine_choice.engine_class(store.settings, name).create(path)
    count, marks = 0, _Marks({}, set())
    try:
        for batch in _batches(store):
            count += engine.write(_entries_of(store, batch, marks))
    except BaseException:
        engine.close()
        _discard(store, path)
        raise
    engine.close()
    _swap(store, Live(folder, name))
    if not keep_last:
        _discard_others(store)
    # Only now: a document's mark tells what the index in force holds of it, and searches rely on that.
    _mark(store, marks)
    live = reader(store)
    return count + (_write_pending(store, live) if live is not None else 0)


def _mark(store: Store, marks: _Marks) -> None:
    pairs = list(marks.revisions.items())
    for at in range(0, len(pairs), _MARKED):
        batch = dict(pairs[at : at + _MARKED])
        records.mark_indexed(store, batch, marks.with_compounds & batch.keys())


def _batches(store: Store) -> Iterator[list[int]]:
    last = 0
    while True:
        with store.db.reading() as session:
            ids = list(session.scalars(
                select(Document.id).where(Document.id > last).order_by(Document.id).limit(_COMMIT)
            ))  # fmt: skip
        if not ids:
            return
        yield ids
        last = ids[-1]


def _entries_of(store: Store, ids: list[int], marks: _Marks) -> Iterator[Entry]:
    for start in range(0, len(ids), _BATCH):
        with store.db.reading() as session:
            for entry in entries(session, ids[start : start + _BATCH]):
                marks.revisions[entry.id] = entry.revision
                if entry.compounds:
                    marks.with_compounds.add(entry.id)
                yield entry


def _swap(store: Store, live: Live) -> None:
    """Puts an index in force; one that could be read stays until the next swap, for searches under way in it."""
    before = pointed(store) if reader(store) is not None else None
    point(store, live)
    kept = {live.folder, before.folder if before is not None else live.folder}
    for old in store.index_folder.iterdir():
        if old.is_dir() and old.name not in kept:
            _discard(store, old)


def _discard_others(store: Store) -> None:
    """Removes every index that is not in force."""
    live = pointed(store)
    for old in store.index_folder.iterdir():
        if old.is_dir() and (live is None or old.name != live.folder):
            _discard(store, old)


def _discard(store: Store, folder: Path) -> None:
    """Removes an index by the engine that made it, as its folder's name tells."""
    engine_choice.engine_class(store.settings, folder.name.split("-")[0]).discard(folder)


def _unmark_differing(store: Store, engine: Engine) -> None:
    """After a restore or a crash: what the index doesn't hold is marked as not indexed."""
    held = engine.revisions()
    with store.db.reading() as session:
        rows = session.execute(select(Document.id, Document.indexed_revision, Document.status)).all()
    shown = {row.id for row in rows if row.status in INDEXED}
    records.mark_indexed(
        store, {row.id: -1 for row in rows if row.id in shown and held.get(row.id) != row.indexed_revision}
    )
    orphans = [id for id in held if id not in shown]
    if orphans:
        engine.write((), orphans)


def _counted(store: Store) -> int:
    """How many documents the index should hold by the marks: all that are marked, but for those taken out already."""
    marked = Document.indexed_revision > 0
    taken_out = and_(marked, Document.revision == Document.indexed_revision, _not_shown())
    with store.db.reading() as session:
        counts = [session.scalar(select(func.count()).select_from(Document).where(each)) or 0
                  for each in (marked, taken_out)]  # fmt: skip
    return counts[0] - counts[1]


def _not_shown() -> ColumnElement[bool]:
    """Documents in other states than those that can be found, as ranges: so the index of states finds them."""
    shown = sorted(INDEXED)
    between = [and_(Document.status > low, Document.status < high) for low, high in pairwise(shown)]
    return or_(Document.status < shown[0], *between, Document.status > shown[-1])


@contextmanager
def _writing(store: Store, wait: float) -> Iterator[bool]:
    store.index_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(store.index_folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _take(handle, wait)
    finally:
        os.close(handle)


def _take(handle: int, wait: float) -> bool:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                return False
            time.sleep(0.05)
        else:
            return True
