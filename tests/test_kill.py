"""Crashes under load: whatever is killed, every acknowledged upload is there once, read, and the trail is whole."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus import audit, files, records
from corpus.config import Settings
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.models import AuditRow, Document, Job, PageText
from corpus.store import Store, open_store
from ingest import worker
from ingest.hand import Progress

KILLS = int(os.environ.get("VANBAN_TEST_KILLS", "20"))


def _text(number: int) -> bytes:
    return f"KẾ HOẠCH\nTuyên truyền đợt {number}\n".encode() * 20


def _read(path: Path, name: str, settings: Settings, /, *, progress: Progress | None = None) -> Reading:
    data = path.read_bytes()
    time.sleep(random.uniform(0, 0.05))
    if progress is not None:
        progress("text", 1, 1)
    source = SourceFile(name, hashlib.sha256(data).hexdigest(), "text/plain", 1, len(data))
    return Reading(source, (Page(1, "text", data.decode()),), Fields())


class Running:
    """A process that can be killed and started again."""

    def __init__(self, target: Callable[[], None]) -> None:
        self._target = target
        self.pid = 0
        self.start()

    def start(self) -> None:
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                self._target()
                code = 0
            finally:
                os._exit(code)

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


def _upload(settings: Settings, ledger: Path) -> None:
    """Sends files without end, every fourth one a second time, and notes each that was acknowledged."""
    store = open_store(settings)
    chance = random.Random()
    with ledger.open("ab", buffering=0) as acknowledged:
        while True:
            number = chance.randrange(100_000)
            for _ in range(2 if number % 4 == 0 else 1):
                data = _text(number)
                sha256 = files.put_original(store, data)
                records.receive(store, sha256, f"{number}.txt", "text/plain", len(data), "lan", auto_accept=True)
                acknowledged.write(sha256.encode() + b"\n")
            time.sleep(0.02)


def _hands(supervisor: int) -> list[int]:
    try:
        return [int(pid) for pid in Path(f"/proc/{supervisor}/task/{supervisor}/children").read_text().split()]
    except OSError:
        return []


def _check(store: Store, acknowledged: set[str]) -> None:
    with store.db.reading() as session:
        held = {d.sha256: d for d in session.scalars(select(Document))}
        assert acknowledged <= held.keys(), "an acknowledged upload is lost"
        assert {d.status for d in held.values()} == {"review"}
        assert all(files.hash_of(files.address(store, sha256)) == sha256 for sha256 in held)
        pages = select(PageText.document_id, func.count()).group_by(PageText.document_id)
        assert {row[0]: row[1] for row in session.execute(pages)} == {d.id: 1 for d in held.values()}
        assert session.scalars(select(Job.state).distinct()).all() == ["done"]
        reads = select(func.count()).select_from(AuditRow).where(AuditRow.action == "read")
        assert session.scalar(reads) == len(held)
        assert audit.verify(session, audit.read_seals(audit.seal_file(store.settings))) == []


@pytest.mark.soak
def test_every_acknowledged_upload_survives_kills(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, home=tmp_path / "home", lease_seconds=3, max_attempts=50, audit_seal_every=10
    )
    open_store(settings).close()
    ledger = tmp_path / "ledger"
    chance = random.Random(20)
    uploader = Running(lambda: _upload(settings, ledger))
    readers = Running(lambda: worker.run(open_store(settings), jobs=2, read=_read))
    for _ in range(KILLS):
        time.sleep(chance.uniform(0.1, 0.9))
        victim = chance.choice(["uploader", "supervisor", "hand"])
        hands = _hands(readers.pid)
        if victim == "hand" and hands:
            os.kill(chance.choice(hands), signal.SIGKILL)
            continue
        killed = uploader if victim == "uploader" else readers
        killed.kill()
        killed.start()
    uploader.kill()
    readers.kill()
    store = open_store(settings)
    acknowledged = set(ledger.read_text().split())
    assert len(acknowledged) > KILLS
    deadline = time.monotonic() + 60
    while _open_jobs(store) and time.monotonic() < deadline:
        worker.run(store, jobs=2, once=True, read=_read)
        time.sleep(0.2)
    _check(store, acknowledged)


def _open_jobs(store: Store) -> int:
    with store.db.reading() as session:
        waiting = select(func.count()).select_from(Job).where(Job.state.in_(("queued", "running")))
        return session.scalar(waiting) or 0
