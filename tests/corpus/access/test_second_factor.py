"""Codes of the second factor: which are taken and how often, and what of them the store keeps."""

from __future__ import annotations

import gzip
import tarfile
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import select, text

from corpus import records
from corpus.access import second_factor
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.factor_tables import RecoveryCode, SecondFactor
from corpus.database.models import AuditRow
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.upkeep import backup

STEP = second_factor.STEP


@pytest.fixture
def lan(store: Store) -> int:
    return records.add_user(store, "lan", "clerk", "hash")


def begun(store: Store, user_id: int) -> str:
    """The secret of a factor that waits for its first code."""
    records.begin_factor(store, user_id)
    with store.db.reading() as session:
        secret = second_factor.pending_secret(session, store.settings, user_id)
    assert secret is not None
    return secret


def code(secret: str, steps: int = 0) -> str:
    return pyotp.TOTP(secret).at(int(time.time()) + steps * STEP)


def switched_on(store: Store, user_id: int, codes: tuple[str, ...] = ()) -> str:
    """The secret of a factor in force; its code of the step before is used up."""
    secret = begun(store, user_id)
    if time.time() % STEP > STEP - 2:
        time.sleep(2)  # not over the edge of a step
    hashes = [second_factor.hash_of(one) for one in codes]
    records.confirm_factor(store, user_id, code(secret, -1), hashes, "")
    return secret


def refused(store: Store, user_id: int, typed: str) -> str:
    with pytest.raises(Problem) as raised:
        records.check_factor(store, user_id, typed, "10.0.0.1")
    return raised.value.code


TAKEN = [
    ("the code shown now", 0, "", True),
    ("the next one, of a phone that is fast", 1, "", True),
    ("typed as the app shows it, with a blank", 0, " ", True),
    ("used at confirmation", -1, "", False),
    ("too old", -2, "", False),
    ("too far ahead", 3, "", False),
]


@pytest.mark.parametrize(("why", "steps", "between", "good"), TAKEN, ids=[row[0] for row in TAKEN])
def test_which_code_is_taken(why: str, steps: int, between: str, good: bool, store: Store, lan: int) -> None:
    secret = switched_on(store, lan)
    shown = code(secret, steps)
    typed = f"{shown[:3]}{between}{shown[3:]}"
    if good:
        assert records.check_factor(store, lan, typed, "") == "code"
        assert refused(store, lan, typed) == "wrong_code", "each code once"
    else:
        assert refused(store, lan, typed) == "wrong_code"


@pytest.mark.parametrize(
    "typed", ["", "000", "abcdef", "１２３４５６", "0" * 5000, "'; --", "aaaa-aaaa-aaaa-aaaa"]
)
def test_nonsense_is_a_wrong_code(typed: str, store: Store, lan: int) -> None:
    switched_on(store, lan)
    assert refused(store, lan, typed) == "wrong_code"


def test_an_earlier_code_is_not_taken_after_a_later_one(store: Store, lan: int) -> None:
    secret = switched_on(store, lan)
    assert records.check_factor(store, lan, code(secret, 1), "") == "code"
    assert refused(store, lan, code(secret, 0)) == "wrong_code"


def test_recovery_codes_open_once_each_however_they_are_typed(store: Store, lan: int) -> None:
    codes = second_factor.made_codes()
    assert len(set(codes)) == 10
    switched_on(store, lan, tuple(codes))
    assert records.check_factor(store, lan, codes[0], "") == "recovery"
    assert refused(store, lan, codes[0]) == "wrong_code"
    assert records.check_factor(store, lan, codes[1].upper().replace("-", " "), "") == "recovery"
    with store.db.reading() as session:
        assert second_factor.state_of(session, lan).codes_left == 8
    records.renew_codes(store, lan, [second_factor.hash_of("neue-code-zzzz-2345")])
    assert refused(store, lan, codes[2]) == "wrong_code", "new codes end the old ones"
    assert records.check_factor(store, lan, "neue-code-zzzz-2345", "") == "recovery"


def test_wrong_codes_wait_from_all_addresses_and_an_administrator_ends_the_wait(store: Store, lan: int) -> None:
    secret = switched_on(store, lan)
    for _ in range(5):
        assert refused(store, lan, "000000") == "wrong_code"
    assert refused(store, lan, code(secret)) == "too_many_codes", "the right one too"
    with store.db.writing() as session:
        row = session.get_one(SecondFactor, lan)
        row.failed_at = utc_now() - timedelta(seconds=16)
    assert refused(store, lan, "000000") == "wrong_code", "the wait is over"
    with pytest.raises(Problem) as raised:
        records.check_factor(store, lan, code(secret), "")
    assert 15 < int(raised.value.facts["seconds"]) <= 30, "the next one is twice as long"
    records.unlock_user(store, "lan", "admin")
    assert records.check_factor(store, lan, code(secret), "") == "code"
    with store.db.reading() as session:
        rows = select(AuditRow.detail).where(AuditRow.action == "sign_in_failed")
        assert list(session.scalars(rows)) == [{"address": "10.0.0.1", "code": "wrong_code"}] * 6


def test_a_factor_counts_from_its_first_right_code(store: Store, lan: int) -> None:
    secret = begun(store, lan)
    with pytest.raises(Problem) as raised:
        records.confirm_factor(store, lan, "000000", [], "")
    assert raised.value.code == "wrong_code"
    with store.db.reading() as session:
        assert not second_factor.is_on(session, lan)
    for name in ("this", "other"):
        records.start_session(store, lan, name)
    records.confirm_factor(store, lan, code(secret), [], "this")
    with store.db.reading() as session:
        assert second_factor.is_on(session, lan)
        assert second_factor.pending_secret(session, store.settings, lan) is None, "never shown again"
        alive = session.scalars(text("SELECT token_hash FROM sign_ins WHERE ended_at IS NULL")).all()
    assert alive == ["this"], "sessions without the factor end"
    for again in (
        lambda: records.begin_factor(store, lan),
        lambda: records.confirm_factor(store, lan, "1", [], ""),
    ):
        with pytest.raises(Problem) as raised:
            again()
        assert raised.value.code == "factor_on"


def test_no_secret_is_readable_in_database_backup_or_trail(store: Store, lan: int) -> None:
    codes = second_factor.made_codes()
    secret = switched_on(store, lan, tuple(codes))
    records.check_factor(store, lan, codes[0], "")
    archive = store.settings.home.parent / "copy.tar"
    backup.backup(store, archive)
    store.close()
    with tarfile.open(archive) as members:
        read = [members.extractfile(one) for one in members.getmembers()]
        data = b"".join(one.read() for one in read if one is not None)
        names = [one.name for one in members.getmembers()]
        tables = [members.extractfile(one) for one in names if one.endswith(".gz")]
        data += b"".join(gzip.decompress(one.read()) for one in tables if one is not None)
    assert b"second_factors" in "\n".join(names).encode() and not any("secret" in name for name in names)
    data += b"".join(path.read_bytes() for path in store.settings.home.rglob("*") if path.is_file())
    for word in (secret, codes[0], codes[0].replace("-", "")):
        assert word.encode() not in data
    with open_store(store.settings).db.reading() as session:
        assert session.scalars(select(RecoveryCode)).all()


def test_under_another_key_only_recovery_codes_open(store: Store, lan: int, settings: Settings) -> None:
    secret = switched_on(store, lan, ("aaaa-bbbb-cccc-dddd",))
    (settings.home / "secret.key").write_text("0" * 64)
    assert refused(store, lan, code(secret)) == "factor_unreadable"
    assert records.check_factor(store, lan, "aaaa-bbbb-cccc-dddd", "") == "recovery"


def test_a_secret_of_one_account_opens_no_other(store: Store, lan: int) -> None:
    secret = switched_on(store, lan)
    minh = records.add_user(store, "minh", "clerk", "hash")
    switched_on(store, minh)
    with store.db.writing() as session:
        session.get_one(SecondFactor, minh).sealed = session.get_one(SecondFactor, lan).sealed
    assert refused(store, minh, code(secret)) == "factor_unreadable"


def test_a_required_factor_is_not_switched_off_by_its_owner(settings: Settings) -> None:
    needed = settings.model_copy(update={"second_factor_roles": "admin, clerk"})
    store = open_store(needed)
    lan = records.add_user(store, "lan", "clerk", "hash")
    switched_on(store, lan)
    with pytest.raises(Problem) as raised:
        records.end_factor(store, lan)
    assert raised.value.code == "factor_required"
    assert records.reset_factor(store, "LAN", "admin") and not records.reset_factor(store, "lan", "admin")
    with store.db.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "reset_factor")).first()
        assert row is not None and (row.actor, row.detail["name"]) == ("admin", "lan")
    store.close()


def test_an_account_of_the_provider_has_none_of_ours(store: Store) -> None:
    store_id = records.sign_in_elsewhere(store, "abc", "hoa", "Hoa", "admin")
    with pytest.raises(Problem) as raised:
        records.begin_factor(store, store_id)
    assert raised.value.code == "sso_account"


@pytest.mark.parametrize(("given", "good"), [("", True), ("admin", True), ("admin, clerk", True), ("root", False)])
def test_roles_of_the_setting_are_checked(given: str, good: bool) -> None:
    if good:
        assert Settings(_env_file=None, second_factor_roles=given).second_factor_roles == given
    else:
        with pytest.raises(ValueError, match="root"):
            Settings(_env_file=None, second_factor_roles=given)
