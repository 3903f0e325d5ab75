"""`auto`: a new store starts on Whoosh and changes to Tantivy when it has grown, while searches go on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.database.store import Store, open_store
from search import engine_choice
from search.engines.tantivy.engine import TantivyEngine
from search.index import current, indexer
from search.results import finder

Put = Callable[..., int]
GROWN = 4


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A store has grown with GROWN documents."""
    monkeypatch.setattr(engine_choice, "GROWN", GROWN)


def fill(put: Put, first: int, last: int) -> None:
    for at in range(first, last + 1):
        put(f"thi đua lần thứ {at}", number=f"{at}/KH-UBND", date=f"2022-01-0{at}")


def in_force(store: Store) -> tuple[str, int]:
    """The engine in force, and how many documents a search finds by it."""
    return indexer.state(store).engine, finder.find(store, "thi đua").total


def reopened(store: Store, engine: str) -> Store:
    """The same store with another setting."""
    return open_store(Settings(_env_file=None, home=store.settings.home, search_engine=engine))


def test_a_new_store_starts_on_whoosh_and_changes_when_it_has_grown(store: Store, put: Put) -> None:
    assert store.settings.search_engine == "auto"
    fill(put, 1, 3)
    assert indexer.sync(store) == 3 and in_force(store) == ("whoosh", 3)
    assert indexer.sync(store) == 0
    fill(put, 4, 4)
    indexer.sync(store)
    assert in_force(store) == ("tantivy", 4)
    assert indexer.sync(store) == 0 and indexer.state(store).stale == 0


@pytest.mark.parametrize(
    ("asked", "setting", "after", "reason"),
    [
        (None, "auto", "tantivy", "it has grown"),
        ("auto", "auto", "tantivy", "a person asks for what the store is to have"),
        ("whoosh", "auto", "whoosh", "a person's choice lasts"),
        ("tantivy", "auto", "tantivy", "and so does this one"),
        (None, "whoosh", "whoosh", "the setting decides"),
        ("whoosh", "tantivy", "tantivy", "the setting decides over a choice"),
    ],
)
def test_setting_and_choice(
    store: Store, put: Put, asked: str | None, setting: str, after: str, reason: str
) -> None:
    fill(put, 1, GROWN)
    if asked is not None:
        indexer.rebuild(store, asked)
    again = reopened(store, setting)
    fill(put, GROWN + 1, GROWN + 1)
    indexer.sync(again)
    assert in_force(again) == (after, GROWN + 1), reason
    indexer.rebuild(again)
    assert in_force(again) == (after, GROWN + 1), f"built anew: {reason}"
    indexer.forget(again)
    again.close()


def test_a_store_of_either_engine_from_before_keeps_working(store: Store, put: Put) -> None:
    """Its pointer says nothing of a choice."""
    fill(put, 1, 3)
    for engine in ("tantivy", "whoosh"):
        indexer.rebuild(store, engine)
        pointer = current.pointed(store)
        assert pointer is not None
        text = f'{{"folder": "{pointer.folder}", "engine": "{engine}"}}'
        (store.index_folder / "current").write_text(text, encoding="utf-8")
        assert indexer.sync(store) == 0 and in_force(store) == (engine, 3)


def test_tantivy_is_not_given_up_when_documents_go(
    store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(put, 1, GROWN)
    indexer.sync(store)
    monkeypatch.setattr(engine_choice, "GROWN", 100)
    fill(put, 5, 5)
    indexer.sync(store)
    assert in_force(store) == ("tantivy", 5)


def test_no_search_fails_or_finds_less_during_the_change(store: Store, put: Put) -> None:
    fill(put, 1, 3)
    indexer.sync(store)
    wrong: list[object] = []
    asked, done = threading.Event(), threading.Event()

    def ask() -> None:
        least = 3
        while not done.is_set():
            try:
                found = finder.find(store, "thi đua").total
                if not least <= found <= 4:
                    wrong.append(found)
                least = found
            except Exception as error:
                wrong.append(error)
            asked.set()

    asking = [threading.Thread(target=ask) for _ in range(2)]
    for thread in asking:
        thread.start()
    asked.wait(120)
    fill(put, 4, 4)
    indexer.sync(store)
    done.set()
    for thread in asking:
        thread.join()
    assert wrong == [] and in_force(store) == ("tantivy", 4)


def test_a_change_that_fails_leaves_the_old_index_in_force_and_up_to_date(
    store: Store, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(put, 1, 3)
    indexer.sync(store)
    fill(put, 4, 4)

    def full(self: TantivyEngine, entries: object, removed: object = ()) -> int:
        raise OSError("no space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(TantivyEngine, "write", full)
        assert indexer.sync(store) == 1, "the new document is found all the same"
        assert in_force(store) == ("whoosh", 4)
        assert [path.name for path in store.index_folder.glob("tantivy-*")] == []
    indexer.sync(store)
    assert in_force(store) == ("tantivy", 4)


_CHANGING = f"""
import sys, time
from pathlib import Path
from corpus.config import Settings
from corpus.database.store import open_store
from search import engine_choice
from search.engines.tantivy.engine import TantivyEngine
from search.index import indexer
engine_choice.GROWN = {GROWN}
written = TantivyEngine.write
def slow(self, entries, removed=()):
    count = written(self, entries, removed)
    print("written", flush=True)
    time.sleep(600)
    return count
TantivyEngine.write = slow
indexer.sync(open_store(Settings(_env_file=None, home=Path(sys.argv[1]))))
"""


def test_a_crash_in_the_middle_leaves_the_old_index_in_force(store: Store, put: Put) -> None:
    fill(put, 1, 3)
    indexer.sync(store)
    fill(put, 4, 4)
    command = [sys.executable, "-c", _CHANGING, str(store.settings.home)]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=environment, cwd=Path(__file__).parents[2]
    ) as changing:
        assert changing.stdout is not None and "written\n" in iter(changing.stdout.readline, "")
        changing.send_signal(signal.SIGKILL)
    assert len(list(store.index_folder.glob("tantivy-*"))) == 1, "what the crash left"
    assert in_force(store) == ("whoosh", 4)
    indexer.sync(store)
    assert in_force(store) == ("tantivy", 4) and len(list(store.index_folder.glob("tantivy-*"))) == 1
