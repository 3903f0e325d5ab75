"""Pages of a person's own account: password, sessions, tokens for programs, followed searches."""

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
from web.services import account as services_account
from web.services import own_factor
from web.services.account import make_token, own_sessions, save, set_password, tokens

pages = Blueprint("own", __name__)


@pages.get("/cua-toi")
def account() -> ResponseReturnValue:
    """The account's page."""
    return _page()


@pages.get("/cua-toi/mat-khau")
def password() -> ResponseReturnValue:
    """Form for a new password alone, for an account whose password somebody else chose."""
    return render_template("own/password.html", problem="")


@pages.post("/cua-toi/mat-khau")
def change_password() -> ResponseReturnValue:
    """Change the password, against the present one; every session of the account ends, this one too."""
    try:
        set_password(request.form.get("present", ""), request.form.get("password", ""))
    except Problem as problem:
        said = problem.message(access.store().settings.lang)
        return render_template("own/password.html", problem=said), problem.fault.status
    flash(_texts()("Đã đổi mật khẩu. Đăng nhập bằng mật khẩu mới."))
    return redirect(url_for("access.sign_in"), 303)


@pages.post("/cua-toi/khoa")
def add_token() -> ResponseReturnValue:
    """Make a token for a program; shown once, since only its hash is stored."""
    label, writes = request.form.get("label", ""), request.form.get("writes") == "1"
    days = request.form.get("days", type=int)
    try:
        return _page(made=make_token(label, writes, days))
    except Problem as problem:
        return _page(problem=problem.message(access.store().settings.lang)), problem.fault.status


@pages.post("/cua-toi/khoa/<int:token_id>")
def end_token(token_id: int) -> ResponseReturnValue:
    """End a token, after a question."""
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
    """End one of one's own sessions, on any machine, after a question."""
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


@pages.post("/cua-toi/phien")
def end_other_sessions() -> ResponseReturnValue:
    """End all of one's own sessions but this one, after a question."""
    texts = _texts()
    question = Question(
        texts("Kết thúc mọi phiên khác?"), texts("Các máy khác phải đăng nhập lại."), url_for("own.account")
    )
    if (page := proof.asking(question, guarded=False)) is not None:
        return page
    flash(f"{texts('Đã kết thúc các phiên khác')}: {services_account.end_other_sessions()}.")
    return redirect(url_for("own.account"), 303)


@pages.get("/cua-toi/hai-buoc")
def factor() -> ResponseReturnValue:
    """The second factor of the account: off, waiting for its first code, or on."""
    return _factor()


@pages.post("/cua-toi/hai-buoc/bat")
def begin_factor() -> ResponseReturnValue:
    """Begin to set the second factor up, against the present password."""
    texts = _texts()
    question = Question(texts("Bật xác thực hai bước"), "", url_for("own.factor"))
    if (page := proof.asking(question, sharp=False)) is not None:
        return page
    own_factor.begin()
    return redirect(url_for("own.factor"), 303)


@pages.post("/cua-toi/hai-buoc/xac-nhan")
def confirm_factor() -> ResponseReturnValue:
    """Take the first code; afterwards the recovery codes are shown, once."""
    try:
        return _factor(codes=own_factor.confirm(request.form.get("code", "")))
    except Problem as problem:
        return _factor(problem=problem.message(access.store().settings.lang)), problem.fault.status


@pages.post("/cua-toi/hai-buoc/ma-du-phong")
def renew_codes() -> ResponseReturnValue:
    """Replace the recovery codes, after a question; the new ones are shown once."""
    texts = _texts()
    question = Question(
        texts("Tạo mã dự phòng mới?"), texts("Mã dự phòng cũ hết tác dụng."), url_for("own.factor")
    )
    if (page := proof.asking(question)) is not None:
        return page
    return _factor(codes=own_factor.renew_codes())


@pages.post("/cua-toi/hai-buoc/tat")
def end_factor() -> ResponseReturnValue:
    """Switch the second factor off, after a question."""
    texts = _texts()
    if own_factor.is_required():
        raise Problem("factor_required")
    follows = texts("Đăng nhập chỉ còn hỏi mật khẩu. Mã dự phòng hết tác dụng.")
    question = Question(texts("Tắt xác thực hai bước?"), follows, url_for("own.factor"))
    if (page := proof.asking(question)) is not None:
        return page
    own_factor.end()
    flash(texts("Đã tắt xác thực hai bước."))
    return redirect(url_for("own.factor"), 303)


@pages.post("/theo-doi")
def follow() -> ResponseReturnValue:
    """Follow a search; its address must be one of this site."""
    address = request.form.get("address", "")
    known = max(0, min(request.form.get("known", 0, type=whole), 2**31 - 1))
    save(address, request.form.get("words", ""), known)
    return redirect(address, 303)


@pages.post("/theo-doi/<int:search_id>")
def unfollow(search_id: int) -> ResponseReturnValue:
    """Stop following a search."""
    records.drop_search(access.store(), access.user().id, search_id)
    return redirect(url_for("lookup.home"), 303)


@pages.post("/theo-doi/<int:search_id>/ten")
def name_search(search_id: int) -> ResponseReturnValue:
    """Name a followed search, and share it or not."""
    services_account.name_search(search_id, request.form.get("name", ""), request.form.get("shared") == "1")
    flash(_texts()("Đã lưu tên tìm kiếm."))
    address = request.form.get("address", "")
    back = address.startswith("/?") and access.own_path(address) == address
    return redirect(address if back else url_for("lookup.home"), 303)


def _factor(codes: list[str] | None = None, problem: str = "") -> str:
    return render_template(
        "own/factor.html",
        state=own_factor.state(),
        set_up=own_factor.set_up(),
        required=own_factor.is_required(),
        elsewhere=is_elsewhere(access.user()),
        codes=codes,
        problem=problem,
    )


def _page(made: str = "", problem: str = "") -> str:
    return render_template(
        "own/account.html",
        tokens=tokens(),
        sessions=own_sessions(),
        handle=kept_sessions.handle,
        elsewhere=is_elsewhere(access.user()),
        factor=own_factor.state(),
        most_days=access.store().settings.token_days,
        made=made,
        problem=problem,
    )


def _texts() -> Callable[[str], str]:
    return translator(access.store().settings.lang)
