"""Check of a name and a password, counted as an attempt before the password is looked at
(corpus.access.attempts).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from flask import request
from sqlalchemy.orm import Session

from corpus import records
from corpus.access import accounts, attempts, sign_in_names
from corpus.database.account_tables import User
from corpus.database.store import Store
from corpus.errors import Problem
from web.access import devices, passwords

_KEY = secrets.token_bytes(32)
_FRESH = 60.0
"""Seconds for which a program's correct password is not checked again."""
_MOST = 256
"""Most successful checks remembered by a process."""


@dataclass(frozen=True, slots=True)
class _Right:
    """A successful check: account, password hash, end (monotonic seconds)."""

    user_id: int
    password_hash: str
    until: float


_right: OrderedDict[bytes, _Right] = OrderedDict()
_locks: tuple[threading.Lock, ...] = tuple(threading.Lock() for _ in range(64))


def checked(store: Store, name: str, password: str) -> User:
    """Check name and password; return the account. Raises Problem("sign_in_failed"),
    Problem("too_many_attempts").
    """
    address = request.remote_addr or ""
    with store.db.reading() as session:
        # What is typed here may be a password: only an account's own name is kept, else its hash.
        name = sign_in_names.actor(store, session, name)
        found = _user_or_none(session, name)
    device = devices.known_for(found.id) if found else ""
    attempt = records.begin_attempt(store, name, attempts.source_of(address, device))
    good = passwords.verify(found.password_hash if found and found.active else None, password)
    records.settle_attempt(store, attempt, name, address, good and found is not None)
    if not good or found is None:
        raise Problem("sign_in_failed")
    return found


def checked_program(store: Store, name: str, password: str) -> User:
    """As `checked`, for programs that send the password with each call: one check serves a minute.

    Parallel calls with the same name and password share one check, so they don't count as guesses.
    """
    told = "\0".join((request.remote_addr or "", name, password)).encode("utf-8", "replace")
    key = hmac.new(_KEY, str(store.settings.home).encode() + told, hashlib.sha256).digest()
    with _locks[key[0] % len(_locks)]:
        if (found := _still(store, key)) is not None:
            return found
        found = checked(store, name, password)
        _right[key] = _Right(found.id, found.password_hash, time.monotonic() + _FRESH)
        while len(_right) > _MOST:
            _right.popitem(last=False)
        return found


def _still(store: Store, key: bytes) -> User | None:
    """Account of a check that is still valid: not expired, account open, password unchanged."""
    kept = _right.get(key)
    if kept is None or kept.until < time.monotonic():
        _right.pop(key, None)
        return None
    with store.db.reading() as session:
        found = session.get(User, kept.user_id)
    if found is None or not found.active or found.password_hash != kept.password_hash:
        _right.pop(key, None)
        return None
    return found


def _user_or_none(session: Session, name: str) -> User | None:
    try:
        return accounts.user_named(session, name)
    except Problem:
        return None
