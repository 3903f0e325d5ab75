"""The database: how it is opened, and the two ways to use it, reading and writing.

SQLite runs in WAL with synchronous=FULL, since with NORMAL a power cut may lose a commit that was acknowledged,
and with secure_delete, since what is purged must leave no bytes behind. A writing transaction takes the write lock
at its start (BEGIN IMMEDIATE; an advisory lock on PostgreSQL), so it can't fail half-way for want of it, and two
documents that cite each other and arrive at the same moment are seen one after the other. Readers never queue for
that lock.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from corpus.errors import Problem

_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
PATIENCE = 10.0
"""Seconds that a writer waits for its lock by default."""
WRITERS_LOCK = 0x76616E62616E
"""Key of PostgreSQL's advisory lock that writing transactions take: the letters of `vanban`."""


class Database:
    """One database; safe to share between threads, to be opened again in each process."""

    def __init__(self, url: str | URL, patience: float = PATIENCE) -> None:
        """patience: seconds that a writer waits for its lock."""
        self.url = make_url(url)
        self.patience = patience
        self.engine = _engine(self.url, patience)

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Session for reading; changes are rolled back. Loaded rows remain usable after the block."""
        with Session(self.engine, autoflush=False) as session:
            yield session

    @contextmanager
    def writing(self, *, alone: bool = True, patience: float | None = None) -> Iterator[Session]:
        """One transaction, committed at the end of the block, rolled back if it raises; for corpus.records only.

        alone: exclude other such transactions; without it PostgreSQL relies on row locks only (jobs).
        patience: seconds to wait for the write lock, at most the database's own.
        Raises Problem("store_busy") if the write lock is not free in time, Problem("disk_full").
        """
        seconds = self.patience if patience is None else min(patience, self.patience)
        options = {"vanban_writes": True, "vanban_patience": seconds}
        try:
            with Session(self.engine.execution_options(**options), expire_on_commit=False) as session:
                session.connection()
                if not self.is_sqlite:
                    session.execute(text(f"SET LOCAL lock_timeout = {round(seconds * 1000)}"))
                    if alone:
                        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
                yield session
                session.commit()
        except OperationalError as error:
            raise _problem(error) or error from error

    @contextmanager
    def exclusive(self, name: str, seconds: float) -> Iterator[bool]:
        """Exclude the same name on all machines of the store; False if another still has it when the time is over.

        The lock ends with the connection, so with its process. SQLite is on one machine, where files are locked.
        """
        if self.is_sqlite:
            yield True
            return
        key = int.from_bytes(sha256(name.encode()).digest()[:8], "big", signed=True)
        deadline = time.monotonic() + seconds
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            taken = text("SELECT pg_try_advisory_lock(:key)")
            while not (alone := bool(connection.scalar(taken, {"key": key}))) and time.monotonic() < deadline:
                time.sleep(0.1)
            try:
                yield alone
            finally:
                if alone:
                    with suppress(OperationalError):
                        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})

    def ping(self) -> None:
        """Run an empty query; raises the database's error if it can't answer."""
        with self.reading() as session:
            session.execute(text("SELECT 1"))

    def checkpoint(self) -> None:
        """Empty SQLite's write-ahead log, so that purged text is gone from it too; no effect elsewhere."""
        if self.is_sqlite:
            with self.engine.connect() as connection:
                cursor = connection.connection.cursor()
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
                cursor.close()

    def close(self) -> None:
        self.engine.dispose()


def utc_now() -> datetime:
    """The moment on this machine's clock: UTC, without zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)


def moment(session: Session) -> datetime:
    """The moment on the database's clock, so that workers on several machines agree about leases; UTC."""
    if session.get_bind().dialect.name == "sqlite":
        return utc_now()
    at: datetime = session.execute(text("SELECT clock_timestamp() AT TIME ZONE 'utc'")).scalar_one()
    return at


def migrating_engine(url: str | URL) -> Engine:
    """An engine without foreign keys on SQLite: a batch migration drops and remakes tables that others point
    to.
    """
    return _engine(make_url(url), PATIENCE, foreign_keys=False)


def _engine(url: URL, patience: float, *, foreign_keys: bool = True) -> Engine:
    dumps = partial(json.dumps, ensure_ascii=False)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, json_serializer=dumps, pool_pre_ping=True)
    engine = create_engine(url, json_serializer=dumps, connect_args={"isolation_level": None})
    event.listen(engine, "connect", partial(_set_pragmas, patience, foreign_keys))
    event.listen(engine, "begin", _begin)
    return engine


def _set_pragmas(patience: float, foreign_keys: bool, connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={round(patience * 1000)}",
        *_PRAGMAS,
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Connection) -> None:
    options = connection.get_execution_options()
    if (patience := options.get("vanban_patience")) is not None:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={round(patience * 1000)}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("vanban_writes", False) else "BEGIN")


def _problem(error: OperationalError) -> Problem | None:
    said = str(error.orig).lower()
    if "locked" in said or "lock timeout" in said:
        return Problem("store_busy")
    if "disk is full" in said or "no space left" in said:
        return Problem("disk_full")
    return None
