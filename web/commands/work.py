"""`vanban work`: reads what waits, and keeps the index in step with the store."""

from __future__ import annotations

import os
from functools import partial

import click

from corpus import fixity
from corpus.store import Store
from ingest import segmenting, worker
from ingest.signatures import recheck
from search import compounds, indexer
from web import health, logs
from web.commands import opening

_ORIGINALS_A_TIME = 20
"""28,800 a day at least, so that a million are read again within the cycle of fixity."""


@click.command()
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Số tiến trình đọc (mặc định: số lõi).")
@click.option("--once", is_flag=True, help="Dừng khi không còn việc.")
def work(jobs: int | None, once: bool) -> None:
    """Chạy bộ đọc nền: nhận việc, đọc từng văn bản trong tiến trình con có giới hạn, cập nhật chỉ mục."""
    store = opening.store(create=True)
    logs.configure(store.settings.log_level)
    idle = partial(segmenting.work_off, compounds.segmented)
    worker.run(store, jobs=jobs or os.cpu_count() or 1, once=once, after=lambda: _tend(store), idle=idle)


def _tend(store: Store) -> None:
    """After documents were read, and every minute: the index follows, some originals are compared with their hashes and
    their signatures verified again."""
    indexer.sync(store)
    findings = fixity.look_at(store, fixity.due(store, _ORIGINALS_A_TIME))
    sound = [one.document_id for one in findings if one.state == "sound"]
    health.note(store, findings, recheck.look_again(store, sound))
