"""The store's tests run on SQLite and on a PostgreSQL server of their own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.database.store import Store
from tests.conftest import create, order


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty store on either database."""
    if request.param == "sqlite":
        return Settings(_env_file=None, home=tmp_path / "home")
    address: str = request.getfixturevalue("postgresql")()
    return Settings(_env_file=None, home=tmp_path / "home", database=address)


class Scenes:
    """What many tests begin with: a store that is filled once on each database and copied for each test."""

    def __init__(self, folder: Path, server: Callable[[], str]) -> None:
        self._folder, self._server = folder, server
        self._made: set[str] = set()

    def of(self, store: Store, name: str, fill: Callable[[Store], object]) -> Store:
        """Fill an empty store, or put the copy of one that was filled before into its place."""
        key = f"{name}_{'sqlite' if store.db.is_sqlite else 'postgresql'}"
        kept, home = self._folder / key, store.settings.home
        made = key in self._made
        if not made:
            fill(store)
        store.close()
        if not store.db.is_sqlite:
            self._copy_database(str(store.db.url.database), key, back=made)
        if made:
            shutil.rmtree(home)
        shutil.copytree(*((kept, home) if made else (home, kept)))
        self._made.add(key)
        return store

    def _copy_database(self, own: str, kept: str, *, back: bool) -> None:
        if back:
            order(self._server(), f"DROP DATABASE {own} WITH (FORCE)")
        create(self._server(), *((own, kept) if back else (kept, own)))


@pytest.fixture(scope="session")
def scenes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return Scenes(tmp_path_factory.mktemp("scenes"), lambda: request.getfixturevalue("postgresql_server"))
