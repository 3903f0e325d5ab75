"""`vanban file expired`, `propose`, `consent`, `drop`, `destroy`: files whose retention is over."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus import records
from corpus.access import accounts
from corpus.errors import Problem
from corpus.numbering.typed_days import day_text, today
from corpus.queries import file_lists, files
from corpus.queries.citations import EVERYTHING
from web.access import passwords
from web.commands import context
from web.commands.file import file, shown, write_table
from web.present import file_rows

_json = click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")
_list = click.argument("list_id", type=click.IntRange(1, 2**53))
_MOST = 100_000


@file.command("expired")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Ghi ra tệp .csv hoặc .xlsx.")
@_json
def expired(output: Path | None, as_json: bool) -> None:
    """Hồ sơ hết thời hạn bảo quản."""
    lines, _ = files.expired(context.store(), today(), EVERYTHING, _MOST)
    if output is not None:
        write_table(output, "het-thoi-han", file_rows.EXPIRED, file_rows.expired_rows(lines))
        return
    for one in lines:
        if as_json:
            context.print_json(shown(one))
        else:
            click.echo(f"{one.full:20} {day_text(one.kept_until)}  {one.held.papers:>6}  {one.title}")


@file.command("propose")
@click.argument("codes", nargs=-1, required=True)
@click.option("--reason", required=True, help="Lý do.")
def propose(codes: tuple[str, ...], reason: str) -> None:
    """Lập danh mục đề nghị tiêu hủy các hồ sơ CODES; in số danh mục."""
    store = context.store()
    ids = [files.named(store, code) for code in codes]
    click.echo(records.propose_destruction(store, ids, reason, context.actor()))


@file.command("proposals")
@_json
def proposals(as_json: bool) -> None:
    """Các danh mục đề nghị tiêu hủy, mới nhất trước."""
    for one in file_lists.proposals(context.store()):
        if as_json:
            context.print_json({"id": one.id, "state": one.state, "files": one.count, "reason": one.reason})
        else:
            click.echo(f"{one.id:>5}  {one.state:9} {one.count:>4}  {one.reason}")


@file.command("consent")
@_list
@click.option("--user", "name", required=True, help="Tài khoản của người đồng ý; mật khẩu lấy từ stdin.")
def consent(list_id: int, name: str) -> None:
    """Ghi sự đồng ý của một người với danh mục; người ấy gõ mật khẩu của mình."""
    store, password = context.store(), sys.stdin.readline(1000).rstrip("\n")
    with store.db.reading() as session:
        user = accounts.user_named(session, name)
    if not passwords.verify(user.password_hash if user.active else None, password):
        raise Problem("sign_in_failed")
    records.consent_destruction(store, list_id, user.name)


@file.command("drop")
@_list
@click.option("--reason", required=True, help="Lý do.")
def drop(list_id: int, reason: str) -> None:
    """Thôi một danh mục đề nghị tiêu hủy."""
    records.drop_destruction(context.store(), list_id, reason, context.actor())


@file.command("destroy")
@_list
@click.option("--yes", is_flag=True, help="Đã hiểu: văn bản bị xóa hẳn, không lấy lại được.")
def destroy(list_id: int, yes: bool) -> None:
    """Tiêu hủy hồ sơ của một danh mục mà hai người đã đồng ý."""
    if not yes:
        raise Problem("bad_request", why="thêm --yes: văn bản của các hồ sơ sẽ bị xóa hẳn")
    click.echo(records.destroy_files(context.store(), list_id, context.actor()))
