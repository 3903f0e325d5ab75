"""The trail: whole when nobody touched it, and every way of touching it shows."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from corpus import audit, records
from corpus.audit import seals
from corpus.config import Settings
from corpus.database.store import Store, open_store


@pytest.fixture
def trail(store: Store) -> Store:
    """A store with ten rows."""
    for n in range(10):
        records.note(store, "lan", "search", n % 3 or None, {"query": f"thi đua {n}", "hits": n})
    return store


def _verify(store: Store, seals: tuple[audit.Seal, ...] = ()) -> list[tuple[int, str]]:
    with store.db.reading() as session:
        return [(fault.row, fault.code) for fault in audit.verify(session, seals)]


def _tamper(store: Store, statement: str) -> None:
    with store.db.writing() as session:
        session.execute(text(statement))


def test_an_untouched_trail_is_whole(trail: Store) -> None:
    assert _verify(trail) == []


def test_an_empty_trail_is_whole(store: Store) -> None:
    assert _verify(store) == []


@pytest.mark.parametrize(
    ("statement", "row", "code"),
    [
        ("UPDATE audit SET actor = 'minh' WHERE id = 4", 4, "edited"),
        ("UPDATE audit SET action = 'view' WHERE id = 4", 4, "edited"),
        ("UPDATE audit SET at = '2020-01-01 00:00:00.000000' WHERE id = 4", 4, "edited"),
        ("UPDATE audit SET document_id = 99 WHERE id = 4", 4, "edited"),
        ('UPDATE audit SET detail = \'{"query": "khác"}\' WHERE id = 4', 4, "detail_edited"),
        ("UPDATE audit SET detail = '{\"purged\": true}' WHERE id = 4", 4, "purged_without_order"),
        ("DELETE FROM audit WHERE id = 4", 5, "gap"),
        ("DELETE FROM audit WHERE id = 1", 2, "gap"),
        ("UPDATE audit SET hash = previous WHERE id = 4", 4, "edited"),
        ("UPDATE audit SET id = 11 WHERE id = 4", 11, "edited"),
        (
            "INSERT INTO audit SELECT 11, at, actor, action, document_id, detail, detail_hash, hash, hash FROM "
            "audit WHERE id = 10",
            11,
            "edited",
        ),
    ],
)
def test_tampering_shows_at_its_row(trail: Store, statement: str, row: int, code: str) -> None:
    _tamper(trail, statement)
    assert (row, code) in _verify(trail)


def test_a_cut_tail_shows_by_the_seal(trail: Store) -> None:
    with trail.db.reading() as session:
        seal = audit.head(session)
    assert seal is not None
    _tamper(trail, "DELETE FROM audit WHERE id > 7")
    assert _verify(trail) == []
    assert _verify(trail, (seal,)) == [(10, "tail_cut")]


def test_a_chain_made_anew_shows_by_the_seal(trail: Store) -> None:
    with trail.db.reading() as session:
        seal = audit.head(session)
    assert seal is not None
    _tamper(trail, "DELETE FROM audit")
    for n in range(10):
        records.note(trail, "minh", "search", None, {"query": str(n)})
    assert _verify(trail) == []
    assert _verify(trail, (seal,)) == [(10, "seal_differs")]


def test_the_head_is_sealed_every_so_many_rows(tmp_path: Path) -> None:
    settings = Settings(
        _env_file=None, home=tmp_path / "home", audit_seal_every=4, audit_seal_file=str(tmp_path / "seals")
    )
    store = open_store(settings)
    for n in range(10):
        records.note(store, "lan", "view", n)
    found = tuple(one.seal for one in seals.lines(audit.seal_file(settings)))
    assert [seal.row for seal in found] == [1, 4, 8], "the first row, since nothing was sealed within the hour"
    assert _verify(store, found) == []
    _tamper(store, "DELETE FROM audit WHERE id > 6")
    assert _verify(store, found) == [(8, "tail_cut")]


def test_a_torn_line_of_the_seal_file_is_left_out(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path, audit_seal_file=str(tmp_path / "seals"))
    path = audit.seal_file(settings)
    seals.write(settings, [audit.Seal(1, "a" * 64)])
    with path.open("a") as stream:
        stream.write("2 bbbb")
    assert [one.seal for one in seals.lines(path)] == [audit.Seal(1, "a" * 64)]
    seals.write(settings, [audit.Seal(3, "c" * 64)])
    assert [one.seal.row for one in seals.lines(path)] == [1, 3], "the next seal has a line of its own"
    assert seals.lines(tmp_path / "none") == ()


def test_every_one_of_random_edits_is_found(trail: Store) -> None:
    """One letter changed anywhere in a row, 200 times, undone each time."""
    chance = random.Random(7)
    columns: dict[str, Callable[[str], str]] = {
        "actor": lambda value: value + "x",
        "action": lambda value: value[:-1],
        "detail": lambda value: value.replace("thi đua", "thi dua"),
        "detail_hash": lambda value: value[::-1],
        "previous": lambda value: value[::-1] if value != value[::-1] else "1" * 64,
        "hash": lambda value: value[::-1],
    }
    for _ in range(200):
        row, (column, change) = chance.randint(1, 10), chance.choice(list(columns.items()))
        with trail.db.writing() as session:
            was = _column(session, row, column)
            _set(session, row, column, change(was))
        assert _verify(trail), (row, column)
        with trail.db.writing() as session:
            _set(session, row, column, was)
    assert _verify(trail) == []


def _column(session: Session, row: int, column: str) -> str:
    found = session.execute(text(f"SELECT CAST({column} AS TEXT) FROM audit WHERE id = :row"), {"row": row})
    value: str = found.scalar_one()
    return value


def _set(session: Session, row: int, column: str, value: str) -> None:
    json = column == "detail" and session.get_bind().dialect.name == "postgresql"
    kind = "JSON" if json else "TEXT"
    statement = text(f"UPDATE audit SET {column} = CAST(:value AS {kind}) WHERE id = :row")
    session.execute(statement, {"row": row, "value": value})
