"""Fixity checks: originals against their hashes, and originals against rows in both directions."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.database.version_tables import FileVersion
from corpus.lifecycle import intake
from corpus.lifecycle.versions import ALIVE
from corpus.originals import content_store

State = Literal["sound", "missing", "changed"]

CYCLE = timedelta(days=90)
"""Every original is read again at least this often (the interval of Merritt, an archive of the University of
California)."""
_BATCH = 200
"""Originals compared between two reports of progress."""
_GRACE_SECONDS = 3600.0
"""An original without a row may be an upload between its rename and its commit; after this time it is none."""

Progress = Callable[[int, int], None]
"""Callback with the originals done and their total."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Result of the check of one document's original."""

    document_id: int
    sha256: str
    state: State


def look_at(store: Store, documents: list[tuple[int, str]]) -> list[Finding]:
    """Read the originals of these documents (ID, hash) and compare."""
    return [Finding(number, sha256, _state(store, sha256)) for number, sha256 in documents]


def all_documents(store: Store) -> list[tuple[int, str]]:
    """Every document that must have an original, with each version of its file: all but the classified, whose
    bytes were taken out.
    """
    with store.db.reading() as session:
        rows = session.scalars(select(Document).order_by(Document.id).execution_options(yield_per=1000))
        shown = [(row.id, row.sha256) for row in rows if not intake.is_purged(row)]
        return sorted({*shown, *_versions(session)})


def due(store: Store, limit: int) -> list[tuple[int, str]]:
    """Documents beyond the cycle whose originals were compared longest ago."""
    old = or_(Document.verified_at.is_(None), Document.verified_at < utc_now() - CYCLE)
    # A file that has just come in was hashed on its way: it need not be read again at once.
    settled = func.coalesce(Document.verified_at, Document.received_at) < utc_now() - CYCLE
    rows = select(Document).where(old, settled).order_by(Document.verified_at, Document.id).limit(limit)
    with store.db.reading() as session:
        shown = [(row.id, row.sha256) for row in session.scalars(rows) if not intake.is_purged(row)]
        ids = {number for number, _ in shown}
        return sorted({*shown, *(one for one in _versions(session) if one[0] in ids)})


def compare_all(store: Store, progress: Progress | None = None) -> list[Finding]:
    """Compare every original; return the findings in the order of the documents."""
    documents, found = all_documents(store), []
    for start in range(0, len(documents), _BATCH):
        found += look_at(store, documents[start : start + _BATCH])
        if progress is not None:
            progress(len(found), len(documents))
    return found


def orphans(store: Store) -> list[str]:
    """Hashes of originals without a row and without an upload under way."""
    with store.db.reading() as session:
        known = set(session.scalars(select(Document.sha256))) | {sha256 for _, sha256 in _versions(session)}
    before = time.time() - _GRACE_SECONDS
    unknown = [sha256 for sha256 in content_store.all_originals(store) if sha256 not in known]
    looks = ((sha256, content_store.look_at(store, sha256)) for sha256 in unknown)
    return [sha256 for sha256, look in looks if look is not None and look.since < before]


def _versions(session: Session) -> list[tuple[int, str]]:
    """All versions of files whose bytes are kept, as (ID, hash)."""
    rows = select(FileVersion.document_id, FileVersion.sha256).where(FileVersion.state.in_(ALIVE)).distinct()
    return [(row[0], row[1]) for row in session.execute(rows)]


def _state(store: Store, sha256: str) -> State:
    found = content_store.place(store).digest(sha256)
    if found is None:
        return "missing"
    return "sound" if found == sha256 else "changed"
