"""What an administrator does to accounts: made, changed, closed, what they handed out ended; pages and API share it."""

from __future__ import annotations

from dataclasses import dataclass

from corpus import records
from corpus.access import accounts, sessions, tokens
from corpus.access.accounts import name_key
from corpus.database.models import SignIn, User
from corpus.errors import Problem
from web import access
from web.access import passwords

ACTS = ("role", "open", "close", "password", "unlock", "sign_out")


@dataclass(frozen=True, slots=True)
class Account:
    """An account with what it has handed out."""

    user: User
    sessions: tuple[SignIn, ...]
    tokens: tuple[tokens.Listed, ...]
    is_elsewhere: bool


def get(user_id: int) -> Account:
    """The account with this ID; raises Problem("not_found")."""
    with access.store().db.reading() as session:
        user = session.get(User, user_id)
        if user is None:
            raise Problem("not_found", what=user_id)
        alive = tuple(sessions.listing(session, user_id, access.idle()))
        return Account(user, alive, tuple(tokens.listing(session, user_id)), accounts.is_elsewhere(user))


def add(name: str, role: str, full_name: str) -> str:
    """A new account; its first password, which its owner has to change."""
    password = passwords.made()
    hashed = passwords.hash_password(password)
    actor = access.user().name
    records.add_user(access.store(), name, role, hashed, full_name=full_name, actor=actor, must_change=True)
    return password


def alter(name: str, act: str, role: str) -> str | None:
    """Does one of ACTS to an account; the new password where one was made.

    Nobody does it to his own account: Problem("own_account"). His password he changes himself, against the present one.
    """
    refuse_own(name)
    store, actor = access.store(), access.user().name
    if act == "role":
        records.set_role(store, name, role, actor)
    elif act in ("open", "close"):
        records.set_active(store, name, act == "open", actor)
    elif act == "unlock":
        records.unlock_user(store, name, actor)
    elif act == "sign_out":
        records.end_sessions(store, name, actor)
    elif act == "password":
        password = passwords.made()
        records.set_password(store, name, passwords.hash_password(password), actor, must_change=True)
        return password
    else:
        raise Problem("bad_request", why=act[:50])
    return None


def check_may(user: User, act: str) -> None:
    """Raises Problem("own_account"), ("sso_account") for what can't be done to an account, before anybody is asked."""
    refuse_own(user.name)
    if act == "password" and accounts.is_elsewhere(user):
        raise Problem("sso_account", name=user.name)


def refuse_own(name: str) -> None:
    """Raises Problem("own_account") for the account of who is signed in."""
    if name_key(name) == name_key(access.user().name):
        raise Problem("own_account")


def all_tokens() -> list[tokens.Listed]:
    """The tokens of all accounts."""
    with access.store().db.reading() as session:
        return tokens.listing(session)


def end_token(token_id: int) -> None:
    """Ends anybody's token."""
    records.end_token(access.store(), None, token_id, access.user().name)
