"""`vanban user`: accounts and their roles."""

from __future__ import annotations

import secrets
import sys

import click
from sqlalchemy import select

from corpus import records
from corpus.models import User
from web import passwords
from web.commands import opening

ROLES = ("reader", "clerk", "auditor", "admin")
_role = click.option("--role", required=True, type=click.Choice(ROLES), help="Vai trò.")


@click.group()
def user() -> None:
    """Tài khoản: reader (chuyên viên), clerk (văn thư), auditor (kiểm tra), admin (quản trị)."""


@user.command("add")
@click.argument("name")
@_role
@click.option("--full-name", default="", help="Họ và tên.")
def add(name: str, role: str, full_name: str) -> None:
    """Thêm tài khoản; mật khẩu lấy từ stdin, hoặc được tạo và in ra một lần."""
    password, made = _password()
    store = opening.store(create=True)
    records.add_user(
        store, name, role, passwords.hash_password(password), full_name=full_name, actor=opening.actor()
    )
    _tell(name, password, made)


@user.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi tài khoản một dòng.")
def list_users(as_json: bool) -> None:
    """Liệt kê tài khoản."""
    with opening.store().db.reading() as session:
        for row in session.scalars(select(User).order_by(User.name)):
            if as_json:
                opening.print_json(
                    {"name": row.name, "full_name": row.full_name, "role": row.role, "active": row.active}
                )
            else:
                click.echo(f"{row.name:20} {row.role:8} {'' if row.active else 'ngừng'} {row.full_name}")


@user.command("role")
@click.argument("name")
@_role
def role(name: str, role: str) -> None:
    """Đổi vai trò của tài khoản."""
    records.set_role(opening.store(), name, role, opening.actor())


@user.command("password")
@click.argument("name")
def password(name: str) -> None:
    """Đặt lại mật khẩu (từ stdin, hoặc được tạo và in ra một lần); mọi phiên đăng nhập của tài khoản kết thúc."""
    new, made = _password()
    records.set_password(opening.store(), name, passwords.hash_password(new), opening.actor())
    _tell(name, new, made)


@user.command("disable")
@click.argument("name")
def disable(name: str) -> None:
    """Ngừng tài khoản; mọi phiên đăng nhập của nó kết thúc."""
    records.disable(opening.store(), name, opening.actor())


@user.command("enable")
@click.argument("name")
def enable(name: str) -> None:
    """Cho tài khoản hoạt động lại."""
    records.set_active(opening.store(), name, True, opening.actor())


@user.command("unlock")
@click.argument("name")
def unlock(name: str) -> None:
    """Mở khoá tài khoản bị nhiều lần đăng nhập sai: không ai phải chờ nữa."""
    records.unlock_user(opening.store(), name, opening.actor())


def _password() -> tuple[str, bool]:
    """The password that stdin gives, or a random one where stdin is a terminal or empty; and whether it was made."""
    given = "" if sys.stdin is None or sys.stdin.isatty() else sys.stdin.readline().rstrip("\r\n")
    return (given, False) if given else (secrets.token_urlsafe(12), True)


def _tell(name: str, password: str, made: bool) -> None:
    if made:
        click.echo(f"Mật khẩu của {name}: {password}")
