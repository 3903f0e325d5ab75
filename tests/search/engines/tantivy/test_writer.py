"""Tantivy's writer: nothing waits for a merge under way, none is lost, and once it is over others may write."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.base import IndexEntry
from search.engines.tantivy import writer
from search.engines.tantivy.engine import TantivyEngine
from search.tokens import syllables


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[TantivyEngine]:
    """An empty index in `tmp_path / "index"`."""
    made = TantivyEngine.create(tmp_path / "index")
    yield made
    made.close()


def entry(id: int) -> IndexEntry:
    return IndexEntry(id, 1, (syllables(f"thi đua {id}"),))


def segments(folder: Path) -> int:
    return len(json.loads((folder / "meta.json").read_text(encoding="utf-8"))["segments"])


def test_what_comes_during_a_merge_waits_for_nothing(
    engine: TantivyEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()
    monkeypatch.setattr(writer, "_is_merging", lambda folder: not over.is_set())
    for id in (1, 2, 3):
        engine.write([entry(id)])
    other = TantivyEngine.open(tmp_path / "index")
    writing = threading.Thread(target=lambda: other.write([entry(4)]))
    writing.start()
    writing.join(0.3)
    assert (writing.is_alive(), engine.count()) == (True, 3), "one writer at a time: the other waits"
    over.set()
    writing.join(120)
    assert (writing.is_alive(), engine.count()) == (False, 4)
    other.close()


def test_no_merge_is_lost(engine: TantivyEngine, tmp_path: Path) -> None:
    for id in range(40):
        engine.write([entry(id)])
    engine.close()
    assert segments(tmp_path / "index") < 8 and engine.count() == 40


def test_a_writer_that_failed_is_let_go(engine: TantivyEngine, tmp_path: Path) -> None:
    engine.write([entry(1)])
    with pytest.raises(ZeroDivisionError):
        engine.write(entry(1 // id) for id in (1, 0))
    other = TantivyEngine.open(tmp_path / "index")
    other.write([entry(2)])
    assert set(engine.revisions()) == {1, 2}
    other.close()


def test_a_merge_under_way_is_seen_and_what_a_killed_one_left_goes_with_the_next_commit(
    engine: TantivyEngine, tmp_path: Path
) -> None:
    engine.write([entry(1)])
    engine.close()
    folder = tmp_path / "index"
    assert not writer._is_merging(folder)
    managed, left = folder / ".managed.json", folder / "0123456789abcdef0123456789abcdef.idx"
    left.write_bytes(b"half a segment")
    managed.write_text(json.dumps([*json.loads(managed.read_text()), left.name]))
    assert writer._is_merging(folder)
    other = TantivyEngine.open(folder)
    other.write([entry(2)])
    assert not writer._is_merging(folder) and not left.exists()
    other.close()
    assert not writer._is_merging(tmp_path / "gone")
