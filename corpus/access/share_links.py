"""Share links (đường dẫn chia sẻ): one document on record, open to whoever has the address, until its end.

A document limited to groups never has one; one that is withdrawn, limited or purged ends all of its links for
good. corpus.records commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from corpus.access.attempts import Cap
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.share_tables import ShareLink, WrongShare
from corpus.errors import Problem
from corpus.typed_text import clean_text

DAYS = 7
"""Days of a link for which nobody gave a number."""
MOST_DAYS = 90
_LONGEST_PURPOSE = 200
"""Characters."""
BY_SOURCE = Cap(free=20, window=900, first=15, most=300)
"""Limit of wrong tokens of one source: a mistyped or cut address is opened a few times, a guess without end."""


def add(
    session: Session, document: Document, token_hash: str, days: int | None, purpose: str, actor: str
) -> ShareLink:
    """A link to a document for this number of days.

    Raises Problem("share_limited") for a document limited to groups, ("wrong_state") for one that is not on
    record, ("bad_value").
    """
    if document.limited:
        raise Problem("share_limited", document=document.id)
    if document.status != "accepted":
        raise Problem("wrong_state", document=document.id, status=document.status)
    life = DAYS if days is None else days
    if not 1 <= life <= MOST_DAYS:
        raise Problem("bad_value", field="days", value=life, why=f"từ 1 đến {MOST_DAYS} ngày")
    said = clean_text("purpose", purpose)
    if len(said) > _LONGEST_PURPOSE:
        raise Problem("bad_value", field="purpose", value=said[:50], why=f"dài quá {_LONGEST_PURPOSE} ký tự")
    now = utc_now()
    row = ShareLink(
        document_id=document.id,
        token_hash=token_hash,
        purpose=said,
        made_by=actor[:100],
        made_at=now,
        expires_at=now + timedelta(days=life),
        openings=0,
    )
    session.add(row)
    session.flush()
    return row


def of_token(session: Session, token_hash: str) -> ShareLink | None:
    """The link of a token, also one that is over; None for an unknown token."""
    return session.scalars(select(ShareLink).where(ShareLink.token_hash == token_hash)).first()


def is_open(link: ShareLink, document: Document | None) -> bool:
    """True if a link opens its document now: neither over, nor the document limited or off record."""
    if link.ended_at is not None or link.expires_at <= utc_now() or document is None:
        return False
    return document.status == "accepted" and not document.limited


def get(session: Session, document_id: int, link_id: int) -> ShareLink:
    """A link of a document; raises Problem("not_found")."""
    row = session.get(ShareLink, link_id)
    if row is None or row.document_id != document_id:
        raise Problem("not_found", what=link_id)
    return row


def end_all(session: Session, document_id: int, actor: str) -> int:
    """End all links of a document for good; return the number of those that were open. actor: "" for nobody."""
    now = utc_now()
    rows = session.scalars(
        select(ShareLink).where(ShareLink.document_id == document_id, ShareLink.ended_at.is_(None))
    ).all()
    for row in rows:
        row.ended_at, row.ended_by = now, actor[:100] or None
    return sum(row.expires_at > now for row in rows)


def forget(session: Session, document_id: int) -> None:
    """End the links of a document that is purged, and take out their purposes, which may tell of its content."""
    end_all(session, document_id, "")
    session.execute(update(ShareLink).where(ShareLink.document_id == document_id).values(purpose=""))


def note_opening(session: Session, link_id: int) -> None:
    """Count one opening of a link, with its time."""
    counted = {"openings": ShareLink.openings + 1, "opened_at": utc_now()}
    session.execute(update(ShareLink).where(ShareLink.id == link_id).values(**counted))


def note_wrong(session: Session, source: str) -> None:
    """Store a wrong token of a source, and delete what no limit counts any more."""
    now = utc_now()
    session.execute(delete(WrongShare).where(WrongShare.at < now - timedelta(seconds=BY_SOURCE.window)))
    session.add(WrongShare(source=source[:64], at=now))
    session.flush()


def wait_of(session: Session, source: str, now: datetime) -> int:
    """Seconds until this source may open a link again."""
    within = WrongShare.at.between(now - timedelta(seconds=BY_SOURCE.window), now)
    rows = select(func.count(), func.max(WrongShare.at)).where(WrongShare.source == source[:64], within)
    count, latest = session.execute(rows).one()
    wait = BY_SOURCE.wait(count)
    return max(0, ceil(wait - (now - latest).total_seconds())) if wait else 0
