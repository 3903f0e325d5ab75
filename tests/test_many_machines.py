"""Two web and two reading machines on one PostgreSQL, each with a home and an index of its own; one is lost."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.originals import content_store
from corpus.queries import indexes
from script import cluster_run
from search.index import indexer
from search.results import finder
from web.services import health

pytestmark = pytest.mark.cluster
PAPER = "ỦY BAN NHÂN DÂN\nSố: {at}/KH-UBND\nKiên Giang, ngày 27 tháng 4 năm 2022\nKẾ HOẠCH\nThi đua lần thứ {at}\n"


@pytest.fixture
def machines(postgresql: Callable[[], str], tmp_path: Path) -> Iterator[dict[str, str]]:
    """Settings of all machines; those that a test starts are ended."""
    yield {
        "VANBAN_DATABASE": postgresql(), "VANBAN_ORIGINALS": str(tmp_path / "originals"),
        "VANBAN_SECRET_KEY": "0" * 64, "VANBAN_WEB_WORKERS": "1", "VANBAN_LEASE_SECONDS": "5",
        "VANBAN_SEARCH_ENGINE": "tantivy",
    }  # fmt: skip
    for path in tmp_path.glob("*.pid"):
        cluster_run.end(tmp_path, path.stem)


def opened(machines: dict[str, str], home: Path) -> Store:
    given = {name.removeprefix("VANBAN_").lower(): value for name, value in machines.items()}
    return open_store(Settings(_env_file=None, home=home, **given))  # type: ignore[arg-type]


def wait(what: str, done: Callable[[], bool], seconds: float = 180.0) -> float:
    began = time.monotonic()
    while not done():
        assert time.monotonic() - began < seconds, what
        time.sleep(0.3)
    return time.monotonic() - began


def test_a_reading_machine_is_lost_and_every_web_machine_finds_all(
    machines: dict[str, str], tmp_path: Path
) -> None:
    store = opened(machines, tmp_path / "front")
    for at in range(12):
        data = PAPER.format(at=at).encode()
        sha256 = content_store.put_original(store, data)
        records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", auto_accept=True)
    for name in ("work1", "work2"):
        cluster_run.start_vanban(tmp_path, name, machines, "work", "-j", "1")
    wait("nothing is read", lambda: waiting(store) < 12)
    cluster_run.end(tmp_path, "work1", signal.SIGKILL)
    spent = wait("the other machine reads the rest", lambda: waiting(store) == 0)
    print(f"\na reading machine lost: the other has read the rest after {spent:.1f} s")
    for name in ("web1", "web2"):
        port = cluster_run.free_port()
        cluster_run.start_vanban(tmp_path, name, {**machines, "VANBAN_PORT": str(port)}, "serve")
        spent = wait(f"{name} is ready", lambda port=port: cluster_run.answers(f"http://127.0.0.1:{port}/readyz"))  # type: ignore[misc]
        print(f"{name}: index built and ready {spent:.1f} s after its start")
        web = opened(machines, tmp_path / name)
        assert finder.find(web, "thi đua").total == 12
        indexer.forget(web)
        web.close()
    records.withdraw(store, 1, "nhầm", "clerk")
    spent = wait("all indexes follow", lambda: not any(one.behind for one in indexes.marks(store)))
    print(f"a withdrawal is in every index after {spent:.1f} s")
    assert {Path(one.place).name for one in indexes.marks(store)} >= {"web1", "web2"}
    for name in ("web1", "web2"):
        web = opened(machines, tmp_path / name)
        assert (finder.find(web, "thi đua").total, health.differing(web)) == (11, 0)
        indexer.forget(web)
        web.close()
    store.close()


def waiting(store: Store) -> int:
    with store.db.reading() as session:
        asked = select(func.count()).select_from(Document).where(Document.status.in_(("queued", "reading")))
        return session.scalar(asked) or 0
