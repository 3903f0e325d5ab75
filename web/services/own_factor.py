"""One's own second factor: set up, confirmed, its recovery codes renewed, switched off."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp
import segno

from corpus import records
from corpus.access import second_factor
from corpus.access.second_factor import FactorState
from web import access
from web.access import proof

_ISSUER = "vanban"
"""Name of this program in the list of an app; the account's follows it."""


@dataclass(frozen=True, slots=True)
class SetUp:
    """A secret to be put into an app: as a picture (data address of an SVG) and in groups of letters."""

    picture: str
    letters: str


def state() -> FactorState:
    """State of the signed-in account's factor."""
    with access.store().db.reading() as session:
        return second_factor.state_of(session, access.user().id)


def is_required() -> bool:
    """True if the role of the signed-in account needs a factor."""
    return second_factor.is_required(access.store().settings, access.user())


def set_up() -> SetUp | None:
    """The secret that waits for its first code; None without one, or while the identity is not proved."""
    store, user = access.store(), access.user()
    if not proof.is_recent():
        return None
    with store.db.reading() as session:
        secret = second_factor.pending_secret(session, store.settings, user.id)
    if secret is None:
        return None
    address = pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=_ISSUER)
    picture = segno.make(address, error="m").svg_data_uri(scale=5, border=4, dark="#000", light="#fff")
    return SetUp(picture, " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)))


def begin() -> None:
    """Make a secret; raises Problem("sso_account"), ("factor_on")."""
    records.begin_factor(access.store(), access.user().id)


def confirm(typed: str) -> list[str]:
    """Put the factor in force; return the recovery codes, which are given only here.

    Raises Problem("wrong_code"), ("too_many_codes"), ("factor_on"), ("factor_unreadable").
    """
    codes, row = second_factor.made_codes(), proof.session_row()
    kept = row.token_hash if row else ""
    records.confirm_factor(access.store(), access.user().id, typed, _hashes(codes), kept)
    return codes


def renew_codes() -> list[str]:
    """New recovery codes in place of the old ones, given only here; raises Problem("not_found")."""
    codes = second_factor.made_codes()
    records.renew_codes(access.store(), access.user().id, _hashes(codes))
    return codes


def end() -> None:
    """Switch the factor off; raises Problem("factor_required")."""
    records.end_factor(access.store(), access.user().id)


def _hashes(codes: list[str]) -> list[str]:
    return [second_factor.hash_of(code) for code in codes]
