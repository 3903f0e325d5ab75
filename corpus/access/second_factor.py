"""Second factor at sign-in: codes of an app (TOTP, RFC 6238) and recovery codes, each good for one use;
corpus.records commits.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Literal

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corpus.access import accounts, sealed_secret
from corpus.access.attempts import Cap
from corpus.config import Settings
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.factor_tables import RecoveryCode, SecondFactor
from corpus.errors import Problem

CODES = 10
"""Recovery codes given at once."""
STEP = 30
"""Seconds for which an app shows one code (RFC 6238, 5.2)."""
_DRIFT = 1
"""Steps that a phone's clock may differ either way (RFC 6238, 6)."""
_CAP = Cap(free=5, window=0, first=15, most=900)
"""Waits after wrong codes. Who gets here knows the password, so they count for the account from all addresses; at
four tries an hour a guess of six digits takes decades."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters of recovery codes: none that is taken for another."""
_CODE_LETTERS = 16
"""Letters of a recovery code: 79 bits, too many for a search through the hashes."""

Taken = Literal["code", "recovery"]


@dataclass(frozen=True, slots=True)
class FactorState:
    """The factor of an account: `begun` waits for its first code, `is_on` is asked for at sign-in."""

    is_on: bool = False
    begun: bool = False
    codes_left: int = 0
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checked:
    """Outcome of a check: the kind of code that was taken, or the problem."""

    taken: Taken | None = None
    problem: Problem | None = None


def roles_of(settings: Settings) -> frozenset[str]:
    """Roles that need a second factor."""
    return frozenset(name for one in settings.second_factor_roles.split(",") if (name := one.strip()))


def is_required(settings: Settings, user: User) -> bool:
    """True if the account must have a factor; one at an identity provider has the provider's own."""
    return user.role in roles_of(settings) and not accounts.is_elsewhere(user)


def state_of(session: Session, user_id: int) -> FactorState:
    """State of an account's factor."""
    row = session.get(SecondFactor, user_id)
    if row is None:
        return FactorState()
    unused = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    left = session.scalar(select(func.count()).select_from(RecoveryCode).where(*unused)) or 0
    return FactorState(row.confirmed_at is not None, row.confirmed_at is None, left, row.confirmed_at)


def is_on(session: Session, user_id: int) -> bool:
    """True if sign-in to the account asks for a code."""
    row = session.get(SecondFactor, user_id)
    return row is not None and row.confirmed_at is not None


def accounts_with(session: Session) -> frozenset[int]:
    """IDs of the accounts with a factor."""
    rows = select(SecondFactor.user_id).where(SecondFactor.confirmed_at.is_not(None))
    return frozenset(session.scalars(rows))


def begin(session: Session, settings: Settings, user: User) -> None:
    """Make a secret for an account; it counts from the first right code on.

    Raises Problem("sso_account"), Problem("factor_on") for one that has a factor.
    """
    import pyotp

    if accounts.is_elsewhere(user):
        raise Problem("sso_account", name=user.name)
    if is_on(session, user.id):
        raise Problem("factor_on")
    row = session.get(SecondFactor, user.id) or SecondFactor(user_id=user.id, last_step=0, failures=0)
    row.sealed = sealed_secret.seal(settings, _purpose(user.id), pyotp.random_base32())
    row.begun_at = utc_now()
    session.add(row)
    session.flush()


def pending_secret(session: Session, settings: Settings, user_id: int) -> str | None:
    """The secret of a factor that waits for its first code, to be shown to its owner; None without one."""
    row = session.get(SecondFactor, user_id)
    if row is None or row.confirmed_at is not None:
        return None
    return sealed_secret.open_sealed(settings, _purpose(user_id), row.sealed)


def check(session: Session, settings: Settings, user_id: int, typed: str) -> Checked:
    """Take a code once; a wrong one is counted, so the caller commits in either case.

    Problems: "too_many_codes", "wrong_code", "factor_unreadable".
    """
    row = session.get(SecondFactor, user_id, with_for_update=True)
    if row is None:
        return Checked(problem=Problem("wrong_code"))
    if (left := _wait(row)) > 0:
        return Checked(problem=Problem("too_many_codes", seconds=left))
    code = "".join(letter for letter in typed.casefold() if letter.isalnum())[:64]
    taken: Taken | None = None
    if len(code) == _CODE_LETTERS and row.confirmed_at is not None:
        taken = "recovery" if _spend(session, user_id, code) else None
    elif code.isascii() and code.isdigit():
        secret = sealed_secret.open_sealed(settings, _purpose(user_id), row.sealed)
        if secret is None:
            return Checked(problem=Problem("factor_unreadable"))
        if (step := _step_of(secret, code, row.last_step)) is not None:
            row.last_step, taken = step, "code"
    if taken is None:
        row.failures, row.failed_at = row.failures + 1, utc_now()
        return Checked(problem=Problem("wrong_code"))
    row.failures, row.failed_at = 0, None
    return Checked(taken)


def confirm(session: Session, user_id: int) -> None:
    """Put a factor in force after its first right code."""
    session.get_one(SecondFactor, user_id).confirmed_at = utc_now()


def keep_codes(session: Session, user_id: int, hashes: list[str]) -> None:
    """Replace the recovery codes of an account."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, code_hash=one) for one in hashes)
    session.flush()


def remove(session: Session, user_id: int) -> bool:
    """Remove an account's factor with its recovery codes; False if it had none in force."""
    was = is_on(session, user_id)
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    return was


def forget_failures(session: Session, user_id: int) -> None:
    """End the wait after wrong codes."""
    row = session.get(SecondFactor, user_id)
    if row is not None:
        row.failures, row.failed_at = 0, None


def made_codes() -> list[str]:
    """New recovery codes in groups of four letters, to be shown once."""
    letters = ["".join(secrets.choice(_LETTERS) for _ in range(_CODE_LETTERS)) for _ in range(CODES)]
    return ["-".join(one[at : at + 4] for at in range(0, _CODE_LETTERS, 4)) for one in letters]


def hash_of(code: str) -> str:
    """Hash of a recovery code, however it is grouped and cased."""
    plain = "".join(letter for letter in code.casefold() if letter.isalnum())
    return hashlib.sha256(f"recovery {plain}".encode()).hexdigest()


def _spend(session: Session, user_id: int, code: str) -> bool:
    mine = RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None)
    row = session.scalars(select(RecoveryCode).where(*mine, RecoveryCode.code_hash == hash_of(code))).first()
    if row is None:
        return False
    row.used_at = utc_now()
    return True


def _step_of(secret: str, code: str, last: int) -> int | None:
    """The step whose code this is, later than the last one taken; None for a wrong or used code."""
    import pyotp

    app, now = pyotp.TOTP(secret, interval=STEP), int(_timestamp(utc_now())) // STEP
    for step in range(now - _DRIFT, now + _DRIFT + 1):
        if step > last and hmac.compare_digest(app.generate_otp(step), code):
            return step
    return None


def _wait(row: SecondFactor) -> int:
    """Seconds until the next code may be tried; a clock that was set back lengthens no wait."""
    wait = _CAP.wait(row.failures)
    if not wait or row.failed_at is None:
        return 0
    return ceil(min(wait, wait - (utc_now() - row.failed_at).total_seconds()))


def _timestamp(at: datetime) -> float:
    return at.replace(tzinfo=UTC).timestamp()


def _purpose(user_id: int) -> str:
    return f"second-factor {user_id}"
