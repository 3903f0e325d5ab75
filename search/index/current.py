"""The index in force: opened once in a process, and its state compared with the store. Writes no entries.

An engine of one machine has its index in a folder that the pointer file names; a shared one has it on a cluster,
behind an alias, and no pointer is needed where the setting names that engine.
"""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from sqlalchemy import ColumnElement, func, select

from corpus.database.index_tables import SearchIndex
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import indexes
from search import engine_choice
from search.engines.base import BrokenIndex, Engine, EngineClass, SharedEngineClass
from search.index.entries import INDEXED


@dataclass(frozen=True, slots=True)
class IndexState:
    """State of the index compared with the store."""

    count: int
    """Documents in the index."""
    stale: int
    """Documents whose index entry differs from the store."""
    engine: str
    usable: bool
    fault: str = ""
    """Code of the problem for which a shared index can't be asked now; it is not being rebuilt."""


@dataclass(frozen=True, slots=True)
class Live:
    """Content of the pointer file: the folder in force, its engine, and the key of its mark."""

    folder: str
    """Empty for a shared index."""
    engine: str
    asked_for: bool = False
    """True if a person named the engine (`vanban reindex --engine`): then `auto` does not change it."""
    key: str = ""
    """Key of the index's mark (SearchIndex); empty for one that has none yet."""


_open: dict[Path, tuple[Live, Engine]] = {}
_open_lock = threading.Lock()


def state(store: Store) -> IndexState:
    """Compare the index with the store; one that is broken or can't be reached is not usable."""
    wanted = documents(store)
    try:
        found = in_force(store)
        count = None if found is None else found[1].count()
    except BrokenIndex:
        found = count = None
    except Problem as problem:
        return IndexState(0, wanted, chosen_engine(store), usable=False, fault=problem.code)
    if found is None or count is None:
        return IndexState(0, wanted, chosen_engine(store), usable=False)
    live, engine = found
    with store.db.reading() as session:
        behind = select(func.count()).select_from(Document).where(Document.change > change_of(live))
        stale = session.scalar(behind) or 0
    return IndexState(count, max(stale, abs(wanted - count)), engine.name, usable=True)


def reader(store: Store) -> Engine | None:
    """The index in force, opened once in a process; None if there is none that can be read.

    Raises the Problem of a cluster that can't be asked.
    """
    found = in_force(store)
    return found[1] if found is not None else None


def in_force(store: Store) -> tuple[Live, Engine] | None:
    """The index in force with its pointer; as `reader`."""
    pointer = pointed(store)
    if pointer is None:
        return None
    kind = maker(store, pointer.engine)
    try:
        if isinstance(kind, SharedEngineClass):
            return _attach(store, pointer, kind)
        with _open_lock:
            kept = _open.get(store.index_folder)
            if kept is not None and kept[0] == pointer and (store.index_folder / pointer.folder).exists():
                return kept
            _open[store.index_folder] = pointer, kind.open(store.index_folder / pointer.folder)
            return _open[store.index_folder]
    except BrokenIndex:
        return None


def _attach(store: Store, pointer: Live, kind: SharedEngineClass) -> tuple[Live, Engine]:
    """A shared index; nobody waits behind who waits for a cluster that does not answer."""
    kept = _open.get(store.index_folder)
    if kept is not None and kept[0] == pointer:
        return kept
    made = pointer, kind.attach()
    with _open_lock:
        _open[store.index_folder] = made
    return made


def maker(store: Store, engine: str) -> EngineClass:
    """The maker of an engine for this store."""
    name = indexes.store_name(store) if engine_choice.is_shared(engine) else ""
    return engine_choice.engine_class(store.settings, engine, name)


def forget(store: Store) -> None:
    """Close this process's index of a store."""
    with _open_lock:
        kept = _open.pop(store.index_folder, None)
    if kept is not None:
        kept[1].close()


def mark_index_corrupt(store: Store) -> None:
    """Take an index that proved damaged out of force; the next `sync` rebuilds it, by the same engine."""
    pointer = pointed(store)
    forget(store)
    if pointer is not None and pointer.folder:
        set_current_index(store, replace(pointer, folder="torn"))


def set_current_index(store: Store, live: Live) -> None:
    """Put an index in force by the pointer file, in one step that survives a power cut."""
    temporary = store.index_folder / "current.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(asdict(live), file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(store.index_folder / "current")
    handle = os.open(store.index_folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def change_of(live: Live) -> ColumnElement[int]:
    """The change up to which an index has every one, for a statement; 0 for an index without mark."""
    known = select(SearchIndex.change).where(SearchIndex.key == live.key).scalar_subquery()
    return func.coalesce(known, 0)


def chosen_engine(store: Store) -> str:
    """The engine that is set; with `auto` the one in force,
    but Tantivy in place of Whoosh in a store that has grown.

    An engine that `vanban reindex --engine` named lasts while the setting is `auto`.
    """
    if store.settings.search_engine != engine_choice.AUTO:
        return store.settings.search_engine
    pointer = pointed(store)
    if pointer is not None and (pointer.asked_for or pointer.engine != engine_choice.automatic(0)):
        return pointer.engine
    return engine_choice.automatic(documents(store))


def documents(store: Store) -> int:
    """Number of documents that can be found."""
    with store.db.reading() as session:
        asked = select(func.count()).select_from(Document).where(Document.status.in_(INDEXED))
        return session.scalar(asked) or 0


def pointed(store: Store) -> Live | None:
    """Read the pointer file; None if there is none that can be read. A shared engine that is set needs none."""
    if engine_choice.is_shared(name := store.settings.search_engine):
        return shared(store, name)
    try:
        data = json.loads((store.index_folder / "current").read_text(encoding="utf-8"))
        name, asked_for = data["engine"], data.get("asked_for") is True
        if name not in engine_choice.known():
            return None
        if engine_choice.is_shared(name):
            return shared(store, name, asked_for)
        return Live(str(data["folder"]), name, asked_for, str(data.get("key") or ""))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def shared(store: Store, engine: str, asked_for: bool = False) -> Live:
    """The pointer to the index of a shared engine; its key is the alias on the cluster."""
    kind = maker(store, engine)
    return Live("", engine, asked_for, kind.alias if isinstance(kind, SharedEngineClass) else "")
