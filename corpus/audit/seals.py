"""Seals of the trail: heads of its chain in a file outside the database, with an HMAC if there is a key.

A line is `ROW HASH TIME` and, with a key, ` HMAC` (SHA-256 over the three). A key where the database's writer
can't read it keeps him from sealing a chain that he rebuilt. No file can reveal that it was cut back together with
the last rows: for that a head must leave the machine (pages and exports show it), to be compared later.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import structlog

from corpus.audit.chain import Seal, head, seal_file
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.store import Store
from corpus.errors import Problem

HOUR = 3600.0
"""Seconds after which rows that came since the last seal are sealed."""
_LEAST_KEY = 16
"""Bytes of a key file at least."""
_LINE = re.compile(r"(\d{1,18}) ([0-9a-f]{64}) (\S{10,40})(?: ([0-9a-f]{64}))?")
_TAIL = 65_536
"""Bytes at the end of the seal file that are read for its newest line: some hundreds of lines."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class SealLine:
    """One line of the seal file: the head of that moment (UTC, ISO 8601), and its HMAC where it is keyed."""

    line: int
    seal: Seal
    at: str
    mac: str | None = None


def key_file(settings: Settings) -> Path | None:
    """File of the key; None: seals have no HMAC."""
    return Path(settings.audit_seal_key_file) if settings.audit_seal_key_file else None


def key_of(settings: Settings) -> bytes | None:
    """The key that seals are made with, None without one; raises Problem("seal_key_unusable")."""
    path = key_file(settings)
    if path is None:
        return None
    try:
        material = path.read_bytes().strip()
    except OSError as error:
        raise Problem("seal_key_unusable", name=path.name) from error
    if len(material) < _LEAST_KEY:
        raise Problem("seal_key_unusable", name=path.name)
    return hmac.digest(material, b"vanban audit seal 1", "sha256")


def mac_of(key: bytes, seal: Seal, at: str) -> str:
    """The HMAC-SHA256 (hex) of one line."""
    return hmac.new(key, f"{seal.row} {seal.hash} {at}".encode(), hashlib.sha256).hexdigest()


def write(settings: Settings, seals: Sequence[Seal]) -> None:
    """Append heads to the seal file, a line each, on disk when it returns; raises OSError,
    Problem("seal_key_unusable").
    """
    key, at = key_of(settings), f"{utc_now().isoformat(timespec='seconds')}Z"
    lines = (f"{one.row} {one.hash} {at}" + (f" {mac_of(key, one, at)}" if key else "") for one in seals)
    text = "".join(f"{line}\n" for line in lines).encode()
    path = seal_file(settings)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        # A line that a power cut tore must not swallow the next one.
        size = os.fstat(descriptor).st_size
        torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
        os.write(descriptor, b"\n" * torn + text)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def after_commit(settings: Settings, rows: Sequence[Seal], *, now: bool = False) -> None:
    """Seal committed rows that are due: each full number of rows, and the last one after an hour or if `now`.

    The rows are on record with or without their seal, so an unreachable seal file is logged and reported by
    `check`.
    """
    due = [one for one in rows if one.row % settings.audit_seal_every == 0]
    if rows and rows[-1] not in due and (now or _hour_passed(seal_file(settings))):
        due.append(rows[-1])
    if due:
        _write_or_log(settings, due)


def seal_head(store: Store) -> Seal | None:
    """Seal the last row unless it is sealed, at each start and stop of a service; return it, None for an empty
    trail.
    """
    with store.db.reading() as session:
        last = head(session)
    newest = latest(seal_file(store.settings))
    if last is not None and (
        newest is None or newest.seal != last or bool(newest.mac) != _has_key(store.settings)
    ):
        _write_or_log(store.settings, [last])
    return last


def seal_now(store: Store) -> Seal | None:
    """Seal the last row, sealed or not; raises OSError, Problem("seal_key_unusable")."""
    with store.db.reading() as session:
        last = head(session)
    if last is not None:
        write(store.settings, [last])
    return last


def seal_after_an_hour(store: Store) -> None:
    """Seal the last row once an hour has passed since the last seal."""
    if _hour_passed(seal_file(store.settings)):
        seal_head(store)


def lines(path: Path) -> tuple[SealLine, ...]:
    """All valid lines of the seal file; damaged ones (torn by a crash) are skipped."""
    return tuple(_parse(path.read_bytes())) if path.exists() else ()


def latest(path: Path) -> SealLine | None:
    """The seal of the highest row among the last ones of the file."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _TAIL))
            found = list(_parse(file.read()))
    except OSError:
        return None
    return max(found, key=lambda one: one.seal.row, default=None)


def _parse(data: bytes) -> Iterator[SealLine]:
    for number, text in enumerate(data.decode("ascii", "replace").splitlines(), 1):
        if (found := _LINE.fullmatch(text.strip())) is not None:
            yield SealLine(number, Seal(int(found[1]), found[2]), found[3], found[4])


def _hour_passed(path: Path) -> bool:
    try:
        return not 0 <= time.time() - path.stat().st_mtime < HOUR
    except OSError:
        return True


def _has_key(settings: Settings) -> bool:
    return key_file(settings) is not None


def _write_or_log(settings: Settings, due: Sequence[Seal]) -> None:
    try:
        write(settings, due)
    except (OSError, Problem) as error:
        log.error("seal_failed", row=due[-1].row, file=str(seal_file(settings)), error=str(error))
