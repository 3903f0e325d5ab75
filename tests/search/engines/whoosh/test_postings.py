"""Nodes weighed on Whoosh's segments: the same sums whatever way leads to them, and however large the numbers are."""

from __future__ import annotations

import random
import struct
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.base import Adjacent, Answer, BrokenIndex, Engine, Entry, Every, Plan, Some, Term
from search.engines.whoosh.codec import blocks
from search.engines.whoosh.engine import WhooshEngine
from search.tokens import syllables

COUNT = 1500
"""Enough that a list is skipped through for a few documents, and that it has several blocks."""
KHEN_THUONG = Adjacent("syl", ("khen", "thưởng"))
RARE = Term("syl", "biển")
_IDS = struct.pack("<III", 0, 1, 2)
"""The documents of a word that all of three hold, as they lie in a block."""


def _entry(id: int, text: str) -> Entry:
    return Entry(id, 1, (syllables(text),), subject=syllables("khen thưởng" if id % 3 else "kỷ luật"))


def _text(id: int) -> str:
    return f"số {id} khen thưởng " + "ở đây " * (id % 7) + ("biển đảo" if id % 100 == 1 else "núi rừng")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An index of COUNT documents in two segments."""
    made = WhooshEngine.create(tmp_path_factory.mktemp("index"))
    for ids in (range(1, 1101), range(1101, COUNT + 1)):
        made.write([_entry(id, _text(id)) for id in ids])
    yield made
    made.close()


def _scores(engine: Engine, plan: Plan) -> dict[int, float]:
    return {id: round(score, 6) for id, score in engine.search(plan, limit=COUNT).top}


def test_all_of_some_nodes_score_as_much_as_each_by_itself(engine: Engine) -> None:
    """A phrase among few documents is looked for in these alone: it must be worth no less."""
    both = _scores(engine, Plan(Every((KHEN_THUONG, RARE))))
    phrase, rare = _scores(engine, Plan(KHEN_THUONG)), _scores(engine, Plan(RARE))
    assert both == pytest.approx({id: phrase[id] + rare[id] for id in rare}, abs=2e-6)
    assert len(both) == 15 and min(phrase.values()) > 0


def test_any_of_some_nodes_score_as_the_sum_of_those_that_hold(engine: Engine) -> None:
    some = _scores(engine, Plan(Some((KHEN_THUONG, RARE, Term("subject", "luat")))))
    parts = [_scores(engine, Plan(node)) for node in (KHEN_THUONG, RARE, Term("subject", "luat"))]
    assert some == pytest.approx({id: sum(part.get(id, 0) for part in parts) for id in some}, abs=4e-6)
    assert len(some) == COUNT


def test_a_question_asked_again_with_more_is_worth_what_it_is_at_once(engine: Engine) -> None:
    must, first, more = Term("syl", "số"), (KHEN_THUONG, Term("subject", "thuong")), (RARE,)
    at_once = engine.search(Plan(must, should=(*first, *more)), limit=COUNT)
    engine.search(Plan(must, should=first), limit=3)
    assert engine.search(Plan(must, should=(*first, *more)), limit=COUNT) == at_once
    assert engine.search(Plan(must, should=more), limit=COUNT) != at_once


def test_threads_that_ask_at_once_are_answered_as_one(tmp_path: Path, engine: Engine) -> None:
    """They share one view of the index, and are the first to ask it."""
    plans = [Plan(Term("fold", "so"), should=(KHEN_THUONG, Term("syl", str(id)))) for id in range(1, 41)]
    expected = [engine.search(plan, limit=5) for plan in plans]
    fresh = WhooshEngine.create(tmp_path)
    for ids in (range(1, 1101), range(1101, COUNT + 1)):
        fresh.write([_entry(id, _text(id)) for id in ids])
    fresh = WhooshEngine.open(tmp_path)
    answers: dict[int, list[Answer]] = {}

    def ask(hand: int) -> None:
        answers[hand] = [fresh.search(plan, limit=5) for plan in plans]

    hands = [threading.Thread(target=ask, args=(hand,)) for hand in range(8)]
    for thread in hands:
        thread.start()
    for thread in hands:
        thread.join()
    assert [answers.get(hand) == expected for hand in range(8)] == [True] * 8


def test_two_indexes_whose_segments_are_named_alike_keep_apart(tmp_path: Path) -> None:
    held = []
    for id in (1, 2):
        random.seed(7)
        made = WhooshEngine.create(tmp_path / str(id))
        made.write([_entry(id, "khen thưởng")])
        held.append(made.revisions())
        made.close()
    assert held == [{1: 1}, {2: 1}]


def test_a_text_longer_than_two_bytes_count_is_found_to_its_end(tmp_path: Path) -> None:
    engine = WhooshEngine.create(tmp_path)
    long = "thi đua " * 36_000 + "khen thưởng"
    for ids in ((1, 2), (3, 4), (5, 6), (7, 8), (10, 11)):
        engine.write([_entry(id, long if id == 1 else _text(id)) for id in ids])
    assert len(list(tmp_path.glob("*.seg"))) < 5, "else no merge was tried"
    assert set(_scores(engine, Plan(Adjacent("syl", ("đua", "khen", "thưởng"))))) == {1}
    assert set(_scores(engine, Plan(Adjacent("syl", ("đua", "thi"))))) == {1}
    assert engine.search(Plan(Term("syl", "thi")), limit=1).top[0][0] == 1
    engine.write((), [2])
    for id in range(12, 24):
        engine.write([_entry(id, _text(id))])
    assert set(_scores(engine, Plan(Adjacent("syl", ("đua", "khen", "thưởng"))))) == {1}


def test_a_list_that_names_documents_which_are_not_there_is_noticed(tmp_path: Path) -> None:
    WhooshEngine.create(tmp_path).write([_entry(id, _text(id)) for id in range(1, 4)])
    (file,) = tmp_path.glob("*.seg")
    data = file.read_bytes()
    assert data.count(_IDS) > 3
    # Put in its place, not written over: what this process still has mapped must not change below it.
    (tmp_path / "torn").write_bytes(data.replace(_IDS, struct.pack("<III", 0, 1, 77)))
    (tmp_path / "torn").replace(file)
    for node in (Term("syl", "khen"), KHEN_THUONG):
        with pytest.raises(BrokenIndex):
            WhooshEngine.open(tmp_path).search(Plan(node), limit=1)


def test_a_list_that_holds_less_than_it_says_is_noticed() -> None:
    head = struct.pack("<IIIB", 12, 200, 199, 1)
    with pytest.raises(EOFError):
        list(blocks(memoryview(b"VBP2" + head + bytes(12)), 0))
    with pytest.raises(EOFError):
        list(blocks(memoryview(b"VBP2" + head + bytes(5)), 0))
