"""What every room's tests share: a store of their own, and a PostgreSQL server for those that need one."""

from __future__ import annotations

import asyncio
import gc
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import structlog
from sqlalchemy import URL, Engine, NullPool, create_engine, event, text

from corpus.config import Settings
from corpus.database import connection, migrations
from corpus.database.connection import Database
from corpus.database.store import Store, open_store
from script import cluster_run
from tests import compiled_once

# A busy machine is slow at one example and quick at the next: time decides nothing here.
hypothesis.settings.register_profile("timeless", deadline=None)
hypothesis.settings.load_profile("timeless")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--cluster", action="store_true", help="run the tests marked `cluster` (script/cluster, Java)"
    )
    parser.addoption("--image", action="store_true", help="run the tests marked `image` (buildah, as root)")


LONGEST = (
    "browser_pages", "kill", "samples", "who_gets_what", "registers", "browser", "read_only", "plugins", "adapt",
    "digit_net", "pipeline", "drawn_words", "backup", "upgrade",
)  # fmt: skip
"""Beginnings of the names of the longest files of tests, the longest first. A process of `pytest -n` takes whole
files: one that began late would go on alone when the others have nothing left.
"""


def _place(item: pytest.Item) -> int:
    """Place of a test's file among the longest; all others come after them."""
    name = item.path.stem.removeprefix("test_")
    return next((at for at, begin in enumerate(LONGEST) if name.startswith(begin)), len(LONGEST))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files come first; tests of a cluster and of the image name why they were not run, where they are
    not asked for or can't be run.
    """
    items.sort(key=_place)
    why = "needs --cluster" if not config.getoption("--cluster") else ""
    why = why or ("" if cluster_run.has_java() else "was not run: needs Java 17 and Maven (script/cluster)")
    for item in items:
        if why and item.get_closest_marker("cluster"):
            item.add_marker(pytest.mark.skip(reason=why))
        if (lacks := _image_lacks(config)) and item.get_closest_marker("image"):
            item.add_marker(pytest.mark.skip(reason=lacks))


def _image_lacks(config: pytest.Config) -> str:
    """The reason for which the image is neither built nor run here; empty: it is."""
    if not config.getoption("--image"):
        return "needs --image"
    missing = [name for name in ("buildah", "unshare", "setpriv", "ip") if shutil.which(name) is None]
    if missing:
        return f"was not run: {', '.join(missing)} not installed"
    return "" if os.geteuid() == 0 else "was not run: needs root for a chroot"


@pytest.fixture(scope="session")
def opensearch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a node of OpenSearch for the tests that break nothing:
    that of VANBAN_TEST_OPENSEARCH, else one of their own.
    """
    if given := os.environ.get("VANBAN_TEST_OPENSEARCH", ""):
        yield given
        return
    folder = tmp_path_factory.mktemp("opensearch")
    alone = cluster_run.nodes(1)
    cluster_run.start_node(folder, alone[0], alone)
    try:
        cluster_run.wait_for_nodes(alone[0], 1)
        yield alone[0].url
    finally:
        cluster_run.end(folder, alone[0].name)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of an empty store; nothing of the machine's environment or `.env` leaks in."""
    return Settings(_env_file=None, home=tmp_path / "home")


_NUMBERS = count(1)
"""Numbers of the databases that tests make."""
ROOM = 8 << 30
"""Bytes that the memory's file system needs free before tests keep their files there; a whole run uses about 3 GB
per process at most."""


def pytest_configure() -> None:
    """Keep the tests' files in memory if there is room.

    A store waits for the disk at each commit and each original, some milliseconds each, and no test cuts the
    power. TMPDIR or --basetemp decide otherwise.
    """
    memory = Path("/dev/shm")
    if "TMPDIR" not in os.environ and memory.is_dir() and shutil.disk_usage(memory).free >= ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(memory)


def pytest_collection_finish() -> None:
    """Keep the collector of garbage from what lives as long as the process: modules and thousands of tests, which
    it looked at again and again for a sixth of the time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 10, 10)


def _off_the_browser(item: pytest.Item) -> Iterator[None]:
    """Hide the loop that Playwright keeps running in this thread from tests without a browser: some run one."""
    loop = asyncio._get_running_loop()
    if loop is None or "browser" in getattr(item, "fixturenames", ()):
        yield
        return
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(loop)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Iterator[None]:
    return (yield from _off_the_browser(item))


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    return (yield from _off_the_browser(item))


_FIRST: dict[str, Engine] = {}
"""Dialect → the first engine of it that was connected."""
_COMPILED: dict[Any, Any] = {}
"""Statements that this process has compiled."""
_OPENED: list[Engine] = []
"""Engines that the running test has opened."""


@pytest.fixture(scope="session", autouse=True)
def _all_is_compiled_once() -> Iterator[None]:
    """A process of the product opens one store, makes one application and compiles its statements, templates and
    addresses once; a process of tests makes thousands, which share what is compiled.
    """

    def open_engine(url: URL, **options: Any) -> Engine:
        engine = create_engine(url, **options)
        _OPENED.append(engine)
        if first := _FIRST.get(engine.dialect.name):
            engine.dialect = first.dialect
            engine.update_execution_options(compiled_cache=_COMPILED)
        else:
            event.listen(engine, "engine_connect", lambda _: _FIRST.setdefault(engine.dialect.name, engine))
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(connection, "create_engine", open_engine)
        compiled_once.share(patch)
        yield


@pytest.fixture(autouse=True)
def _connections_are_closed() -> Iterator[None]:
    """Thousands of stores of one process would use up its file descriptors, whoever still refers to them."""
    yield
    while _OPENED:
        _OPENED.pop().dispose()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """SQLite file of an empty store, migrated once; each test gets a copy."""
    home = tmp_path_factory.mktemp("empty") / "home"
    open_store(Settings(_env_file=None, home=home)).close()
    return home / "vanban.sqlite3"


@pytest.fixture
def store(settings: Settings, empty_database: Path) -> Iterator[Store]:
    """An open, empty store."""
    if not settings.database and not settings.home.exists():
        settings.home.mkdir(mode=0o700)
        shutil.copyfile(empty_database, settings.home / empty_database.name)
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


@pytest.fixture
def postgresql(postgresql_server: str) -> Iterator[Callable[[], str]]:
    """Makes an empty store's database and gives its address; what a test made is dropped at its end."""
    made: list[str] = []

    def make() -> str:
        made.append(f"test{next(_NUMBERS)}")
        create(postgresql_server, made[-1], "model")
        return postgresql_server.format(made[-1])

    yield make
    for name in made:
        order(postgresql_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """Address of databases, with `{}` for their name, on a server of the tests' own that listens on a socket only;
    `model` there is an empty store's.
    """
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
        options = f"-c listen_addresses= -k {folder} -c fsync=off -c max_connections=200 -c autovacuum=off"
        options += " -c synchronous_commit=off -c full_page_writes=off -c wal_level=minimal -c max_wal_senders=0"
        _as_postgres(
            str(programs / "pg_ctl"),
            "-D",
            data,
            "-o",
            options,
            "-l",
            str(folder / "log"),
            "-t",
            "300",
            "-w",
            "start",
        )
        try:
            address = f"postgresql+psycopg://vanban@/{{}}?host={folder}"
            create(address, "model", "template1")
            model = Database(address.format("model"))
            migrations.upgrade(model)
            model.close()
            yield address
        finally:
            _as_postgres(str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def create(address: str, name: str, template: str) -> None:
    """Make a database as a copy of another that nobody uses."""
    order(address, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")


def order(address: str, command: str) -> None:
    """Send one command to the server, outside any transaction."""
    engine = create_engine(address.format("postgres"), isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as opened:
        opened.execute(text(command))
