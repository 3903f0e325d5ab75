"""The store's tests run on SQLite and on a PostgreSQL server of their own."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.config import Settings
from tests.scenes import Scenes


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty store on either database."""
    if request.param == "sqlite":
        return Settings(_env_file=None, home=tmp_path / "home")
    address: str = request.getfixturevalue("postgresql")()
    return Settings(_env_file=None, home=tmp_path / "home", database=address)


@pytest.fixture(scope="session")
def scenes(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Scenes:
    return Scenes(tmp_path_factory.mktemp("scenes"), lambda: request.getfixturevalue("postgresql_server"))
