"""Questions to the registers on both databases: one answer, whichever way they are asked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import false

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.queries import registers
from corpus.queries.registers import EVERYTHING, RegisterAsked, Sight
from corpus.registers.numbers import RegisterNumber
from tests.corpus.records.test_registers import documents

HEALTH = "Sở Y tế tỉnh Kiên Giang"


@pytest.fixture
def kept(store: Store) -> Store:
    """Numbers 1 to 6: 2 withdrawn, 3 purged, 5 cancelled, 6 reserved; 1 and 4 of one body, 4 urgent."""
    ids = documents(store, 5)
    with store.db.writing() as session:
        for one in (ids[0], ids[3]):
            session.get_one(Document, one).issuer_key = "so y te kien giang"
        session.get_one(Document, ids[3]).urgency = "KHẨN"
    for at, one in enumerate(ids):
        records.give_number(store, one, "incoming", "lan", date(2026, 3, 5 if at < 3 else 6))
    records.withdraw(store, ids[1], "trùng", "lan")
    records.classify(store, ids[2], "mật", "lan")
    records.cancel_number(store, _line("5"), "nhầm", "lan")
    records.reserve_numbers(store, "incoming", 1, "để dành", "lan", date(2026, 3, 6))
    return store


def _line(number: str) -> Any:
    return registers.RegisterLine("incoming", 2026, RegisterNumber(int(number)))


CASES: list[tuple[dict[str, str], list[str], str]] = [
    ({}, ["1", "2", "3", "4", "5", "6"], "all in their order"),
    ({"since": "2026-03-06"}, ["4", "5", "6"], "from a day"),
    ({"until": "2026-03-05"}, ["1", "2", "3"], "to a day"),
    ({"body": HEALTH}, ["1", "4"], "an issuer in any spelling"),
    ({"body": "Sở Y tế Kiên Giang", "since": "2026-03-06"}, ["4"], "an issuer within days"),
    ({"body": "Bộ Y tế"}, [], "an issuer of none"),
    ({"urgency": "KHẨN"}, ["4"], "a mark"),
    ({"state": "given"}, ["1", "2", "3", "4"], "given, what became of the paper counts not"),
    ({"state": "withdrawn"}, ["2"], "withdrawn"),
    ({"state": "purged"}, ["3"], "purged"),
    ({"state": "cancelled"}, ["5"], "cancelled"),
    ({"state": "reserved"}, ["6"], "reserved"),
]


@pytest.mark.parametrize("few", [2000, 0], ids=["by IDs", "by a walk"])
def test_each_filter_finds_its_numbers(few: int, kept: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "_FEW", few)
    for filters, numbers, reason in CASES:
        asked = RegisterAsked("incoming", 2026, **filters)  # type: ignore[arg-type]
        page = registers.page(kept, asked, EVERYTHING, 50)
        assert [str(one.number) for one in page.lines] == numbers, reason
        every = registers.every(kept, asked, EVERYTHING, 1000)
        assert [str(one.number) for one in every] == numbers, reason


def test_lines_say_what_became_of_their_papers(kept: Store) -> None:
    found = registers.every(kept, RegisterAsked("incoming", 2026), EVERYTHING, 100)
    told = [(str(one.number), one.state, one.reason, one.paper is not None) for one in found]
    assert told == [
        ("1", "given", "", True), ("2", "withdrawn", "trùng", True), ("3", "purged", "mật", False),
        ("4", "given", "", True), ("5", "cancelled", "nhầm", True), ("6", "reserved", "để dành", False),
    ]  # fmt: skip
    assert registers.counts(kept, "incoming", 2026) == {"last": 6, "cancelled": 1, "reserved": 1}
    assert registers.counts(kept, "outgoing", 2026) == {"last": 0}
    assert registers.years(kept, "incoming") == (2026, 2026) and registers.years(kept, "internal") is None


def test_who_may_see_nothing_finds_numbers_and_nothing_else(kept: Store) -> None:
    blind = Sight(lambda _: False, false(), lambda _: False)
    for filters, _, reason in CASES:
        asked = RegisterAsked("incoming", 2026, **filters)  # type: ignore[arg-type]
        lines = list(registers.every(kept, asked, blind, 100))
        if filters.keys() & {"body", "urgency"} or filters.get("state") in ("withdrawn", "purged"):
            assert lines == [], reason
        for one in lines:
            assert one.paper is None and one.state in ("given", "cancelled", "reserved"), reason
            assert not one.hidden or (one.reason, one.unit, one.note, one.copies) == ("", "", "", None), reason
    counted = registers.totals(kept, RegisterAsked("incoming", 2026), blind)
    assert {group for group, _, _ in counted} == {"2026-03"}, "months alone"


def test_stretches_join_without_gap_or_repetition(kept: Store) -> None:
    asked = RegisterAsked("incoming", 2026)
    seen: list[str] = []
    take: Callable[..., Any] = lambda **on: registers.page(kept, asked, EVERYTHING, 2, **on)  # noqa: E731
    page = take(after=RegisterNumber(0))
    while True:
        seen += [str(one.number) for one in page.lines]
        if page.after is None:
            break
        page = take(after=page.after)
    assert seen == ["1", "2", "3", "4", "5", "6"]
