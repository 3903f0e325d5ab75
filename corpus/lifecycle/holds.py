"""Holds: documents open at the desk, by person, and the choice of the next one; functions on a session.

A hold is soft: it expires by itself, it keeps a colleague's queue from offering the document, and it stops nobody
who opens it on purpose. What protects a record is its revision. corpus.records commits.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, select
from sqlalchemy.orm import Session

from corpus.access import groups
from corpus.database.connection import utc_now
from corpus.database.models import Document, Hold

LASTS = timedelta(minutes=3)
"""Lifetime of a hold without a sign from the page: a closed browser blocks nothing."""


def acquire_hold(session: Session, document_id: int, holder: str) -> Hold:
    """Take or renew a hold; returns a colleague's while it is in force."""
    now = utc_now()
    found = session.get(Hold, document_id, with_for_update=True)
    if found is None:
        found = Hold(document_id=document_id, holder=holder, since=now, until=now + LASTS)
        session.add(found)
    elif found.holder == holder or not now < found.until <= now + LASTS:
        if found.holder != holder:
            found.holder, found.since = holder, now
        found.until = now + LASTS
    session.flush()
    return found


def release(session: Session, document_id: int, holder: str) -> None:
    """End one's own hold."""
    session.execute(delete(Hold).where(Hold.document_id == document_id, Hold.holder == holder))


def hold_next(
    session: Session, holder: str, after: int | None = None, seen_by: groups.Groups = None
) -> int | None:
    """Hold the document that has waited longest and that no colleague has open; None if there is none.

    after: the one just left, offered again only if it is the last. seen_by: the groups of the holder.
    """
    found = following(session, holder, after, seen_by)
    if found is not None:
        acquire_hold(session, found, holder)
    return found


def following(
    session: Session, holder: str, after: int | None = None, seen_by: groups.Groups = None
) -> int | None:
    """The document that `hold_next` would take a hold on; none is taken."""
    taken = select(Hold.document_id).where(_alive(), Hold.holder != holder)
    waiting = select(Document.id).where(Document.status == "review", Document.id.not_in(taken))
    waiting = waiting.where(groups.seen_by(seen_by))
    order = (Document.received_at, Document.id)
    found = session.scalar(waiting.where(Document.id != (after or 0)).order_by(*order).limit(1))
    return found if found is not None else session.scalar(waiting.order_by(*order).limit(1))


def held(session: Session) -> dict[int, tuple[str, datetime]]:
    """Document → holder and start of the hold."""
    rows = session.scalars(select(Hold).where(_alive()))
    return {row.document_id: (row.holder, row.since) for row in rows}


def _alive() -> ColumnElement[bool]:
    """SQL condition: the hold is in force; one that ends later than possible dates from before a clock was set
    back.
    """
    now = utc_now()
    return and_(Hold.until > now, Hold.until <= now + LASTS)
