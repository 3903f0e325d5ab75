"""A person's own things: password, sessions, tokens for programs, searches that are followed."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.access import sessions as kept_sessions
from corpus.access import tokens as kept_tokens
from corpus.access.accounts import is_elsewhere
from corpus.errors import Problem
from web import access
from web.access import proof
from web.access.proof import Question
from web.present import agents
from web.present.catalogue import translator
from web.present.whole_number import whole
from web.services.account import make_token, own_sessions, save, set_password, tokens

pages = Blueprint("own", __name__)


@pages.get("/cua-toi")
def account() -> ResponseReturnValue:
    """The account's page."""
    return _page()


@pages.get("/cua-toi/mat-khau")
def password() -> ResponseReturnValue:
    """The form for another password alone: where who still has a password made by somebody else is led."""
    return render_template("own/password.html", problem="")


@pages.post("/cua-toi/mat-khau")
def change_password() -> ResponseReturnValue:
    """Another password, against the present one; every session of the account ends, this one too."""
    try:
        set_password(request.form.get("present", ""), request.form.get("password", ""))
    except Problem as problem:
        said = problem.message(access.store().settings.lang)
        return render_template("own/password.html", problem=said), problem.fault.status
    flash(_texts()("Đã đổi mật khẩu. Đăng nhập bằng mật khẩu mới."))
    return redirect(url_for("access.sign_in"), 303)


@pages.post("/cua-toi/khoa")
def add_token() -> ResponseReturnValue:
    """A token for a program; shown this once, since only its hash is kept."""
    label, writes = request.form.get("label", ""), request.form.get("writes") == "1"
    days = request.form.get("days", type=int)
    try:
        return _page(made=make_token(label, writes, days))
    except Problem as problem:
        return _page(problem=problem.message(access.store().settings.lang)), problem.fault.status


@pages.post("/cua-toi/khoa/<int:token_id>")
def end_token(token_id: int) -> ResponseReturnValue:
    """Ends a token, after a question."""
    user, texts = access.user(), _texts()
    with access.store().db.reading() as session:
        row = kept_tokens.get(session, token_id, user.id)
    follows = texts("Chương trình dùng mã này không vào được nữa.")
    question = Question(f"{texts('Hủy mã truy cập')} «{row.label}»?", follows, url_for("own.account"))
    if (page := proof.asking(question, guarded=False)) is not None:
        return page
    records.end_token(access.store(), user.id, token_id, user.name)
    flash(f"{texts('Đã hủy mã truy cập')}: {row.label}.")
    return redirect(url_for("own.account"), 303)


@pages.post("/cua-toi/phien/<handle>")
def end_session(handle: str) -> ResponseReturnValue:
    """Ends one of one's own sessions, at whatever machine, after a question."""
    user, texts = access.user(), _texts()
    with access.store().db.reading() as session:
        row = kept_sessions.get(session, user.id, handle)
    question = Question(
        f"{texts('Kết thúc phiên')} «{agents.told(row.agent)}, {row.address}»?",
        texts("Máy đó phải đăng nhập lại."),
        url_for("own.account"),
    )
    if (page := proof.asking(question, guarded=False)) is not None:
        return page
    records.end_own_session(access.store(), user.id, handle, user.name)
    flash(texts("Đã kết thúc phiên."))
    return redirect(url_for("own.account"), 303)


@pages.post("/theo-doi")
def follow() -> ResponseReturnValue:
    """Follows a search; its address is one of this site's own."""
    address = request.form.get("address", "")
    known = max(0, min(request.form.get("known", 0, type=whole), 2**31 - 1))
    save(address, request.form.get("words", ""), known)
    return redirect(address, 303)


@pages.post("/theo-doi/<int:search_id>")
def unfollow(search_id: int) -> ResponseReturnValue:
    """Follows it no more."""
    records.drop_search(access.store(), access.user().id, search_id)
    return redirect(url_for("lookup.home"), 303)


def _page(made: str = "", problem: str = "") -> str:
    return render_template(
        "own/account.html",
        tokens=tokens(),
        sessions=own_sessions(),
        handle=kept_sessions.handle,
        elsewhere=is_elsewhere(access.user()),
        most_days=access.store().settings.token_days,
        made=made,
        problem=problem,
    )


def _texts() -> Callable[[str], str]:
    return translator(access.store().settings.lang)
