"""How long pages take with people on them: search, document and review,
beside the same search asked of the engine directly.

gunicorn with two workers, so many people with a second between their requests; times are wall milliseconds at the
client on the same machine, the direct search runs before, in one process, on the same store.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import re
import secrets
import statistics
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from urllib.parse import quote

from bench_search import Corpus, corpus, indexed
from bench_service import VANBAN, free_port, wait
from search_corpus import queries
from sqlalchemy import select, update

from corpus import records
from corpus.access import accounts
from corpus.database.account_tables import User
from corpus.database.models import Document
from corpus.database.store import Store
from search.results import finder
from web import access
from web.access import passwords

ROOT = Path(__file__).parent.parent
PAUSE = 1.0
ASSETS = re.compile(r'(?:src|href)="(/static/[^"]+)"')


def main() -> None:
    """Builds or reuses the store, measures, prints."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--documents", type=int, default=10_000)
    arguments.add_argument("--words", type=int, default=300)
    arguments.add_argument("--people", type=int, default=16)
    arguments.add_argument("--seconds", type=float, default=60)
    arguments.add_argument(
        "--engine", default="tantivy", help="what `auto` means for so many documents, or another"
    )
    arguments.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "vanban-bench-web")
    asked = arguments.parse_args()
    made = corpus(asked.folder, asked.documents, asked.words, asked.engine)
    indexed(made)
    texts = [text for some in queries(made.maker, made.sample, 40).values() for text in some]
    print(f"{asked.documents} documents, {asked.engine}, {asked.people} people, {PAUSE:g} s between requests")
    _tell("search, engine asked directly", _direct(made.store, texts))
    cookie, waiting = _session(made.store)
    port = free_port()
    service_process = _serve(made, port)
    try:
        wait(port)
        print(f"first page: {_first_load(port, cookie) / 1024:.0f} KB")
        times = _visits(port, cookie, texts, waiting, asked.people, asked.seconds, asked.documents)
    finally:
        service_process.terminate()
        service_process.wait()
    for name, found in times.items():
        _tell(f"{name} page", found)


def _tell(name: str, seconds: list[float]) -> None:
    cuts = statistics.quantiles(seconds, n=100) if len(seconds) > 1 else [0.0] * 99
    print(f"{name:32} {len(seconds):6} times   p50 {cuts[49] * 1000:7.1f} ms   p95 {cuts[94] * 1000:7.1f} ms")


def _direct(store: Store, texts: list[str]) -> list[float]:
    found = []
    for text in texts:
        began = time.perf_counter()
        finder.find(store, text)
        found.append(time.perf_counter() - began)
    return found


def _session(store: Store) -> tuple[str, list[int]]:
    """A clerk's cookie, and some documents that wait for a person."""
    with store.db.reading() as session:
        present = session.scalars(select(User).where(User.name == "bench")).first()
    if present is None:
        records.add_user(store, "bench", "clerk", passwords.hash_password("mot-mat-khau-dai"))
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(update(Document).where(Document.id <= 200).values(status="review"))
    with store.db.reading() as session:
        user = accounts.user_named(session, "bench")
        waiting = list(session.scalars(select(Document.id).where(Document.status == "review").limit(200)))
    token = secrets.token_urlsafe(32)
    records.start_session(store, user.id, access.token_hash(token))
    return token, waiting


def _serve(made: Corpus, port: int) -> subprocess.Popen[bytes]:
    settings = made.store.settings
    environment = {
        **os.environ,
        "VANBAN_HOME": str(settings.home),
        "VANBAN_SEARCH_ENGINE": settings.search_engine,
        "VANBAN_WEB_WORKERS": "2",
        "VANBAN_LOG_LEVEL": "warning",
    }
    return subprocess.Popen([VANBAN, "serve", "--port", str(port)], env=environment)


def _visits(
    port: int, cookie: str, texts: list[str], waiting: list[int], people: int, seconds: float, documents: int
) -> dict[str, list[float]]:
    """So many people who search, open a document and open the desk in turn, until the time is up."""
    times: dict[str, list[float]] = {"search": [], "document": [], "review": []}
    until = time.monotonic() + seconds

    def person(seed: int) -> None:
        chance = random.Random(seed)
        time.sleep(chance.random() * PAUSE)
        while time.monotonic() < until:
            paths = {
                "search": f"/?q={quote(chance.choice(texts))}",
                "document": f"/van-ban/{chance.randrange(1, documents)}",
                "review": f"/can-xem/{chance.choice(waiting)}",
            }
            for name, path in paths.items():
                times[name].append(_get(port, cookie, path)[0])
                time.sleep(PAUSE)

    threads = [threading.Thread(target=person, args=(seed,)) for seed in range(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _get(port: int, cookie: str, path: str) -> tuple[float, bytes]:
    """Seconds and body of one page; a redirect to the readable address is followed and counted in."""
    began = time.perf_counter()
    for _ in range(2):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        connection.request("GET", path, headers={"Cookie": f"{access.COOKIE}={cookie}", "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        if answer.status not in (302, 303):
            break
        path = answer.headers["Location"]
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status}")
    return time.perf_counter() - began, body


def _first_load(port: int, cookie: str) -> int:
    """Bytes of the first page and all that it loads, on their way to a browser that takes gzip."""
    _, page = _get(port, cookie, "/")
    return len(page) + sum(len(_get(port, cookie, path)[1]) for path in set(ASSETS.findall(page.decode())))


if __name__ == "__main__":
    main()
