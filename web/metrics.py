"""Figures for Prometheus, in its text format: jobs, documents, pages read, index lag, refusals, time of searches."""

from __future__ import annotations

import threading
from collections.abc import Iterator

from flask import Blueprint, Response
from sqlalchemy import func, select

from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.queue import compounds, jobs
from search.index import indexer
from web import access

pages = Blueprint("metrics", __name__)

_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Seconds; upper bounds of the histogram's buckets."""


class Durations:
    """A histogram of this process: each web process tells its own, as Prometheus sums over instances."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        place = next((n for n, bound in enumerate(_BOUNDS) if seconds <= bound), len(_BOUNDS))
        with self._lock:
            self._counts[place] += 1
            self._sum += seconds

    def lines(self, name: str) -> Iterator[str]:
        with self._lock:
            counts, total = list(self._counts), self._sum
        for n, bound in enumerate(_BOUNDS):
            yield f'{name}_bucket{{le="{bound}"}} {sum(counts[: n + 1])}'
        yield f'{name}_bucket{{le="+Inf"}} {sum(counts)}'
        yield f"{name}_sum {total:.6f}"
        yield f"{name}_count {sum(counts)}"


SEARCHES = Durations()


@pages.get("/metrics")
def metrics() -> Response:
    """The figures; what counts documents counts the store, not this process."""
    text = "\n".join(_lines(access.store())) + "\n"
    return Response(text, mimetype="text/plain; version=0.0.4")


def _lines(store: Store) -> Iterator[str]:
    with store.db.reading() as session:
        queue = jobs.state(session)
        statuses = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
        pages_read = session.scalar(select(func.count()).select_from(PageText)) or 0
        waiting = compounds.count_waiting(session)
    index = indexer.state(store)
    yield from _family("vanban_jobs", "gauge", "Jobs by state.", "state", queue.counts)
    yield from _family(
        "vanban_documents", "gauge", "Documents by status.", "status", {row[0]: row[1] for row in statuses}
    )
    yield from _one(
        "vanban_job_oldest_seconds", "gauge", "Wait of the oldest job that is due.", queue.oldest_seconds
    )
    yield from _one("vanban_pages", "gauge", "Pages read.", pages_read)
    yield from _one("vanban_index_documents", "gauge", "Documents in the index.", index.count)
    yield from _one("vanban_index_lag", "gauge", "Documents whose index entry is not current.", index.stale)
    yield from _one("vanban_compounds_waiting", "gauge", "Documents that wait to be segmented.", waiting)
    yield from _one("vanban_index_usable", "gauge", "1 when the index can answer.", int(index.usable))
    yield "# HELP vanban_search_seconds Time of searches in this process."
    yield "# TYPE vanban_search_seconds histogram"
    yield from SEARCHES.lines("vanban_search_seconds")


def _family(name: str, kind: str, what: str, label: str, values: dict[str, int]) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    for value, count in sorted(values.items()):
        yield f'{name}{{{label}="{value}"}} {count}'


def _one(name: str, kind: str, what: str, value: float) -> Iterator[str]:
    yield f"# HELP {name} {what}"
    yield f"# TYPE {name} {kind}"
    yield f"{name} {value:g}"
