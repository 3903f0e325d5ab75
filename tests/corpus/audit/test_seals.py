"""Seals by rows, by time and at the end of things;
keyed ones can't be made by who can only write database and seal file.
"""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from corpus import audit, records
from corpus.audit import GENESIS, Seal, chain, seals, trail_check
from corpus.config import Settings
from corpus.database.models import AuditRow
from corpus.database.store import Store, open_store
from corpus.errors import Problem

KEY = b"mot-khoa-dai-hon-muoi-sau-byte"


@pytest.fixture
def keyed(tmp_path: Path) -> Store:
    """A store whose seals are keyed, the key elsewhere, with 25 rows sealed every ten."""
    (tmp_path / "key").write_bytes(KEY)
    settings = Settings(
        _env_file=None,
        home=tmp_path / "home",
        audit_seal_every=10,
        audit_seal_key_file=str(tmp_path / "key"),
    )
    store = open_store(settings)
    for n in range(25):
        records.note(store, f"clerk{n % 2}", "view", None, {"n": n})
    return store


def codes(store: Store, against: tuple[Seal, ...] = ()) -> list[str]:
    return [fault.code for fault in trail_check.check(store, against).faults]


def forge(store: Store, *, rows: int | None = None) -> None:
    """The chain made anew with another actor throughout, as who can write the database can."""
    with store.db.writing() as session:
        if rows is not None:
            session.execute(text(f"DELETE FROM audit WHERE id > {rows}"))
        previous = GENESIS
        for row in session.query(AuditRow).order_by(AuditRow.id):
            row.actor, row.previous = "minh", previous
            row.hash = chain._row_hash(row)
            previous = row.hash


def reseal_file(store: Store, *, with_macs: bool = False) -> None:
    """The seal file written again to fit the forged chain, without the key."""
    path = audit.seal_file(store.settings)
    wanted = [one.seal.row for one in seals.lines(path)]
    with store.db.reading() as session:
        hashes = {row.id: row.hash for row in session.query(AuditRow)}
    mac = " " + "0" * 64 if with_macs else ""
    path.write_text("".join(f"{n} {hashes[n]} 2026-01-01T00:00:00Z{mac}\n" for n in wanted if n in hashes))


def test_what_is_checked_is_told(keyed: Store) -> None:
    check = trail_check.check(keyed)
    assert (check.rows, check.seals, check.faults) == (25, 3, ())
    assert check.seal is not None and check.seal.seal.row == 20 and check.seal.mac is not None
    assert check.after == 5, "rows that nothing outside vouches for"
    assert check.head is not None and check.head.row == 25


FORGERIES = [
    # what else is done beside the chain made anew, what shows it
    (lambda store: None, "seal_differs", "the seal file as it was"),
    (reseal_file, "seal_unkeyed", "seals without a key where the store has one"),
    (lambda store: reseal_file(store, with_macs=True), "seal_forged", "made-up HMACs"),
    (lambda store: audit.seal_file(store.settings).unlink(), "seals_missing", "no seal file at all"),
]


@pytest.mark.parametrize(("more", "code", "why"), FORGERIES, ids=[one[1] for one in FORGERIES])
def test_a_chain_made_anew_shows_whatever_is_done_to_the_seal_file(
    keyed: Store, more, code: str, why: str
) -> None:  # type: ignore[no-untyped-def]
    forge(keyed)
    more(keyed)
    assert code in codes(keyed), why


def test_a_cut_tail_shows(keyed: Store) -> None:
    with keyed.db.writing() as session:
        session.execute(text("DELETE FROM audit WHERE id > 18"))
    assert codes(keyed) == ["tail_cut"]


def test_a_rollback_of_rows_and_seals_shows_against_a_head_that_left_the_machine(keyed: Store) -> None:
    """Rows and seal lines after the tenth are taken away together: only what left the machine can tell."""
    printed = trail_check.check(keyed).head
    assert printed is not None
    path = audit.seal_file(keyed.settings)
    with keyed.db.writing() as session:
        session.execute(text("DELETE FROM audit WHERE id > 12"))
    path.write_text("".join(line for line in path.read_text().splitlines(True) if int(line.split()[0]) <= 10))
    assert codes(keyed) == []
    assert codes(keyed, (printed,)) == ["against_missing"]
    assert codes(keyed, (Seal(12, "0" * 64),)) == ["against_differs"]


def test_old_bare_lines_go_on_being_good(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home", audit_seal_every=5)
    store = open_store(settings)
    for n in range(12):
        records.note(store, "lan", "view", None, {"n": n})
    (tmp_path / "key").write_bytes(KEY)
    later = open_store(settings.model_copy(update={"audit_seal_key_file": str(tmp_path / "key")}))
    assert codes(later) == ["seal_unkeyed"], "a key was set and nothing is sealed with it yet"
    seals.seal_head(later)
    assert codes(later) == []
    for n in range(5):
        records.note(later, "lan", "view", None, {"n": n})
    assert codes(later) == [] and codes(store) == []
    assert trail_check.check(store).advice == ("seal_key_absent", "seal_at_home")


@pytest.mark.parametrize("material", [None, b"", b"ngan"])
def test_a_key_that_cannot_be_used_is_told_and_loses_nothing(tmp_path: Path, material: bytes | None) -> None:
    if material is not None:
        (tmp_path / "key").write_bytes(material)
    settings = Settings(_env_file=None, home=tmp_path / "home", audit_seal_key_file=str(tmp_path / "key"))
    store = open_store(settings)
    records.note(store, "lan", "view", None)
    assert codes(store) == ["seal_key_unusable"]
    with pytest.raises(Problem) as problem:
        seals.key_of(settings)
    assert problem.value.code == "seal_key_unusable" and str(tmp_path) not in problem.value.message("vi")


def test_a_seal_file_out_of_reach_loses_nothing(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home", audit_seal_file=str(tmp_path / "none" / "seals"))
    store = open_store(settings)
    records.note(store, "lan", "view", None)
    assert trail_check.check(store).rows == 1


def _rows(store: Store) -> list[int]:
    return [one.seal.row for one in seals.lines(audit.seal_file(store.settings))]


def _an_hour_ago(store: Store) -> None:
    at = time.time() - seals.HOUR - 1
    os.utime(audit.seal_file(store.settings), (at, at))


def test_sealed_each_hour_and_only_when_rows_came(tmp_path: Path) -> None:
    store = open_store(Settings(_env_file=None, home=tmp_path / "home"))
    for _ in range(3):
        records.note(store, "lan", "view", None)
    assert _rows(store) == [1]
    seals.seal_after_an_hour(store)
    assert _rows(store) == [1], "within the hour"
    _an_hour_ago(store)
    seals.seal_after_an_hour(store)
    seals.seal_after_an_hour(store)
    assert _rows(store) == [1, 3]
    _an_hour_ago(store)
    seals.seal_after_an_hour(store)
    assert _rows(store) == [1, 3], "no row came since"
    records.note(store, "lan", "view", None)
    assert _rows(store) == [1, 3, 4], "the first row after an hour is sealed with it"


def test_sealed_when_an_administrator_signs_out(tmp_path: Path) -> None:
    store = open_store(Settings(_env_file=None, home=tmp_path / "home"))
    for name, role in (("lan", "clerk"), ("quang", "admin")):
        records.start_session(store, records.add_user(store, name, role, "-"), f"token-{name}")
    records.end_session(store, "token-lan", "lan")
    assert _rows(store) == [1]
    records.end_session(store, "token-quang", "quang")
    assert _rows(store) == [1, 6]


@pytest.mark.parametrize(
    ("seal", "key", "told"),
    [
        ("home", None, True),
        ("home", "home", True),
        ("home", "away", False),
        ("away", None, False),
        ("away", "away", False),
    ],
)
def test_seals_that_the_databases_writer_can_make_are_told(
    tmp_path: Path, seal: str, key: str | None, told: bool
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    places = {"home": home, "away": tmp_path}
    if key:
        (places[key] / "key").write_bytes(KEY)
    settings = Settings(
        _env_file=None,
        home=home,
        audit_seal_file=str(places[seal] / "seals"),
        audit_seal_key_file=str(places[key] / "key") if key else "",
    )
    store = open_store(settings)
    records.note(store, "lan", "view", None)
    assert ("seal_at_home" in trail_check.check(store).advice) is told


def test_every_fault_has_words_in_both_languages() -> None:
    for vi, en in (*trail_check.SENTENCES.values(), *trail_check.ADVICE.values()):
        assert vi and en and vi != en
        assert vi.format(row=1, document=2) and en.format(row=1, document=2)
