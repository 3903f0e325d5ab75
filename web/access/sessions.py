"""Sign-in and sign-out: the session and its cookie."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from datetime import timedelta
from urllib.parse import urlsplit

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import second_factor
from corpus.database.account_tables import User
from corpus.errors import Problem
from web.access import cookies, devices, sign_in_check
from web.access.permission import COOKIE, LIFETIME, pages, patience, store, token_hash, user

_HALF = "half"
"""Key of the browser's signed note that an account's password was right; it opens nothing."""
_HALF_SECONDS = 300
"""Time from the password to the code."""


@pages.route("/dang-nhap", methods=["GET", "POST"])
def sign_in() -> ResponseReturnValue:
    """The sign-in page; afterwards back to the page that was asked for."""
    following = own_path(request.values.get("next", ""))
    if request.method != "POST":
        return render_template("access/sign_in.html", following=following)
    name = request.form.get("name", "")[:100]
    try:
        found = sign_in_check.checked(store(), name, request.form.get("password", ""))
    except Problem as problem:
        page = render_template("access/sign_in.html", following=following, problem=problem, name=name)
        return page, problem.fault.status, patience(problem)
    with store().db.reading() as reading:
        asks = second_factor.is_on(reading, found.id)
    if not asks:
        return signed_in(found.id, following)
    session.clear()
    session[_HALF] = [found.id, int(time.time()), _mark(found), following]
    return redirect(url_for("access.code"), 303)


@pages.route("/dang-nhap/ma", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The page that asks for the code of the second factor; no session begins before it is right."""
    half = _half_signed_in()
    if half is None:
        session.pop(_HALF, None)
        return redirect(url_for("access.sign_in"), 303)
    found, following = half
    if request.method != "POST":
        return render_template("access/code.html")
    try:
        taken = records.check_factor(store(), found.id, request.form.get("code", ""), request.remote_addr or "")
    except Problem as problem:
        page = render_template("access/code.html", problem=problem)
        return page, problem.fault.status, patience(problem)
    answer = signed_in(found.id, following, factor=taken)
    if taken == "recovery":
        with store().db.reading() as reading:
            left = second_factor.state_of(reading, found.id).codes_left
        flash(render_template("access/codes_left.txt", left=left))
    return answer


def _half_signed_in() -> tuple[User, str] | None:
    """The account whose password was right a short time ago, and the page to go to; None without one.

    Closing the account or changing its password ends this state.
    """
    try:
        user_id, at, mark, following = session[_HALF]
    except (KeyError, ValueError, TypeError):
        return None
    if not 0 <= time.time() - at <= _HALF_SECONDS:
        return None
    with store().db.reading() as reading:
        found = reading.get(User, user_id)
    if found is None or not found.active or not hmac.compare_digest(mark, _mark(found)):
        return None
    return found, str(following)


def _mark(found: User) -> str:
    return hashlib.sha256(found.password_hash.encode()).hexdigest()[:32]


def signed_in(
    user_id: int, following: str, proved_ago: timedelta | None = timedelta(0), factor: str = ""
) -> ResponseReturnValue:
    """Start a session for a proved identity and answer with its cookie; proved_ago None: time of the proof
    unknown; factor: kind of the code that was taken.
    """
    token = secrets.token_urlsafe(32)
    address = request.remote_addr or ""
    agent = request.headers.get("User-Agent", "")
    records.start_session(
        store(),
        user_id,
        token_hash(token),
        address=address,
        lifetime=LIFETIME,
        agent=agent,
        proved_ago=proved_ago,
        factor=factor,
    )
    session.clear()
    answer = redirect(following or url_for("lookup.home"), 303)
    cookies.put(answer, COOKIE, token, int(LIFETIME.total_seconds()))
    devices.remember(answer, user_id)
    return answer


@pages.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """End the session at the server, not only in the browser."""
    if token := cookies.read(request, COOKIE):
        records.end_session(store(), token_hash(token), user().name)
    session.clear()
    answer = redirect(url_for("access.sign_in"), 303)
    cookies.drop(answer, COOKIE)
    # Not "cookies": the device stays a known one.
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def own_path(target: str) -> str:
    """A path of this site, else nothing: the sign-in page must not send people elsewhere."""
    parts = urlsplit(target)
    own = target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if own and not parts.netloc and target.isprintable() else ""
