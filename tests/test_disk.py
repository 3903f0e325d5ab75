"""A full disk in the middle of any write: a clear sentence, nothing half kept,
and it goes on when there is room again.

A limit on the size of files (RLIMIT_FSIZE) stands in for a small disk: every write beyond it fails as a full
disk's does.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.upkeep import backup
from ingest import receive as reception
from search.index import indexer
from web.services import health

BIG = b"%PDF-1.7\n" + os.urandom(400_000)


def with_room_for(size: int, work: Callable[[], Any]) -> Any:
    """work() in a child whose files can't grow beyond so many bytes: its result, or the Problem's code."""
    receive, send = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        try:
            told: Any = work()
        except Problem as problem:
            told = problem.code
        except BaseException as error:
            told = repr(error)
        os.write(send, pickle.dumps(told))
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as stream:
        told = pickle.loads(stream.read())
    os.waitpid(pid, 0)
    return told


def send(settings: Settings, data: bytes, name: str) -> list[tuple[str | None, str | None]]:
    """What became of one upload: its status and the problem's code."""
    import io

    store = open_store(settings)
    outcomes = reception.take(store, io.BytesIO(data), name, reception.UploadOptions("lan"))
    store.close()
    return [(o.receipt.status if o.receipt else None, o.problem.code if o.problem else None) for o in outcomes]


@pytest.fixture
def filled(store: Store) -> Store:
    for number in range(40):
        data = f"%PDF-1.7 {number}".encode()
        records.receive(
            store, content_store.put_original(store, data), f"{number}.pdf", "application/pdf", len(data), "lan"
        )
    store.db.checkpoint()
    store.close()
    return store


def count(store: Store) -> int:
    with store.db.reading() as session:
        return session.query(Document).count()


@pytest.mark.parametrize("room", [0, 1, 4096, 100_000, 399_999])
def test_an_upload_is_refused_and_leaves_nothing(room: int, filled: Store) -> None:
    before = count(filled)
    assert with_room_for(room, lambda: send(filled.settings, BIG, "lon.pdf")) in (
        [(None, "disk_full")],
        "disk_full",
    )
    assert count(filled) == before and list((filled.originals / ".staging").iterdir()) == []
    assert send(filled.settings, BIG, "lon.pdf") == [("queued", None)], "it goes on when there is room again"
    assert count(filled) == before + 1 and {one.code for one in health.look(filled).faults} == set()


@pytest.mark.parametrize("pages", [0, 1, 2, 3, 5, 7])
def test_a_database_that_can_not_grow_says_so_and_keeps_its_word(pages: int, filled: Store) -> None:
    """SQLite meets its limit at another page each time: at the row, the job, the trail or an index of them."""
    with filled.db.engine.connect() as connection:
        present = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    filled.close()
    before, names = count(filled), [f"{number}.pdf" for number in range(30)]

    def send_all() -> list[tuple[str | None, str | None]]:
        event.listen(Engine, "connect", lambda one, _: one.execute(f"PRAGMA max_page_count={present + pages}"))
        return [one for name in names for one in send(filled.settings, b"%PDF-1.7 nho" + name.encode(), name)]

    told = with_room_for(resource.RLIM_INFINITY, send_all)
    assert set(told) <= {("queued", None), (None, "disk_full")} and (None, "disk_full") in told, told
    taken = [status for status, _ in told].count("queued")
    assert count(filled) == before + taken, "acknowledged and on record are the same"
    again = [one for name in names for one in send(filled.settings, b"%PDF-1.7 nho" + name.encode(), name)]
    assert again == [("duplicate" if status else "queued", None) for status, _ in told]
    assert {one.code for one in health.look(filled).faults} == set()


def test_a_backup_that_does_not_fit_leaves_no_file(filled: Store, tmp_path: Path) -> None:
    path, room = tmp_path / "b.tar", 40_000
    """Enough for the shared memory of the database, not for the archive."""
    assert with_room_for(room, lambda: backup.backup(open_store(filled.settings), path)) == "disk_full"
    assert not list(tmp_path.glob("b.tar*"))
    assert backup.backup(filled, path).originals == 40


def test_an_index_that_can_not_be_written_is_put_right_later(filled: Store) -> None:
    from corpus.document import Field, Fields, Page, Reading, SourceFile

    with filled.db.reading() as session:
        waiting = [(one.id, one.sha256) for one in session.query(Document)]
    for number, sha256 in waiting:
        source = SourceFile("a.pdf", sha256, "application/pdf", 1, 1)
        fields = Fields(number=Field(f"{number}/KH-SYT", f"{number}/KH-SYT", 1.0))
        text = Page(1, "text", f"Kế hoạch số {number} " * 300)
        records.propose(filled, number, Reading(source, (text,), fields))
    filled.db.checkpoint()
    filled.close()
    assert with_room_for(2000, lambda: indexer.sync(open_store(filled.settings))) != len(waiting)
    indexer.forget(filled)
    indexer.sync(filled)
    assert {one.code for one in health.look(filled).faults} == set()
