"""Changes of accounts by an administrator: added, changed, closed, grants ended; shared by pages and API."""

from __future__ import annotations

from dataclasses import dataclass

from corpus import records
from corpus.access import accounts, second_factor, sessions, tokens
from corpus.access.accounts import name_key
from corpus.database.account_tables import SignIn, User
from corpus.errors import Problem
from web import access
from web.access import passwords

ACTS = ("role", "open", "close", "password", "unlock", "sign_out", "factor")


@dataclass(frozen=True, slots=True)
class Account:
    """An account with its grants."""

    user: User
    sessions: tuple[SignIn, ...]
    tokens: tuple[tokens.ListedToken, ...]
    is_elsewhere: bool
    factor: second_factor.FactorState


def get(user_id: int) -> Account:
    """The account with this ID; raises Problem("not_found")."""
    with access.store().db.reading() as session:
        user = session.get(User, user_id)
        if user is None:
            raise Problem("not_found", what=user_id)
        alive = tuple(sessions.listing(session, user_id, access.idle()))
        kept, factor = tuple(tokens.listing(session, user_id)), second_factor.state_of(session, user_id)
        return Account(user, alive, kept, accounts.is_elsewhere(user), factor)


def add(name: str, role: str, full_name: str) -> str:
    """Add an account; return its first password, which its owner has to change."""
    password = passwords.made()
    hashed = passwords.hash_password(password)
    actor = access.user().name
    records.add_user(access.store(), name, role, hashed, full_name=full_name, actor=actor, must_change=True)
    return password


def alter(name: str, act: str, role: str) -> str | None:
    """Do one of ACTS to an account; return the new password if one was made.

    Raises Problem("own_account") for one's own account, whose password is changed against the present one;
    Problem("bad_request") for an unknown act.
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
    elif act == "factor":
        records.reset_factor(store, name, actor)
    elif act == "password":
        password = passwords.made()
        records.set_password(store, name, passwords.hash_password(password), actor, must_change=True)
        return password
    else:
        raise Problem("bad_request", why=act[:50])
    return None


def check_may(user: User, act: str) -> None:
    """Raise Problem("own_account"), ("sso_account") for an act that this account does not allow, before anybody is
    asked.
    """
    refuse_own(user.name)
    if act == "password" and accounts.is_elsewhere(user):
        raise Problem("sso_account", name=user.name)


def refuse_own(name: str) -> None:
    """Raise Problem("own_account") for the account that is signed in."""
    if name_key(name) == name_key(access.user().name):
        raise Problem("own_account")


def all_tokens() -> list[tokens.ListedToken]:
    """The tokens of all accounts."""
    with access.store().db.reading() as session:
        return tokens.listing(session)


def end_token(token_id: int) -> None:
    """End a token of any account."""
    records.end_token(access.store(), None, token_id, access.user().name)
