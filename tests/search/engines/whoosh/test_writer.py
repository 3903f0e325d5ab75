"""Whoosh's segments as we write them: of bounded size, merged list by list, with nothing lost or counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from search.engines.base import Adjacent, Entry, Plan, Term
from search.engines.whoosh import writer
from search.engines.whoosh.codec import blocks
from search.engines.whoosh.engine import WhooshEngine
from search.tokens import syllables

COUNT = 700
"""More than one block of a posting list."""


def _entry(id: int, text: str, revision: int = 1) -> Entry:
    date = f"{2000 + id % 20}-01-02"
    return Entry(
        id, revision, (syllables(text), syllables("thi đua")), date=date, recipients=("Lưu: VT", f"Sở {id % 3}")
    )


def _text(id: int) -> str:
    return f"kế hoạch số {id} " + "của sở " * (id % 5) + ("khen thưởng" if id % 2 else "thưởng khen")


ASKED = (Plan(Term("fold", "ke")), Plan(Term("syl", "sở")), Plan(Adjacent("fold", ("khen", "thuong"))),
         Plan(Adjacent("syl", ("kế", "hoạch", "số"))), Plan(Term("fold", "31")), Plan(None, sort="newest"),
         Plan(Term("fold", "so"), facets=(("recipient", "Sở 1"),)))  # fmt: skip


def _answers(engine: WhooshEngine) -> list[object]:
    found: list[object] = []
    for plan in ASKED:
        answer = engine.search(plan, limit=COUNT)
        found.append((answer.total, {id: round(score, 6) for id, score in answer.top}, answer.facets))
    return found


def _filled(folder: Path, commits: Sequence[Sequence[int]]) -> WhooshEngine:
    """An index of documents 1…COUNT, each commit writing some; a document's last version alone counts."""
    engine = WhooshEngine.create(folder)
    for ids in commits:
        engine.write([_entry(id, _text(id)) for id in ids])
    return engine


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[object]:
    """What an index of one commit answers."""
    engine = _filled(tmp_path_factory.mktemp("whole"), [range(1, COUNT + 1)])
    assert engine.count() == COUNT
    return _answers(engine)


def test_a_commit_that_fills_the_pool_lies_in_several_segments(
    whole: list[object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "_POOL_BYTES", 100_000)
    engine = _filled(tmp_path, [range(1, COUNT + 1)])
    assert len(list(tmp_path.glob("*.seg"))) > 2
    assert _answers(engine) == whole


def test_merged_segments_answer_as_one(whole: list[object], tmp_path: Path) -> None:
    parts = [range(start, min(start + 90, COUNT + 1)) for start in range(1, COUNT + 1, 90)]
    engine = _filled(tmp_path, parts)
    assert len(list(tmp_path.glob("*.seg"))) < len(parts)
    assert _answers(engine) == whole


def test_what_was_replaced_is_left_out_of_a_merge(tmp_path: Path) -> None:
    ids = range(1, 61)
    engine = WhooshEngine.create(tmp_path)
    for _ in range(8):
        engine.write([_entry(id, "bản cũ") for id in ids])
    engine.write([_entry(id, _text(id), revision=2) for id in ids])
    engine.write((), [7])
    fresh = _filled(tmp_path / "fresh", [[id for id in ids if id != 7]])
    assert engine.search(Plan(Term("fold", "ban")), limit=5).total == 0
    assert engine.revisions() == dict.fromkeys(set(ids) - {7}, 2)
    assert [answer[0] for answer in _answers(engine)] == [answer[0] for answer in _answers(fresh)]  # type: ignore[index]


def test_a_list_in_a_damaged_file_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(EOFError):
        list(blocks(memoryview(b"\xa5" * 64), 0))
