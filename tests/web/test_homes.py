"""Stores in folders of any name: each is a store of its own, and every command works in it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import records
from corpus.config import Settings
from corpus.database.store import open_store
from tests.forked_command import vanban
from tests.web.commands.test_commands import PLAN
from tests.web.running_service import free_port

NAMES = [
    "kho?1", "kho?2", "kho#1", "kho%41", "khoA", "kho%", "kho a", " kho ", "kho'\"a", "kho:x@y;z", "kho+&=a",
    "Kho văn bản", unicodedata.normalize("NFD", "Kho văn bản"), "kho\\a", "mode=memory", "file:kho",
    "C\udcf4ng v\udca8n",
]  # fmt: skip


@pytest.fixture
def place(tmp_path: Path) -> Path:
    made = tmp_path / "nơi"
    made.mkdir()
    return made


def test_no_two_stores_touch(place: Path) -> None:
    stores = {}
    for number, name in enumerate(NAMES):
        store = open_store(Settings(_env_file=None, home=place / name))
        records.add_user(store, f"nguoi{number}", "clerk", "x")
        stores[name] = store
    for number, name in enumerate(NAMES):
        again = open_store(Settings(_env_file=None, home=place / name), create=False)
        with again.db.reading() as session:
            users = session.connection().exec_driver_sql("SELECT name FROM users").scalars().all()
        assert users == [f"nguoi{number}"], name
        again.close()
        stores[name].close()
        assert (place / name / "vanban.sqlite3").is_file(), name
    assert sorted(path.name for path in place.iterdir()) == sorted(NAMES), "and nothing beside them"


def test_a_database_of_ones_own_is_left_alone(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/khác.sqlite3"
    store = open_store(Settings(_env_file=None, home=tmp_path / "kho?1", database=address))
    store.close()
    assert (tmp_path / "khác.sqlite3").is_file() and not (tmp_path / "kho?1" / "vanban.sqlite3").exists()


@pytest.mark.parametrize("name", ["kho?1 #%41 '\"", unicodedata.normalize("NFD", "Kho văn bản")])
def test_every_command_works_in_it(place: Path, name: str) -> None:
    home, file, archive = place / name, place / "a.txt", place / "sao lưu?.tar"
    file.write_text(PLAN, encoding="utf-8")
    environment = {"VANBAN_WATCH_SETTLE_SECONDS": "0.2"}
    inbox = place / "hộp thư?"
    inbox.mkdir()
    (inbox / "b.txt").write_text(PLAN + "thêm\n", encoding="utf-8")
    commands: list[tuple[str, ...]] = [
        ("ingest", "--json", str(file)), ("search", "--json", "phòng bệnh"), ("cites", "--json", "12/KH-SYT"),
        ("watch", str(inbox), "--once", "--every", "0.1"), ("work", "--once", "-j", "1"), ("reindex",), ("check",
         "--json"),
        ("upgrade",), ("audit", "verify"), ("export", "--format", "jsonl", "-o", str(place / "x.jsonl")),
        ("backup", str(archive)),
    ]  # fmt: skip
    for command in commands:
        done = vanban(home, *command, **environment)
        assert done.returncode == 0 and "Traceback" not in done.stderr, (command, done.stdout, done.stderr)
    other = place / f"{name} khác"
    assert vanban(other, "restore", str(archive)).returncode == 0
    found = json.loads(vanban(other, "search", "--json", "phòng bệnh").stdout)
    assert found["total"] == 2 and json.loads(vanban(other, "check", "--json").stdout)["ok"]


@pytest.fixture
def served(place: Path) -> Iterator[tuple[Path, int]]:
    port = free_port()
    environment = {**os.environ, "VANBAN_HOME": str(place / "kho?1 %41"), "VANBAN_WEB_WORKERS": "1"}
    command = [sys.executable, "-c", "from web.cli import main; main()", "serve", "--port", str(port)]
    with (place / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        yield place / "kho?1 %41", port
        process.send_signal(signal.SIGTERM)
        process.wait(180)


def test_its_pages_are_served(served: tuple[Path, int]) -> None:
    home, port = served
    for _ in range(1800):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
                assert answer.status == 200
                break
        except OSError:
            time.sleep(0.1)
    else:
        raise AssertionError((home.parent / "log").read_text())
    assert (home / "vanban.sqlite3").is_file()


def test_readers_that_can_not_begin_end_the_command(place: Path) -> None:
    """The database goes away between taking and reading: a sentence and an exit code, never a loop."""
    (place / "a.txt").write_text(PLAN, encoding="utf-8")
    code = (
        "from ingest.worker import reader_process\n"
        "def broken(*_, **__): raise RuntimeError('away')\n"
        "reader_process.open_store = broken\n"
        "from web.cli import main; main()"
    )
    environment = {**os.environ, "VANBAN_HOME": str(place / "kho")}
    command = [sys.executable, "-c", code, "ingest", "--json", "-j", "2", str(place / "a.txt")]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=600)
    assert done.returncode == 1 and "Các tiến trình đọc dừng" in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_the_command(place: Path, number: signal.Signals) -> None:
    (place / "a.txt").write_text(PLAN, encoding="utf-8")
    code = (
        "import time; from ingest.worker import supervisor\n"
        "def slow(*_, **__): print('reading', flush=True); time.sleep(600)\n"
        "supervisor.run.__defaults__ = tuple(slow if one is supervisor.read_safely else one for one in "
        "supervisor.run.__defaults__)\n"
        "from web.cli import main; main()"
    )
    environment = {**os.environ, "VANBAN_HOME": str(place / "kho")}
    command = [sys.executable, "-c", code, "ingest", "-j", "1", str(place / "a.txt")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    assert process.stdout is not None
    assert process.stdout.readline() == "reading\n"
    process.send_signal(number)
    assert process.wait(180) == 130
    assert (
        json.loads(vanban(place / "kho", "ingest", "--json", str(place / "a.txt")).stdout)["status"] == "duplicate"
    )
