"""Proof that the person at the keyboard is the account's owner: for sharp acts,
and for passwords made by others.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import accounts, second_factor, sessions
from corpus.database.account_tables import SignIn, User
from corpus.errors import Problem
from web.access import cookies, permission

_NOT_SENT_ON = frozenset({"csrf_token", "present", "confirmed"})
_BEFORE_OWN_PASSWORD = frozenset(
    {"static", "shell.manifest", "shell.worker", "shell.offline", "shell.icon",
     "own.password", "own.change_password", "access.sign_in", "access.sign_out", "api_own.me",
     "api_own.password", "api.healthz", "api.readyz", "api.openapi", "feeds.feed", "sso.begin", "sso.back",
     "shared.paper", "shared.page_image", "shared.original", "shared.searchable"}
)  # fmt: skip
"""Endpoints open to an account whose password somebody else chose."""
_BEFORE_OWN_FACTOR = _BEFORE_OWN_PASSWORD | {"own.factor", "own.begin_factor", "own.confirm_factor"}
"""Endpoints open to an account whose role needs a second factor that it has not set up."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question before a sharp act: its name, its consequences, and the page to return to."""

    title: str
    follows: str
    back: str


def ask_for_own_password() -> ResponseReturnValue | None:
    """Lead an account with a password chosen by somebody else to change it; runs before every request.

    Raises Problem("password_change_needed") for programs.
    """
    user: User | None = g.get("user")
    if user is None or not user.must_change or request.endpoint in _BEFORE_OWN_PASSWORD:
        return None
    if request.authorization or request.path.startswith("/api/") or "X-Vanban" in request.headers:
        raise Problem("password_change_needed")
    return redirect(url_for("own.password"), 303)


def ask_for_own_factor() -> ResponseReturnValue | None:
    """Lead an account whose role needs a second factor to set it up; runs before every request.

    A token goes on: only a session with the factor could have made it since the setting is in force. Raises
    Problem("factor_needed") for programs with a password, and for calls of a session without the factor.
    """
    user: User | None = g.get("user")
    by_password = request.authorization is not None and request.authorization.type == "basic"
    if user is None or (request.authorization is not None and not by_password):
        return None
    required = second_factor.is_required(permission.store().settings, user)
    if not by_password and (not required or request.endpoint in _BEFORE_OWN_FACTOR):
        return None
    with permission.store().db.reading() as session:
        has_factor = second_factor.is_on(session, user.id)
    if not (required or has_factor) if by_password else has_factor:
        return None
    if by_password or request.path.startswith("/api/") or "X-Vanban" in request.headers:
        raise Problem("factor_needed")
    return redirect(url_for("own.factor"), 303)


def by_person() -> None:
    """Raise Problem("not_by_token") for a program with a token: a found token must not give away the account."""
    if request.authorization is not None and request.authorization.type == "bearer":
        raise Problem("not_by_token")


def demand() -> None:
    """Demand proof for changes of accounts, roles and groups: a recent proof in the session, or name and password.

    Raises Problem("not_by_token"), Problem("proof_needed").
    """
    by_person()
    if request.authorization is None and not is_recent():
        raise Problem("proof_needed")


def is_recent() -> bool:
    """True if the person of this session proved his identity within the time of the settings."""
    row = session_row()
    within = timedelta(minutes=permission.store().settings.proof_minutes)
    return row is not None and sessions.is_proved(row, within)


def session_row() -> SignIn | None:
    """The session of this request; None for a program."""
    secret = cookies.read(request, permission.COOKIE)
    if not secret or request.authorization is not None:
        return None
    with permission.store().db.reading() as reading:
        return reading.get(SignIn, permission.token_hash(secret))


def prove(present: str) -> None:
    """Take the present password as proof for this session; raises Problem("wrong_password"),
    ("too_many_attempts").
    """
    permission.check_present(present)
    row = session_row()
    if row is not None:
        records.prove_session(permission.store(), row.token_hash)


def asking(question: Question, *, sharp: bool = True, guarded: bool = True) -> ResponseReturnValue | None:
    """Page with the question before an act, repeating the sent form; None: the act may be done.

    sharp: ask once in any case. guarded: ask for the present password unless it was proved recently. The page is a
    plain form: it works without script.
    """
    problem: Problem | None = None
    proved = not guarded or is_recent()
    if not proved and request.form.get("present"):
        try:
            prove(request.form["present"])
            proved = True
        except Problem as failed:
            problem = failed
    if proved and (not sharp or request.form.get("confirmed") == "1"):
        return None
    sent = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_SENT_ON]
    page = render_template(
        "access/confirm.html",
        question=question,
        sent=sent,
        proved=proved,
        elsewhere=accounts.is_elsewhere(permission.user()),
        problem=problem,
    )
    return page, problem.fault.status if problem else 200
