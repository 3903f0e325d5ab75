"""`vanban watch`: takes each finished file that appears in a folder."""

from __future__ import annotations

import time
from pathlib import Path

import click

from ingest import receive
from ingest.watching.folder import Watcher
from web.cli import language
from web.commands import context


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--accept", is_flag=True, help="Đưa ngay vào kho những văn bản không còn điểm phải xem.")
@click.option("--every", default=2.0, type=click.FloatRange(0.1, 3600), help="Số giây giữa hai lần nhìn.")
@click.option("--once", is_flag=True, help="Nhận những tệp đã đứng yên rồi dừng.")
@click.option("--recursive/--no-recursive", default=True, help="Nhận cả tệp trong thư mục con (mặc định: có).")
def watch(folder: Path, accept: bool, every: float, once: bool, recursive: bool) -> None:
    """Nhận từng tệp hoàn chỉnh xuất hiện trong thư mục; bản gốc chuyển sang done/ hoặc failed/ kèm ghi chú."""
    store = context.store(create=True)
    terms = receive.UploadOptions(context.actor(), auto_accept=accept)
    watcher = Watcher(store, folder, terms, language(), recursive, once)
    while True:
        for line in watcher.round():
            click.echo(f"{context.printable(line.name)}: {context.printable(line.said)}", err=not line.well)
        if once and watcher.is_idle():
            return
        time.sleep(every)
