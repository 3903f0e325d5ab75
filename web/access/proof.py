"""Proof that the person at the keyboard is the account's owner: for sharp acts, and for passwords made by others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import accounts, sessions
from corpus.database.models import SignIn, User
from corpus.errors import Problem
from web.access import permission

_NOT_SENT_ON = frozenset({"csrf_token", "present", "confirmed"})
_BEFORE_OWN_PASSWORD = frozenset(
    {"static", "own.password", "own.change_password", "access.sign_in", "access.sign_out", "api_own.me",
     "api_own.password", "api.healthz", "api.readyz", "api.openapi", "feeds.feed", "sso.begin", "sso.back"}
)  # fmt: skip
"""What an account may call whose password somebody else made."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a person is asked before a sharp act: its name, what comes of it, and the page that he came from."""

    title: str
    follows: str
    back: str


def ask_for_own_password() -> ResponseReturnValue | None:
    """Runs before every request: who still has the password that another made for him is led to change it.

    Programs get Problem("password_change_needed").
    """
    user: User | None = g.get("user")
    if user is None or not user.must_change or request.endpoint in _BEFORE_OWN_PASSWORD:
        return None
    if request.authorization or request.path.startswith("/api/") or "X-Vanban" in request.headers:
        raise Problem("password_change_needed")
    return redirect(url_for("own.password"), 303)


def by_person() -> None:
    """Raises Problem("not_by_token") for a program with a token: whoever found one must not come by the account."""
    if request.authorization is not None and request.authorization.type == "bearer":
        raise Problem("not_by_token")


def demand() -> None:
    """For calls that change accounts, roles and groups: a person who proved himself of late, or name and password sent
    along. Raises Problem("not_by_token"), Problem("proof_needed").
    """
    by_person()
    if request.authorization is None and not is_recent():
        raise Problem("proof_needed")


def is_recent() -> bool:
    """True if the person of this session proved who he is within the time of the settings."""
    row = session_row()
    within = timedelta(minutes=permission.store().settings.proof_minutes)
    return row is not None and sessions.is_proved(row, within)


def session_row() -> SignIn | None:
    """The session of this request; None for a program."""
    secret = request.cookies.get(permission.COOKIE)
    if not secret or request.authorization is not None:
        return None
    with permission.store().db.reading() as reading:
        return reading.get(SignIn, permission.token_hash(secret))


def prove(present: str) -> None:
    """Takes the present password as proof for this session; raises Problem("wrong_password"), ("too_many_attempts")."""
    permission.check_present(present)
    row = session_row()
    if row is not None:
        records.prove_session(permission.store(), row.token_hash)


def asking(question: Question, *, sharp: bool = True, guarded: bool = True) -> ResponseReturnValue | None:
    """The page that asks before an act is done, with all that was sent; None: it may be done.

    sharp: it asks once in any case. guarded: it asks for the present password unless that was proved of late. The page
    is a plain form: it works without script, and with no wrong key pressed nothing has happened yet.
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
