"""Sign-in and sign-out: the session and its cookie."""

from __future__ import annotations

import secrets
from datetime import timedelta
from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.errors import Problem
from web.access import cookies, devices, sign_in_check
from web.access.permission import COOKIE, LIFETIME, pages, patience, store, token_hash, user


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
    return signed_in(found.id, following)


def signed_in(user_id: int, following: str, proved_ago: timedelta | None = timedelta(0)) -> ResponseReturnValue:
    """Begins a session of an account whose owner has proved who he is, so long ago; None: nobody says when."""
    token = secrets.token_urlsafe(32)
    address = request.remote_addr or ""
    agent = request.headers.get("User-Agent", "")
    records.start_session(
        store(), user_id, token_hash(token), address=address, lifetime=LIFETIME, agent=agent, proved_ago=proved_ago
    )
    session.clear()
    answer = redirect(following or url_for("lookup.home"), 303)
    cookies.put(answer, COOKIE, token, int(LIFETIME.total_seconds()))
    devices.remember(answer, user_id)
    return answer


@pages.post("/dang-xuat")
def sign_out() -> ResponseReturnValue:
    """Ends the session at the server, not only in the browser."""
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
