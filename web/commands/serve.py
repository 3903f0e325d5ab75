"""`vanban serve`: the web service, gunicorn started in this process."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import click
from flask import Flask

from corpus.audit import seals
from corpus.config import Settings
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from search.results import finder
from web import logs
from web.app import create_app
from web.commands import context
from web.serving.patient_worker import KEEP_ALIVE, PatientWorker
from web.serving.request_arrival import LONGEST_LINE

THREADS = 8
"""Requests that one process answers at a time."""


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), help="Cổng (mặc định VANBAN_PORT).")
@click.option("--host", help="Địa chỉ (mặc định VANBAN_HOST).")
def serve(port: int | None, host: str | None) -> None:
    """Mở trang web; việc đọc văn bản do «vanban work» làm."""
    given = {name: value for name, value in (("port", port), ("host", host)) if value is not None}
    settings = context.settings().model_copy(update=given)
    store = context.store(create=True)
    seals.key_of(settings)
    seals.seal_head(store)
    store.db.close()
    logs.configure(settings.log_level)
    _run(settings)


def _warm(app: Flask) -> None:
    """Opens the index and compiles the pages before the first person asks; what can't be opened is told to whoever asks."""
    store: Store = app.extensions["vanban_store"]
    with suppress(Problem):
        finder.find(store, "văn bản", limit=5, viewer=None)
    for name in app.jinja_env.list_templates(extensions=["html"]):
        app.jinja_env.get_template(name)


def _seal(settings: Settings) -> None:
    """The trail's head as this service leaves it, sealed outside the database."""
    with suppress(Problem):
        store = open_store(settings, create=False)
        seals.seal_head(store)
        store.close()


def _run(settings: Settings) -> None:
    """gunicorn until it is told to stop; imported here, since no other command needs it."""
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
