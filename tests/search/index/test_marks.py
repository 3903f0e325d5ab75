"""Marks of indexes: each index knows by itself what it has, on one machine and on several with one PostgreSQL."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import update

from corpus import records
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.index_tables import SearchIndex
from corpus.database.store import Store, open_store
from corpus.queries import indexes
from search.index import current, indexer
from search.results import finder
from web.services import health


@pytest.fixture
def settings(postgresql: Callable[[], str], tmp_path: Path) -> Settings:
    """The first machine; originals are where all machines reach them."""
    return Settings(
        _env_file=None, home=tmp_path / "one", database=postgresql(), originals=str(tmp_path / "originals")
    )


@pytest.fixture
def other(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """A second machine of the same store."""
    opened = open_store(settings.model_copy(update={"home": tmp_path / "two"}))
    yield opened
    indexer.forget(opened)
    opened.close()


def total(store: Store, text: str = "thi đua") -> int:
    return finder.find(store, text).total


def behind(store: Store) -> list[int]:
    return sorted(one.behind for one in indexes.marks(store))


def test_each_machine_catches_up_by_itself(store: Store, other: Store, put: Callable[..., int]) -> None:
    put("thi đua một")
    assert (indexer.sync(store), indexer.sync(other)) == (1, 1)
    put("thi đua hai")
    assert indexer.lags(store) and indexer.lags(other)
    assert (indexer.sync(store), total(store), total(other)) == (1, 2, 1)
    assert behind(store) == behind(other) == [0, 1], "every machine knows of all indexes"
    assert not indexer.lags(store) and indexer.lags(other)
    assert (indexer.sync(other), total(other), behind(store)) == (1, 2, [0, 0])


def test_a_withdrawal_hides_at_once_on_a_machine_that_is_behind(
    store: Store, other: Store, put: Callable[..., int]
) -> None:
    ids = [put(f"thi đua {at}") for at in range(3)]
    indexer.sync(store)
    indexer.sync(other)
    records.withdraw(store, ids[0], "nhầm", "clerk")
    assert indexer.sync(store) == 1
    assert (total(store), total(other)) == (2, 2), "the other index still has it"
    live = current.in_force(other)
    assert live is not None and live[1].count() == 3


def test_a_home_that_was_copied_gets_a_mark_of_its_own(
    store: Store, settings: Settings, tmp_path: Path, put: Callable[..., int]
) -> None:
    put("thi đua một")
    indexer.sync(store)
    shutil.copytree(settings.home, tmp_path / "three")
    third = open_store(settings.model_copy(update={"home": tmp_path / "three"}))
    put("thi đua hai")
    assert indexer.sync(store) == 1
    assert indexer.sync(third) >= 1 and total(third) == 2
    assert {one.place for one in indexes.marks(store)} == {str(settings.home), str(tmp_path / "three")}
    put("thi đua ba")
    indexer.sync(third)
    assert (total(third), total(store), indexer.sync(store), total(store)) == (3, 2, 1, 3)
    indexer.forget(third)
    third.close()


def test_many_changes_in_one_transaction_are_all_written(
    store: Store, put: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """They share a number, and more of them than fit into one batch."""
    ids = [put(f"thi đua {at}") for at in range(7)]
    indexer.sync(store)
    with store.db.writing() as session:
        for document_id in ids:
            session.get_one(current.Document, document_id).revision += 1
    monkeypatch.setattr(indexer, "_BATCH", 3)
    assert indexer.sync(store) == 7
    assert (indexer.state(store).stale, indexer.sync(store), behind(store)) == (0, 0, [0])


def test_a_change_while_an_index_is_built_comes_in(
    store: Store, put: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    for at in range(3):
        put(f"thi đua {at}")
    real = indexer._swap

    def swap(*given: object) -> None:
        records.correct(store, 1, {"subject": "vừa sửa"}, "clerk", None)
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(indexer, "_swap", swap)
    indexer.rebuild(store, "tantivy")
    assert total(store, "trichyeu:sửa") == 1 and indexer.state(store).stale == 0


def test_check_tells_of_another_machines_index_that_is_left_behind(
    store: Store, other: Store, put: Callable[..., int]
) -> None:
    put("thi đua một")
    indexer.sync(store)
    indexer.sync(other)
    put("thi đua hai")
    indexer.sync(store)
    codes = {fault.code for fault in health.look(store).faults}
    assert "index_behind" not in codes, "it was looked after a moment ago"
    _seen(other, 20)
    told = [fault for fault in health.look(store).faults if fault.code == "index_behind"]
    assert len(told) == 1 and str(other.settings.home) in told[0].message()
    health.repair(store, health.look(store))
    assert len(indexes.marks(store)) == 2, "it may come back"
    _seen(other, 25 * 60)
    health.repair(store, health.look(store))
    assert [one.place for one in indexes.marks(store)] == [str(store.settings.home)]
    assert indexer.sync(other) >= 1 and total(other) == 2, "a machine that comes back is put down again"


def _seen(store: Store, minutes: int) -> None:
    """Let the index of a machine have been looked after so many minutes ago."""
    ago = utc_now() - health.timedelta(minutes=minutes)
    with store.db.writing() as session:
        row = update(SearchIndex).where(SearchIndex.place == str(store.settings.home))
        session.execute(row.values(seen_at=ago))
