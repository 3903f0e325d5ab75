"""Deliveries to other programs: due, being tried, done; one that is given up leaves an audit row."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from corpus import audit
from corpus.database.connection import utc_now
from corpus.database.hook_tables import HookCursor, HookDelivery
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.records.transaction import SYSTEM, transaction

MOST_ATTEMPTS = 12
"""Attempts before a delivery is given up: by the pauses below, about a day and a half."""
_FIRST_PAUSE = timedelta(seconds=30)
_LONGEST_PAUSE = timedelta(hours=6)
_LEASE = timedelta(minutes=5)
"""Time in which an attempt has to end; afterwards another process may take the delivery."""
_AT_A_TIME = 1000
"""Rows of the trail gone through in one transaction."""
_LONGEST_ERROR = 300


@dataclass(frozen=True, slots=True)
class DueDelivery:
    """One delivery that a process has taken: the row of the trail, its document, and the attempts so far."""

    id: int
    row: int
    target: str
    document_id: int
    attempts: int


def gather_hooks(store: Store, target: str) -> int:
    """Note the documents that went on record since the last call; return their number.

    The first call for a target begins at the end of the trail: older documents are not delivered.
    """
    found = 0
    with store.db.writing() as session:
        cursor = session.get(HookCursor, target, with_for_update=True)
        last = session.scalar(select(func.max(AuditRow.id))) or 0
        if cursor is None:
            session.add(HookCursor(target=target, row=last))
            return 0
        upto = min(last, cursor.row + _AT_A_TIME)
        rows = select(AuditRow).where(AuditRow.id > cursor.row, AuditRow.id <= upto)
        for row in session.scalars(rows.where(AuditRow.action.in_(("accept", "read"))).order_by(AuditRow.id)):
            on_record = row.action == "accept" or row.detail.get("status") == "accepted"
            if on_record and row.document_id is not None:
                session.add(HookDelivery(row=row.id, target=target, document_id=row.document_id, at=utc_now()))
                found += 1
        cursor.row = upto
    return found


def take_hook(store: Store, target: str) -> DueDelivery | None:
    """Take the next delivery that is due, so that no other process tries it meanwhile; None if there is none."""
    now = utc_now()
    due = select(HookDelivery).where(HookDelivery.target == target, HookDelivery.state == "waiting")
    with store.db.writing() as session:
        one = session.scalar(
            due.where(HookDelivery.at <= now).order_by(HookDelivery.row).limit(1).with_for_update()
        )
        if one is None:
            return None
        one.at, one.attempts = now + _LEASE, one.attempts + 1
        return DueDelivery(one.id, one.row, one.target, one.document_id, one.attempts)


def settle_hook(store: Store, taken: DueDelivery, error: str | None) -> str:
    """Note the error of an attempt (None: delivered); return the new state. Giving up leaves an audit row."""
    state = "done" if error is None else "waiting" if taken.attempts < MOST_ATTEMPTS else "given_up"
    pause = min(_FIRST_PAUSE * 2 ** min(taken.attempts - 1, 20), _LONGEST_PAUSE)
    with transaction(store) as session:
        one = session.get_one(HookDelivery, taken.id)
        one.state, one.at, one.error = state, utc_now() + pause, (error or "")[:_LONGEST_ERROR]
        if state == "given_up":
            detail = {"what": taken.target, "reason": one.error, "attempts": taken.attempts}
            audit.append(session, SYSTEM, "hook_failed", taken.document_id, detail)
    return state


def retry_hooks(store: Store) -> int:
    """Put the deliveries that were given up back to the waiting ones; return their number."""
    given_up = select(HookDelivery).where(HookDelivery.state == "given_up")
    with store.db.writing() as session:
        rows = session.scalars(given_up).all()
        for one in rows:
            one.state, one.attempts, one.at = "waiting", 0, utc_now()
        return len(rows)
