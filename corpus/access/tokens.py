"""Tokens by which programs act for accounts: made with an end, looked up by hash, listed;
corpus.records commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus.database.account_tables import AccessToken, User
from corpus.database.connection import utc_now
from corpus.errors import Problem
from corpus.typed_text import clean_text

_SHOWN_EXPIRED = timedelta(days=30)
"""Time that an expired token stays in the lists, so that its owner sees why his program stopped."""


@dataclass(frozen=True, slots=True)
class ListedToken:
    """A token with its owner's name, as lists show it."""

    token: AccessToken
    owner: str

    @property
    def is_expired(self) -> bool:
        return self.token.expires_at <= utc_now()


def add(
    session: Session, user_id: int, token_hash: str, label: str, writes: bool, days: int | None, longest: int
) -> AccessToken:
    """A token that lives for `days`, the longest life when None; raises Problem("bad_value")."""
    life = longest if days is None else days
    if not 1 <= life <= longest:
        raise Problem("bad_value", field="days", value=life, why=f"từ 1 đến {longest} ngày")
    now = utc_now()
    row = AccessToken(
        token_hash=token_hash,
        user_id=user_id,
        label=clean_text("label", label, required=True)[:100],
        writes=writes,
        created_at=now,
        expires_at=now + timedelta(days=life),
    )
    session.add(row)
    session.flush()
    return row


def user_of(session: Session, token_hash: str) -> tuple[User, AccessToken] | None:
    """The account that a token acts for; None when the token is unknown, ended or expired,
    or the account closed.
    """
    found = select(User, AccessToken).join(AccessToken, AccessToken.user_id == User.id)
    alive = found.where(
        AccessToken.token_hash == token_hash, AccessToken.ended_at.is_(None), AccessToken.expires_at > utc_now()
    )
    row = session.execute(alive.where(User.active)).first()
    return (row[0], row[1]) if row else None


def touch(session: Session, token_id: int) -> None:
    """Note the use of a token."""
    session.execute(update(AccessToken).where(AccessToken.id == token_id).values(used_at=utc_now()))


def get(session: Session, token_id: int, user_id: int | None = None) -> AccessToken:
    """A token, with `user_id` only one of that account; raises Problem("not_found")."""
    row = session.get(AccessToken, token_id)
    if row is None or user_id not in (None, row.user_id):
        raise Problem("not_found", what=token_id)
    return row


def end_all(session: Session, user_id: int) -> int:
    """End all tokens of an account; return the number of active ones."""
    now = utc_now()
    rows = session.scalars(
        select(AccessToken).where(AccessToken.user_id == user_id, AccessToken.ended_at.is_(None))
    ).all()
    for row in rows:
        row.ended_at = now
    return sum(row.expires_at > now for row in rows)


def listing(session: Session, user_id: int | None = None) -> list[ListedToken]:
    """Tokens in force or recently expired, of one account or of all."""
    rows = select(AccessToken, User.name).join(User, User.id == AccessToken.user_id)
    rows = rows.where(AccessToken.ended_at.is_(None), AccessToken.expires_at > utc_now() - _SHOWN_EXPIRED)
    if user_id is not None:
        rows = rows.where(AccessToken.user_id == user_id)
    return [
        ListedToken(token, owner) for token, owner in session.execute(rows.order_by(User.name, AccessToken.id))
    ]
