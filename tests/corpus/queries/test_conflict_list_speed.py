"""Speed of the list of conflicts, as ratios between a small and a large store in one run."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import process_time

import pytest
from sqlalchemy import event, insert

from corpus.authority.identity import issuer_key
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import CitationRow, Document
from corpus.database.store import Store, open_store
from corpus.numbering.number import match_key
from corpus.queries import conflict_list
from corpus.queries.conflict_list import ConflictFilter

KG = "Ủy ban nhân dân tỉnh Kiên Giang"
SMALL, LARGE = 500, 4_000
"""Documents of the two stores."""
EVERY = 5
"""Each fifth document cites the one before by a wrong day."""


def laid_out(home: Settings, count: int) -> Store:
    """A store with `count` plans, each resting on the one before."""
    made = open_store(home)
    documents = [
        {
            "id": at, "sha256": f"{at:064d}", "name": "x", "media_type": "text/plain", "size": 1,
            "status": "accepted",
            "number": f"{at}/KH-UBND", "number_key": match_key(f"{at}/KH-UBND"), "symbol": "KH-UBND",
            "date": "2021-03-01", "year": 2021, "doc_type": "Kế hoạch", "issuer": KG, "issuer_key": issuer_key(KG),
            "received_at": utc_now(), "received_by": "t", "fields": {},
        }
        for at in range(1, count + 1)
    ]  # fmt: skip
    citations = [
        {
            "id": at, "document_id": at, "position": 0, "printed": f"Kế hoạch số {at - 1}/KH-UBND",
            "relation": "basis",
            "doc_type": "Kế hoạch", "number": f"{at - 1}/KH-UBND", "number_key": match_key(f"{at - 1}/KH-UBND"),
            "date": "2021-02-01" if at % EVERY == 0 else "2021-03-01", "issuer": KG, "issuer_key": issuer_key(KG),
            "status": "found", "target_id": at - 1,
        }
        for at in range(2, count + 1)
    ]  # fmt: skip
    with made.db.engine.begin() as connection:
        connection.execute(insert(Document), documents)
        connection.execute(insert(CitationRow), citations)
    return made


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, Store]:
    small, large = (
        laid_out(Settings(_env_file=None, home=tmp_path_factory.mktemp("home") / "kho"), count)
        for count in (SMALL, LARGE)
    )
    return small, large


def least(act: Callable[[], object]) -> float:
    """Seconds of processor time of the fastest of three runs, after one that warms up."""
    act()
    times = []
    for _ in range(3):
        begun = process_time()
        act()
        times.append(process_time() - begun)
    return min(times)


@pytest.mark.parametrize(
    ("wanted", "most", "reason"),
    [
        (ConflictFilter(), 3.0, "a first page costs what it shows, not what the store holds"),
        (ConflictFilter(kind="date_differs"), 3.0, "a kind that many papers have"),
        (ConflictFilter(kind="number_gap"), 3.0, "no own body: nothing is looked at"),
        (ConflictFilter(document=SMALL), 3.0, "one paper's"),
    ],
)
def test_a_page_of_a_large_store_costs_little_more_than_of_a_small_one(
    wanted: ConflictFilter, most: float, reason: str, stores: tuple[Store, Store]
) -> None:
    small, large = (least(partial(conflict_list.page, one, wanted, lambda _: True)) for one in stores)
    assert large / small < most, reason


def test_all_conflicts_cost_in_proportion_to_the_store(stores: tuple[Store, Store]) -> None:
    found = []
    times = []
    for one in stores:
        begun = process_time()
        found.append(sum(1 for _ in conflict_list.every(one, ConflictFilter(kind="date_differs"), lambda _: True)))
        times.append(process_time() - begun)
    assert found == [SMALL // EVERY, LARGE // EVERY]
    assert times[1] / times[0] < 3 * LARGE / SMALL


def test_a_document_without_conflict_of_the_kind_is_not_loaded(stores: tuple[Store, Store]) -> None:
    """Counted in statements, which no busy machine changes."""
    asked = []
    for one in stores:
        statements: list[str] = []

        def heard(*args: object, into: list[str] = statements) -> None:
            into.append(str(args[2]))

        event.listen(one.db.engine, "before_cursor_execute", heard)
        try:
            conflict_list.page(one, ConflictFilter(kind="type_differs"), lambda _: True)
        finally:
            event.remove(one.db.engine, "before_cursor_execute", heard)
        asked.append(len(statements))
    assert asked[0] == asked[1] < 10
