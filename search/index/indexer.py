"""The index follows the store by the numbers of changes; a broken index is rebuilt and swapped in."""

from __future__ import annotations

import fcntl
import os
import secrets
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import structlog
from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from corpus import records
from corpus.citations import endings
from corpus.database.connection import utc_now
from corpus.database.index_tables import SearchIndex
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.intake import is_purged
from corpus.queries import indexes
from search import engine_choice
from search.engines.base import Engine, IndexEntry, Plan, SharedEngineClass, Some, Term
from search.index.current import Live, change_of, documents, in_force, maker, pointed, set_current_index, shared
from search.index.current import chosen_engine as chosen_engine
from search.index.current import forget as forget
from search.index.current import mark_index_corrupt as mark_index_corrupt
from search.index.current import reader as reader
from search.index.current import state as state
from search.index.entries import INDEXED, entries

_log = structlog.get_logger()
_BATCH = 200
"""Documents read and written at a time."""
_COMMIT = 20_000
"""Documents of one commit while an index is built: each engine bounds by itself what it has of them in memory."""
_LAST_ID = 2**31 - 1
"""An identifier after all others."""
_SEEN = timedelta(minutes=5)
"""Time after which an index that had nothing to write is marked again as looked after."""
_MOST_TOUCHED = 1000
"""Documents ended by those of one batch that are written with it."""
_LOCK_SECONDS = 120.0
"""Longest wait for another writer."""


def sync(store: Store, *, wait: float = _LOCK_SECONDS) -> int:
    """Bring the index up to the store; return the number of documents written or taken out.

    One writer at a time: waits for the lock, and returns 0 if another writer still has it after `wait` seconds. A
    missing, damaged or old index, or one of another engine than is set, is rebuilt.
    """
    with _writing(store, wait) as alone:
        if not alone:
            return 0
        found, chosen = in_force(store), chosen_engine(store)
        if found is None or (found[1].name != chosen and not _changes_by_itself(store)):
            return _rebuild(
                store, Live("", chosen, _asked_for(store, chosen)), keep_last=not _holds_classified(store)
            )
        done = _adopt(store, *found)
        found = in_force(store) or found
        live, engine = found
        if purged := _classified_in_index(store, live):
            engine.write((), purged)
            if not engine.expunge():
                return _rebuild(store, Live("", chosen, _asked_for(store, chosen)), keep_last=False)
            _discard_others(store)
        done += _write_pending(store, live, engine)
        if engine.count() != documents(store) and not _any_pending(store, live):
            done += _put_right(store, engine)
        return done if engine.name == chosen else done + _change_engine(store, chosen)


def follow(store: Store) -> int:
    """`sync` for who has other things to do: a cluster that can't be asked is a line of the log, and 0.

    The documents wait in the store, and the next turn writes them.
    """
    try:
        return sync(store)
    except Problem as problem:
        if not problem.code.startswith("search_"):
            raise
        _log.warning("index.waits", code=problem.code, why=str(problem.facts.get("why", "")))
        return 0


def lags(store: Store) -> bool:
    """True if there are changes that the index in force lacks, or no index; asks the database alone."""
    live = pointed(store)
    mark = _mark_of(store, live) if live is not None else None
    return mark is None or indexes.last_change(store) > mark.change


def _changes_by_itself(store: Store) -> bool:
    """True if the engine in force serves until a better one is built: nobody has asked for the other one."""
    return store.settings.search_engine == engine_choice.AUTO


def _change_engine(store: Store, chosen: str) -> int:
    """Move the index of a store that has grown to another engine; the one in force, up to date, serves meanwhile.

    A failure leaves it in force, and the next `sync` tries again.
    """
    _log.info("index.engine_changes", engine=chosen)
    try:
        return _rebuild(store, Live("", chosen), keep_last=True)
    except Exception:
        _log.exception("index.engine_change", engine=chosen)
        return 0


def rebuild(store: Store, engine: str | None = None) -> int:
    """Build a new index while searches go on in the one in force, and swap; return its number of documents.

    engine: one that a person asks for, which `auto` then does not change; `auto` or None: the one that the store
    is to have. Raises Problem("store_busy") if another writer has the lock for too long.
    """
    with _writing(store, _LOCK_SECONDS) as alone:
        if not alone:
            raise Problem("store_busy")
        return _rebuild(store, _index_to_build(store, engine), keep_last=not _holds_classified(store))


def _index_to_build(store: Store, engine: str | None) -> Live:
    """The index to build; its folder has no name yet."""
    if engine == engine_choice.AUTO:
        return Live("", engine_choice.automatic(documents(store)))
    name = engine or chosen_engine(store)
    return Live("", name, engine is not None or _asked_for(store, name))


def _asked_for(store: Store, engine: str) -> bool:
    """True if the engine is in force because a person asked for it."""
    pointer = pointed(store)
    return pointer is not None and pointer.asked_for and pointer.engine == engine


def _classified_in_index(store: Store, live: Live) -> list[int]:
    """Classified documents whose words an index may still contain: none of them may stay on disk.

    The mark goes past them only afterwards, so that an interrupted run is repeated.
    """
    later = Document.change > change_of(live)
    with store.db.reading() as session:
        refused = session.scalars(select(Document).where(later, Document.status == "refused"))
        return [one.id for one in refused if is_purged(one)]


def _holds_classified(store: Store) -> bool:
    """True if the index in force may have words of a classified document."""
    live = pointed(store)
    return live is not None and bool(_classified_in_index(store, live))


def _adopt(store: Store, live: Live, engine: Engine) -> int:
    """Put down an index that is there without a mark, or with that of another machine; return documents written.

    So come an index of an earlier version, and a home that was copied: two machines must not share one mark.
    """
    row = _mark_of(store, live)
    if row is not None and (row.machine, row.place) == _whose(store, live):
        return 0
    row = row or _mark_of_home(store, live)
    _log.info("index.adopted", engine=engine.name)
    if live.folder:
        live = replace(live, key=secrets.token_hex(8))
    done = _put_right(store, engine)
    _mark(store, live, row.change if row is not None else 0)
    if live.folder:
        set_current_index(store, live)
    return done


def _whose(store: Store, live: Live) -> tuple[str, str]:
    """(machine, home) of an index; empty for a shared one. A store on SQLite goes along with its home."""
    if not live.folder:
        return "", ""
    return ("-", "-") if store.db.is_sqlite else (socket.gethostname(), str(store.settings.home))


def _mark(store: Store, live: Live, change: int) -> None:
    machine, place = _whose(store, live)
    records.mark_index(store, live.key, live.engine, machine, place, change)


def _write_pending(store: Store, live: Live, engine: Engine) -> int:
    """Write what has changed since the index's mark, in the order of changes; return the number of documents."""
    done, mark = 0, _mark_of(store, live)
    at = (mark.change if mark is not None else 0, _LAST_ID)
    while True:
        with store.db.reading() as session:
            later = or_(Document.change > at[0], and_(Document.change == at[0], Document.id > at[1]))
            # The first condition alone lets the database use the index of changes.
            rows = session.execute(
                select(Document.id, Document.change, Document.status)
                .where(Document.change >= max(at[0], 1), later)
                .order_by(Document.change, Document.id)
                .limit(_BATCH)
            ).all()
            if not rows:
                break
            shown = [row.id for row in rows if row.status in INDEXED]
            touched = _affected_documents(session, engine, [row.id for row in rows])
            written = list(entries(session, [*shown, *touched]))
        engine.write(written, [row.id for row in rows if row.status not in INDEXED])
        at = rows[-1].change, rows[-1].id
        # Documents with the same number may follow in the next batch.
        _mark(store, live, at[0] if len(rows) < _BATCH else at[0] - 1)
        done += len(rows)
    if done or mark is None or utc_now() - mark.seen_at > _SEEN:
        _mark(store, live, at[0])
    return done


def _mark_of(store: Store, live: Live) -> SearchIndex | None:
    with store.db.reading() as session:
        return session.get(SearchIndex, live.key)


def _mark_of_home(store: Store, live: Live) -> SearchIndex | None:
    """The mark of this home's index, where its pointer has lost the key."""
    machine, place = _whose(store, live)
    with store.db.reading() as session:
        own = select(SearchIndex).where(SearchIndex.machine == machine, SearchIndex.place == place)
        return session.scalars(own.order_by(SearchIndex.change)).first()


def _any_pending(store: Store, live: Live) -> bool:
    with store.db.reading() as session:
        return (
            session.scalars(select(Document.id).where(Document.change > change_of(live)).limit(1)).first()
            is not None
        )


def _affected_documents(session: Session, engine: Engine, changed: Sequence[int]) -> list[int]:
    """Other documents whose effect may have changed: those that the changed ones end, or ended by the index.

    Also the documents that the enders of a changed one end by the index: the citation may fit the changed one
    better.
    """
    named = [Term("enders", str(id)) for id in (*changed, *endings.enders_of(session, changed))]
    held = engine.search(Plan(Some(tuple(named)), groups=None), limit=_MOST_TOUCHED)
    touched = endings.bases_of(session, changed) | {id for id, _ in held.top}
    return sorted(touched - set(changed))


def _rebuild(store: Store, wanted: Live, *, keep_last: bool) -> int:
    """keep_last: the index that was in force may stay for searches under way in it."""
    name, folder = wanted.engine, f"{wanted.engine}-{time.time_ns() // 1_000_000:x}"
    path, kind = store.index_folder / folder, maker(store, wanted.engine)
    path.mkdir(parents=True, mode=0o700)
    # Read before the first document: what changes from here on is written again afterwards.
    change = indexes.last_change(store)
    engine, count = kind.create(path), 0
    try:
        for batch in _batches(store):
            count += engine.write(_entries_of(store, batch))
        if isinstance(kind, SharedEngineClass):
            kind.put_in_force(path)
    except BaseException:
        engine.close()
        _discard(store, path)
        raise
    engine.close()
    if isinstance(kind, SharedEngineClass):
        live = shared(store, name, wanted.asked_for)
        forget(store)
    else:
        live = replace(wanted, folder=folder, key=secrets.token_hex(8))
    # A shared index has a mark already: it is lower, so that nothing is missed until this one is there.
    _mark(store, live, change)
    _swap(store, live)
    if not keep_last:
        _discard_others(store)
    found = in_force(store)
    return count + (_write_pending(store, *found) if found is not None else 0)


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


def _entries_of(store: Store, ids: Sequence[int]) -> Iterator[IndexEntry]:
    for start in range(0, len(ids), _BATCH):
        with store.db.reading() as session:
            yield from entries(session, ids[start : start + _BATCH])


def _swap(store: Store, live: Live) -> None:
    """Put an index in force; the last readable one stays until the next swap, for searches under way in it."""
    before = pointed(store) if reader(store) is not None else None
    if live.folder or store.settings.search_engine != live.engine:
        set_current_index(store, live)
    kept = {live.folder, before.folder if before is not None else live.folder}
    for old in store.index_folder.iterdir():
        if old.is_dir() and old.name not in kept:
            _discard(store, old)
    _strike_off(store, live)


def _strike_off(store: Store, live: Live) -> None:
    """Forget the marks of other indexes of this home: of those that were in force before."""
    own = _whose(store, replace(live, folder="any"))
    with store.db.reading() as session:
        rows = session.execute(select(SearchIndex.key, SearchIndex.machine, SearchIndex.place)).all()
    if old := [row.key for row in rows if (row.machine, row.place) == own and row.key != live.key]:
        records.forget_indexes(store, old)


def _discard_others(store: Store) -> None:
    """Remove every index that is not in force."""
    live = pointed(store)
    for old in store.index_folder.iterdir():
        if old.is_dir() and (live is None or old.name != live.folder):
            _discard(store, old)


def _discard(store: Store, folder: Path) -> None:
    """Remove an index by the engine that made it, the first part of its folder's name."""
    name = folder.name.split("-")[0]
    engine_choice.engine_class(store.settings, name if name in engine_choice.known() else "whoosh").discard(folder)


def _put_right(store: Store, engine: Engine) -> int:
    """Write what an index lacks or has of another revision, take out what it should not have; return the number.

    As after a restore, a copied home, or a commit that a power cut took.
    """
    held = engine.revisions()
    with store.db.reading() as session:
        rows = session.execute(select(Document.id, Document.revision).where(Document.status.in_(INDEXED))).all()
    wanted = {row.id: row.revision for row in rows}
    lacking = sorted(id for id, revision in wanted.items() if held.get(id) != revision)
    orphans = [id for id in held if id not in wanted]
    for start in range(0, len(lacking), _BATCH):
        engine.write(_entries_of(store, lacking[start : start + _BATCH]))
    if orphans:
        engine.write((), orphans)
    return len(lacking) + len(orphans)


@contextmanager
def _writing(store: Store, wait: float) -> Iterator[bool]:
    """Exclude other writers of this machine's index, and those of other machines if it is shared."""
    store.index_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(store.index_folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        alone = _take(handle, wait)
        if alone and engine_choice.is_shared(chosen_engine(store)):
            with store.db.exclusive("vanban shared index", wait) as everywhere:
                yield everywhere
        else:
            yield alone
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
