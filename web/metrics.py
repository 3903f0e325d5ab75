"""Figures for Prometheus: jobs, documents, pages read, workers, index lag, refusals, times of searches.

The web processes count into files of one folder, so that each answer has the sum over all of them, also of those
that have ended (multiprocess mode of prometheus-client).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Blueprint, Response
from sqlalchemy import func, select

from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.queue import compounds, jobs, presence
from search.index import indexer
from web import access

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry, Histogram
    from prometheus_client.metrics_core import Metric

pages = Blueprint("metrics", __name__)

_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Variable in which prometheus-client looks for the folder, once, when it is imported."""
_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Upper bounds of the histogram's buckets, in seconds."""


def share(folder: Path) -> None:
    """Let the processes that are started from here count into an empty folder together."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True, mode=0o700)
    os.environ[_FOLDER] = str(folder)


def add_search(seconds: float) -> None:
    """Count a search of the pages or the API."""
    _searches().observe(seconds)


@cache
def _searches() -> Histogram:
    from prometheus_client import CollectorRegistry, Histogram

    name, what = "vanban_search_seconds", "Time of searches, of all web processes."
    return Histogram(name, what, buckets=_BOUNDS, registry=None if _FOLDER in os.environ else CollectorRegistry())


@pages.get("/metrics")
def metrics() -> Response:
    """The figures; counts of documents are of the store."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    _OfStore(access.store()).register(registry)
    if _FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    else:
        registry.register(_searches())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _OfStore:
    """Collector of the figures that the store holds, asked for at each call."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def register(self, registry: CollectorRegistry) -> None:
        registry.register(self)

    def collect(self) -> Iterator[Metric]:
        """The families of figures."""
        from prometheus_client.core import GaugeMetricFamily

        with self.store.db.reading() as session:
            queue = jobs.state(session)
            statuses = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
            pages_read = session.scalar(select(func.count()).select_from(PageText)) or 0
            waiting = compounds.count_waiting(session)
        index = indexer.state(self.store)
        by_state = GaugeMetricFamily("vanban_jobs", "Jobs by state.", labels=["state"])
        for state, count in sorted(queue.counts.items()):
            by_state.add_metric([state], count)
        by_status = GaugeMetricFamily("vanban_documents", "Documents by status.", labels=["status"])
        for status, count in sorted((row[0], row[1]) for row in statuses):
            by_status.add_metric([status], count)
        yield from (by_state, by_status)
        for name, what, value in (
            ("vanban_job_oldest_seconds", "Wait of the oldest job that is due.", queue.oldest_seconds),
            ("vanban_pages", "Pages read.", pages_read),
            ("vanban_workers", "Worker processes of this machine.", presence.count(self.store)),
            ("vanban_index_documents", "Documents in the index.", index.count),
            ("vanban_index_lag", "Documents whose index entry is not current.", index.stale),
            ("vanban_compounds_waiting", "Documents that wait to be segmented.", waiting),
            ("vanban_index_usable", "1 when the index can answer.", int(index.usable)),
        ):
            yield GaugeMetricFamily(name, what, value=value)
