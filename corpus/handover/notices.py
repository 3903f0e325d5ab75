"""Notices that wait to be mailed: who gets one of what, the day's digests, what is sent, tried again, given up."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.account_tables import Member, User
from corpus.database.connection import utc_now
from corpus.database.handover_tables import Delegation, DigestDay, Handover, HandoverPart, Mailbox, Notice
from corpus.errors import Problem
from corpus.handover.acting import Acting
from corpus.numbering.typed_days import today
from corpus.typed_text import clean_text

TO_GIVER = frozenset({"done", "answered", "unanswered"})
"""Kinds that go to who gave the paper; the others go to its receivers."""
_LEASE = timedelta(minutes=5)
"""Time within which a mail is sent or comes back to be tried again; also the pause after a failure."""
_STALE = timedelta(days=3)
"""Age at which a mail that could not be sent is given up."""
_MOST_TRIES = 10


def queue(session: Session, row: Handover, kind: str, by: Acting | None = None, mark: str = "") -> int:
    """Queue a mail for each person concerned who wants one, but for who acts; return their number.

    mark: tells two notices of one kind about one hand-over apart.
    """
    people = _people(session, row, kind) - {by.user_id if by else None}
    wanted = select(Mailbox.user_id).join(User, User.id == Mailbox.user_id)
    key = f"{kind}:{row.id}:{mark}"[:100]
    known = select(Notice.user_id).where(Notice.key == key)
    wanted = wanted.where(Mailbox.user_id.in_(people), Mailbox.notices, User.active, Mailbox.user_id.not_in(known))
    ids = list(session.scalars(wanted))
    session.add_all(_notice(user_id, kind, key, row.id) for user_id in ids)
    session.flush()
    return len(ids)


def queue_digests(session: Session, day: str) -> int | None:
    """Queue the digests of a day (ISO 8601) for all who want one; None if that was done before."""
    if session.get(DigestDay, day) is not None:
        return None
    session.add(DigestDay(day=day, made_at=utc_now()))
    key = f"digest:{day}"
    known = select(Notice.user_id).where(Notice.key == key)
    wanted = select(Mailbox.user_id).join(User, User.id == Mailbox.user_id)
    ids = list(session.scalars(wanted.where(Mailbox.digest, User.active, Mailbox.user_id.not_in(known))))
    session.add_all(_notice(user_id, "digest", key, None) for user_id in ids)
    session.flush()
    return len(ids)


def due(session: Session, most: int) -> list[int]:
    """IDs of the mails to be sent now, oldest first."""
    rows = select(Notice.id).where(Notice.state == "waiting", Notice.try_at <= utc_now())
    return list(session.scalars(rows.order_by(Notice.try_at, Notice.id).limit(most)))


def claim(session: Session, notice_id: int) -> Notice | None:
    """Take a mail for sending, so that no other process sends it meanwhile; None if another has it.

    One whose sender dies comes back when its time is over.
    """
    row = session.get(Notice, notice_id, with_for_update=True)
    if row is None or row.state != "waiting" or row.try_at > utc_now():
        return None
    if row.attempts >= _MOST_TRIES or row.made_at < utc_now() - _STALE:
        row.state = "failed"
        return None
    row.attempts += 1
    row.try_at = utc_now() + _LEASE * row.attempts
    session.flush()
    return row


def settle(session: Session, notice_id: int, state: str) -> Notice | None:
    """Note how a mail ended: `sent`, or `left_out` when it had nothing for its receiver."""
    row = session.get(Notice, notice_id)
    if row is None or row.state != "waiting":
        return None
    row.state, row.sent_at = state, utc_now() if state == "sent" else None
    session.flush()
    return row


def set_mailbox(session: Session, user: User, address: str, notices: bool, digest: bool) -> bool:
    """Set where a person's notices go, or delete it for an empty address; True if anything changed.

    Raises Problem("bad_value") for what is no address.
    """
    said = checked_address(address) if address.strip() else ""
    row = session.get(Mailbox, user.id)
    if not said:
        if row is not None:
            session.delete(row)
            session.flush()
        return row is not None
    if row is not None and (row.address, row.notices, row.digest) == (said, notices, digest):
        return False
    row = row or Mailbox(user_id=user.id)
    row.address, row.notices, row.digest = said, notices, digest
    session.add(row)
    session.flush()
    return True


def checked_address(address: str) -> str:
    """An address of plain ASCII as mail programs take it; raises Problem("bad_value")."""
    said = clean_text("address", address[:1000], required=True)
    name, _, host = said.rpartition("@")
    plain = said.isascii() and not any(sign in said for sign in ' ,;:<>()[]"\\')
    dotted = "." in host and all(part.strip("-") for part in host.split("."))
    if not (plain and name and "@" not in name and dotted and len(said) <= 254):
        raise Problem("bad_value", field="address", value=said[:50], why="ví dụ đúng: lan@sott.example.vn")
    return said


def _people(session: Session, row: Handover, kind: str) -> set[int | None]:
    """IDs of the persons whom a notice concerns, and of those who act for them today."""
    if kind in TO_GIVER:
        people = {row.giver_id}
    else:
        parts = select(HandoverPart.user_id).where(HandoverPart.handover_id == row.id)
        members = select(Member.user_id).join(HandoverPart, HandoverPart.group_id == Member.group_id)
        found = [*session.scalars(parts), *session.scalars(members.where(HandoverPart.handover_id == row.id))]
        people = {one for one in found if one is not None}
    at = today()
    deputies = select(Delegation.deputy_id).where(
        Delegation.owner_id.in_(people),
        Delegation.first <= at,
        Delegation.last >= at,
        Delegation.ended_at.is_(None),
    )
    return {*people, *session.scalars(deputies)}


def _notice(user_id: int, kind: str, key: str, handover_id: int | None) -> Notice:
    now = utc_now()
    return Notice(user_id=user_id, kind=kind, key=key, handover_id=handover_id, made_at=now, try_at=now)
