"""Nodes on Whoosh's posting lists find the same as a plain search of the texts, in one segment or several."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.base import Adjacent, Engine, Every, IndexEntry, Node, Plan, Some, Starts, Term
from search.engines.whoosh.engine import WhooshEngine
from search.tokens import syllables

COUNT = 300
"""More than two blocks of a posting list."""
WORDS = ("khen", "thưởng", "thi", "đua", "kỷ", "luật")
KHEN_THUONG = Adjacent("syl", ("khen", "thưởng"))
LUAT = Term("syl", "luật")


def _texts(id: int) -> list[str]:
    """Two parts of a document, the same for the same document."""
    rng = random.Random(id)
    return [" ".join(rng.choices(WORDS, (6, 5, 4, 3, 1, 1), k=rng.randint(1, 25))) for _ in range(2)]


def _entry(id: int) -> IndexEntry:
    return IndexEntry(
        id, 1, tuple(map(syllables, _texts(id))), subject=syllables("khen thưởng" if id % 3 else "kỷ luật")
    )


@pytest.fixture(scope="module", params=[1, 7], ids=["one segment", "several segments"])
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """An index of COUNT documents, one of them written twice and one taken out."""
    made = WhooshEngine.create(tmp_path_factory.mktemp("index"))
    made.write([_entry(5), _entry(COUNT + 1)])
    for part in range(request.param):
        made.write([_entry(id) for id in range(1, COUNT + 1) if id % request.param == part])
    made.write((), [COUNT + 1])
    yield made
    made.close()


def _holds(node: Node, id: int) -> bool:
    """True if a plain look at the document's texts finds the node."""
    parts = [text.split() for text in _texts(id)]
    match node:
        case Term(_, text):
            return any(text in part for part in parts)
        case Starts(_, prefix):
            return any(word.startswith(prefix) for part in parts for word in part)
        case Adjacent(_, texts):
            return any(part[at : at + len(texts)] == list(texts) for part in parts for at in range(len(part)))
        case Every(nodes):
            return all(_holds(one, id) for one in nodes)
        case Some(nodes, minimum):
            return sum(_holds(one, id) for one in nodes) >= minimum
        case _:
            raise AssertionError(node)


@pytest.mark.parametrize("node", [
    LUAT, KHEN_THUONG, Adjacent("syl", ("thi", "đua", "khen")), Adjacent("syl", ("khen", "khen", "khen", "khen")),
    Starts("syl", "l"), Every((KHEN_THUONG, LUAT)), Some((LUAT, Term("syl", "kỷ"), Term("syl", "đua")), 2),
    Some((KHEN_THUONG, Every((LUAT, Starts("syl", "đ"))))),
], ids=str)  # fmt: skip
def test_what_is_found_is_what_a_plain_look_finds(engine: Engine, node: Node) -> None:
    found = {id for id, _ in engine.search(Plan(node), limit=COUNT).top}
    assert found == {id for id in range(1, COUNT + 1) if _holds(node, id)}
    assert 0 < len(found) < COUNT


def _scores(engine: Engine, node: Node) -> dict[int, float]:
    return dict(engine.search(Plan(node), limit=COUNT).top)


def test_all_of_some_nodes_score_as_much_as_each_by_itself(engine: Engine) -> None:
    both, phrase, word = (_scores(engine, node) for node in (Every((KHEN_THUONG, LUAT)), KHEN_THUONG, LUAT))
    assert both == pytest.approx({id: phrase[id] + word[id] for id in both})
    assert min(phrase.values()) > 0


def test_any_of_some_nodes_score_as_the_sum_of_those_that_hold(engine: Engine) -> None:
    nodes = (KHEN_THUONG, LUAT, Term("subject", "luat"))
    some, parts = _scores(engine, Some(nodes)), [_scores(engine, node) for node in nodes]
    assert some == pytest.approx({id: sum(part.get(id, 0) for part in parts) for id in some})


def test_a_word_in_a_field_that_is_not_weighed_counts_little(engine: Engine) -> None:
    assert 0 < max(_scores(engine, LUAT).values()) / 10 < max(_scores(engine, Term("subject", "luat")).values())


def test_segments_are_merged_behind_the_commits_and_nothing_gets_lost(tmp_path: Path) -> None:
    made, whole = WhooshEngine.create(tmp_path / "many"), WhooshEngine.create(tmp_path / "whole")
    for start in range(1, 61, 5):
        made.write([_entry(id) for id in range(start, start + 5)])
    made.write([_entry(7)], [8])
    made.close()
    whole.write([_entry(id) for id in range(1, 61) if id != 8])
    assert len(list((tmp_path / "many").glob("*.seg"))) < 8, "13 commits"
    assert made.revisions() == whole.revisions()
    for node in (LUAT, KHEN_THUONG, Starts("fold", "th")):
        assert _scores(made, node).keys() == _scores(whole, node).keys()


def test_what_is_kept_of_posting_lists_has_a_bound(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = [_scores(engine, Term("syl", word)) for word in WORDS]
    monkeypatch.setattr("search.engines.whoosh.snapshot._MOST_KEPT", 1)
    assert [_scores(engine, Term("syl", word)) for word in WORDS] == expected
