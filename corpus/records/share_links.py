"""Share links made, ended and opened: each act is one transaction and one audit row, without the token."""

from __future__ import annotations

from corpus import audit
from corpus.access import share_links
from corpus.database.connection import utc_now
from corpus.database.store import Store
from corpus.records.transaction import editing, transaction


def share(
    store: Store, document_id: int, token_hash: str, actor: str, *, days: int | None = None, purpose: str = ""
) -> int:
    """Make a link to a document on record; return its ID. The caller keeps the token.

    Raises Problem("not_found"), ("share_limited"), ("wrong_state"), ("bad_value").
    """
    with editing(store, document_id, None) as (session, document):
        row = share_links.add(session, document, token_hash, days, purpose, actor)
        detail = {"share": row.id, "until": row.expires_at.date().isoformat()}
        detail |= {"purpose": row.purpose} if row.purpose else {}
        audit.append(session, actor, "share", document_id, audit.salted(detail), seals=False)
        return row.id


def end_share(store: Store, document_id: int, link_id: int, actor: str) -> None:
    """End a link before its time; no effect on one that has ended. Raises Problem("not_found")."""
    with transaction(store) as session:
        row = share_links.get(session, document_id, link_id)
        if row.ended_at is None:
            row.ended_at, row.ended_by = utc_now(), actor[:100]
            audit.append(session, actor, "end_share", document_id, {"share": row.id}, seals=False)


def note_opening(store: Store, document_id: int, link_id: int, actor: str, address: str) -> None:
    """Count an opening of a link and put it into the trail, before anything of the document is shown.

    Raises Problem("store_busy") if it can't be written within `audit_seconds`.
    """
    with transaction(store, patience=store.settings.audit_seconds) as session:
        share_links.note_opening(session, link_id)
        detail = {"share": link_id, "address": address[:64]}
        audit.append(session, actor, "open_share", document_id, detail, seals=False)


def note_wrong_share(store: Store, source: str) -> None:
    """Store a wrong token of a source; too many make it wait."""
    with store.db.writing(alone=False) as session:
        share_links.note_wrong(session, source)
