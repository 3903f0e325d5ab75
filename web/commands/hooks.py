"""`vanban hooks`: delivers each document that goes on record to other programs."""

from __future__ import annotations

import time

import click

from corpus import records
from web.commands import context
from web.hooks import deliver


@click.command()
@click.option("--every", default=2.0, type=click.FloatRange(0.1, 3600), help="Số giây giữa hai lần nhìn.")
@click.option("--once", is_flag=True, help="Báo những văn bản đang chờ rồi dừng.")
@click.option("--again", is_flag=True, help="Báo lại cả những lần đã thôi vì không được.")
def hooks(every: float, once: bool, again: bool) -> None:
    """Báo mỗi văn bản vào kho cho VANBAN_HOOK_URL (có ký) và VANBAN_HOOK_COMMAND, kèm minh chứng.

    Không báo được thì thử lại.
    """
    store = context.store()
    targets = deliver.targets(store.settings)
    if again:
        records.retry_hooks(store)
    while True:
        for target in targets:
            records.gather_hooks(store, target)
            while (done := deliver.next_delivery(store, target)) is not None:
                line = f"{target}: {done.taken.document_id} {done.state}"
                click.echo(context.printable(f"{line} {done.error or ''}".rstrip()), err=done.error is not None)
        if once:
            return
        time.sleep(every)
