"""`vanban group`: groups of users, and the documents that only they may see."""

from __future__ import annotations

import click

from corpus import records
from corpus.access import groups
from web.commands import context
from web.commands.cites import named


@click.group()
def group() -> None:
    """Nhóm người dùng và văn bản chỉ nhóm được thấy; quản trị thấy tất cả."""


@group.command("add")
@click.argument("name")
def add(name: str) -> None:
    """Thêm nhóm."""
    records.add_group(context.store(), name, context.actor())


@group.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Bỏ nhóm; không bỏ được khi còn văn bản giới hạn cho nhóm."""
    records.remove_group(context.store(), name, context.actor())


@group.command("join")
@click.argument("name")
@click.argument("user")
def join(name: str, user: str) -> None:
    """Thêm tài khoản USER vào nhóm."""
    records.join_group(context.store(), name, user, context.actor())


@group.command("leave")
@click.argument("name")
@click.argument("user")
def leave(name: str, user: str) -> None:
    """Bỏ tài khoản USER khỏi nhóm."""
    records.leave_group(context.store(), name, user, context.actor())


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi nhóm một dòng.")
def list_groups(as_json: bool) -> None:
    """Liệt kê nhóm, người trong nhóm và số văn bản giới hạn cho nhóm."""
    with context.store().db.reading() as session:
        listed = groups.listing(session)
    for one in listed:
        if as_json:
            context.print_json({"name": one.name, "members": list(one.members), "documents": one.documents})
        else:
            click.echo(f"{one.name:24} {one.documents:>6}  {', '.join(one.members)}")


@group.command("limit")
@click.argument("ref")
@click.argument("names", nargs=-1)
def limit(ref: str, names: tuple[str, ...]) -> None:
    """Chỉ cho các nhóm NAMES thấy văn bản REF (số ký hiệu hoặc mã); không nêu nhóm nào: mọi người."""
    store = context.store()
    kept = records.limit(store, named(store, ref).id, names, context.actor())
    click.echo(", ".join(kept) or context.say("mọi người"))
