"""Stores that are filled once per process of tests and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from corpus.database.store import Store
from tests.conftest import create, order


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
