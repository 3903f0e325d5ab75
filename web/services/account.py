"""One's own account: password, sessions, tokens, saved searches."""

from __future__ import annotations

import secrets

from corpus import records
from corpus.access import sessions as kept_sessions
from corpus.access import tokens as kept_tokens
from corpus.access.accounts import is_elsewhere
from corpus.database.models import SavedSearch, SignIn
from corpus.errors import Problem
from corpus.queries import accounts
from search.results import finder
from web import access
from web.access import passwords, proof
from web.present.search_address import parts_of

_MOST_SAVED = 20


def set_password(present: str, password: str) -> None:
    """Another password for who is signed in; raises Problem("wrong_password"), ("weak_password"), ("sso_account")."""
    user = access.user()
    if is_elsewhere(user):
        raise Problem("sso_account", name=user.name)
    access.check_present(present)
    if password == present:
        raise Problem("bad_value", field="password", value="…", why="cần khác mật khẩu hiện nay")
    hashed = passwords.hash_password(password, user.name, user.full_name)
    records.set_password(access.store(), user.name, hashed, user.name)


def make_token(label: str, writes: bool, days: int | None) -> str:
    """A token for a program of who is signed in, for so many days; None: for the longest time."""
    user, token = access.user(), "vb_" + secrets.token_urlsafe(32)
    records.add_token(access.store(), user.id, access.token_hash(token), label, writes, user.name, days=days)
    return token


def save(address: str, words: str, known: int) -> None:
    """Follows a search of this site; over the limit nothing is kept."""
    if not address.startswith("/?") or access.own_path(address) != address or not words:
        raise Problem("bad_request", why="address")
    if len(saved(count=False)) < _MOST_SAVED:
        records.save_search(access.store(), access.user().id, address, words, known)


def saved(*, count: bool = True) -> list[tuple[SavedSearch, int]]:
    """The searches that are followed, with how many documents came in since each was looked at."""
    rows = accounts.saved_searches(access.store(), access.user().id)
    return [(row, _new(row) if count else 0) for row in rows]


def _new(row: SavedSearch) -> int:
    text, filters = parts_of(row.address)
    try:
        total = finder.find(access.store(), text, limit=0, viewer=access.viewer(), filters=filters).total
    except Problem:
        return 0
    return max(0, total - row.known)


def tokens() -> list[kept_tokens.Listed]:
    """The tokens that programs have of who is signed in."""
    with access.store().db.reading() as session:
        return kept_tokens.listing(session, access.user().id)


def own_sessions() -> list[tuple[SignIn, bool]]:
    """The sessions of who is signed in that are alive, and for each if it is this one."""
    present = proof.session_row()
    mark = present.token_hash if present else ""
    with access.store().db.reading() as session:
        rows = kept_sessions.listing(session, access.user().id, access.idle())
    return [(row, row.token_hash == mark) for row in rows]
