"""`vanban user`: accounts and their roles."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta

import click
from sqlalchemy import select

from corpus import records
from corpus.access import accounts, sessions, tokens
from corpus.database.account_tables import User
from web.access import passwords
from web.commands import context
from web.present import agents

ROLES = accounts.ROLES
_own = click.option(
    "--own", is_flag=True, help="Chính chủ tài khoản gõ mật khẩu vào stdin: không phải đổi khi đăng nhập."
)
_json = click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")
_role = click.option("--role", required=True, type=click.Choice(ROLES), help="Vai trò.")


@click.group()
def user() -> None:
    """Tài khoản: reader (chuyên viên), leader (lãnh đạo), clerk (văn thư), auditor (người kiểm tra),
    admin (quản trị).
    """


@user.command("add")
@click.argument("name")
@_role
@click.option("--full-name", default="", help="Họ và tên.")
@_own
def add(name: str, role: str, full_name: str, own: bool) -> None:
    """Thêm tài khoản; mật khẩu lấy từ stdin, hoặc được tạo và in ra một lần;
    chủ tài khoản phải đổi khi đăng nhập.
    """
    password, made = _password()
    store, hashed = context.store(create=True), passwords.hash_password(password, name, full_name)
    must_change = made or not own
    records.add_user(
        store, name, role, hashed, full_name=full_name, actor=context.actor(), must_change=must_change
    )
    _tell(name, password, made)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi tài khoản một dòng.")
def list_users(as_json: bool) -> None:
    """Liệt kê tài khoản."""
    with context.store().db.reading() as session:
        for row in session.scalars(select(User).order_by(User.name)):
            if as_json:
                context.print_json(
                    {"name": row.name, "full_name": row.full_name, "role": row.role, "active": row.active}
                )
            else:
                closed = "" if row.active else context.say("đã khóa")
                click.echo(f"{row.name:20} {row.role:8} {closed} {row.full_name}")


@user.command("role")
@click.argument("name")
@_role
def role(name: str, role: str) -> None:
    """Đổi vai trò của tài khoản."""
    records.set_role(context.store(), name, role, context.actor())


@user.command("password")
@click.argument("name")
@_own
def password(name: str, own: bool) -> None:
    """Đặt lại mật khẩu (từ stdin, hoặc được tạo và in ra một lần); phiên đăng nhập,
    mã truy cập và nguồn tin kết thúc.
    """
    new, made = _password()
    hashed = passwords.hash_password(new, name)
    records.set_password(context.store(), name, hashed, context.actor(), must_change=made or not own)
    _tell(name, new, made)


@user.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Khóa tài khoản; phiên đăng nhập, mã truy cập và nguồn tin của nó kết thúc."""
    records.disable(context.store(), name, context.actor())


@user.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Mở lại tài khoản; mã truy cập và nguồn tin cũ không được khôi phục."""
    records.set_active(context.store(), name, True, context.actor())


@user.command("unlock")
@click.argument("name")
def unlock(name: str) -> None:
    """Cho đăng nhập lại ngay sau nhiều lần gõ sai mật khẩu."""
    records.unlock_user(context.store(), name, context.actor())


@user.command("reset-factor")
@click.argument("name")
def reset_factor(name: str) -> None:
    """Bỏ xác thực hai bước của tài khoản (mất điện thoại và mã dự phòng); mọi phiên đăng nhập kết thúc."""
    if not records.reset_factor(context.store(), name, context.actor()):
        click.echo(context.say("Tài khoản này không bật xác thực hai bước."), err=True)


@user.command("tokens")
@click.argument("name", required=False)
@_json
def list_tokens(name: str | None, as_json: bool) -> None:
    """Liệt kê mã truy cập (API) của tài khoản, không nêu tên: của mọi tài khoản."""
    with context.store().db.reading() as session:
        listed = tokens.listing(session, accounts.user_named(session, name).id if name else None)
    for one in listed:
        row = one.token
        told = {
            "id": row.id,
            "owner": one.owner,
            "label": row.label,
            "writes": row.writes,
            "created_at": _iso(row.created_at),
            "expires_at": _iso(row.expires_at),
            "used_at": _iso(row.used_at),
        }
        if as_json:
            context.print_json(told)
        else:
            scope = context.say("đọc và ghi" if row.writes else "chỉ đọc")
            used = context.say("chưa dùng lần nào")
            if row.used_at:
                used = f"{context.say('dùng gần nhất')} {row.used_at:%d/%m/%Y}"
            until = f"{context.say('hết hạn')} {row.expires_at:%d/%m/%Y}"
            click.echo(f"{row.id:>5} {one.owner:20} {scope:10} {until}  {used}  {row.label}")


@user.command("end-token")
@click.argument("token", type=int)
def end_token(token: int) -> None:
    """Hủy mã truy cập có số TOKEN (xem «vanban user tokens»)."""
    records.end_token(context.store(), None, token, context.actor())


@user.command("sessions")
@click.argument("name")
@_json
def list_sessions(name: str, as_json: bool) -> None:
    """Liệt kê phiên đăng nhập của tài khoản."""
    store = context.store()
    idle = timedelta(minutes=store.settings.session_idle_minutes)
    with store.db.reading() as session:
        listed = sessions.listing(session, accounts.user_named(session, name).id, idle)
    for row in listed:
        if as_json:
            moments = {"created_at": _iso(row.created_at), "seen_at": _iso(row.seen_at)}
            context.print_json({"id": sessions.handle(row), "address": row.address, "agent": row.agent, **moments})
        else:
            click.echo(
                f"{sessions.handle(row)} {row.seen_at:%d/%m/%Y %H:%M} {row.address:16} {agents.told(row.agent)}"
            )


@user.command("end-sessions")
@click.argument("name")
def end_sessions(name: str) -> None:
    """Kết thúc mọi phiên đăng nhập của tài khoản; mã truy cập không bị ảnh hưởng."""
    click.echo(str(records.end_sessions(context.store(), name, context.actor())))


def _iso(at: datetime | None) -> str | None:
    return at.replace(tzinfo=UTC).isoformat() if at else None


def _password() -> tuple[str, bool]:
    """Password from stdin, or a random one if stdin is a terminal or empty; True if it was generated."""
    given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    return (given, False) if given else (passwords.made(), True)


def _tell(name: str, password: str, made: bool) -> None:
    if made:
        click.echo(f"{context.say('Mật khẩu của')} {name}: {password}")
