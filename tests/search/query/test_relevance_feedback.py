"""A question's best hits move up documents with the same words: their common words, and the new order."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from corpus.database.store import Store
from search.index import indexer
from search.query import relevance_feedback
from search.query.language import parse
from search.results import finder

QUESTION = "Người dân bị thu hồi đất thì được bồi thường như thế nào"
GOOD = (
    "Người dân bị thu hồi đất thì được bồi thường bằng nhà ở tái định cư; giá đất cụ thể do tỉnh quy định.",
    "Thu hồi đất thì người dân được bồi thường, bố trí tái định cư như thế nào theo giá đất cụ thể.",
    "Bồi thường khi người dân bị thu hồi đất: được tái định cư, giá đất cụ thể, hỗ trợ đời sống.",
)
ALIKE = "Người được bố trí nhà ở tái định cư thì theo giá đất cụ thể do tỉnh quy định; hỗ trợ đời sống."
OTHER = "Người lao động bị phạt thì được chi trả theo hợp đồng như đã ký."


@pytest.fixture(params=["whoosh", "tantivy", pytest.param("opensearch", marks=pytest.mark.cluster)], autouse=True)
def filled(request: pytest.FixtureRequest, store: Store, put: Callable[..., int]) -> Store:
    """Three answers, a document on the same matter in other words, one with the question's small words only."""
    for text in (*GOOD, ALIKE, OTHER):
        put(text)
    for number in range(8):
        put(f"Việc {number} khác thì làm như mọi năm: lễ hội, văn thư, lưu trữ.")
    indexer.rebuild(store, request.param)
    return store


def test_what_speaks_of_the_same_comes_before_what_shares_small_words(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hits = [hit.id for hit in finder.find(filled, QUESTION).hits]
    assert set(hits[:3]) == {1, 2, 3} and hits.index(4) < hits.index(5)
    monkeypatch.setattr(relevance_feedback, "_TERMS", 0)
    bare = [hit.id for hit in finder.find(filled, QUESTION).hits]
    assert bare.index(5) < bare.index(4), "else this test tells nothing"
    assert sorted(hits) == sorted(bare), "only the order changes"


def test_the_words_are_of_the_hits_and_not_of_the_question(filled: Store) -> None:
    def said(documents: Sequence[int]) -> list[Sequence[str]]:
        return [parse(GOOD[id - 1]).text.lower().replace(".", "").split() for id in documents]

    asked = [word.text for word in parse(QUESTION).words]
    _, engine = finder.usable(filled)
    terms = relevance_feedback.alike(engine, [(1, 3.0), (2, 2.0), (3, 1.0)], asked, said)
    assert "định" in {term.text for term in terms} and not {term.text for term in terms} & set(asked)
    boosts = [term.boost for term in terms]
    assert boosts == sorted(boosts, reverse=True) and 0 < boosts[-1] <= boosts[0] <= 0.15
    assert relevance_feedback.alike(engine, [(1, 3.0), (2, 2.0)], asked, said) == (), "two hits tell too little"
    assert relevance_feedback.alike(engine, [(1, 0.0), (2, 0.0), (3, 0.0)], asked, said) == (), (
        "nor do hits without a score"
    )


def test_another_order_than_relevance_is_left_alone(filled: Store) -> None:
    newest = finder.find(filled, QUESTION, sort="newest").hits
    assert {hit.id for hit in newest} == {hit.id for hit in finder.find(filled, QUESTION).hits}
