"""Passwords: argon2id with OWASP's parameters, and the check for weak ones (web.access.weak_passwords)."""

from __future__ import annotations

import secrets
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.errors import Problem
from web.access import weak_passwords

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST = 8
"""Fewest characters (NIST SP 800-63B; ASVS 6.2.1)."""
_MOST = 1024
"""Longer input would only be work for the hash."""
_ARGON2 = "$argon2"
"""Beginning of every hash of ours; the mark of an account at an identity provider has another."""


def check_strength(password: str, *names: str) -> None:
    """Raise Problem("weak_password") for a password that is short, or commonly guessed for these names."""
    if not LEAST <= len(password) <= _MOST or weak_passwords.is_weak(password, names):
        raise Problem("weak_password", limit=LEAST)


def hash_password(password: str, *names: str) -> str:
    """Return the argon2id hash of a password. names: of the account and its owner; raises
    Problem("weak_password").
    """
    check_strength(password, *names)
    return _hasher().hash(password)


def made() -> str:
    """Return a new random password, to be shown once."""
    while weak_passwords.is_weak(password := secrets.token_urlsafe(9)):
        pass
    return password


def verify(kept: str | None, password: str) -> bool:
    """True if the password is the stored one.

    Without an account (None), or for one without a password, the check takes as long, so that its time reveals
    nothing.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    real = kept is not None and kept.startswith(_ARGON2)
    try:
        return _hasher().verify(kept if real and kept else _decoy(), password[:_MOST]) and real
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    """19 MiB, two passes, one lane: OWASP's least for argon2id; imported here, since few commands need it."""
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)


@lru_cache(maxsize=1)
def _decoy() -> str:
    return _hasher().hash("không có tài khoản này")
