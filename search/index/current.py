"""The index in force: which folder it is, opened once in a process, and how it stands to the store. Writes no entries."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import and_, func, or_, select, union_all
from sqlalchemy.orm import aliased

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.queue import compounds
from search import engine_choice
from search.engines.base import BrokenIndex, Engine
from search.index.entries import INDEXED


@dataclass(frozen=True, slots=True)
class IndexState:
    """How the index stands to the store."""

    count: int
    """Documents in the index."""
    stale: int
    """Documents whose index entry is not what the store holds."""
    engine: str
    usable: bool


@dataclass(frozen=True, slots=True)
class Live:
    """Which folder is in force, as the pointer file says."""

    folder: str
    engine: str


_open: dict[Path, tuple[Live, Engine]] = {}
_open_lock = threading.Lock()


def state(store: Store) -> IndexState:
    """How the index stands to the store; never raises for a broken index."""
    live = reader(store)
    with store.db.reading() as session:
        stale = session.scalar(select(func.count()).select_from(Document).where(pending())) or 0
        wanted = (
            session.scalar(select(func.count()).select_from(Document).where(Document.status.in_(INDEXED))) or 0
        )
    if live is None:
        return IndexState(0, wanted, chosen_engine(store), usable=False)
    count = live.count()
    return IndexState(count, max(stale, abs(wanted - count)), live.name, usable=True)


def reader(store: Store) -> Engine | None:
    """The index in force, opened once in a process; None when there is none that can be read."""
    pointer = pointed(store)
    if pointer is None:
        return None
    with _open_lock:
        kept = _open.get(store.index_folder)
        if kept is not None and kept[0] == pointer and (store.index_folder / pointer.folder).exists():
            return kept[1]
        try:
            opened = engine_choice.engine_class(store.settings, pointer.engine).open(
                store.index_folder / pointer.folder
            )
        except BrokenIndex:
            return None
        _open[store.index_folder] = (pointer, opened)
        return opened


def forget(store: Store) -> None:
    """Closes this process's index of a store."""
    with _open_lock:
        kept = _open.pop(store.index_folder, None)
    if kept is not None:
        kept[1].close()


def condemn(store: Store) -> None:
    """Takes an index that proved torn out of force; the next `sync` builds it anew, by the same engine."""
    pointer = pointed(store)
    forget(store)
    if pointer is not None:
        point(store, Live("torn", pointer.engine))


def point(store: Store, live: Live) -> None:
    """Says which index is in force, in one step that survives a power cut."""
    temporary = store.index_folder / "current.new"
    with temporary.open("w", encoding="utf-8") as file:
        json.dump({"folder": live.folder, "engine": live.engine}, file)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(store.index_folder / "current")
    handle = os.open(store.index_folder, os.O_RDONLY)
    os.fsync(handle)
    os.close(handle)


def pending() -> Any:
    """The documents whose entry is not what the store holds, as a condition.

    Those behind are asked for by themselves: an index answers that, and the rows of all others need not be read.
    """
    behind = aliased(Document)
    few = union_all(select(behind.id).where(behind.revision != behind.indexed_revision), compounds.unindexed())
    shown = Document.status.in_(INDEXED)
    differs = Document.revision != Document.indexed_revision
    segmented = Document.id.in_(compounds.unindexed())
    written = and_(shown, or_(differs, segmented))
    return and_(Document.id.in_(few), or_(written, and_(~shown, differs, Document.indexed_revision != 0)))


def chosen_engine(store: Store) -> str:
    """The engine that is set; when none is, the one in force, so that `vanban reindex --engine` lasts."""
    pointer = pointed(store)
    chosen = "search_engine" in store.settings.model_fields_set or pointer is None
    return store.settings.search_engine if chosen or pointer is None else pointer.engine


def pointed(store: Store) -> Live | None:
    """What the pointer file names; None when there is none that can be read."""
    try:
        data = json.loads((store.index_folder / "current").read_text(encoding="utf-8"))
        return Live(str(data["folder"]), str(data["engine"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
