"""Passwords: argon2id with OWASP's parameters, and the few that are never allowed."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.errors import Problem

if TYPE_CHECKING:
    from argon2 import PasswordHasher

LEAST = 8
"""Fewest characters (NIST SP 800-63B; ASVS 6.2.1)."""
_MOST = 1024
"""Longer input would only be work for the hash."""
_COMMON = frozenset(
    [
        "12345678",
        "123456789",
        "1234567890",
        "password",
        "password1",
        "iloveyou",
        "11111111",
        "00000000",
        "88888888",
        "66666666",
        "12341234",
        "87654321",
        "qwertyui",
        "qwerty123",
        "abcd1234",
        "abc12345",
        "matkhau1",
        "matkhau123",
        "admin123",
        "admin1234",
        "administrator",
        "vanthu123",
        "1q2w3e4r",
        "anhyeuem",
        "emyeuanh",
        "khongbiet",
        "vietnam1",
        "vietnam123",
        "hanoi123",
        "saigon123",
        "tinhyeu1",
        "nguyen123",
        "aa123456",
        "a1234567",
    ]
)


def check_strength(password: str) -> None:
    """Raises Problem("weak_password") for one that is short, or among the first that anybody tries."""
    folded = password.casefold()
    if len(password) < LEAST or len(password) > _MOST or folded in _COMMON or len(set(folded)) < 4:
        raise Problem("weak_password", limit=LEAST)


def hash_password(password: str) -> str:
    """The argon2id hash to keep; raises Problem("weak_password")."""
    check_strength(password)
    return _hasher().hash(password)


def verify(kept: str | None, password: str) -> bool:
    """Whether the password is the one that was kept.

    Without an account (None) it works as long as with one, so that the time tells nothing.
    """
    from argon2.exceptions import InvalidHashError, VerificationError

    try:
        return _hasher().verify(kept or _decoy(), password[:_MOST]) and kept is not None
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
