"""What is picked from the best that hold any word is what a search for all of them finds."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from search.engines.base import Every, IndexEntry, Plan, Some, Term
from search.engines.tantivy import search
from search.engines.tantivy.engine import TantivyEngine
from search.tokens import syllables

WORDS = [Term("fold", word) for word in ("mot", "hai", "ba", "bon", "nam")]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TantivyEngine]:
    """2,000 documents of words of which the first are in nearly all, in several segments."""
    rng = random.Random(5)
    made = TantivyEngine.create(Path(tmp_path_factory.mktemp("picked") / "index"))
    names = [term.text for term in WORDS]
    for start in range(0, 2000, 500):
        made.write(
            IndexEntry(id, 1, (syllables(" ".join(rng.choices(names, (60, 40, 20, 8, 1), k=rng.randint(2, 40)))),),
                  date=f"20{rng.randint(10, 26)}-01-01", doc_type=rng.choice(("Kế hoạch", "Công văn")))
            for id in range(start + 1, start + 501)
        )  # fmt: skip
    yield made
    made.close()


@pytest.mark.parametrize("limit", [20, 250])
@pytest.mark.parametrize("plan", [
    Plan(Every(tuple(WORDS[:3]))), Plan(Every(tuple(WORDS))), Plan(Some(tuple(WORDS), 3)),
    Plan(Some(tuple(WORDS), 5)),
    Plan(Some(tuple(WORDS), 2), start="2020-01-01"),
    Plan(Every(tuple(WORDS[:2])), facets=(("doc_type", "Công văn"),)),
    Plan(Some(tuple(WORDS), 2), hidden=tuple(range(1, 300)), without=(WORDS[2],)),
    Plan(Some(tuple(WORDS), 2), first=(WORDS[4],)),
    Plan(Some(tuple(WORDS), 2), sort="newest"),
], ids=str)  # fmt: skip
def test_picked_hits_are_those_that_are_found(
    engine: TantivyEngine, monkeypatch: pytest.MonkeyPatch, plan: Plan, limit: int
) -> None:
    found = TantivyEngine.open(engine._folder).search(plan, limit=limit)
    monkeypatch.setattr(search, "_MANY", 0)
    picked = TantivyEngine.open(engine._folder).search(plan, limit=limit)
    assert (picked.total, picked.facets) == (found.total, found.facets)
    assert [score for _, score in picked.top] == pytest.approx([score for _, score in found.top])
    assert len({id for id, _ in picked.top}) == len(found.top)
