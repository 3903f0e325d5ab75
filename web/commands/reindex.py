"""`vanban reindex`: the search index built anew from the store and swapped in."""

from __future__ import annotations

import click

from search.index import indexer
from web.commands import context


@click.command()
@click.option("--engine", type=click.Choice(["whoosh", "tantivy", "opensearch"]), help="Bộ máy tìm kiếm.")
def reindex(engine: str | None) -> None:
    """Dựng lại chỉ mục tìm kiếm từ kho, bên cạnh chỉ mục đang dùng, rồi thay."""
    count = indexer.rebuild(context.store(), engine)
    click.echo(f"Đã đánh chỉ mục {count} văn bản.")
