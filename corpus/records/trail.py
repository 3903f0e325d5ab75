"""Audit rows by themselves: a view, a search, a download, an export."""

from __future__ import annotations

from typing import Any

from corpus import audit
from corpus.database.store import Store
from corpus.records.transaction import transaction


def note(
    store: Store, actor: str, action: str, document_id: int | None = None, detail: dict[str, Any] | None = None
) -> None:
    """Append a row to the trail by itself: a view, a search, a download, an export.

    Raises Problem("store_busy") if it can't be written within `audit_seconds`: nothing is read without its row.
    """
    with transaction(store, patience=store.settings.audit_seconds) as session:
        audit.append(session, actor, action, document_id, detail, seals=False)
