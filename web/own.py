"""A person's own things: password, tokens for programs, searches that are followed."""

from __future__ import annotations

import secrets

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from corpus import records
from corpus.errors import Problem
from corpus.models import SavedSearch, Token
from search import service
from web import access, passwords
from web.asked import parts_of
from web.whole_number import whole

pages = Blueprint("own", __name__)

_MOST_SAVED = 20


@pages.get("/cua-toi")
def account() -> ResponseReturnValue:
    """The account's page."""
    return _page()


@pages.post("/cua-toi/mat-khau")
def change_password() -> ResponseReturnValue:
    """Another password, against the present one; every session of the account ends, this one too."""
    try:
        set_password(request.form.get("present", ""), request.form.get("password", ""))
    except Problem as problem:
        return _page(problem=problem.message(access.store().settings.lang)), problem.fault.status
    return redirect(url_for("access.sign_in"), 303)


def set_password(present: str, password: str) -> None:
    """Another password for who is signed in; raises Problem("sign_in_failed"), Problem("weak_password")."""
    user = access.user()
    if not passwords.verify(user.password_hash, present):
        raise Problem("sign_in_failed")
    records.set_password(access.store(), user.name, passwords.hash_password(password), user.name)


@pages.post("/cua-toi/khoa")
def add_token() -> ResponseReturnValue:
    """A key for a program; shown this once, since only its hash is kept."""
    return _page(made=make_token(request.form.get("label", ""), request.form.get("writes") == "1"))


def make_token(label: str, writes: bool) -> str:
    """A key for a program of who is signed in."""
    user, token = access.user(), "vb_" + secrets.token_urlsafe(32)
    records.add_token(access.store(), user.id, access.token_hash(token), label, writes, user.name)
    return token


@pages.post("/cua-toi/khoa/<int:token_id>")
def end_token(token_id: int) -> ResponseReturnValue:
    """Ends a key."""
    records.end_token(access.store(), access.user().id, token_id, access.user().name)
    return redirect(url_for("own.account"), 303)


@pages.post("/theo-doi")
def follow() -> ResponseReturnValue:
    """Follows a search; its address is one of this site's own."""
    address = request.form.get("address", "")
    known = max(0, min(request.form.get("known", 0, type=whole), 2**31 - 1))
    save(address, request.form.get("words", ""), known)
    return redirect(address, 303)


def save(address: str, words: str, known: int) -> None:
    """Follows a search of this site; over the limit nothing is kept."""
    if not address.startswith("/?") or access.own_path(address) != address or not words:
        raise Problem("bad_request", why="address")
    if len(saved(count=False)) < _MOST_SAVED:
        records.save_search(access.store(), access.user().id, address, words, known)


@pages.post("/theo-doi/<int:search_id>")
def unfollow(search_id: int) -> ResponseReturnValue:
    """Follows it no more."""
    records.drop_search(access.store(), access.user().id, search_id)
    return redirect(url_for("lookup.home"), 303)


def saved(*, count: bool = True) -> list[tuple[SavedSearch, int]]:
    """The searches that are followed, with how many documents came in since each was looked at."""
    store = access.store()
    mine = select(SavedSearch).where(SavedSearch.user_id == access.user().id).order_by(SavedSearch.id)
    with store.db.reading() as session:
        rows = list(session.scalars(mine))
    return [(row, _new(row) if count else 0) for row in rows]


def _new(row: SavedSearch) -> int:
    text, filters = parts_of(row.address)
    try:
        total = service.find(access.store(), text, limit=0, viewer=access.viewer(), filters=filters).total
    except Problem:
        return 0
    return max(0, total - row.known)


def tokens() -> list[Token]:
    """The keys that programs have of who is signed in."""
    mine = select(Token).where(Token.user_id == access.user().id, Token.ended_at.is_(None)).order_by(Token.id)
    with access.store().db.reading() as session:
        return list(session.scalars(mine))


def _page(made: str = "", problem: str = "") -> str:
    return render_template("own/account.html", tokens=tokens(), made=made, problem=problem)
