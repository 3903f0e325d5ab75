"""`vanban work`: reads what waits, and keeps the index in step with the store."""

from __future__ import annotations

import os
from functools import partial

import click

from corpus.audit import seals
from corpus.database.store import Store
from corpus.upkeep import fixity
from ingest.signatures import recheck
from ingest.worker import compound_jobs, supervisor
from search import compound_words
from search.index import indexer
from web import logs
from web.commands import context
from web.services import health

_ORIGINALS_A_TIME = 20
"""28,800 a day at least, so that a million are read again within the cycle of fixity."""


@click.command()
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Số tiến trình đọc (mặc định: số lõi).")
@click.option("--once", is_flag=True, help="Dừng khi không còn việc.")
def work(jobs: int | None, once: bool) -> None:
    """Chạy bộ đọc nền: nhận việc, đọc từng văn bản trong tiến trình con có giới hạn, cập nhật chỉ mục."""
    store = context.store(create=True)
    logs.configure(store.settings.log_level)
    seals.key_of(store.settings)
    seals.seal_head(store)
    idle = partial(compound_jobs.work_off, compound_words.segmented)
    try:
        supervisor.run(store, jobs=jobs or os.cpu_count() or 1, once=once, after=lambda: _tend(store), idle=idle)
    finally:
        seals.seal_head(store)


def _tend(store: Store) -> None:
    """After documents were read, and every minute: the index follows, some originals are compared with their hashes, the trail is sealed."""
    """After documents were read, and every minute: the index follows, some originals are compared with their hashes and
    their signatures verified again."""
    indexer.sync(store)
    findings = fixity.look_at(store, fixity.due(store, _ORIGINALS_A_TIME))
    sound = [one.document_id for one in findings if one.state == "sound"]
    health.note(store, findings, recheck.look_again(store, sound))
    seals.seal_after_an_hour(store)
