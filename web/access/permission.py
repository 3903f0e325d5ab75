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
from corpus.database.connection import utc_now
from corpus.database.models import Document, SignIn, User
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared
from search.index import visibility
from web.access import cookies, fronts, reading_notes, sign_in_check
from web.access.roles import RULES

pages = Blueprint("access", __name__)
csrf = CSRFProtect()
log = structlog.get_logger()

COOKIE = "vanban_session"
LIFETIME = timedelta(hours=12)
_TOUCH_EVERY = timedelta(minutes=1)
_TOKEN_TOUCH_EVERY = timedelta(minutes=10)
_BY_ITSELF = frozenset({"intake.received", "review.keep", "static"})
"""Calls that an open page makes by itself: nobody need be there, so they keep no session alive."""
_WINDOW = timedelta(minutes=15)
_MOST_BY_NAME, _MOST_BY_ADDRESS = 5, 30
_TOUCH_EVERY = timedelta(minutes=5)
_SMALL_BODY = 64 << 10
"""Bytes that a request may have which uploads nothing."""

UPLOADS = frozenset({"intake.upload", "intake.release", "api.upload", "api_desk.release"})
"""Endpoints whose body may be as large as a file; everywhere else it is small."""
LISTS = frozenset({"review.bulk", "api_desk.correct_all"})
"""Endpoints that may name hundreds of documents."""


def store() -> Store:
    """The store that this application works on."""
    opened: Store = current_app.extensions["vanban_store"]
    return opened


def user() -> User:
    """Who is signed in; only called where the table demands somebody."""
    found: User | None = g.get("user")
    if found is None:
        raise Problem("sign_in")
    return found


def may(endpoint: str) -> bool:
    """Whether the present user may call an endpoint: what pages show follows the same table."""
    found: User | None = g.get("user")
    return (found.role if found else "outsider") in RULES.get(endpoint, frozenset())


def guard() -> None:
    """Runs before every request: who is it, is the call theirs, does an unsafe one carry the token of our own pages."""
    if request.endpoint not in UPLOADS:
        request.max_content_length = _SMALL_BODY * (16 if request.endpoint in LISTS else 1)
    g.user = _program() if request.authorization else _by_cookie()
    if request.endpoint is None:
        return
    if not may(request.endpoint):
        raise Problem("forbidden" if g.user else "sign_in")
    if not request.authorization:
        _bind_form_token()
    # A browser never sends credentials by itself here (no challenge is ever given), so it needs no token.
    if request.method not in ("GET", "HEAD", "OPTIONS") and not (g.user and request.authorization):
        fronts.check_origin(request, store().settings)
        csrf.protect()


def _bind_form_token() -> None:
    """Ties the token of our forms to the session: one that was made for another, or for nobody, is worth nothing."""
    token = cookies.read(request, COOKIE)
    owner = token_hash(token)[:32] if token and g.user else ""
    if session.get("of", "") != owner:
        session.pop("csrf_token", None)
        session["of"] = owner


def document(document_id: int) -> Document:
    """The one way to a document: readers see those on record or in review, the others all, and everybody only what is
    limited to no group or to one of theirs; else Problem("not_found"). Every look at one leaves its row in the trail.
    """
    with store().db.reading() as reading:
        found = reading.get(Document, document_id)
    if found is None or not visible(found):
        raise Problem("not_found", what=document_id)
    reads = request.method in ("GET", "HEAD")
    reading_notes.looked_at(store(), user().name, request.endpoint or "", reads, document_id)
    return found


def content(document_id: int) -> Document:
    """The one way to pictures, text and files of a document: as `document`, and only once the secrecy gate has let it
    pass; else Problem("not_cleared").
    """
    found = document(document_id)
    if not is_cleared(found):
        raise Problem("not_cleared", document=document_id)
    return found


def visible(found: Document) -> bool:
    """Whether the present user may know of a document."""
    of_state = user().role != "reader" or found.status in ("review", "accepted")
    return of_state and not (found.limited and found.id in hidden())


def seen() -> ColumnElement[bool]:
    """The documents that are limited to no group or to one of the present user's, as a condition on `documents`."""
    return groups.seen_by(belongs())


def belongs() -> groups.Groups:
    """The groups of the present user, as the store has them at this request; None: sees all."""
    if "belongs" not in g:
        with store().db.reading() as reading:
            g.belongs = groups.of_user(reading, user())
    found: groups.Groups = g.belongs
    return found


def viewer() -> visibility.Viewer:
    """The present user as a search takes him."""
    return visibility.viewer(belongs())


def hidden() -> frozenset[int]:
    """The documents that the present user may not know of."""
    if "hidden" not in g:
        with store().db.reading() as reading:
            g.hidden = groups.hidden_from(reading, belongs())
    found: frozenset[int] = g.hidden
    return found


def patience(problem: Problem) -> dict[str, str]:
    """When one may try again what can't be done just now."""
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
    """Notes a use; whoever only looks need not wait or fail because the store can't be written just now."""
    try:
        write()
    except Problem as problem:
        log.warning("use_not_noted", code=problem.code)


def check_present(password: str) -> None:
    """Raises Problem("wrong_password") unless it is the password of who is signed in; counts as a try to sign in."""
    try:
        sign_in_check.checked(store(), user().name, password)
    except Problem as problem:
        raise Problem("wrong_password") if problem.code == "sign_in_failed" else problem from problem


def _program() -> User | None:
    """A token or HTTP Basic, for programs; never for pages."""
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
