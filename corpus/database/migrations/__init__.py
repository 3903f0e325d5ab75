"""Brings a database to the schema of this version; Alembic is imported only when there is something to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, inspect, text

from corpus.database.connection import WRITERS_LOCK, Database, migrating_engine
from corpus.errors import Problem

HEAD = "0027"
"""The revision this version works with; a test holds it to the last file in versions/."""


def version(db: Database) -> str | None:
    """The revision of the database; None for one without tables."""
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        return found


def upgrade(db: Database, *, home: str = "", to: str = HEAD) -> bool:
    """Upgrade the database in one transaction; True if there was something to do.

    Raises Problem("store_newer") if a later version of the program has upgraded it before.
    """
    found = version(db)
    if found == to:
        return False
    if found is not None and found > HEAD:
        raise Problem("store_newer", home=home, version=found)
    engine = migrating_engine(db.url)
    try:
        with engine.execution_options(vanban_writes=True).begin() as connection:
            if not db.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
            _run(connection, to)
    finally:
        engine.dispose()
    return True


@contextmanager
def remade(db: Database, revision: str) -> Iterator[Connection]:
    """Empty a database and create it at an earlier revision, for rows of that time to be inserted.

    At the end of the block it is upgraded to this version, all in one transaction; unchanged if the block raises.
    """
    engine = migrating_engine(db.url)
    try:
        with engine.execution_options(vanban_writes=True).begin() as connection:
            if not db.is_sqlite:
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
            present = MetaData()
            present.reflect(connection)
            present.drop_all(connection)
            _run(connection, revision)
            yield connection
            _run(connection, HEAD)
    finally:
        engine.dispose()


def config(connection: Connection | None = None) -> Any:
    """Alembic's Config for our scripts; with a connection, for running them inside its transaction."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.attributes["connection"] = connection
    return made


def _run(connection: Connection, to: str) -> None:
    from alembic import command

    command.upgrade(config(connection), to)
