"""`vanban statistics`: numbers of a period, printed or as a workbook."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from corpus import records
from corpus.errors import Problem
from corpus.numbering.typed_days import today
from corpus.queries import statistics as numbers
from web.commands import context
from web.formats import statistics_tables, tables
from web.present.catalogue import translator
from web.services import statistics as services


@click.command()
@click.option("--from", "since", default="", help="Từ ngày (ngày/tháng/năm); mặc định: 1/1 năm nay.")
@click.option("--to", "until", default="", help="Đến hết ngày; mặc định: hôm nay.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Tệp .xlsx hoặc .csv.")
def statistics(since: str, until: str, as_json: bool, output: Path | None) -> None:
    """Thống kê văn bản nhận trong một thời gian: theo tháng, loại, cơ quan, đơn vị, đúng hạn, máy tự đọc.

    Đếm mọi văn bản, cả văn bản chỉ một số nhóm được xem.
    """
    form = output.suffix.lower().removeprefix(".") if output else ""
    if output is not None:
        if form not in tables.FORMS:
            raise Problem("bad_request", why="--output cần đuôi .xlsx hoặc .csv")
        context.writable(output, replace=True)
    first, last = services.period(since, until)
    store = context.store()
    found = numbers.statistics(store, first, last, date.fromisoformat(today()))
    if output is not None:
        output.write_bytes(statistics_tables.whole(form, found, translator(store.settings.lang)))
        records.note(store, context.actor(), "export", None, {"what": "statistics", "format": form})
    elif as_json:
        context.print_json(services.to_json(found))
    else:
        _print(statistics_tables.spoken(statistics_tables.sheets(found), translator(store.settings.lang)))


def _print(made: list[statistics_tables.Sheet]) -> None:
    for name, columns, rows in made:
        click.echo(f"── {name}: {' · '.join(columns[1:])}")
        for first, *cells in rows:
            click.echo(context.printable(f"  {first!s:44} {'  '.join(f'{cell!s:>8}' for cell in cells)}"))
