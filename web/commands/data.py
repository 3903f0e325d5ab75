"""`vanban data`: the tables of knowledge, those of the program and an office's own rows."""

from __future__ import annotations

import sys

import click

from corpus import tables
from corpus.authority import table_checks
from web.cli import language
from web.commands import context


@click.group()
def data() -> None:
    """Bảng dữ liệu: văn bản quy phạm pháp luật, cơ quan, tỉnh, xã và các bảng khác."""


@data.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
def check(as_json: bool) -> None:
    """Kiểm tra các bảng, kể cả các dòng của cơ quan trong VANBAN_HOME/data;
    mỗi lỗi một dòng và thoát 1 khi có lỗi.
    """
    faults = table_checks.check(context.settings().home)
    if as_json:
        listed = [
            {"table": one.table, "row": one.row, "code": one.code, "message": one.message(language())}
            for one in faults
        ]
        context.print_json({"ok": not faults, "faults": listed})
    else:
        for one in faults:
            click.echo(one.message(language()))
        if not faults:
            counts = ", ".join(
                f"{name} {len(tables.rows(name))}" for name in ("laws", "bodies", "provinces", "communes")
            )
            click.echo(context.say("Bảng dữ liệu hợp lệ: {}.", counts))
    sys.exit(1 if faults else 0)
