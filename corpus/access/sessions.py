"""Sessions of an account as its owner sees them: listed by a handle, ended, and proved again;
corpus.records commits.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus.database.account_tables import SignIn
from corpus.database.connection import utc_now
from corpus.errors import Problem

_HANDLE = 16
"""Hexadecimal digits of a handle: 64 bits of the token's hash."""


def handle(row: SignIn) -> str:
    """The name of a session in addresses: the beginning of its token's hash, from which no token can be found."""
    return row.token_hash[:_HANDLE]


def listing(session: Session, user_id: int, idle: timedelta) -> list[SignIn]:
    """The sessions of an account that are alive, the latest used first."""
    now = utc_now()
    rows = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    return list(session.scalars(rows.where(SignIn.seen_at > now - idle).order_by(SignIn.seen_at.desc())))


def get(session: Session, user_id: int, named: str) -> SignIn:
    """The session of an account with this handle; raises Problem("not_found")."""
    rows = session.scalars(select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None)))
    found = next((row for row in rows if handle(row) == named), None)
    if found is None:
        raise Problem("not_found", what=named[:_HANDLE])
    return found


def end_others(session: Session, user_id: int, kept: str) -> int:
    """End the sessions of an account but the one with this token's hash; return their number."""
    alive = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None), SignIn.token_hash != kept)
    rows = session.scalars(alive).all()
    for row in rows:
        row.ended_at = utc_now()
    return len(rows)


def prove(session: Session, token_hash: str) -> None:
    """Note that the person of this session proved his identity just now."""
    session.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(proved_at=utc_now()))


def is_proved(row: SignIn, within: timedelta) -> bool:
    """True if the person of the session proved who he is within this time."""
    return row.proved_at is not None and row.proved_at > utc_now() - within
