"""Opening a store: made when asked for, missing or newer ones are told apart, two stores never touch."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from corpus.config import Settings
from corpus.database import migrations
from corpus.database.store import open_store
from corpus.errors import Problem
from corpus.originals import content_store


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """These tests are about SQLite and the files beside it."""
    return Settings(_env_file=None, home=tmp_path / "home")


def test_makes_folders_for_its_own_account_only(settings: Settings) -> None:
    store = open_store(settings)
    assert store.originals.is_dir()
    assert store.settings.home.stat().st_mode & 0o077 == 0
    assert migrations.version(store.db) == migrations.HEAD


def test_without_create_a_missing_store_is_a_problem(settings: Settings) -> None:
    with pytest.raises(Problem) as caught:
        open_store(settings, create=False)
    assert caught.value.code == "store_missing"
    assert not settings.home.exists()


def test_a_database_out_of_reach_is_a_problem(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path, database="postgresql+psycopg://x@127.0.0.1:1/none")
    with pytest.raises(Problem) as caught:
        open_store(settings)
    assert caught.value.code == "store_missing"


def test_a_store_of_a_later_version_is_left_alone(settings: Settings) -> None:
    store = open_store(settings)
    with store.db.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(Problem) as caught:
        open_store(settings)
    assert caught.value.code == "store_newer"


def test_two_stores_never_touch(tmp_path: Path) -> None:
    one, two = (open_store(Settings(_env_file=None, home=tmp_path / name)) for name in "ab")
    sha256 = content_store.put_original(one, b"x")
    assert content_store.has_original(one, sha256)
    assert not content_store.has_original(two, sha256)
