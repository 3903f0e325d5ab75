"""`vanban reindex`: rebuilds the search index from the store and swaps it in."""

from __future__ import annotations

import click

from search import engine_choice
from search.index import indexer
from web.commands import context


@click.command()
@click.option(
    "--engine", type=click.Choice([engine_choice.AUTO, *engine_choice.known()]), help="Công cụ tìm kiếm."
)
def reindex(engine: str | None) -> None:
    """Dựng lại chỉ mục tìm kiếm từ kho, bên cạnh chỉ mục đang dùng, rồi thay."""
    count = indexer.rebuild(context.store(), engine)
    click.echo(context.say("Đã đánh chỉ mục {} văn bản.", count))
