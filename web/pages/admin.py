"""Pages of the administrator: accounts, jobs and health."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from corpus.access import attempts, second_factor, sessions, tokens
from corpus.access.accounts import ROLES, check_role, is_elsewhere, name_key
from corpus.errors import Problem
from corpus.queries import overview, review_queue
from search.index import indexer
from web import access
from web.access import proof
from web.access.proof import Question
from web.present.catalogue import ROLE_NAMES, translator
from web.services import account_changes, health, uploads
from web.services.accounts import accounts, counted

pages = Blueprint("admin", __name__)
_QUESTIONS = {
    "role": "Đổi vai trò của",
    "close": "Khóa tài khoản",
    "open": "Mở lại tài khoản",
    "password": "Tạo mật khẩu mới cho",
    "unlock": "Cho đăng nhập lại ngay",
    "sign_out": "Kết thúc mọi phiên của",
    "factor": "Đặt lại xác thực hai bước của",
}
FOLLOWS = {
    "role": "Mọi phiên đăng nhập và mã truy cập của tài khoản kết thúc.",
    "close": "Người này không vào được nữa. Mọi phiên đăng nhập, mã truy cập và nguồn tin kết thúc; "
    "mở lại tài khoản cũng không khôi phục.",
    "open": "Người này đăng nhập lại được. Mã truy cập và nguồn tin cũ không được khôi phục.",
    "password": "Mật khẩu cũ hết tác dụng; mọi phiên đăng nhập, mã truy cập và nguồn tin kết thúc. "
    "Người này phải đổi mật khẩu khi đăng nhập.",
    "unlock": "Các lần gõ sai mật khẩu không còn được tính.",
    "sign_out": "Người này phải đăng nhập lại ở mọi máy. Mã truy cập không bị ảnh hưởng.",
    "factor": "Người này đăng nhập không cần mã nữa và phải đăng nhập lại ở mọi máy. Chỉ làm khi biết chắc "
    "người yêu cầu là chủ tài khoản.",
    "token": "Chương trình dùng mã này không vào được nữa.",
}
"""Act → its consequences, for the question before it."""
_DONE = {
    "role": "Đã đổi vai trò",
    "close": "Đã khóa tài khoản",
    "open": "Đã mở lại tài khoản",
    "unlock": "Đã cho đăng nhập lại",
    "sign_out": "Đã kết thúc mọi phiên",
    "factor": "Đã đặt lại xác thực hai bước",
}


@pages.get("/tai-khoan")
def users() -> ResponseReturnValue:
    """The accounts and the latest attempts to sign in."""
    return _users()


@pages.post("/tai-khoan")
def add_user() -> ResponseReturnValue:
    """Add an account; its first password is generated here and shown once."""
    name, role = request.form.get("name", ""), request.form.get("role", "")
    texts = _texts()
    question = Question(f"{texts('Thêm tài khoản')} «{name}»", "", url_for("admin.users"))
    if (page := proof.asking(question, sharp=False)) is not None:
        return page
    try:
        password = account_changes.add(name, role, request.form.get("full_name", ""))
    except Problem as problem:
        return _users(problem=problem.message(access.store().settings.lang)), problem.fault.status
    return _users(made=(name, password))


@pages.get("/tai-khoan/<int:user_id>")
def account(user_id: int) -> ResponseReturnValue:
    """An account with its sessions and tokens."""
    return _account(user_id)


@pages.post("/tai-khoan/<int:user_id>")
def change_user(user_id: int) -> ResponseReturnValue:
    """Change an account (role, closing, password, sessions), after a question.

    Raises Problem("bad_request") for an unknown act.
    """
    found, act, role = account_changes.get(user_id).user, request.form.get("act", ""), request.form.get("role", "")
    if act not in _QUESTIONS:
        raise Problem("bad_request", why=act[:50])
    account_changes.check_may(found, act)
    texts = _texts()
    follows = texts(FOLLOWS[act])
    if act == "role":
        follows = f"{texts(ROLE_NAMES[check_role(role)])}. {follows}"
    back = url_for("admin.account", user_id=user_id)
    if (page := proof.asking(Question(f"{texts(_QUESTIONS[act])} «{found.name}»?", follows, back))) is not None:
        return page
    password = account_changes.alter(found.name, act, role)
    if password:
        return _account(user_id, made=password)
    flash(f"{texts(_DONE[act])}: {found.name}.")
    return redirect(back, 303)


@pages.post("/tai-khoan/khoa/<int:token_id>")
def end_token(token_id: int) -> ResponseReturnValue:
    """End a token of any account, after a question."""
    with access.store().db.reading() as session:
        row = tokens.get(session, token_id)
    texts, back = _texts(), url_for("admin.account", user_id=row.user_id)
    question = Question(f"{texts('Hủy mã truy cập')} «{row.label}»?", texts(FOLLOWS["token"]), back)
    if (page := proof.asking(question)) is not None:
        return page
    account_changes.end_token(token_id)
    flash(f"{texts('Đã hủy mã truy cập')}: {row.label}.")
    return redirect(back, 303)


def waits() -> dict[str, int]:
    """Accounts with a wait after wrong passwords, by name key, and the longest wait in seconds."""
    with access.store().db.reading() as session:
        return attempts.locked(session)


@pages.get("/he-thong")
def system() -> ResponseReturnValue:
    """Jobs, documents by status, the index, searches without results, the settings in force; health if asked."""
    store = access.store()
    asked = "check" in request.args
    queue, counts = counted()
    return render_template(
        "admin/system.html",
        queue=queue,
        running=overview.running(store),
        failed=[(one, uploads.fault_of(one)) for one in review_queue.failed(store)],
        counts=counts,
        machine=overview.machine(store),
        readers=health.readers(store),
        index=indexer.state(store),
        settings=overview.in_force(store.settings),
        in_vain=overview.in_vain(store),
        health=health.look(store) if asked else None,
        sizes=overview.sizes(store) if asked else None,
    )


def _with_factor() -> frozenset[int]:
    with access.store().db.reading() as session:
        return second_factor.accounts_with(session)


def _users(made: tuple[str, str] | None = None, problem: str = "") -> str:
    (found, tries), locked = accounts(), waits()
    return render_template(
        "admin/users.html",
        users=found,
        waits={one.id: locked[key] for one in found if (key := name_key(one.name)) in locked},
        attempts=tries,
        roles=ROLES,
        made=made,
        problem=problem,
        is_elsewhere=is_elsewhere,
        with_factor=_with_factor(),
    )


def _account(user_id: int, made: str = "") -> str:
    found = account_changes.get(user_id)
    return render_template("admin/account.html", found=found, roles=ROLES, made=made, handle=sessions.handle)


def _texts() -> Callable[[str], str]:
    return translator(access.store().settings.lang)
