"""`vanban serve`: the web service, gunicorn started in this process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import click
from flask import Flask

from corpus.audit import seals
from corpus.config import Settings
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from search.engine_choice import is_shared
from search.results import finder
from web import logs, metrics
from web.app import create_app
from web.commands import context, demo
from web.serving.patient_worker import KEEP_ALIVE, PatientWorker
from web.serving.request_arrival import LONGEST_LINE

THREADS = 8
"""Requests that one process answers in parallel."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Cổng (mặc định VANBAN_PORT).")
@click.option("--host", help="Địa chỉ (mặc định VANBAN_HOST).")
@click.option("--demo", "is_demo", is_flag=True, help="Bản trình diễn chỉ để xem, mỗi vai trò một tài khoản.")
@click.option(
    "--demo-hours",
    default=1.0,
    type=click.FloatRange(0.001, 720),
    help="Số giờ giữa hai lần làm mới.",
)
def serve(port: int | None, host: str | None, is_demo: bool, demo_hours: float) -> None:
    """Mở trang web; việc đọc văn bản do «vanban work» làm."""
    given = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    settings = context.settings().model_copy(update=given)
    if is_demo:
        logs.configure(settings.log_level)
        demo.run(settings, demo_hours * 3600, _run)
        return
    store = context.store(create=True)
    seals.key_of(settings)
    seals.seal_head(store)
    store.db.close()
    logs.configure(settings.log_level)
    metrics.share(settings.home / "run" / "metrics")
    with _index_followed(settings):
        _run(settings)


@contextmanager
def _index_followed(settings: Settings) -> Iterator[None]:
    """With a web service of several machines, a process that keeps this machine's own index up to date.

    On one machine (SQLite) the worker does it, and a shared index is kept by every worker.
    """
    if not settings.database or settings.database.startswith("sqlite") or is_shared(settings.search_engine):
        yield
        return
    command = [sys.executable, "-m", "vanban", "work", "--index-only"]
    given = {**os.environ, "VANBAN_HOME": str(settings.home)}
    with subprocess.Popen(command, env=given, stdin=subprocess.DEVNULL) as follower:
        try:
            yield
        finally:
            follower.terminate()


def _warm(app: Flask) -> None:
    """Open the index and compile the templates before the first request; failures show up in the requests
    concerned.
    """
    store: Store = app.extensions["vanban_store"]
    with suppress(Problem):
        finder.find(store, "văn bản", limit=5, viewer=None)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def _seal(settings: Settings) -> None:
    """Seal the trail's head at the start and stop of the service."""
    with suppress(Problem):
        store = open_store(settings, create=False)
        seals.seal_head(store)
        store.close()


def _run(settings: Settings) -> None:
    """Run gunicorn until it is stopped; imported here, since no other command needs it."""
    from gunicorn.app.base import BaseApplication
    from gunicorn.http import wsgi

    wsgi.SERVER = "vanban"

    class Service(BaseApplication):  # type: ignore[misc]
        lang = settings.lang

        def load_config(self) -> None:
            for name, value in {
                "bind": f"{settings.host}:{settings.port}",
                "workers": settings.web_workers,
                "worker_class": PatientWorker,
                "threads": THREADS,
                "keepalive": int(KEEP_ALIVE),
                "limit_request_line": LONGEST_LINE,
                # X-Forwarded-… is a matter of web.access.fronts alone.
                "secure_scheme_headers": {},
                "forwarded_allow_ips": "",
                # Files go out by PacedSocket, which knows how long a client may take.
                "sendfile": False,
                "timeout": 60,
                "graceful_timeout": 30,
                "loglevel": "warning",
                "proc_name": "vanban",
                "on_exit": lambda _: _seal(settings),
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Any:
            app = create_app(settings)
            _warm(app)
            return app

    Service().run()
