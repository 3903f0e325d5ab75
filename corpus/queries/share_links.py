"""Share links of a document, as its page and the API list them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from corpus.database.connection import utc_now
from corpus.database.share_tables import ShareLink
from corpus.database.store import Store

_MOST = 50
"""Links of a document that are listed, the newest."""


@dataclass(frozen=True, slots=True)
class LinkShown:
    """One link, without its token: who made it, until when it opens, and how often it was opened."""

    id: int
    purpose: str
    made_by: str
    made_at: datetime
    until: datetime
    state: Literal["open", "expired", "ended"]
    ended_by: str | None
    openings: int
    opened_at: datetime | None


def of_document(store: Store, document_id: int) -> list[LinkShown]:
    """Links of a document, the newest first."""
    rows = select(ShareLink).where(ShareLink.document_id == document_id).order_by(ShareLink.id.desc())
    with store.db.reading() as session:
        return [_of_row(row) for row in session.scalars(rows.limit(_MOST))]


def _of_row(row: ShareLink) -> LinkShown:
    return LinkShown(
        id=row.id,
        purpose=row.purpose,
        made_by=row.made_by,
        made_at=row.made_at,
        until=row.expires_at,
        state="ended" if row.ended_at else "expired" if row.expires_at <= utc_now() else "open",
        ended_by=row.ended_by,
        openings=row.openings,
        opened_at=row.opened_at,
    )
