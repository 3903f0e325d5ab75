"""Audit rows of reading: document seen or search made, one row a person, kind and quarter of an hour.

The guarded getter of documents calls `looked_at` before anything of a document is shown, so no page or call can
forget it. The row is on disk before the answer: if it can't be written within `audit_seconds`, the answer is
Problem("store_busy").
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
"""Time within which a second look of the same kind leaves no second row."""
_MOST = 20_000
"""Most rows in this process's cache; it is emptied when full."""
_SQL_NAMES = 500
"""IDs of one query: within the limit of every database."""

LOOKS: dict[str, str] = {
    "lookup.document": "view",
    "api.document": "view",
    "api.reading": "view_text",
    "paper.compared": "view_text",
    "lookup.page_image": "view_picture",
    "api_lists.page_image": "view_picture",
    "shared.page_image": "view_picture",
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
    "review.reread_box": "view_text",
    "api_queue.reread_box": "view_text",
    "api_queue.twins": "view_history",
    "api_desk.history": "view_history",
    "lists.history": "view_history",
    "api_lists.history": "view_history",
}
"""Endpoint → action of its row; other endpoints that read a document count as `view`."""
OWN_ROWS = frozenset(
    {"lookup.original", "lookup.searchable", "lookup.edxml", "api.original", "api.searchable", "api.edxml"}
    | {"paper.viewed", "versions.shown", "versions.original", "api_versions.version_file"}
)
"""Each download leaves a row by itself."""
OF_LISTS = frozenset({"lookup.thumbnail"})
"""Parts of a list that was found: the row of the search stands for them."""
_SHOWN_BY: dict[str, tuple[str, ...]] = {
    "view_picture": ("view_picture", "view", "view_desk", "open_share"),
    "view_similar": ("view_similar", "view"),
    "view_text": ("view_text", "view", "view_desk"),
}
"""Action → actions whose pages show as much: a document's page includes its text and pictures."""

_lock = threading.Lock()
_written: dict[tuple[object, ...], float] = {}
"""Rows known to this process to be in the trail → time (monotonic seconds)."""


def looked_at(store: Store, actor: str, endpoint: str, reads: bool, document_id: int) -> None:
    """Append the row of a look at a document; reads: the request changes nothing,
    and so leaves no row of its own.
    """
    if endpoint in OWN_ROWS | OF_LISTS or not (reads or endpoint in LOOKS):
        return
    action = LOOKS.get(endpoint, "view")
    actions = _SHOWN_BY.get(action, (action,))
    if any(_is_known(_key(store, actor, one, document_id)) for one in actions):
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
    """Append the row of a search. `met`: limited documents among the hits; `wide`: limited ones may be in the
    count.
    """
    key = _key(store, actor, "search", text, offset, feed, *sorted((filters or {}).items()))
    if _is_known(key):
        return
    detail: dict[str, object] = {"q": text, "total": total}
    detail |= {"filters": list((filters or {}).values())} if filters else {}
    detail |= {"from": offset + 1} if offset else {}
    detail |= {"feed": feed} if feed is not None else {}
    records.note(store, actor, "search", None, detail | reach(store, hits, belongs))
    _keep(key)


def reach(store: Store, ids: Sequence[int], belongs: Groups) -> dict[str, object]:
    """Parts of a row about limited documents: `met`, and `wide` for a person who sees any of them.

    A person who may see none of them met none.
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
    """Forget this process's cache of the trail; for tests, whose clock moves."""
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


def _is_known(key: tuple[object, ...]) -> bool:
    at = _written.get(key)
    return at is not None and time.monotonic() - at < QUIET.total_seconds()


def _keep(key: tuple[object, ...]) -> None:
    with _lock:
        if len(_written) >= _MOST:
            _written.clear()
        _written[key] = time.monotonic()
