"""One store: its settings, its database and its originals, opened together."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.exc import OperationalError

from corpus.config import Settings
from corpus.database import (
    changes as changes,  # Numbers the changes of documents from here on, whoever opens a store.
)
from corpus.database import migrations
from corpus.database.connection import Database
from corpus.errors import Problem
from corpus.tables import use_office_rows

EVERYBODY = 0o007
"""Mode bits of a folder for accounts that are neither its owner nor in its group."""


@dataclass(frozen=True, slots=True)
class Store:
    """An opened store; two stores share nothing."""

    settings: Settings
    db: Database

    @property
    def originals(self) -> Path:
        """The folder of originals, or of uploads on their way where originals are kept elsewhere."""
        elsewhere = self.settings.originals
        return Path(elsewhere) if elsewhere and "://" not in elsewhere else self.settings.home / "originals"

    @property
    def index_folder(self) -> Path:
        return self.settings.home / "index"

    def close(self) -> None:
        """Close its connections."""
        self.db.close()


def open_store(settings: Settings, create: bool = True) -> Store:
    """The store of these settings with its folders made and its database upgraded.

    create=False: raises Problem("store_missing") rather than making one. Raises Problem("store_newer") for a
    database that a later version of the program has upgraded, Problem("store_missing") for a database that can't
    be reached.
    """
    if not create and not settings.database and not (settings.home / "vanban.sqlite3").exists():
        raise Problem("store_missing", home=settings.home)
    use_office_rows(settings.home)
    store = Store(settings, Database(settings.database_url, settings.database_seconds))
    make_folders(store)
    try:
        migrations.upgrade(store.db, home=str(settings.home))
    except OperationalError as error:
        raise Problem("store_missing", home=settings.home) from error
    return store


def make_folders(store: Store) -> None:
    """Make the store's folders, for the account that runs the service alone;
    a home that was open to all is shut.
    """
    home = store.settings.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = home.stat()
    if found.st_mode & EVERYBODY and found.st_uid == os.geteuid():
        home.chmod(found.st_mode & 0o770)
    for folder in (store.originals, store.originals / ".staging"):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
