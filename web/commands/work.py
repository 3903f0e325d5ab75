"""`vanban work`: reads waiting documents, and keeps the index in step with the store."""

from __future__ import annotations

import os
import time
from functools import partial

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from corpus.audit import seals
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.upkeep import fixity
from ingest.signatures import recheck
from ingest.worker import compound_jobs, supervisor
from search import compound_words
from search.index import indexer
from web import logs
from web.commands import context
from web.notices import duty
from web.services import health

_log = structlog.get_logger()
_LOOK_SECONDS = 1.0
"""Time between two looks for changes of documents, where only the index is followed."""
_WHOLE_SECONDS = 60.0
"""Time after which index and store are compared even if there are no changes."""
_ORIGINALS_A_TIME = 20
"""Originals compared each minute: 28,800 a day at least, so that a million fit into the cycle of fixity."""


@click.command()
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Số tiến trình đọc (mặc định: số lõi).")
@click.option("--once", is_flag=True, help="Dừng khi không còn việc.")
@click.option("--index-only", is_flag=True, help="Chỉ giữ chỉ mục của máy này theo kịp kho, không đọc văn bản.")
def work(jobs: int | None, once: bool, index_only: bool) -> None:
    """Chạy bộ đọc nền: nhận việc, đọc từng văn bản trong tiến trình con có giới hạn, cập nhật chỉ mục."""
    store = context.store(create=True)
    logs.configure(store.settings.log_level)
    if index_only:
        _follow(store, once=once)
        return
    seals.key_of(store.settings)
    seals.seal_head(store)
    idle = partial(compound_jobs.work_off, compound_words.segmented)
    try:
        supervisor.run(store, jobs=jobs or os.cpu_count() or 1, once=once, after=lambda: _tend(store), idle=idle)
    finally:
        seals.seal_head(store)


def _follow(store: Store, *, once: bool) -> None:
    """Keep this machine's index up to date until the parent process ends, whatever is away meanwhile."""
    parent, looked = os.getppid(), 0.0
    while os.getppid() == parent:
        try:
            if indexer.lags(store) or time.monotonic() - looked > _WHOLE_SECONDS:
                indexer.follow(store)
                looked = time.monotonic()
        except (SQLAlchemyError, Problem) as error:
            _log.warning("index.waits", why=type(error).__name__)
        if once:
            return
        time.sleep(_LOOK_SECONDS)


def _tend(store: Store) -> None:
    """Update the index, compare some originals and verify their signatures again;
    after readings and every minute.
    """
    """After documents were read, and every minute: the index follows, some originals are compared with their
    hashes and their signatures verified again."""
    indexer.follow(store)
    duty.tend(store)
    findings = fixity.look_at(store, fixity.due(store, _ORIGINALS_A_TIME))
    sound = [one.document_id for one in findings if one.state == "sound"]
    health.note(store, findings, recheck.look_again(store, sound))
    seals.seal_after_an_hour(store)
