"""Days of effect in an index: a state on any day by two ranges, updated when another document ends this one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus import records
from corpus.database.store import Store
from search.engines.base import EVERYONE
from search.index import indexer
from search.index.visibility import token
from search.results import finder

Put = Callable[..., int]


@pytest.fixture(params=["whoosh", "tantivy", pytest.param("opensearch", marks=pytest.mark.cluster)])
def engine(request: pytest.FixtureRequest, store: Store) -> str:
    """An empty index of each engine."""
    indexer.rebuild(store, request.param)
    return str(request.param)


def found(store: Store, query: str, viewer: tuple[str, ...] | None = (EVERYONE,)) -> dict[int, str | None]:
    """Document → its state on the day that is asked of."""
    return {hit.id: hit.effect for hit in finder.find(store, query, viewer=viewer).hits}


def effective(put: Put) -> dict[str, int]:
    """A document for each state today, by its name."""
    return {
        "in force": put("quy định một", number="901/2020/NĐ-CP", date="2020-01-01", since="2020-02-01"),
        "last day said": put("quy định hai", number="902/2020/NĐ-CP", date="2020-01-01", since="2020-02-01",
            until="2021-12-31"),
        "coming": put("quy định ba", number="903/2020/NĐ-CP", date="2020-01-01", since="2998-01-01"),
        "nothing said": put("kế hoạch", number="4/KH-UBND", date="2020-01-01"),
        "ended in part": put("quy định năm", number="905/2020/NĐ-CP", date="2020-01-01", since="2020-02-01"),
        "ended": put("quy định sáu", number="906/2020/NĐ-CP", date="2020-01-01", since="2020-02-01"),
        "ended, says nothing": put("quy định bảy", number="907/2020/NĐ-CP", date="2020-01-01"),
        "ender": put("bãi bỏ", number="908/2022/NĐ-CP", date="2022-01-01", since="2022-03-01",
                     ends=("906/2020/NĐ-CP", "907/2020/NĐ-CP"), ends_part_of=("905/2020/NĐ-CP",)),
    }  # fmt: skip


FOUND = [
    ("hieuluc:con", {"in force", "ended in part", "ender"}),
    ("hieuluc:het", {"last day said", "ended", "ended, says nothing"}),
    ("hieuluc:chua", {"coming"}),
    ("hieuluc:motphan", {"ended in part"}),
    ("hieuluc:con -hieuluc:motphan", {"in force", "ender"}),
    ("hieuluc:31/01/2020", set()),
    ("hieuluc:01/02/2020", {"in force", "last day said", "ended in part", "ended"}),
    ("hieuluc:2021-12-31", {"in force", "last day said", "ended in part", "ended"}),
    ("hieuluc:2022-01-01", {"in force", "ended in part", "ended"}),
    ("hieuluc:2022-03-01", {"in force", "ended in part", "ender"}),
    ("hieuluc:2998-01-01", {"in force", "coming", "ended in part", "ender"}),
    ("sáu hieuluc:het", {"ended"}),
    ("so:901 hieuluc:con", {"in force"}),
    ("hieuluc:chua OR hieuluc:motphan", {"coming", "ended in part"}),
]


def test_states_on_days(store: Store, engine: str, put: Put) -> None:
    named = effective(put)
    indexer.sync(store)
    names = {id: name for name, id in named.items()}
    for query, expected in FOUND:
        assert {names[id] for id in found(store, query)} == expected, query
    indexer.rebuild(store, engine)
    for query, expected in FOUND:
        assert {names[id] for id in found(store, query)} == expected, f"built anew: {query}"


def test_hits_carry_the_state_on_the_day_that_is_asked_of(store: Store, engine: str, put: Put) -> None:
    named = effective(put)
    indexer.sync(store)
    assert found(store, "so:905 hieuluc:con") == {named["ended in part"]: "partly"}
    assert found(store, "so:905 hieuluc:2021-06-01") == {named["ended in part"]: "in_force"}
    assert found(store, "kế hoạch -hieuluc:het") == {named["nothing said"]: None}
    assert found(store, "so:905") == {named["ended in part"]: None}, "nobody asked"
    hit = finder.find(store, "hieuluc:het").hits[0].to_json()
    assert hit["effect"] == "ended" and "effect" not in finder.find(store, "so:905").hits[0].to_json()


def _withdrawn(store: Store, ender: int) -> None:
    records.withdraw(store, ender, "nhầm", "clerk")


def _later(store: Store, ender: int) -> None:
    records.correct(store, ender, {"date": "2997-01-01"}, "clerk", None)


def _limited(store: Store, ender: int) -> None:
    records.add_group(store, "Nhóm", "admin")
    records.limit(store, ender, ["Nhóm"], "admin")


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_withdrawn, "the document that ended it is withdrawn"),
        (_later, "its day was misread"),
        (_limited, "only some may see it, and an index tells everyone the same"),
    ],
)
def test_the_index_follows_what_happens_to_the_document_that_ends(
    store: Store, engine: str, put: Put, change: Callable[[Store, int], None], reason: str
) -> None:
    base = put("quy định", number="906/2020/NĐ-CP", date="2020-01-01", since="2020-02-01")
    indexer.sync(store)
    assert found(store, "quy định hieuluc:con") == {base: "in_force"}
    ender = put("bãi bỏ", number="908/2022/NĐ-CP", date="2022-01-01", ends=("906/2020/NĐ-CP",))
    assert indexer.sync(store) == 1
    assert found(store, "quy định hieuluc:het") == {base: "ended"} and found(store, "quy định hieuluc:con") == {}
    change(store, ender)
    indexer.sync(store)
    assert found(store, "quy định hieuluc:con") == {base: "in_force"}, reason
    assert found(store, "quy định hieuluc:het") == {} and indexer.state(store).stale == 0


def test_a_document_that_comes_after_the_one_that_ends_it(store: Store, engine: str, put: Put) -> None:
    put("bãi bỏ", number="908/2022/NĐ-CP", date="2022-01-01", since="2022-03-01", ends=("906/2020/NĐ-CP",))
    indexer.sync(store)
    base = put("quy định", number="906/2020/NĐ-CP", date="2020-01-01", since="2020-02-01")
    indexer.sync(store)
    assert found(store, "quy định hieuluc:het") == {base: "ended"}


def test_who_may_see_the_document_that_ends_is_told_on_the_hit(store: Store, engine: str, put: Put) -> None:
    base = put("quy định", number="906/2020/NĐ-CP", date="2020-01-01", since="2020-02-01")
    ender = put("bãi bỏ", number="908/2022/NĐ-CP", date="2022-01-01", since="2022-03-01", ends=("906/2020/NĐ-CP",))
    _limited(store, ender)
    indexer.sync(store)
    assert found(store, "so:906 hieuluc:con") == {base: "in_force"}
    assert found(store, "so:906 hieuluc:con", (EVERYONE, token(1))) == {base: "ended"}
    assert found(store, "so:906 hieuluc:con", None) == {base: "ended"}
