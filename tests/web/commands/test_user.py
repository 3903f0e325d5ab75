"""`vanban user` and `vanban samples`: what they list, end and hand out, and who has to change a password."""

from __future__ import annotations

import json
import stat
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from corpus import records
from corpus.access import accounts, first_sign_in
from corpus.database.account_tables import AccessToken
from corpus.database.connection import utc_now
from corpus.database.store import Store
from corpus.errors import Problem
from web.access import passwords
from web.commands.samples import _first_account
from web.commands.user import user as command


def run(store: Store, *args: str, typed: str = "") -> Result:
    done = CliRunner().invoke(command, args, env={"VANBAN_HOME": str(store.settings.home)}, input=typed)
    assert not isinstance(done.exception, AssertionError)
    return done


MUST: list[tuple[str, tuple[str, ...], str, bool]] = [
    ("made by the program", (), "", True),
    ("typed by an administrator", (), "mot-mat-khau-dai\n", True),
    ("typed by the owner", ("--own",), "mot-mat-khau-dai\n", False),
    ("the owner typed nothing, so it was made", ("--own",), "", True),
]


@pytest.mark.parametrize(("why", "more", "typed", "must"), MUST, ids=[row[0] for row in MUST])
def test_who_has_to_change_his_password(
    why: str, more: tuple[str, ...], typed: str, must: bool, store: Store
) -> None:
    assert run(store, "add", "lan", "--role", "clerk", *more, typed=typed).exit_code == 0
    with store.db.reading() as session:
        assert accounts.user_named(session, "lan").must_change == must
    assert run(store, "password", "lan", *more, typed=typed.replace("mot", "hai")).exit_code == 0
    with store.db.reading() as session:
        assert accounts.user_named(session, "lan").must_change == must


def test_tokens_are_listed_with_end_and_last_use(store: Store) -> None:
    ids = {}
    for name in ("lan", "minh"):
        user_id = records.add_user(store, name, "clerk", "hash")
        ids[name] = records.add_token(store, user_id, f"t-{name}", "máy quét", True, name, days=10)
    (one,) = [json.loads(line) for line in run(store, "tokens", "LAN", "--json").stdout.splitlines()]
    assert (one["owner"], one["label"], one["used_at"]) == ("lan", "máy quét", None)
    assert "chưa dùng" in run(store, "tokens").stdout and len(run(store, "tokens").stdout.splitlines()) == 2
    assert run(store, "end-token", str(ids["lan"])).exit_code == 0
    assert run(store, "tokens", "lan").stdout == ""
    with store.db.writing() as session:
        session.execute(update(AccessToken).values(expires_at=utc_now() - timedelta(days=31)))
    assert run(store, "tokens").stdout == "", "expired long ago"
    problem = run(store, "end-token", "99").exception
    assert isinstance(problem, Problem) and problem.code == "not_found"


def test_sessions_are_listed_and_ended(store: Store) -> None:
    user_id = records.add_user(store, "lan", "clerk", "hash")
    agent = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36"
    records.start_session(store, user_id, "a" * 64, address="10.0.0.9", agent=agent)
    assert "10.0.0.9" in (told := run(store, "sessions", "lan").stdout) and "Chrome · Windows" in told
    assert json.loads(run(store, "sessions", "lan", "--json").stdout)["id"] == "a" * 16
    assert run(store, "end-sessions", "lan").stdout == "1\n"
    assert run(store, "sessions", "lan").stdout == ""


def test_the_note_with_the_first_password_goes_with_it(store: Store) -> None:
    _first_account(store)
    note = store.settings.home / "first-sign-in.txt"
    assert stat.S_IMODE(note.stat().st_mode) == 0o600 and "admin" in first_sign_in.read(store)
    with store.db.reading() as session:
        assert accounts.user_named(session, "admin").must_change
    records.add_user(store, "adm", "reader", "hash")
    records.set_password(store, "adm", "other", "admin")
    assert note.exists(), "another account's"
    records.set_password(store, "ADMIN", passwords.hash_password("mot-mat-khau-dai"), "admin")
    assert not note.exists() and first_sign_in.read(store) == ""
