"""What every room's tests share: a store of their own, and a PostgreSQL server for those that need one."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import structlog
from sqlalchemy import create_engine, text

from corpus.config import Settings
from corpus.database import migrations
from corpus.database.connection import Database
from corpus.database.store import Store, open_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty store; nothing of the machine's environment or `.env` leaks in."""
    return Settings(_env_file=None, home=tmp_path / "home")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """An open, empty store."""
    opened = open_store(settings)
    yield opened
    opened.close()


@pytest.fixture(autouse=True)
def _log_as_at_the_start() -> Iterator[None]:
    """A command sets the level of its whole process: what one test's command leaves out, another's still hears."""
    yield
    structlog.reset_defaults()


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own VANBAN_… settings must not decide what a test sees."""
    for name in [name for name in os.environ if name.startswith("VANBAN_") and "TEST" not in name]:
        monkeypatch.delenv(name)


def _programs() -> Path | None:
    """Where PostgreSQL's programs lie: Debian keeps them off the path, by version."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    return found[-1].parent if found else Path(on_path).resolve().parent if on_path else None


def _as_postgres(*command: str) -> None:
    """Runs a program of the server, which refuses to be run by root."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run([*prefix, *command], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Callable[[], str]]:
    """Makes the address of an empty store's database, on a server of the tests' own that listens on a socket only."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL's server is not installed (apt-get install postgresql)")
    folder = Path(tempfile.mkdtemp(prefix="vanban-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        data = str(folder / "data")
        _as_postgres(
            str(programs / "initdb"), "-D", data, "-U", "vanban", "-A", "trust", "-E", "UTF8", "--no-sync"
        )
        options = f"-c listen_addresses= -k {folder} -c fsync=off -c max_connections=200"
        _as_postgres(str(programs / "pg_ctl"), "-D", data, "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            address = f"postgresql+psycopg://vanban@/{{}}?host={folder}"
            _create(address, "model", "template1")
            model = Database(address.format("model"))
            migrations.upgrade(model)
            model.close()
            numbers = count(1)
            yield lambda: _create(address, f"test{next(numbers)}", "model")
        finally:
            _as_postgres(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _create(address: str, name: str, template: str) -> str:
    engine = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy"))
    engine.dispose()
    return address.format(name)
