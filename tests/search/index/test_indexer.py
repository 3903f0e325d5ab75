"""The index follows the store; lost, torn or old it is built anew beside and swapped; killed, it loses nothing."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import event

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store, open_store
from search.index import indexer, visibility
from search.index.entries import entries
from search.results import finder

ENGINES = ("whoosh", "tantivy")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, store: Store, put: Callable[..., int]) -> str:
    """Three documents, indexed by this engine."""
    for at in (1, 2, 3):
        put(f"thi đua lần thứ {at}", number=f"{at}/KH-UBND", date=f"2022-01-0{at}")
    indexer.rebuild(store, request.param)
    return str(request.param)


def total(store: Store, text: str = "thi đua") -> int:
    return finder.find(store, text).total


def live(store: Store) -> Path:
    """The folder in force."""
    return store.index_folder / json.loads((store.index_folder / "current").read_text())["folder"]


def test_what_is_new_changed_or_withdrawn(store: Store, engine: str, put: Callable[..., int]) -> None:
    assert indexer.sync(store) == 0
    put("thi đua mới")
    records.withdraw(store, 1, "nhầm", "clerk")
    records.correct(store, 2, {"subject": "trích yếu đã sửa"}, "clerk", None)
    assert indexer.state(store).stale >= 3
    assert indexer.sync(store) == 3
    assert (total(store), total(store, "trichyeu:sửa"), indexer.state(store).stale) == (3, 1, 0)


def test_what_is_read_for_a_few_entries_does_not_grow_with_the_store(
    store: Store, put: Callable[..., int]
) -> None:
    asked: list[tuple[str, object]] = []
    ids = [put(f"thi đua {at}") for at in range(3)]
    event.listen(store.db.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with store.db.reading() as session:
        assert len(list(entries(session, [*ids, *range(1000, 1200)]))) == 3
        selects = [(statement, given) for statement, given in asked if statement.startswith("SELECT")]
        explain = session.connection().exec_driver_sql
        steps = [
            step[3] for statement, given in selects for step in explain(f"EXPLAIN QUERY PLAN {statement}", given)
        ]
    looked_up = [step for step in steps if "USE TEMP B-TREE" not in step]
    narrow = ("(rowid=?)", "(document_id=?", "(target_id=?", "(object_id=?")
    assert selects and all(any(by in step for by in narrow) for step in looked_up), steps


def _remove(store: Store) -> None:
    for path in live(store).rglob("*"):
        path.unlink()


def _truncate(store: Store) -> None:
    biggest = max((path for path in live(store).iterdir() if path.is_file()), key=lambda path: path.stat().st_size)
    os.truncate(biggest, biggest.stat().st_size // 2)


def _no_pointer(store: Store) -> None:
    (store.index_folder / "current").unlink()


def _garbled_pointer(store: Store) -> None:
    (store.index_folder / "current").write_bytes(b"\x00{")


def _all_gone(store: Store) -> None:
    for path in sorted(store.index_folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()


@pytest.mark.parametrize("damage", [_remove, _truncate, _no_pointer, _garbled_pointer, _all_gone])
def test_a_lost_or_torn_index_is_built_anew(store: Store, engine: str, damage: Callable[[Store], None]) -> None:
    before = live(store)
    indexer.forget(store)
    damage(store)
    assert indexer.state(store).usable is False
    indexer.sync(store)
    assert (total(store), indexer.state(store).stale) == (3, 0)
    assert live(store) != before and not before.exists()


def test_an_index_of_another_schema_is_built_anew(
    store: Store, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    indexer.forget(store)
    names = {"whoosh": ["search.engines.whoosh.schema", "search.engines.whoosh.engine"],
             "tantivy": ["search.engines.tantivy.engine"]}[engine]  # fmt: skip
    for name in names:
        monkeypatch.setattr(sys.modules[name], "SCHEMA_VERSION", "later")
    assert indexer.reader(store) is None
    indexer.sync(store)
    assert total(store) == 3


def test_an_index_that_proves_torn_while_asked_is_taken_out_of_force(store: Store, engine: str) -> None:
    for path in live(store).iterdir():
        if path.suffix in (".seg", ".idx", ".term", ".pos", ".store", ".fast"):
            data = bytearray(path.read_bytes())
            data[16 : len(data) - 400] = b"\xa5" * max(0, len(data) - 416)
            # Put in its place, not written over: what this process still has mapped must not shrink below it.
            torn = path.with_name("torn")
            torn.write_bytes(data)
            torn.replace(path)
    indexer.forget(store)
    assert total(store) == 3


def test_what_the_index_lost_is_written_again(store: Store, engine: str) -> None:
    """As after a restore of an older index, or a commit that the power cut took."""
    opened = indexer.reader(store)
    assert opened is not None
    opened.write((), [2])
    indexer.sync(store)
    assert total(store) == 3


def test_searches_go_on_while_an_index_is_built(store: Store, engine: str) -> None:
    wrong: list[object] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            try:
                if total(store) != 3:
                    wrong.append(total(store))
            except Exception as error:
                wrong.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    for name in (*ENGINES, engine):
        indexer.rebuild(store, name)
    done.set()
    asking.join()
    assert wrong == []


def test_the_engine_that_was_chosen_lasts(store: Store, engine: str, put: Callable[..., int]) -> None:
    put("một văn bản nữa")
    indexer.sync(store)
    assert indexer.state(store).engine == engine


def test_the_engine_that_is_set_takes_over(store: Store, engine: str) -> None:
    other = open_store(Settings(_env_file=None, home=store.settings.home, search_engine="tantivy"))
    indexer.sync(other)
    assert (indexer.state(other).engine, total(other)) == ("tantivy", 3)
    other.close()


def test_one_writer_at_a_time(store: Store, engine: str, put: Callable[..., int]) -> None:
    put("thi đua thứ tư")
    with indexer._writing(store, 1.0) as alone:
        assert alone
        assert indexer.sync(store, wait=0.1) == 0
    assert indexer.sync(store) == 1


_WRITING = """
import sys
from pathlib import Path
from search import engine_choice
from search.tokens import syllables
from search.engines.base import IndexEntry
from corpus.config import Settings
engine = engine_choice.engine_class(Settings(_env_file=None), sys.argv[1]).open(Path(sys.argv[2]))
for id in range(int(sys.argv[3]), 10**6):
    engine.write([IndexEntry(id, 1, (syllables(f"thi đua {id}"),))])
    print(id, flush=True)
"""


@pytest.mark.parametrize("name", ENGINES)
def test_a_writer_that_is_killed_loses_no_acknowledged_document(tmp_path: Path, name: str) -> None:
    from search import engine_choice

    kind = engine_choice.engine_class(Settings(_env_file=None), name)
    kind.create(tmp_path / "index").close()
    last = 0
    for acknowledged in (1, 3, 6):
        command = [sys.executable, "-c", _WRITING, name, str(tmp_path / "index"), str(last + 1)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as writer:
            assert writer.stdout is not None
            for _ in range(acknowledged):
                last = int(writer.stdout.readline())
            writer.send_signal(signal.SIGKILL)
            last = max([last, *map(int, writer.stdout.read().split())])
        held = set(kind.open(tmp_path / "index").revisions())
        assert held >= set(range(1, last + 1))
        last = max(held)


def test_what_a_search_leaves_out_is_found_by_the_index_of_changes(store: Store) -> None:
    """It is asked at every search, so it must not grow with the store."""
    asked: list[tuple[str, object]] = []
    event.listen(store.db.engine, "before_cursor_execute", lambda *told: asked.append((told[2], told[3])))
    with store.db.reading() as session:
        session.connection().execute(visibility._OFF, {"key": "k"}).all()
        session.connection().execute(visibility._BEHIND, {"key": "k", "theirs": [1]}).all()
        explain = session.connection().exec_driver_sql
        steps = [
            [step[3] for step in explain(f"EXPLAIN QUERY PLAN {statement}", given)]
            for statement, given in list(asked)
            if statement.startswith("SELECT")
        ]
    assert len(steps) == 2
    assert all("SEARCH documents USING INDEX ix_documents_change (change>?)" in each for each in steps), steps
