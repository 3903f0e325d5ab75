"""The database: how it is opened, and the two ways to use it, reading and writing.

SQLite runs in WAL with synchronous=FULL, since with NORMAL a power cut may lose a commit that was acknowledged.
A writing transaction takes the write lock at its start (BEGIN IMMEDIATE), so it can't fail half-way for want of it;
readers begin plainly and never queue for that lock.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from corpus.errors import Problem

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=10000")


class Database:
    """One database; safe to share between threads, to be opened anew in each process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = _engine(url)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session for looking; whatever it changed is thrown away."""
        with Session(self.engine, autoflush=False) as session:
            yield session
            session.rollback()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """One transaction that is committed when the block ends and undone when it raises; corpus.records alone calls it.

        Raises Problem("store_busy") when the write lock can't be had in ten seconds.
        """
        try:
            with Session(self.engine.execution_options(vanban_writes=True), expire_on_commit=False) as session:
                yield session
                session.commit()
        except OperationalError as error:
            if "locked" in str(error).lower():
                raise Problem("store_busy") from error
            raise

    def close(self) -> None:
        self.engine.dispose()


def _engine(url: str) -> Engine:
    dumps = partial(json.dumps, ensure_ascii=False)
    if not url.startswith("sqlite"):
        return create_engine(url, json_serializer=dumps, pool_pre_ping=True)
    engine = create_engine(url, json_serializer=dumps, connect_args={"isolation_level": None})
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("vanban_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
