"""One's own account: password, sessions, tokens, saved searches."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from corpus import records
from corpus.access import sessions as kept_sessions
from corpus.access import tokens as kept_tokens
from corpus.access.accounts import is_elsewhere
from corpus.database.account_tables import SavedSearch, SignIn
from corpus.database.search_names import SearchName
from corpus.errors import Problem
from corpus.queries import accounts
from search.results import finder
from web import access
from web.access import passwords, proof
from web.present.search_address import parts_of

_MOST_SHARED = 50
"""Most searches of others that a page lists."""
_MOST_SAVED = 20
"""Most searches that one account follows."""


def set_password(present: str, password: str) -> None:
    """Change the password of the signed-in account; raises Problem("wrong_password"), ("weak_password"),
    ("sso_account").
    """
    user = access.user()
    if is_elsewhere(user):
        raise Problem("sso_account", name=user.name)
    access.check_present(present)
    if password == present:
        raise Problem("bad_value", field="password", value="…", why="cần khác mật khẩu hiện nay")
    hashed = passwords.hash_password(password, user.name, user.full_name)
    records.set_password(access.store(), user.name, hashed, user.name)


def make_token(label: str, writes: bool, days: int | None) -> str:
    """Make a token for a program of the signed-in account, for this number of days; None: the longest time
    allowed.
    """
    user, token = access.user(), "vb_" + secrets.token_urlsafe(32)
    records.add_token(access.store(), user.id, access.token_hash(token), label, writes, user.name, days=days)
    return token


def save(address: str, words: str, known: int) -> None:
    """Follow a search of this site; beyond the limit nothing is stored. Raises Problem("bad_request")."""
    if not address.startswith("/?") or access.own_path(address) != address or not words:
        raise Problem("bad_request", why="address")
    if len(saved(count=False)) < _MOST_SAVED:
        records.save_search(access.store(), access.user().id, address, words, known)


@dataclass(frozen=True, slots=True)
class Saved:
    """A followed search: what it asks, its name ("" for none), and if everybody may run it."""

    id: int
    address: str
    words: str
    known: int
    name: str
    shared: bool

    @property
    def title(self) -> str:
        """Its name, or what it asks."""
        return self.name or self.words


def saved(*, count: bool = True) -> list[tuple[Saved, int]]:
    """Followed searches with the number of documents that came in since each was looked at."""
    rows = accounts.saved_searches(access.store(), access.user().id)
    names = accounts.search_names(access.store(), [row.id for row in rows])
    return [(_make_saved(row, names.get(row.id)), _new(row) if count else 0) for row in rows]


def _make_saved(row: SavedSearch, named: SearchName | None) -> Saved:
    name, shared = (named.name, named.shared) if named is not None else ("", False)
    return Saved(row.id, row.address, row.words, row.known, name, shared)


def shared() -> list[tuple[SavedSearch, str, str]]:
    """Searches that other people share: each with its name and theirs."""
    return accounts.shared_searches(access.store(), access.user().id, _MOST_SHARED)


def name_search(search_id: int, name: str, share: bool) -> None:
    """Name one's own followed search; raises Problem("not_found"), Problem("bad_value") for an empty name."""
    clean = " ".join(name.split())[:100]
    if not clean:
        raise Problem("bad_value", field="name", value="", why="cần có tên")
    records.name_search(access.store(), access.user().id, search_id, clean, share, access.user().name)


def _new(row: SavedSearch) -> int:
    text, filters = parts_of(row.address)
    try:
        total = finder.find(access.store(), text, limit=0, viewer=access.viewer(), filters=filters).total
    except Problem:
        return 0
    return max(0, total - row.known)


def tokens() -> list[kept_tokens.ListedToken]:
    """Tokens of the signed-in account."""
    with access.store().db.reading() as session:
        return kept_tokens.listing(session, access.user().id)


def own_sessions() -> list[tuple[SignIn, bool]]:
    """Active sessions of the signed-in account; True for this one."""
    present = proof.session_row()
    mark = present.token_hash if present else ""
    with access.store().db.reading() as session:
        rows = kept_sessions.listing(session, access.user().id, access.idle())
    return [(row, row.token_hash == mark) for row in rows]


def end_other_sessions() -> int:
    """End all sessions of the signed-in account but this one; return their number."""
    present, user = proof.session_row(), access.user()
    return records.end_other_sessions(access.store(), user.id, present.token_hash if present else "", user.name)
