"""Overview for administrators: sizes of the store, readings under way, searches without results."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, Document, Job
from corpus.database.store import Store
from corpus.queue import presence

_SEARCHES = 5000
"""Latest searches looked at."""
_DAYS = timedelta(days=30)
"""Age up to which searches count as recent."""
_MASK = "•••"
_ADDRESSES = ("database", "opensearch_url")
"""Settings whose address may hold a password."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes on disk; `database` is 0 for one on another machine."""

    database: int
    originals: int
    index: int
    derived: int


def sizes(store: Store) -> Sizes:
    """Add up the sizes of the store's files; takes seconds for a hundred thousand documents."""
    home = store.settings.home
    database = sum(path.stat().st_size for path in home.glob("vanban.sqlite3*"))
    return Sizes(database, _below(store.originals), _below(store.index_folder), _below(home / "derived"))


@dataclass(frozen=True, slots=True)
class Machine:
    """State of this machine: worker processes alive, bytes free for the store, and the last backup (UTC, file)."""

    workers: int
    free: int
    backup: tuple[datetime, str] | None


def machine(store: Store) -> Machine:
    """Look at this machine; the last backup is the last that the trail has a row of."""
    rows = select(AuditRow.at, AuditRow.detail).where(AuditRow.action == "backup").order_by(AuditRow.id.desc())
    with store.db.reading() as session:
        last = session.execute(rows.limit(1)).first()
    backup = (last[0], str(last[1].get("name", ""))) if last else None
    return Machine(presence.count(store), shutil.disk_usage(store.settings.home).free, backup)


def in_force(settings: Settings) -> dict[str, Any]:
    """The settings as an administrator may see them: what holds a secret, or may hold one in an address,
    is masked.
    """
    told = settings.model_dump(mode="json")
    return {
        name: _MASK if value and ("secret" in name or name in _ADDRESSES) else value
        for name, value in told.items()
    }


def running(store: Store) -> list[tuple[Job, Document]]:
    """The jobs that are worked on now, with their documents."""
    rows = select(Job, Document).join(Document, Document.id == Job.document_id).where(Job.state == "running")
    with store.db.reading() as session:
        return [(row[0], row[1]) for row in session.execute(rows.order_by(Job.started_at).limit(50))]


def in_vain(store: Store, most: int = 20) -> list[tuple[str, int]]:
    """Recent searches without results, most frequent first: missing documents, or words to learn."""
    rows = select(AuditRow.detail).where(AuditRow.action == "search", AuditRow.at > utc_now() - _DAYS)
    with store.db.reading() as session:
        details = session.scalars(rows.order_by(AuditRow.id.desc()).limit(_SEARCHES)).all()
    asked = Counter(str(one.get("q", "")).strip().lower() for one in details if one.get("total") == 0)
    return [(text, count) for text, count in asked.most_common(most) if text]


def _below(folder: Path) -> int:
    return sum(_files(folder)) if folder.exists() else 0


def _files(folder: Path) -> Iterator[int]:
    for path in folder.rglob("*"):
        try:
            if path.is_file():
                yield path.stat().st_size
        except FileNotFoundError:
            # An index segment that was merged away between the listing and the look.
            continue
