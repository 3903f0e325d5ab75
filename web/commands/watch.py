"""`vanban watch`: takes each finished file that appears in a folder."""

from __future__ import annotations

import time
from pathlib import Path

import click

from web import reception, watching
from web.cli import language
from web.commands import opening


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--accept", is_flag=True, help="Đưa ngay vào kho những văn bản không còn điểm phải xem.")
@click.option("--every", default=2.0, type=click.FloatRange(0.1, 3600), help="Số giây giữa hai lần nhìn.")
@click.option("--once", is_flag=True, help="Nhận những tệp đã đứng yên rồi dừng.")
def watch(folder: Path, accept: bool, every: float, once: bool) -> None:
    """Nhận từng tệp hoàn chỉnh xuất hiện trong thư mục; bản gốc chuyển sang done/ hoặc failed/ kèm ghi chú."""
    store = opening.store(create=True)
    terms = reception.Terms(opening.actor(), auto_accept=accept)
    before: dict[Path, watching.Seen] = {}
    while True:
        now = watching.look(folder)
        for outcome in watching.take_settled(store, watching.settled(before, now), terms, language()):
            said = outcome.problem.message(language()) if outcome.problem else "đã nhận"
            click.echo(f"{outcome.name}: {said}", err=outcome.problem is not None)
        if once and before == now:
            return
        before = now
        time.sleep(every)
