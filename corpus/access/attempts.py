"""Attempts to sign in: the wait after failures, which slows down guessing and locks no account.

Failures count in three ways: by source and name (waits double), by name from all sources, by source for all names.
The last two only slow down what goes on for long. A known device (one that signed in to this account before) is a
source of its own, so attempts of strangers never make the owner wait (OWASP ASVS 5, 6.1.1 and 6.3.1).

An attempt is stored as failed before the password is checked, in the transaction that counts: parallel attempts
can't all pass the count.
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from corpus.access.accounts import name_key
from corpus.database.account_tables import SignInAttempt
from corpus.database.connection import utc_now
from corpus.errors import Problem

_DEVICE = "#"
_KEPT = timedelta(days=30)
"""Time that attempts are stored; longer than any window of the limits."""


@dataclass(frozen=True, slots=True)
class Cap:
    """Limit of failures: `free` ones within `window` seconds, then a wait of `first` seconds that doubles up to
    `most`.
    """

    free: int
    window: int
    first: int
    most: int

    def wait(self, failures: int) -> int:
        """Seconds between the last failure and the next try."""
        beyond = failures - self.free
        return 0 if beyond < 0 else int(min(self.first * 2 ** min(beyond, 20), self.most))


BY_PAIR = Cap(free=5, window=3600, first=15, most=900)
BY_NAME = Cap(free=60, window=3600, first=20, most=60)
BY_SOURCE = Cap(free=300, window=900, first=2, most=10)


def source_of(address: str, device: str = "") -> str:
    """Key by which attempts are counted: an IPv4 address, the /64 of an IPv6 address (one customer), or a known
    device.
    """
    try:
        at = ipaddress.ip_address(address)
    except ValueError:
        at = None
    if at is not None and (mapped := getattr(at, "ipv4_mapped", None)):
        address = str(mapped)
    elif isinstance(at, ipaddress.IPv6Address):
        address = str(ipaddress.ip_network((at, 64), strict=False))
    return f"{address[:46]}{_DEVICE}{device[:16]}" if device else address[:64]


def begin(session: Session, name: str, source: str) -> SignInAttempt:
    """Store an attempt as failed until `settle` changes that.

    Raises Problem("too_many_attempts") and stores nothing if this source must still wait.
    """
    now, name = utc_now(), name_key(name)
    left = wait_of(session, name, source, now)
    if left > 0:
        raise Problem("too_many_attempts", seconds=left)
    session.execute(delete(SignInAttempt).where(SignInAttempt.at < now - _KEPT))
    row = SignInAttempt(name=name, address=source, at=now, succeeded=False)
    session.add(row)
    session.flush()
    return row


def is_ahead(session: Session, now: datetime) -> bool:
    """True if attempts have times in the future: the clock was set back since."""
    return session.scalar(select(SignInAttempt.id).where(SignInAttempt.at > now).limit(1)) is not None


def bring_back(session: Session, now: datetime) -> None:
    """Move attempts from the future to now: they count, and their waits run from now."""
    session.execute(update(SignInAttempt).where(SignInAttempt.at > now).values(at=now))


def wait_of(session: Session, name: str, source: str, now: datetime) -> int:
    """Seconds until this source may try this name again."""
    name = name_key(name)
    by_name, by_source = SignInAttempt.name == name, _of_source(source)
    pair: ColumnElement[bool] = by_name & by_source
    asked: list[tuple[Cap, ColumnElement[bool], ColumnElement[bool] | None]] = [(BY_PAIR, pair, pair)]
    if _DEVICE not in source:
        strangers = ~SignInAttempt.address.contains(_DEVICE)
        asked.append((BY_NAME, by_name & strangers, by_name))
        asked.append((BY_SOURCE, by_source, None))
    return max(_left(session, cap, failed, success, now) for cap, failed, success in asked)


def unlock(session: Session, name: str) -> int:
    """Delete the failed attempts of a name; return their number."""
    mine = SignInAttempt.name == name_key(name)
    rows = session.scalars(select(SignInAttempt).where(mine, ~SignInAttempt.succeeded)).all()
    for row in rows:
        session.delete(row)
    return len(rows)


def locked(session: Session) -> dict[str, int]:
    """Return the names with a wait in force and its longest length in seconds."""
    now, found = utc_now(), dict[str, int]()
    recent = SignInAttempt.at > now - timedelta(seconds=BY_PAIR.window)
    failed = select(SignInAttempt.name, SignInAttempt.address).where(recent, ~SignInAttempt.succeeded)
    pairs = failed.group_by(SignInAttempt.name, SignInAttempt.address).having(func.count() >= BY_PAIR.free)
    for name, source in session.execute(pairs.limit(200)):
        left = wait_of(session, name, source, now)
        if left > 0:
            found[name] = max(left, found.get(name, 0))
    return found


def _of_source(source: str) -> ColumnElement[bool]:
    """Condition for the rows of a source; a device matches at any address."""
    _, mark, device = source.partition(_DEVICE)
    if mark:
        return SignInAttempt.address.endswith(mark + device, autoescape=True)
    return SignInAttempt.address == source


def _left(
    session: Session,
    cap: Cap,
    failed: ColumnElement[bool],
    success: ColumnElement[bool] | None,
    now: datetime,
) -> int:
    """Seconds left of a wait under one limit; failures before the latest success do not count."""
    rows = select(func.count(), func.max(SignInAttempt.at)).where(
        failed, ~SignInAttempt.succeeded, SignInAttempt.at > now - timedelta(seconds=cap.window)
    )
    if success is not None:
        last = session.scalar(select(func.max(SignInAttempt.id)).where(success, SignInAttempt.succeeded)) or 0
        rows = rows.where(SignInAttempt.id > last)
    count, latest = session.execute(rows).one()
    wait = cap.wait(count)
    # A clock that was set back must not lengthen a wait.
    return ceil(min(wait, wait - (now - latest).total_seconds())) if wait else 0
