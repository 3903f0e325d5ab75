"""The rows that reading leaves in the trail: who saw which document or searched for what, one row a kind and quarter of an hour.

The guarded getter of documents calls `looked_at` before anything of a document is shown, so no page or call can forget it.
The row is on disk before the answer: when it can't be written within `audit_seconds`, the answer is Problem("store_busy").
"""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select

from corpus import records
from corpus.access import groups
from corpus.access.groups import Groups
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store

QUIET = timedelta(minutes=15)
"""A second look of the same kind within it leaves no second row."""
_MOST = 20_000
_SQL_NAMES = 500

LOOKS: dict[str, str] = {
    "lookup.document": "view",
    "api.document": "view",
    "api.reading": "view_text",
    "lookup.page_image": "view_picture",
    "api_lists.page_image": "view_picture",
    "lookup.alike": "view_similar",
    "api_lists.similar": "view_similar",
    "trail.cites": "view_cites",
    "trail.tree": "view_cites",
    "trail.surroundings": "view_cites",
    "api.cites": "view_cites",
    "api_trail.tree": "view_cites",
    "api_trail.graph": "view_cites",
    "api_trail.conflicts": "view_cites",
    "review.form": "view_desk",
    "review.compare": "view_desk",
    "review.spot": "view_text",
    "api_queue.spot": "view_text",
    "api_queue.twins": "view_history",
    "api_desk.history": "view_history",
    "lists.history": "view_history",
    "api_lists.history": "view_history",
}
"""Endpoint → the action that its row bears; what reads a document and isn't here counts as `view`."""
OWN_ROWS = frozenset({"lookup.original", "lookup.searchable", "api.original", "api.searchable"})
"""Each download leaves a row by itself."""
_SHOWN_BY: dict[str, tuple[str, ...]] = {
    "view_picture": ("view_picture", "view", "view_desk"),
    "view_similar": ("view_similar", "view"),
    "view_text": ("view_text", "view", "view_desk"),
}
"""Action → those whose pages show as much: a document's page holds its text and pictures."""

_lock = threading.Lock()
_written: dict[tuple[object, ...], float] = {}
"""What this process knows to be in the trail, and since when (monotonic seconds)."""


def looked_at(store: Store, actor: str, endpoint: str, reads: bool, document_id: int) -> None:
    """Leaves the row of one look at a document; reads: the request changes nothing, so that it leaves none of its own."""
    if endpoint in OWN_ROWS or not (reads or endpoint in LOOKS):
        return
    action = LOOKS.get(endpoint, "view")
    actions = _SHOWN_BY.get(action, (action,))
    if any(_known(_key(store, actor, one, document_id)) for one in actions):
        return
    if not _in_trail(store, actor, actions, document_id):
        records.note(store, actor, action, document_id)
    _keep(_key(store, actor, action, document_id))


def searched(
    store: Store,
    actor: str,
    text: str,
    total: int,
    hits: Sequence[int],
    *,
    offset: int = 0,
    filters: dict[str, str] | None = None,
    belongs: Groups = (),
    feed: int | None = None,
) -> None:
    """Leaves the row of one search. `met`: limited documents among the hits; `wide`: limited ones may be in the count."""
    key = _key(store, actor, "search", text, offset, feed, *sorted((filters or {}).items()))
    if _known(key):
        return
    detail: dict[str, object] = {"q": text, "total": total}
    detail |= {"filters": list((filters or {}).values())} if filters else {}
    detail |= {"from": offset + 1} if offset else {}
    detail |= {"feed": feed} if feed is not None else {}
    records.note(store, actor, "search", None, detail | reach(store, hits, belongs))
    _keep(key)


def reach(store: Store, ids: Sequence[int], belongs: Groups) -> dict[str, object]:
    """The parts of a row that say which limited documents it tells of: `met`, and `wide` for who sees any of them.

    Who may see none of them met none.
    """
    if belongs == ():
        return {}
    met: list[int] = []
    with store.db.reading() as session:
        seen = select(Document.id).where(Document.limited, groups.seen_by(belongs))
        if session.scalars(seen.limit(1)).first() is None:
            return {}
        for at in range(0, len(ids), _SQL_NAMES):
            met += session.scalars(seen.where(Document.id.in_(ids[at : at + _SQL_NAMES])).order_by(Document.id))
    return ({"met": met} if met else {}) | {"wide": True}


def forget() -> None:
    """Has this process ask the trail again; for tests, whose clock moves."""
    with _lock:
        _written.clear()


def _in_trail(store: Store, actor: str, actions: tuple[str, ...], document_id: int) -> bool:
    """True if another process has left the row within the quarter of an hour."""
    rows = select(AuditRow.id).where(
        AuditRow.document_id == document_id,
        AuditRow.actor == actor[:100],
        AuditRow.action.in_(actions),
        AuditRow.at > utc_now() - QUIET,
    )
    with store.db.reading() as session:
        return session.scalars(rows.limit(1)).first() is not None


def _key(store: Store, *parts: object) -> tuple[object, ...]:
    return (store.db.url, *parts)


def _known(key: tuple[object, ...]) -> bool:
    at = _written.get(key)
    return at is not None and time.monotonic() - at < QUIET.total_seconds()


def _keep(key: tuple[object, ...]) -> None:
    with _lock:
        if len(_written) >= _MOST:
            _written.clear()
        _written[key] = time.monotonic()
