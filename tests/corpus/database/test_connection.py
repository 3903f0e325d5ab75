"""The database: durable settings, writers one after the other, readers never in the way,
migrations whole or not at all.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, select, text

from corpus.config import Settings
from corpus.database import migrations
from corpus.database.account_tables import User
from corpus.database.connection import Database
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.errors import Problem


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """These tests are about SQLite and the files beside it."""
    return Settings(_env_file=None, home=tmp_path / "home")


def _user(name: str) -> User:
    from corpus.database.connection import utc_now

    return User(name=name, role="reader", password_hash="-", created_at=utc_now())


def test_sqlite_is_durable_and_strict(store: Store) -> None:
    expected = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 10000,
        "secure_delete": 1,
    }
    with store.db.reading() as session:
        found = {name: session.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
    assert found == expected


def test_reading_throws_changes_away(store: Store) -> None:
    with store.db.reading() as session:
        session.add(_user("a"))
        session.flush()
    with store.db.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_writing_is_all_or_nothing(store: Store) -> None:
    with pytest.raises(RuntimeError), store.db.writing() as session:
        session.add(_user("a"))
        session.flush()
        raise RuntimeError
    with store.db.reading() as session:
        assert session.scalars(select(User)).all() == []


def test_writers_wait_for_each_other_and_lose_no_update(store: Store) -> None:
    with store.db.writing() as session:
        session.add(_user("0"))

    def count_up() -> None:
        for _ in range(20):
            with store.db.writing() as session:
                user = session.scalars(select(User)).one()
                user.full_name = str(int(user.full_name or 0) + 1)

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.db.reading() as session:
        assert session.scalars(select(User)).one().full_name == "80"


def test_a_reader_does_not_wait_for_a_writer(store: Store) -> None:
    with store.db.writing() as session:
        session.add(_user("a"))
        session.flush()
        with store.db.reading() as reader:
            assert reader.scalars(select(User)).all() == []


def test_locked_too_long_is_store_busy(settings: Settings) -> None:
    store = open_store(settings)
    impatient = Database(settings.database_url)
    with impatient.reading() as session:
        session.execute(text("PRAGMA busy_timeout=50"))
    with store.db.writing() as session:
        session.execute(text("UPDATE users SET role = role"))
        with pytest.raises(Problem) as caught, impatient.writing():
            pass
    assert caught.value.code == "store_busy"


def test_disk_full_is_said_so_and_heals(store: Store) -> None:
    with store.db.reading() as session:
        pages = session.execute(text("PRAGMA page_count")).scalar()
    with pytest.raises(Problem) as caught, store.db.writing() as session:
        session.execute(text(f"PRAGMA max_page_count={pages}"))
        session.add_all(_user("n" * 90 + str(n)) for n in range(2000))
        session.flush()
    assert caught.value.code == "disk_full"
    store.db.close()
    with store.db.writing() as session:
        session.add_all(_user("n" * 90 + str(n)) for n in range(2000))


def test_checkpoint_leaves_no_bytes_of_what_was_deleted(store: Store) -> None:
    token = "mat-token-7c1f"
    with store.db.writing() as session:
        session.add(_user(token))
    with store.db.writing() as session:
        session.delete(session.scalars(select(User)).one())
    store.db.checkpoint()
    left = [path for path in store.settings.home.glob("vanban.sqlite3*") if token.encode() in path.read_bytes()]
    assert left == []


def test_head_is_the_last_script() -> None:
    assert ScriptDirectory.from_config(migrations.config()).get_current_head() == migrations.HEAD


def test_scripts_make_exactly_the_models(store: Store) -> None:
    with migrations.migrating_engine(store.db.url).connect() as connection:
        command.check(migrations.config(connection))


def test_upgrade_runs_down_and_up_again(store: Store) -> None:
    with migrations.migrating_engine(store.db.url).begin() as connection:
        command.downgrade(migrations.config(connection), "base")
    assert set(inspect(store.db.engine).get_table_names()) == {"alembic_version"}
    assert migrations.upgrade(store.db)
    assert inspect(store.db.engine).has_table(Document.__tablename__)
    assert not migrations.upgrade(store.db)


def test_a_migration_that_is_killed_leaves_the_old_schema(settings: Settings) -> None:
    settings.home.mkdir(parents=True)
    pid = os.fork()
    if pid == 0:
        engine = migrations.migrating_engine(settings.database_url)
        with engine.execution_options(vanban_writes=True).begin() as connection:
            command.upgrade(migrations.config(connection), "head")
            os.kill(os.getpid(), 9)
    os.waitpid(pid, 0)
    assert migrations.version(Database(settings.database_url)) is None
    assert migrations.version(open_store(settings).db) == migrations.HEAD


def test_many_processes_open_a_new_store_at_once(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "new")
    pids = []
    for _ in range(6):
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                open_store(settings).close()
                code = 0
            finally:
                os._exit(code)
        pids.append(pid)
    assert [os.waitpid(pid, 0)[1] for pid in pids] == [0] * 6
