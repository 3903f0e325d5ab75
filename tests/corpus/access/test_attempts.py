"""The throttle: who failed waits ever longer, and nobody waits for what strangers did."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select

from corpus import records
from corpus.access import attempts
from corpus.database.account_tables import SignInAttempt
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem

HOME, DEVICE = "10.0.0.1", "10.0.0.1#a1b2c3"


def _failed(store: Store, name: str, source: str, times: int, minutes_ago: float = 0) -> None:
    """Tries that failed, whatever the throttle says."""
    at = utc_now() - timedelta(minutes=minutes_ago)
    with store.db.writing() as session:
        session.add_all(SignInAttempt(name=name, address=source, at=at, succeeded=False) for _ in range(times))


def _wait(store: Store, name: str, source: str) -> int:
    with store.db.reading() as session:
        return attempts.wait_of(session, name, source, utc_now())


@pytest.mark.parametrize(
    ("tries", "name", "source", "waits", "reason"),
    [
        ([("lan", HOME, 4, 0)], "lan", HOME, (0, 0), "a few slips of the finger"),
        ([("lan", HOME, 5, 0)], "lan", HOME, (10, 15), "five in a row"),
        ([("lan", HOME, 7, 0)], "lan", HOME, (50, 60), "each further one doubles the wait"),
        ([("lan", HOME, 40, 0)], "lan", HOME, (880, 900), "at most a quarter of an hour"),
        ([("lan", HOME, 7, 2)], "lan", HOME, (0, 0), "the wait is over"),
        ([("lan", HOME, 7, 61)], "lan", HOME, (0, 0), "an hour later it is forgotten"),
        ([("lan", HOME, 40, 0)], "lan", "10.0.0.2", (0, 0), "another address is not made to wait"),
        ([("lan", HOME, 40, 0)], "minh", HOME, (0, 0), "another name at that address neither"),
        ([("lan", HOME, 200, 0)], "lan", DEVICE, (0, 0), "a known device never waits for strangers"),
        ([("lan", DEVICE, 7, 0)], "lan", DEVICE, (50, 60), "but for its own tries"),
        ([("lan", "10.9.9.9#a1b2c3", 7, 0)], "lan", DEVICE, (50, 60), "wherever it is"),
        ([("lan", DEVICE, 30, 0)], "lan", HOME, (0, 0), "nor do others wait for a device"),
        ([("lan", f"10.0.1.{n}", 4, 0) for n in range(16)], "lan", HOME, (10, 60), "one name from many addresses"),
        ([("lan", f"10.0.1.{n}", 4, 0) for n in range(16)], "minh", HOME, (0, 0), "only that name"),
        ([(f"u{n}", HOME, 1, 0) for n in range(320)], "lan", HOME, (1, 10),
         "many names from one address: seconds"),
        ([(f"u{n}", HOME, 1, 0) for n in range(30)], "lan", HOME, (0, 0), "thirty wrong ones lock nobody out"),
        ([(f"u{n}", HOME, 1, 0) for n in range(320)], "lan", DEVICE, (0, 0), "a known device at that address"),
    ],
)  # fmt: skip
def test_the_wait(
    tries: list[tuple[str, str, int, float]],
    name: str,
    source: str,
    waits: tuple[int, int],
    reason: str,
    store: Store,
) -> None:
    for row in tries:
        _failed(store, *row)
    assert waits[0] <= _wait(store, name, source) <= waits[1], reason


@pytest.mark.parametrize(
    ("address", "device", "source", "reason"),
    [
        ("10.0.0.1", "", "10.0.0.1", "one address"),
        ("::ffff:10.0.0.1", "", "10.0.0.1", "the same, as IPv6 writes it"),
        ("2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::/64", "one customer has 2^64 of them"),
        ("2001:db8:1:2:3:4:5:6", "a1b2c3d4e5f6", "2001:db8:1:2::/64#a1b2c3d4e5f6", "with a device"),
        ("", "", "", "a socket in the file system has none"),
        ("x" * 100, "", "x" * 64, "never longer than its column"),
    ],
)
def test_what_tries_are_counted_by(address: str, device: str, source: str, reason: str) -> None:
    assert attempts.source_of(address, device) == source, reason


def test_a_success_begins_the_count_again(store: Store) -> None:
    _failed(store, "lan", HOME, 4)
    attempt = records.begin_attempt(store, "Lan", HOME)
    records.settle_attempt(store, attempt, "Lan", HOME, True)
    _failed(store, "lan", HOME, 4)
    assert _wait(store, "lan", HOME) == 0


def test_tries_at_once_are_counted_before_a_password_is_looked_at(store: Store) -> None:
    let_through, gate = [], threading.Barrier(30)

    def guess() -> None:
        gate.wait()
        try:
            let_through.append(records.begin_attempt(store, "lan", HOME))
        except Problem as problem:
            assert problem.code == "too_many_attempts"

    threads = [threading.Thread(target=guess) for _ in range(30)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(let_through) == attempts.BY_PAIR.free


def test_an_administrator_unlocks(store: Store) -> None:
    records.add_user(store, "lan", "clerk", "hash")
    _failed(store, "lan", HOME, 9)
    _failed(store, "minh", HOME, 9)
    with store.db.reading() as session:
        assert attempts.locked(session).keys() == {"lan", "minh"}
    assert records.unlock_user(store, "LAN", "admin") == 9
    assert _wait(store, "lan", HOME) == 0 and _wait(store, "minh", HOME) > 0
    with store.db.reading() as session:
        row = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert row is not None and (row.actor, row.action) == ("admin", "unlock_user")
        assert row.detail == {"name": "lan", "tries": 9}
    with pytest.raises(Problem) as caught:
        records.unlock_user(store, "nobody", "admin")
    assert caught.value.code == "not_found"


def test_a_clock_that_was_set_back_lengthens_no_wait(store: Store) -> None:
    _failed(store, "lan", HOME, 5, minutes_ago=-60)
    assert 0 < _wait(store, "lan", HOME) <= attempts.BY_PAIR.first
    with pytest.raises(Problem, match="seconds"):
        records.begin_attempt(store, "lan", HOME)
    later = utc_now() + timedelta(seconds=attempts.BY_PAIR.first)
    with store.db.reading() as session:
        assert attempts.wait_of(session, "lan", HOME, later) == 0, "it ends by the clock as it is now"
