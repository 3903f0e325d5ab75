"""Second factor of an account: begun, confirmed, asked at sign-in, ended; each act is one transaction."""

from __future__ import annotations

from corpus import audit
from corpus.access import accounts, second_factor, sessions
from corpus.database.account_tables import User
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.records.transaction import transaction


def begin_factor(store: Store, user_id: int) -> None:
    """Make the secret of a second factor, which is in force from its first right code on.

    Raises Problem("sso_account"), ("factor_on").
    """
    with transaction(store) as session:
        user = session.get_one(User, user_id)
        second_factor.begin(session, store.settings, user)
        audit.append(session, user.name, "begin_factor", None, {"name": user.name})


def confirm_factor(store: Store, user_id: int, typed: str, hashes: list[str], kept: str) -> None:
    """Put a second factor in force by its first right code, with these recovery codes; other sessions end.

    kept: hash of the token of the session that goes on. Raises Problem("wrong_code"), ("too_many_codes"),
    ("factor_on"), ("factor_unreadable").
    """
    with transaction(store) as session:
        user = session.get_one(User, user_id)
        if second_factor.is_on(session, user_id):
            raise Problem("factor_on")
        checked = second_factor.check(session, store.settings, user_id, typed)
        if checked.taken is not None:
            second_factor.confirm(session, user_id)
            second_factor.keep_codes(session, user_id, hashes)
            ended = sessions.end_others(session, user_id, kept)
            audit.append(session, user.name, "add_factor", None, {"name": user.name, "sessions": ended})
    if checked.problem is not None:
        raise checked.problem


def check_factor(store: Store, user_id: int, typed: str, address: str) -> str:
    """Take a code at sign-in; return its kind. A wrong code counts and is in the trail.

    Raises Problem("wrong_code"), ("too_many_codes"), ("factor_unreadable").
    """
    with transaction(store) as session:
        user = session.get_one(User, user_id)
        checked = second_factor.check(session, store.settings, user_id, typed)
        if checked.taken is None and checked.problem is not None and checked.problem.code == "wrong_code":
            detail = {"address": address[:64], "code": "wrong_code"}
            audit.append(session, user.name, "sign_in_failed", None, detail)
    if checked.taken is None:
        raise checked.problem or Problem("wrong_code")
    return checked.taken


def renew_codes(store: Store, user_id: int, hashes: list[str]) -> None:
    """Replace the recovery codes of an account; raises Problem("not_found") without a factor."""
    with transaction(store) as session:
        user = session.get_one(User, user_id)
        if not second_factor.is_on(session, user_id):
            raise Problem("not_found", what=user.name)
        second_factor.keep_codes(session, user_id, hashes)
        audit.append(session, user.name, "renew_codes", None, {"name": user.name})


def end_factor(store: Store, user_id: int) -> None:
    """Switch one's own second factor off; raises Problem("factor_required")."""
    with transaction(store) as session:
        user = session.get_one(User, user_id)
        if second_factor.is_required(store.settings, user):
            raise Problem("factor_required")
        if second_factor.remove(session, user_id):
            audit.append(session, user.name, "end_factor", None, {"name": user.name})


def reset_factor(store: Store, name: str, actor: str) -> bool:
    """Remove the second factor of an account, whose sessions end; False if it had none in force."""
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        was = second_factor.remove(session, user.id)
        ended = accounts.end_sessions(session, user.id)
        audit.append(session, actor, "reset_factor", None, {"name": user.name, "sessions": ended})
        return was
