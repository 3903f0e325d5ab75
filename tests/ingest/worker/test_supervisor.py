"""The worker: every document ends somewhere with a reason, whatever its file or its worker does."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus import audit, records
from corpus.config import Settings
from corpus.database.models import Document, Job
from corpus.database.store import Store, open_store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.originals import content_store
from ingest.worker import reader_process, supervisor
from ingest.worker.reader_process import Progress, Reader


def read_plain(
    path: Path, name: str, settings: Settings, /, *, released: bool = False, progress: Progress | None = None
) -> Reading:
    """Reads a text file as one page; its words decide what else happens."""
    data = path.read_bytes()
    said = data.decode()
    if progress is not None:
        progress("read", 1, 1)
    if said.startswith("problem ") and not released:
        raise Problem(said.split()[1], name=name)
    if said.startswith("fault"):
        raise ValueError(said)
    if said.startswith("dies"):
        os.kill(os.getpid(), signal.SIGKILL)
    if said.startswith("sleeps"):
        (settings.home / "asleep").write_text("")
        time.sleep(600)
    source = SourceFile(name, hashlib.sha256(data).hexdigest(), "text/plain", 1, len(data))
    return Reading(source, (Page(1, "text", said),), Fields())


def _take(store: Store, *texts: str) -> list[int]:
    taken = []
    for text in texts:
        sha256 = content_store.put_original(store, text.encode())
        taken.append(records.receive(store, sha256, "a.txt", "text/plain", len(text), "lan").document_id)
    return taken


def _statuses(store: Store) -> dict[int, tuple[str, str | None]]:
    with store.db.reading() as session:
        documents = session.scalars(select(Document)).all()
        return {d.id: (d.status, d.fault["code"] if d.fault else None) for d in documents}


def _run(
    store: Store, jobs: int = 1, read: Reader = read_plain, after: Callable[[], object] | None = None
) -> None:
    supervisor.run(store, jobs=jobs, once=True, after=after, read=read)


def _started(store: Store, **more: object) -> int:
    """A supervisor in a process of its own."""
    store.db.close()
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            own = open_store(store.settings.model_copy(update=more))
            supervisor.run(own, jobs=1, read=read_plain)
            code = 0
        finally:
            os._exit(code)
    return pid


def _wait(condition: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.02)


@pytest.mark.parametrize("jobs", [1, 3])
def test_works_off_the_queue_and_ends(store: Store, jobs: int) -> None:
    taken = _take(store, *(f"văn bản {n}" for n in range(9)))
    _run(store, jobs)
    assert _statuses(store) == dict.fromkeys(taken, ("review", None))
    with store.db.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job).where(Job.state == "done")) == 9
        assert audit.verify(session) == []


@pytest.mark.parametrize(
    ("text", "status", "code"),
    [
        ("problem encrypted", "refused", "encrypted"),
        ("problem reader_timeout", "failed", "reader_timeout"),
        ("problem classified", "refused", "classified"),
        ("problem ocr_missing", "queued", None),
        ("problem disk_full", "queued", None),
        ("fault of ours", "failed", "internal"),
        ("dies whenever it is read", "failed", "reader_crashed"),
    ],
)
def test_a_bad_file_costs_itself_only(store: Store, text: str, status: str, code: str | None) -> None:
    bad, good = _take(store, text, "văn bản")
    _run(store)
    assert _statuses(store) == {bad: (status, code), good: ("review", None)}


def test_what_a_clerk_released_is_read_with_the_gate_open(store: Store) -> None:
    [document_id] = _take(store, "problem classified")
    _run(store)
    assert _statuses(store)[document_id] == ("refused", "classified")
    content_store.put_original(store, b"problem classified")
    records.overrule_mark(store, document_id, "a.txt", "dấu giải mật", "lan")
    _run(store)
    assert _statuses(store)[document_id] == ("review", None)


def test_bytes_that_changed_are_not_read(store: Store) -> None:
    (document_id,) = _take(store, "gốc")
    path = content_store.address(store, hashlib.sha256("gốc".encode()).hexdigest())
    path.chmod(0o600)
    path.write_text("khác")
    _run(store)
    assert _statuses(store)[document_id] == ("failed", "original_missing")


def test_after_follows_what_was_finished_and_may_fail(store: Store) -> None:
    _take(store, "một", "hai")
    seen: list[int] = []

    def after() -> None:
        with store.db.reading() as session:
            done = select(func.count()).select_from(Document).where(Document.status == "review")
            seen.append(session.scalar(done) or 0)
        raise OSError("the index is away")

    _run(store, after=after)
    assert seen[-1] == 2


def test_sigterm_gives_the_job_back(store: Store) -> None:
    (document_id,) = _take(store, "sleeps")
    pid = _started(store)
    _wait((store.settings.home / "asleep").exists)
    os.kill(pid, signal.SIGTERM)
    begun = time.monotonic()
    assert os.waitpid(pid, 0)[1] == 0
    assert time.monotonic() - begun < 10, "it does not wait for the reading, which sleeps far longer"
    assert _statuses(store)[document_id] == ("queued", None)
    with store.db.reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.attempts, job.owner) == ("queued", 0, None)


def test_kill_of_the_supervisor_takes_its_hands_along(store: Store) -> None:
    (document_id,) = _take(store, "sleeps")
    pid = _started(store)
    _wait((store.settings.home / "asleep").exists)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    _wait(lambda: _statuses(store)[document_id][0] == "queued")


def test_the_lease_of_a_worker_that_was_killed_is_taken_over_at_once(store: Store) -> None:
    (document_id,) = _take(store, "văn bản")
    with store.db.reading():
        pass
    pid = os.fork()
    if pid == 0:
        records.claim(open_store(store.settings), reader_process.owner_name())
        os._exit(0)
    os.waitpid(pid, 0)
    assert _statuses(store)[document_id] == ("reading", None)
    _run(store)
    assert _statuses(store)[document_id] == ("review", None)


def test_the_heart_keeps_a_long_reading(settings: Settings) -> None:
    store = open_store(settings.model_copy(update={"lease_seconds": 4}))
    _take(store, "văn bản")
    lease = records.claim(store, "slow")
    assert lease is not None
    with reader_process.LeaseHeartbeat(store, lease) as heart:
        time.sleep(5)
        assert records.claim(store, "other") is None
        assert not heart.lost
    records.expire_leases(store, lambda owner: owner == "slow")
    with reader_process.LeaseHeartbeat(store, lease) as heart:
        assert records.claim(store, "other") is not None
        _wait(lambda: heart.lost)


def test_owners_know_their_process() -> None:
    owner = reader_process.owner_name()
    assert reader_process.is_of(owner, os.getpid())
    assert not reader_process.is_gone(owner)
    host = owner.rsplit(":", 2)[0]
    assert reader_process.is_gone(f"{host}:4194305:ab")
    assert not reader_process.is_gone("otherhost:4194305:ab")
    assert not reader_process.is_gone("nonsense")
