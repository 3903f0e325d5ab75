"""`vanban own`: the bodies whose papers the archive keeps as its own;
only their runs of numbers ought to be whole.
"""

from __future__ import annotations

import click

from corpus import records
from corpus.lifecycle import own_bodies
from web.commands import context


@click.group()
def own() -> None:
    """Cơ quan mà kho giữ văn bản như của mình: chỉ dãy số của các cơ quan ấy mới được xét thiếu số."""


@own.command("add")
@click.argument("name")
@click.option("--symbol", default="", help="Ký hiệu của cơ quan trong số văn bản, ví dụ STTTT.")
@click.option("--places", default="", help="Địa danh ghi trên văn bản, cách nhau bằng dấu ;.")
@click.option("--first-year", type=int, help="Năm đầu mở sổ ở kho này.")
@click.option("--last-year", type=int, help="Năm cuối mở sổ ở kho này.")
def add(name: str, symbol: str, places: str, first_year: int | None, last_year: int | None) -> None:
    """Thêm cơ quan NAME (tên đầy đủ, có địa danh)."""
    years = (first_year, last_year)
    records.add_own_body(context.store(), name, symbol, context.actor(), places=places, years=years)


@own.command()
def direct() -> None:
    """Xét lại hướng (đến, đi, nội bộ) của mọi văn bản, sau khi đổi cơ quan của kho."""
    store, after, changed = context.store(), 0, 0
    while True:
        last, some = records.renew_directions(store, context.actor(), after)
        changed += some
        if last is None:
            break
        after = last
    click.echo(changed)


@own.command("remove")
@click.argument("name")
def remove(name: str) -> None:
    """Bỏ cơ quan NAME."""
    records.remove_own_body(context.store(), name, context.actor())


@own.command("list")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi cơ quan một dòng.")
def list_bodies(as_json: bool) -> None:
    """Liệt kê cơ quan của kho."""
    with context.store().db.reading() as session:
        rows = own_bodies.every(session)
    for one in rows:
        if as_json:
            told = {"name": one.name, "symbol": one.symbol, "places": own_bodies.places_of(one.places)}
            context.print_json({**told, "first_year": one.first_year, "last_year": one.last_year})
        else:
            click.echo(f"{one.symbol:12} {one.name}")
