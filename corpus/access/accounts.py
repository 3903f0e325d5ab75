"""Accounts, their sessions and the tries to sign in; functions on a session, corpus.records commits.

Passwords and tokens come in hashed: hashing costs half a second and has no place inside a transaction.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Literal, get_args

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from corpus.access import names as account_names
from corpus.database.account_tables import SavedSearch, SignIn, SignInAttempt, User
from corpus.database.connection import utc_now
from corpus.database.search_names import SearchName
from corpus.errors import Problem
from corpus.typed_text import clean_text

Role = Literal["reader", "leader", "clerk", "auditor", "admin"]
ROLES: tuple[str, ...] = get_args(Role)

_ELSEWHERE = "sso:"
"""Prefix of `password_hash` of an account whose owner signs in at an identity provider; the provider's identity
follows."""
_KEPT_ATTEMPTS = timedelta(days=30)
"""Time that attempts to sign in are stored, for the administrator's list."""


def add_user(
    session: Session, name: str, role: str, password_hash: str, full_name: str, *, must_change: bool = False
) -> User:
    """Add an account and return it.

    must_change: somebody else than the owner chose the password. Raises Problem("user_exists"),
    Problem("bad_value").
    """
    name = account_names.checked("account", name)
    if account_names.is_reserved(name) or _of_name(session, name) is not None:
        raise Problem("user_exists", name=name)
    user = User(
        name=name,
        full_name=clean_text("full_name", full_name)[:200],
        role=check_role(role),
        password_hash=password_hash,
        active=True,
        created_at=utc_now(),
        must_change=must_change,
    )
    session.add(user)
    session.flush()
    return user


def user_of_identity(session: Session, identity: str, name: str, full_name: str, role: str) -> tuple[User, bool]:
    """Return the account of an identity that a provider vouched for, and True if it was added just now.

    Such an account has `sso:` and the identity in place of a password hash: no password opens it, and an account
    with a password is never taken over. Raises Problem("sso_refused") if the account is closed or its name belongs
    to another account.
    """
    user = known_elsewhere(session, identity)
    made = user is None
    if user is None:
        try:
            user = add_user(session, name, role, f"{_ELSEWHERE}{identity}", full_name)
        except Problem as problem:
            raise Problem("sso_refused") from problem
    if not user.active:
        raise Problem("sso_refused")
    user.vouched_at = utc_now()
    return user, made


def known_elsewhere(session: Session, identity: str) -> User | None:
    """The account of an identity at the provider; None before its first sign-in."""
    return session.scalars(select(User).where(User.password_hash == f"{_ELSEWHERE}{identity}")).first()


def is_elsewhere(user: User) -> bool:
    """True if the owner signs in at an identity provider; the account has no password then."""
    return user.password_hash.startswith(_ELSEWHERE)


def user_named(session: Session, name: str) -> User:
    """The account with this name in any case; raises Problem("not_found")."""
    user = _of_name(session, name)
    if user is None:
        raise Problem("not_found", what=name[:100])
    return user


def name_key(name: str) -> str:
    """Normal form of an account's name, equal for all spellings that mean the same account (NFC, case folded)."""
    return unicodedata.normalize("NFC", name).strip().casefold()[:100]


def _of_name(session: Session, name: str) -> User | None:
    # Compared here and not by the database: SQLite's lower() knows no letter beyond ASCII.
    wanted = name_key(name)
    rows = session.execute(select(User.id, User.name).order_by(User.id))
    found = next((id_ for id_, held in rows if name_key(held) == wanted), None)
    return session.get(User, found) if found is not None else None


def check_role(role: str) -> str:
    if role not in ROLES:
        raise Problem("bad_value", field="role", value=role[:50], why=", ".join(ROLES))
    return role


def end_sessions(session: Session, user_id: int) -> int:
    """End all sessions of an account, after a new role, a new password or its closing; return their number."""
    alive = select(SignIn).where(SignIn.user_id == user_id, SignIn.ended_at.is_(None))
    rows = session.scalars(alive).all()
    for row in rows:
        row.ended_at = utc_now()
    return len(rows)


def end_session(row: SignIn) -> None:
    row.ended_at = utc_now()


def start_session(
    session: Session,
    user_id: int,
    token_hash: str,
    address: str,
    lifetime: timedelta,
    agent: str = "",
    proved_ago: timedelta | None = timedelta(0),
) -> SignIn:
    """Start a session and return its row.

    proved_ago: time since the person proved his identity; None if the provider did not say.
    """
    now = utc_now()
    row = SignIn(
        token_hash=token_hash,
        user_id=user_id,
        created_at=now,
        seen_at=now,
        expires_at=now + lifetime,
        address=address[:64],
        agent=clean_text("agent", agent[:500])[:200],
        proved_at=None if proved_ago is None else now - proved_ago,
    )
    session.add(row)
    session.flush()
    return row


def user_of_session(session: Session, token_hash: str, idle: timedelta | None = None) -> User | None:
    """Return the account that is signed in by this token.

    None if the token is unknown, ended, out of date or unused for `idle`, or if the account is closed.
    """
    now = utc_now()
    found = select(User).join(SignIn, SignIn.user_id == User.id)
    alive = found.where(SignIn.token_hash == token_hash, SignIn.ended_at.is_(None), SignIn.expires_at > now)
    if idle is not None:
        alive = alive.where(SignIn.seen_at > now - idle)
    return session.scalars(alive.where(User.active)).first()


def touch_session(session: Session, token_hash: str) -> None:
    session.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(seen_at=utc_now()))


def note_attempt(session: Session, name: str, address: str, succeeded: bool) -> None:
    """Keep one attempt to sign in, and delete those older than a month."""
    now = utc_now()
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - _KEPT_ATTEMPTS))
    session.add(SignInAttempt(name=name_key(name), address=address[:64], at=now, succeeded=succeeded))
    session.flush()


def save_search(session: Session, user_id: int, address: str, words: str, known: int) -> None:
    """Follow a search, or update the number of documents that it finds now."""
    present = select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.address == address[:2000])
    row = session.scalars(present).first()
    if row is None:
        row = SavedSearch(user_id=user_id, address=address[:2000], words=words[:500])
        session.add(row)
    row.known = known
    session.flush()


def name_search(session: Session, user_id: int, search_id: int, name: str, shared: bool) -> SavedSearch:
    """Name a followed search of this account, share it or keep it; raises Problem("not_found")."""
    mine = select(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.user_id == user_id)
    row = session.scalars(mine).first()
    if row is None:
        raise Problem("not_found", what=search_id)
    named = session.get(SearchName, search_id) or SearchName(search_id=search_id)
    named.name, named.shared = name[:100], shared
    session.add(named)
    session.flush()
    return row


def drop_search(session: Session, user_id: int, search_id: int) -> None:
    session.execute(delete(SavedSearch).where(SavedSearch.id == search_id, SavedSearch.user_id == user_id))
