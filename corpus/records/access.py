"""Accounts, sessions, tokens and groups: every change is one transaction and one audit row."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import (
    accounts,
    attempts,
    first_sign_in,
    grants,
    groups,
    second_factor,
    sessions,
    share_links,
    sign_in_names,
    tokens,
)
from corpus.access.groups import Groups
from corpus.database.account_tables import SignIn, SignInAttempt, User
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.handover import orders
from corpus.records.transaction import SYSTEM, _seal_at_the_end, editing, transaction

# Who may see what.


def limit(store: Store, document_id: int, names: Sequence[str], actor: str, by: Groups = None) -> tuple[str, ...]:
    """Limit a document to groups, or to none if no name is given; return the group names in force.

    by: groups of the person who asks, None for administrators. Raises Problem("bad_value"), ("not_found").
    """
    with editing(store, document_id, None) as (session, document):
        return limit_document(session, document, names, actor, by)


def add_group(store: Store, name: str, actor: str) -> int:
    """Add a group of users; return its ID."""
    with transaction(store) as session:
        group = groups.add(session, name)
        audit.append(session, actor, "add_group", None, {"group": group.name})
        return group.id


def remove_group(store: Store, name: str, actor: str) -> None:
    """End a group that no document is limited to and nothing is handed over to; raises Problem("bad_value")."""
    with transaction(store) as session:
        group = groups.named(session, name)
        if orders.waits_for(session, group.id):
            raise Problem("bad_value", field="group", value=group.name, why="còn việc đang giao cho nhóm này")
        groups.remove(session, group)
        audit.append(session, actor, "remove_group", None, {"group": group.name})


def join_group(store: Store, name: str, user_name: str, actor: str) -> None:
    """Put an account into a group; it sees the group's documents from the next request on."""
    with transaction(store) as session:
        group, user = groups.named(session, name), accounts.user_named(session, user_name)
        if groups.join(session, group, user):
            audit.append(session, actor, "join_group", None, {"group": group.name, "name": user.name})


def leave_group(store: Store, name: str, user_name: str, actor: str) -> None:
    """Take an account out of a group; it sees nothing of the group's documents from the next request on."""
    with transaction(store) as session:
        group, user = groups.named(session, name), accounts.user_named(session, user_name)
        if groups.leave(session, group, user):
            audit.append(session, actor, "leave_group", None, {"group": group.name, "name": user.name})


# Accounts and the trail.


def add_user(
    store: Store,
    name: str,
    role: str,
    password_hash: str,
    *,
    full_name: str = "",
    actor: str = SYSTEM,
    must_change: bool = False,
) -> int:
    """Add an account; return its ID. must_change: its owner must choose a password before anything else."""
    with transaction(store) as session:
        user = accounts.add_user(session, name, role, password_hash, full_name, must_change=must_change)
        audit.append(session, actor, "add_user", None, {"name": user.name, "role": role})
        return user.id


def sign_in_elsewhere(store: Store, identity: str, name: str, full_name: str, role: str) -> int:
    """Sign in an identity that a provider vouched for, with the role it has now; return the account's ID."""
    with transaction(store) as session:
        user, made = accounts.user_of_identity(session, identity, name, full_name, role)
        if made:
            audit.append(session, SYSTEM, "add_user", None, {"name": user.name, "role": role, "sso": True})
        else:
            _give_role(session, user, role, SYSTEM, {"sso": True})
        return user.id


def set_role(store: Store, name: str, role: str, actor: str) -> None:
    """Give an account another role; its sessions and tokens end."""
    with transaction(store) as session:
        _give_role(session, accounts.user_named(session, name), role, actor, {})


def set_password(store: Store, name: str, password_hash: str, actor: str, *, must_change: bool = False) -> None:
    """Set the password of an account; its sessions, tokens and feeds end, and failed attempts are forgotten.

    must_change: somebody else than the owner chose the password. Raises Problem("sso_account").
    """
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        if accounts.is_elsewhere(user):
            raise Problem("sso_account", name=user.name)
        user.password_hash, user.must_change = password_hash, must_change
        attempts.unlock(session, user.name)
        ended = grants.end(session, user, "password")
        audit.append(session, actor, "set_password", None, {"name": user.name, **ended})
    first_sign_in.remove(store, user.name)


def set_active(store: Store, name: str, active: bool, actor: str) -> None:
    """Close or reopens an account; its sessions, tokens and feeds end, and reopening brings none back."""
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        user.active = active
        attempts.unlock(session, user.name)
        ended = grants.end(session, user, "open" if active else "close")
        action = "enable_user" if active else "disable_user"
        audit.append(session, actor, action, None, {"name": user.name, **ended})


def disable(store: Store, name: str, actor: str) -> None:
    """Close an account; its sessions, tokens and feeds end."""
    set_active(store, name, False, actor)


def end_sessions(store: Store, name: str, actor: str) -> int:
    """Sign an account out everywhere; return the number of sessions ended."""
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        ended = accounts.end_sessions(session, user.id)
        audit.append(session, actor, "end_session", None, {"name": user.name, "sessions": ended})
        return ended


def start_session(
    store: Store,
    user_id: int,
    token_hash: str,
    *,
    address: str = "",
    lifetime: timedelta = timedelta(hours=12),
    agent: str = "",
    proved_ago: timedelta | None = timedelta(0),
    factor: str = "",
) -> None:
    """Start a session of an account; the caller has checked the password and keeps the token.

    proved_ago: time since the person proved his identity; None if the provider does not say. Raises
    Problem("sign_in_failed") for a closed account.
    """
    with transaction(store) as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise Problem("sign_in_failed")
        accounts.start_session(session, user_id, token_hash, address, lifetime, agent, proved_ago)
        detail = {"address": address[:64]} | ({"factor": factor} if factor else {})
        audit.append(session, user.name, "sign_in", None, detail)


def end_session(store: Store, token_hash: str, actor: str) -> None:
    """End a session; no effect on one that has ended."""
    with transaction(store) as session:
        row = session.get(SignIn, token_hash)
        if row is not None and row.ended_at is None:
            accounts.end_session(row)
            audit.append(session, actor, "sign_out")
            _seal_at_the_end(session, row.user_id)


def end_own_session(store: Store, user_id: int, handle: str, actor: str) -> None:
    """End one of an account's own sessions, on any machine; raises Problem("not_found")."""
    with transaction(store) as session:
        row = sessions.get(session, user_id, handle)
        accounts.end_session(row)
        audit.append(session, actor, "end_session", None, {"address": row.address})


def end_other_sessions(store: Store, user_id: int, kept: str, actor: str) -> int:
    """End all sessions of an account but the one with this token's hash; return their number."""
    with transaction(store) as session:
        ended = sessions.end_others(session, user_id, kept)
        audit.append(session, actor, "end_session", None, {"sessions": ended})
        return ended


def touch_session(store: Store, token_hash: str) -> None:
    """Note that a session is in use; to be called every few minutes, not for every page."""
    with store.db.writing(alone=False) as session:
        accounts.touch_session(session, token_hash)


def prove_session(store: Store, token_hash: str) -> None:
    """Note that the person of a session proved his identity again."""
    with store.db.writing(alone=False) as session:
        sessions.prove(session, token_hash)


def add_token(
    store: Store, user_id: int, token_hash: str, label: str, writes: bool, actor: str, *, days: int | None = None
) -> int:
    """Add a token for a program that acts for an account; return its ID. days: lifetime; None: the longest
    allowed.
    """
    with transaction(store) as session:
        row = tokens.add(session, user_id, token_hash, label, writes, days, store.settings.token_days)
        until = row.expires_at.date().isoformat()
        detail = {"token": row.id, "label": row.label, "writes": writes, "until": until}
        audit.append(session, actor, "add_token", None, detail)
        return row.id


def touch_token(store: Store, token_id: int) -> None:
    """Note that a token is in use; to be called every few minutes, not for every call."""
    with store.db.writing(alone=False) as session:
        tokens.touch(session, token_id)


def end_token(store: Store, user_id: int | None, token_id: int, actor: str) -> None:
    """End a token of this account, or of any account if None; raises Problem("not_found")."""
    with transaction(store) as session:
        row = tokens.get(session, token_id, user_id)
        row.ended_at = row.ended_at or utc_now()
        owner = session.get_one(User, row.user_id).name
        audit.append(session, actor, "end_token", None, {"token": row.id, "label": row.label, "name": owner})


def save_search(store: Store, user_id: int, address: str, words: str, known: int) -> None:
    """Follow a search, or update the number of documents that it finds."""
    with store.db.writing(alone=False) as session:
        accounts.save_search(session, user_id, address, words, known)


def name_search(store: Store, user_id: int, search_id: int, name: str, shared: bool, actor: str) -> None:
    """Name a followed search, share it with everybody or keep it to its owner; raises Problem("not_found")."""
    with transaction(store) as session:
        row = accounts.name_search(session, user_id, search_id, name, shared)
        detail = {"search": row.id, "name": name[:100], "shared": shared, "q": row.words[:200]}
        audit.append(session, actor, "name_search", None, detail)


def drop_search(store: Store, user_id: int, search_id: int) -> None:
    """Stop following a search."""
    with store.db.writing(alone=False) as session:
        accounts.drop_search(session, user_id, search_id)


def begin_attempt(store: Store, name: str, source: str) -> int:
    """Store an attempt to sign in before the password is checked; raises Problem("too_many_attempts")."""
    with store.db.reading() as session:
        ahead = attempts.is_ahead(session, utc_now())
    if ahead:
        with store.db.writing() as session:
            attempts.bring_back(session, utc_now())
    with store.db.reading() as session:
        # A flood is turned away without the writers' lock.
        if (left := attempts.wait_of(session, name, source, utc_now())) > 0:
            raise Problem("too_many_attempts", seconds=left)
    with store.db.writing() as session:
        return attempts.begin(session, name, source).id


def settle_attempt(store: Store, attempt: int, name: str, address: str, succeeded: bool) -> None:
    """Settle an attempt: mark it as successful, or put its failure into the trail."""
    with transaction(store) as session:
        row = session.get(SignInAttempt, attempt)
        if succeeded and row is not None:
            row.succeeded = True
        if not succeeded:
            audit.append(session, name, "sign_in_failed", None, {"address": address[:64]})


def unlock_user(store: Store, name: str, actor: str) -> int:
    """Delete the failed attempts of an account, which ends its waits; return their number."""
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        count = attempts.unlock(session, user.name)
        second_factor.forget_failures(session, user.id)
        audit.append(session, actor, "unlock_user", None, {"name": user.name, "tries": count})
        return count


def note_attempt(store: Store, name: str, address: str, succeeded: bool) -> None:
    """Store one attempt to sign in; a name without an account is stored as a hash
    (corpus.access.sign_in_names).
    """
    with transaction(store) as session:
        actor = name if name == sign_in_names.PROVIDER else sign_in_names.actor(store, session, name)
        accounts.note_attempt(session, actor, address, succeeded)
        if not succeeded:
            audit.append(session, actor, "sign_in_failed", None, {"address": address[:64]})


def _give_role(session: Session, user: User, role: str, actor: str, more: dict[str, Any]) -> None:
    """Set a role and append its audit row; the same role again changes and ends nothing."""
    was, user.role = user.role, accounts.check_role(role)
    if was != role:
        ended = grants.end(session, user, "role")
        audit.append(
            session, actor, "set_role", None, {"name": user.name, "was": was, "role": role, **more, **ended}
        )


def limit_document(
    session: Session, document: Document, names: Sequence[str], actor: str, by: Groups
) -> tuple[str, ...]:
    before, after = groups.limit(session, document, names, by)
    if after:
        share_links.end_all(session, document.id, actor)
    detail = {"before": list(before), "after": list(after), "revision": document.revision}
    audit.append(session, actor, "limit", document.id, detail)
    return after
