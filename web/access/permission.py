"""Permission: the account behind a request, its role at an endpoint, and the one guarded getter of a document."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta

import structlog
from flask import Blueprint, current_app, g, request, session
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import ColumnElement

from corpus import records
from corpus.access import accounts, grants, groups, tokens
from corpus.database.account_tables import SignIn, User
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared
from search.index import visibility
from web.access import cookies, fronts, reading_notes, sign_in_check
from web.access.roles import READERS, RULES

pages = Blueprint("access", __name__)
csrf = CSRFProtect()
log = structlog.get_logger()

COOKIE = "vanban_session"
LIFETIME = timedelta(hours=12)
"""Longest life of a session, and of a form that was shown."""
_TOKEN_TOUCH_EVERY = timedelta(minutes=10)
"""Time between two notes of a token's use."""
_BY_ITSELF = frozenset({"intake.received", "review.keep", "review.ahead", "static", "shell.icon"})
"""Endpoints that an open page calls by itself: they keep no session alive."""
_TOUCH_EVERY = timedelta(minutes=1)
"""Time between two notes of a session's use; well below the shortest idle time of the settings."""
_SMALL_BODY = 64 << 10
"""Most bytes of a request that uploads nothing."""

UPLOADS = frozenset(
    {"intake.upload", "intake.release", "api.upload", "api_desk.release"}
    | {"versions.put", "api_versions.put_version"}
)
"""Endpoints whose body may be as large as a file; everywhere else it is small."""
_LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})
_SIGNING = frozenset({"access.sign_in", "access.code", "access.sign_out"})
"""Endpoints that an archive to look at only takes a form for."""
LISTS = frozenset(
    {
        "review.bulk",
        "shelf.withdraw",
        "shelf.chosen",
        "glance.accept",
        "api_desk.correct_all",
        "files.put",
        "api_files.put_papers",
        "files.submit",
        "files.propose",
        "sheets.change",
        "api_sheets.change",
        "tags.put",
        "api_tags.put_tags",
    }
    | {"copies.make", "api_copies.make_copy", "api_ends.submit", "api_ends.propose"}
)
"""Endpoints that may name hundreds of documents, or bring a long text."""


def store() -> Store:
    """The store that this application works on."""
    opened: Store = current_app.extensions["vanban_store"]
    return opened


def user() -> User:
    """The account that is signed in; raises Problem("sign_in") if there is none."""
    found: User | None = g.get("user")
    if found is None:
        raise Problem("sign_in")
    return found


def may(endpoint: str) -> bool:
    """True if the present user may call an endpoint; pages show links by the same table."""
    found: User | None = g.get("user")
    return (found.role if found else "outsider") in RULES.get(endpoint, frozenset())


def guard() -> None:
    """Check account, role and form token before every request.

    Raises Problem("sign_in"), ("forbidden"), and what the checks of origin and form raise.
    """
    if request.endpoint not in UPLOADS:
        request.max_content_length = _SMALL_BODY * (16 if request.endpoint in LISTS else 1)
    g.user = _program() if request.authorization else _by_cookie()
    if request.endpoint is None:
        return
    if not may(request.endpoint):
        raise Problem("forbidden" if g.user else "sign_in")
    if store().settings.read_only and request.method not in _LOOKING and request.endpoint not in _SIGNING:
        raise Problem("read_only")
    if not request.authorization:
        _bind_form_token()
    # A browser never sends credentials by itself here (no challenge is ever given), so it needs no token.
    if request.method not in _LOOKING and not (g.user and request.authorization):
        fronts.check_origin(request, store().settings)
        csrf.protect()


def _bind_form_token() -> None:
    """Bind the token of our forms to the session: one made for another session is refused."""
    token = cookies.read(request, COOKIE)
    owner = token_hash(token)[:32] if token and g.user else ""
    if session.get("of", "") != owner:
        session.pop("csrf_token", None)
        session["of"] = owner


def document(document_id: int) -> Document:
    """Load a document, the only way to one; raises Problem("not_found") if the user may not see it.

    Readers and leaders see documents on record or in review, others all; everybody only those limited to no group
    or to one of theirs. Every access leaves its row in the trail.
    """
    with store().db.reading() as reading:
        found = reading.get(Document, document_id)
    if found is None or not visible(found):
        raise Problem("not_found", what=document_id)
    reads = request.method in ("GET", "HEAD")
    reading_notes.looked_at(store(), user().name, request.endpoint or "", reads, document_id)
    return found


def content(document_id: int) -> Document:
    """Load a document whose pictures, text and files may be shown.

    Raises as `document` does, and Problem("not_cleared") if the secrecy gate has not passed it.
    """
    found = document(document_id)
    if not is_cleared(found):
        raise Problem("not_cleared", document=document_id)
    return found


def visible(found: Document) -> bool:
    """True if the present user may know of a document."""
    of_state = user().role not in READERS or found.status in ("review", "accepted")
    return of_state and not (found.limited and found.id in hidden())


def seen() -> ColumnElement[bool]:
    """SQL condition on `documents`: limited to no group, or to one of the present user's."""
    return groups.seen_by(belongs())


def belongs() -> groups.Groups:
    """Groups of the present user, read at this request; None for administrators, who see all documents."""
    if "belongs" not in g:
        with store().db.reading() as reading:
            g.belongs = groups.of_user(reading, user())
    found: groups.Groups = g.belongs
    return found


def viewer() -> visibility.Viewer:
    """The present user as the viewer of a search."""
    return visibility.viewer(belongs())


def hidden() -> frozenset[int]:
    """IDs of the documents that the present user may not know of."""
    if "hidden" not in g:
        with store().db.reading() as reading:
            g.hidden = groups.hidden_from(reading, belongs())
    found: frozenset[int] = g.hidden
    return found


def patience(problem: Problem) -> dict[str, str]:
    """Retry-After header for a problem that passes by itself; {} for the others."""
    if problem.fault.status == 429 or problem.code == "too_busy":
        return {"Retry-After": str(problem.facts.get("seconds", 60))}
    return {"Retry-After": "10"} if problem.fault.status in (503, 507) else {}


def _by_cookie() -> User | None:
    token = cookies.read(request, COOKIE)
    if not token:
        return None
    key = token_hash(token)
    with store().db.reading() as reading:
        found = accounts.user_of_session(reading, key, idle())
        row = reading.get(SignIn, key) if found else None
    if row is not None and row.seen_at < utc_now() - _TOUCH_EVERY and request.endpoint not in _BY_ITSELF:
        _touch(lambda: records.touch_session(store(), key))
    return found


def idle() -> timedelta:
    """Time without use after which a session ends."""
    return timedelta(minutes=store().settings.session_idle_minutes)


def _touch(write: Callable[[], None]) -> None:
    """Note a use of session or token; a store that can't be written just now delays or fails no reader."""
    try:
        write()
    except Problem as problem:
        log.warning("use_not_noted", code=problem.code)


def check_present(password: str) -> None:
    """Raise Problem("wrong_password") unless it is the password of the signed-in account; counts as an attempt."""
    try:
        sign_in_check.checked(store(), user().name, password)
    except Problem as problem:
        raise Problem("wrong_password") if problem.code == "sign_in_failed" else problem from problem


def _program() -> User | None:
    """Account of a token or HTTP Basic, for programs; never for pages."""
    given = request.authorization
    if given is None or not request.path.startswith(("/api/", "/metrics")):
        return None
    if given.type == "basic":
        name, password = given.username or "", given.password or ""
        return sign_in_check.checked_program(store(), name[:100], password)
    if given.type != "bearer" or not given.token:
        return None
    with store().db.reading() as reading:
        found = tokens.user_of(reading, token_hash(given.token))
    if found is None or not grants.is_vouched(found[0], timedelta(days=store().settings.oidc_vouch_days)):
        return None
    acting, token = found
    if token.used_at is None or token.used_at < utc_now() - _TOKEN_TOUCH_EVERY:
        _touch(lambda: records.touch_token(store(), token.id))
    if not token.writes and request.method not in ("GET", "HEAD", "OPTIONS"):
        raise Problem("forbidden")
    return acting


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
