"""`vanban backup` and `vanban restore`: the whole store in one archive, and back into an empty store."""

from __future__ import annotations

from pathlib import Path

import click

from corpus import records
from corpus.audit import seals
from corpus.database.store import open_store
from corpus.errors import Problem
from corpus.upkeep import backup as archive
from search.index import indexer
from web.commands import context


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Ghi đè tệp đã có tên ấy; không có tùy chọn này thì dừng lại.")
def backup(file: Path, replace: bool) -> None:
    """Sao lưu cả kho vào một tệp, kể cả khi kho đang chạy; tệp chỉ có tên ấy khi đã trọn vẹn trên đĩa."""
    context.writable(file, replace=replace)
    store = context.store()
    with context.bar(context.say("Sao lưu")) as progress:
        done = archive.backup(store, file, progress)
    told = {"name": file.name, "size": file.stat().st_size, "total": done.documents}
    records.note(store, context.actor(), "backup", None, told)
    click.echo(context.say("{}: {} văn bản, {} bản gốc.", file, done.documents, done.originals))
    if done.missing:
        click.echo(
            context.say(
                "Thiếu hoặc hỏng {} bản gốc; chạy «vanban check» để biết là của văn bản nào.", len(done.missing)
            ),
            err=True,
        )
        raise SystemExit(1)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def restore(file: Path) -> None:
    """Phục hồi một tệp sao lưu (của phiên bản này hoặc cũ hơn) vào kho trống, rồi dựng chỉ mục."""
    if not file.is_file():
        raise Problem("not_found", what=str(file))
    settings = context.settings()
    with context.bar(context.say("Phục hồi")) as progress:
        done = archive.restore(settings, file, progress)
    store = open_store(settings)
    seals.seal_head(store)
    indexer.rebuild(store)
    counts = context.say("{}: {} văn bản, {} bản gốc.", settings.home, done.documents, done.originals)
    click.echo(f"{counts} {context.say('Kiểm tra lại: vanban check')}")
    if done.missing:
        click.echo(context.say("Bản sao lưu thiếu sẵn {} bản gốc.", len(done.missing)), err=True)
        raise SystemExit(1)
