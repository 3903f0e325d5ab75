"""Crashes under load: whatever of web and worker is killed, every acknowledged upload is there once,
read and found.

The real service over HTTP, the real worker, the real reading pipeline. `script/soak` runs it long, on PostgreSQL
too.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import random
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document, Job, PageText
from corpus.database.store import Store, open_store
from search.index import indexer
from search.results import finder
from web import access
from web.access import passwords
from web.services import health

KILLS = int(os.environ.get("VANBAN_TEST_KILLS", "20"))
UPLOADS = 10 * KILLS if KILLS > 20 else KILLS + 1
"""The killing goes on until so many uploads were acknowledged."""
DATABASES = ["sqlite", "postgresql"] if KILLS > 20 else ["sqlite"]
READERS = 4 if KILLS > 20 else 2
SCAN = Path(__file__).parents[1] / "corpus" / "samples" / "77-tb-vp.png"
PLAN = """SỞ Y TẾ TỈNH HÀ LONG AN
Số: {number}/KH-SYT
Hà Long An, ngày 5 tháng 6 năm 2023
KẾ HOẠCH
Tuyên truyền đợt {number}
Căn cứ Kế hoạch số {cited}/KH-UBND ngày 12/4/2022 của Ủy ban nhân dân tỉnh Hà Long An, Sở Y tế tuyên truyền.
"""


def _plan(number: int) -> bytes:
    return PLAN.format(number=number, cited=number % 7 + 1).encode()


class Process:
    """A command of ours that can be killed with everything it started, and started again."""

    def __init__(self, settings: Settings, *command: str) -> None:
        self._command = [sys.executable, "-c", "from web.cli import main; main()", *command]
        self._environment = {
            **os.environ,
            "VANBAN_HOME": str(settings.home),
            "VANBAN_DATABASE": settings.database,
            "VANBAN_LEASE_SECONDS": "3",
            "VANBAN_MAX_ATTEMPTS": "100",
            "VANBAN_AUDIT_SEAL_EVERY": "10",
            "VANBAN_WEB_WORKERS": "2",
        }
        self.start()

    def start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, start_new_session=True, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, cwd=self._environment["VANBAN_HOME"],
        )  # fmt: skip

    def wait(self, seconds: float) -> None:
        self._process.wait(seconds)

    def kill(self) -> None:
        family = [self._process.pid]
        for pid in family:
            family += _children(pid)
        for pid in family:
            _kill(pid)
        self._process.wait()

    def kill_one(self, chance: random.Random) -> None:
        """Kills the master or one that it started; without its master what is left goes too,
        and it is started again.

        What a hand forks to read one file is not among them: a reader that crashes costs its file a `failed`.
        """
        victim = chance.choice([self._process.pid, *_children(self._process.pid)])
        _kill(victim)
        if victim == self._process.pid:
            self.kill()
            self.start()


def _children(pid: int) -> list[int]:
    try:
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


class Sender:
    """Sends files over HTTP without end, every fourth one twice, and notes each that was acknowledged."""

    def __init__(self, port: int, token: str) -> None:
        self.acknowledged: set[str] = set()
        self.failed = 0
        self.stop = threading.Event()
        self._port, self._token = port, token
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def join(self) -> None:
        self.stop.set()
        self._thread.join()

    def _run(self) -> None:
        chance = random.Random(7)
        self._send("quet.png", SCAN.read_bytes())
        while not self.stop.is_set():
            number = chance.randrange(1, 100_000)
            for _ in range(2 if number % 4 == 0 else 1):
                self._send(f"{number}.txt", _plan(number))
            self.stop.wait(0.25)

    def _send(self, name: str, data: bytes) -> None:
        """Until it is acknowledged: a clerk whose upload failed tries again."""
        while not self.stop.is_set():
            try:
                if self._sent(name, data):
                    self.acknowledged.add(hashlib.sha256(data).hexdigest())
                    return
            except (OSError, http.client.HTTPException, ValueError):
                pass
            self.failed += 1
            self.stop.wait(0.2)

    def _sent(self, name: str, data: bytes) -> bool:
        edge = secrets.token_hex(8)
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{edge}--\r\n".encode()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=120)
        try:
            headers = {
                "Authorization": f"Bearer {self._token}",
                "Content-Type": f"multipart/form-data; boundary={edge}",
            }
            connection.request("POST", "/api/documents", body, headers)
            answer = connection.getresponse()
            told = json.loads(answer.read())
        finally:
            connection.close()
        return answer.status == 202 and told["files"][0]["status"] in ("queued", "duplicate")


@contextmanager
def _running(settings: Settings, port: int) -> Iterator[tuple[Process, Process]]:
    web = Process(settings, "serve", "--port", str(port))
    readers = Process(settings, "work", "-j", str(READERS))
    try:
        yield web, readers
    finally:
        web.kill()
        readers.kill()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def _wait_for_more(sender: Sender) -> None:
    """A kill counts only under load: after something was acknowledged since the one before."""
    before, deadline = len(sender.acknowledged), time.monotonic() + 300
    while len(sender.acknowledged) == before:
        assert time.monotonic() < deadline, "the service does not come back"
        time.sleep(0.02)


def _token(store: Store) -> str:
    user = records.add_user(store, "lan", "clerk", passwords.hash_password("mot-mat-khau-dai"))
    token = "vb_" + secrets.token_urlsafe(16)
    records.add_token(store, user, access.token_hash(token), "thử", True, "lan")
    return token


def _open_jobs(store: Store) -> int:
    with store.db.reading() as session:
        waiting = select(func.count()).select_from(Job).where(Job.state.in_(("queued", "running")))
        return session.scalar(waiting) or 0


def _recover(store: Store) -> None:
    """What the next start does by itself."""
    deadline = time.monotonic() + 600 + UPLOADS
    while _open_jobs(store) and time.monotonic() < deadline:
        Process(store.settings, "work", "--once", "-j", "2").wait(deadline - time.monotonic())
    indexer.sync(store)


def _check(store: Store, acknowledged: set[str]) -> None:
    with store.db.reading() as session:
        held = {d.sha256: d for d in session.scalars(select(Document))}
        assert acknowledged <= held.keys(), "an acknowledged upload is lost"
        unlike = [(d.name, d.status, d.fault) for d in held.values() if d.status != "review"]
        assert unlike == [], "what the kills left unread"
        pages = select(PageText.document_id, func.count()).group_by(PageText.document_id)
        assert {row[0]: row[1] for row in session.execute(pages)} == {d.id: 1 for d in held.values()}
        assert session.scalars(select(Job.state).distinct()).all() == ["done"]
        reads = select(func.count()).select_from(AuditRow).where(AuditRow.action == "read")
        assert session.scalar(reads) == len(held), "read more than once, or not at all"
    assert health.look(store).faults == (), "originals, index and trail agree with the store"
    some = random.Random(1).sample(
        sorted(d.number or "" for d in held.values() if d.media_type == "text/plain"), 5
    )
    assert [finder.find(store, number).total for number in some] == [1] * 5


@pytest.mark.soak
@pytest.mark.parametrize("database", DATABASES)
def test_every_acknowledged_upload_survives_kills(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = request.getfixturevalue("postgresql")() if database == "postgresql" else ""
    home = tmp_path / "home"
    settings = Settings(_env_file=None, home=home, database=address, lease_seconds=3, max_attempts=100)
    store = open_store(settings)
    token, port, chance = _token(store), _free_port(), random.Random(20)
    kills = 0
    with _running(settings, port) as (web, readers):
        sender = Sender(port, token)
        try:
            while kills < KILLS or len(sender.acknowledged) < UPLOADS:
                _wait_for_more(sender)
                time.sleep(chance.uniform(0.0, 1.0))
                chance.choice([web, readers]).kill_one(chance)
                kills += 1
            _wait_for_more(sender)
        finally:
            sender.join()
    _recover(store)
    _check(store, sender.acknowledged)
    told = f"{len(sender.acknowledged)} uploads acknowledged, {sender.failed} tries again, 0 lost, 0 doubled"
    print(f"{database}, {READERS} readers, {kills} kills: {told}")
    store.close()
