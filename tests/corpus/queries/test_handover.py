"""Lists of hand-overs on either database: order, pages, counts, what a reader may see, and a backup of it all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import select

from corpus import records
from corpus.access import accounts, groups
from corpus.config import Settings
from corpus.database.handover_tables import Handover, Notice
from corpus.database.store import Store, open_store
from corpus.handover.orders import Receiver
from corpus.numbering import working_days
from corpus.numbering.typed_days import today
from corpus.queries import handover as lists
from corpus.queries.handover import HandoverShown, Viewing, Wish
from corpus.upkeep import backup
from tests.corpus.handover.test_answers import NUMBER, give, hand, paper, people, reply

__all__ = ["people"]
UNIT = "Phòng Văn xã"


def reader(store: Store, name: str) -> Viewing:
    with store.db.reading() as session:
        user = accounts.user_named(session, name)
        return lists.viewing(session, user, groups.seen_by(groups.of_user(session, user)), 2)


def page(store: Store, name: str, wish: Wish, size: int = 50) -> list[HandoverShown]:
    """All pages of a list."""
    found: list[HandoverShown] = []
    while True:
        part = lists.page(store, reader(store, name), wish, size)
        found += part.rows
        if part.following is None:
            return found
        wish = Wish(wish.which, wish.due, wish.finished, part.following)


@pytest.fixture
def filled(store: Store, people: dict[str, int]) -> Store:
    """Seven papers to a person, every other one to his unit too; no deadline, tomorrow, in thirty days."""
    records.join_group(store, UNIT, "binh", "sep")
    for number in range(7):
        to = [Receiver("lead", "binh")] + [Receiver("with", UNIT, unit=True)] * (number % 2)
        give(store, people, paper(store, f"{number + 1}/UBND-VX"), *to, deadline=("", "1", "30")[number % 3])
    return store


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_of_any_size_are_the_whole_list_in_order(size: int, filled: Store) -> None:
    ids = [one.id for one in page(filled, "binh", Wish("mine"), size)]
    assert ids == [2, 5, 3, 6, 1, 4, 7]
    assert [one.id for one in page(filled, "chu tich", Wish("given"), size)] == ids
    assert [one.id for one in page(filled, "sep", Wish("all"), size)] == ids
    assert [one.id for one in page(filled, "hoa", Wish("unit"), size)] == [2, 6, 4]
    assert page(filled, "hoa", Wish("mine"), size) == [] and page(filled, "pho", Wish("given"), size) == []


def test_finished_ones_come_last_first(filled: Store, people: dict[str, int]) -> None:
    for part in (1, 4):
        records.finish_part(filled, part, "xong", hand(people, "binh"))
    assert [one.id for one in page(filled, "binh", Wish("mine", finished=True), 1)] == [3, 1]
    assert [one.id for one in page(filled, "binh", Wish("mine"))] == [2, 5, 6, 4, 7]
    assert lists.count(filled, reader(filled, "binh"), Wish("mine")) == 5


def test_counts_stop_where_they_are_told(filled: Store) -> None:
    counted = [lists.count(filled, reader(filled, "binh"), Wish("mine"), most) for most in (0, 3, 6, 7, 99)]
    assert counted == [1, 4, 7, 7, 7]


def test_what_is_limited_or_taken_back_is_neither_listed_nor_counted(filled: Store) -> None:
    records.add_group(filled, "Kín", "sep")
    records.limit(filled, 2, ["Kín"], "sep")
    records.withdraw(filled, 3, "nhầm", "sep")
    for name, which in (("binh", "mine"), ("chu tich", "given"), ("hoa", "unit")):
        ids = [one.document_id for one in page(filled, name, Wish(which), 2)]
        assert not {2, 3} & set(ids), name
        assert lists.count(filled, reader(filled, name), Wish(which)) == len(ids)
        assert lists.one(filled, reader(filled, name), 2) is None
    assert 2 in [one.document_id for one in page(filled, "sep", Wish("all"))]


def test_an_answer_that_one_may_not_see_is_not_named(store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    records.add_group(store, "Kín", "sep")
    records.limit(store, answer, ["Kín"], "sep")
    (shown,) = page(store, "sep", Wish("all", finished=True))
    assert (shown.state, shown.answer and shown.answer.number) == ("answered", "90/UBND-VX")
    (shown,) = page(store, "binh", Wish("mine", finished=True))
    assert (shown.id, shown.state, shown.answer, shown.closed_by) == (made, "done", None, None)


def test_a_deputy_has_the_owners_list_within_his_own_sight(filled: Store, people: dict[str, int]) -> None:
    records.add_group(filled, "Kín", "sep")
    records.join_group(filled, "Kín", "binh", "sep")
    records.limit(filled, 5, ["Kín"], "sep")
    records.delegate(filled, "binh", "pho", (today(), today()), "", "binh")
    assert [one.id for one in page(filled, "binh", Wish("mine"))] == [2, 5, 3, 6, 1, 4, 7]
    assert [one.id for one in page(filled, "pho", Wish("mine"), 2)] == [2, 3, 6, 1, 4, 7]
    later = working_days.after(today(), 5)
    records.end_delegation(filled, 1, people["binh"], "binh")
    records.delegate(filled, "binh", "pho", (later, later), "", "binh")
    assert page(filled, "pho", Wish("mine")) == [], "not before its first day"


def test_a_backup_keeps_it_and_leaves_mails_that_wait(filled: Store, tmp_path: Path) -> None:
    records.set_mailbox(filled, "binh", "binh@sott.example", "binh", notices_wanted=True, digest=True)
    records.queue_digests(filled, today())
    backup.backup(filled, tmp_path / "b.tar")
    settings = Settings(_env_file=None, home=tmp_path / "other")
    backup.restore(settings, tmp_path / "b.tar")
    other = open_store(settings)
    with filled.db.reading() as mine, other.db.reading() as theirs:
        assert len(mine.scalars(select(Notice)).all()) == 1 and theirs.scalars(select(Notice)).all() == []
        both = [
            [(one.id, one.note, one.deadline, one.state) for one in session.scalars(select(Handover))]
            for session in (mine, theirs)
        ]
    assert both[0] == both[1] and len(both[0]) == 7
    assert [one.id for one in page(other, "binh", Wish("mine"))] == [2, 5, 3, 6, 1, 4, 7]
    assert records.queue_digests(other, today()) is None, "nobody gets the day's digest twice"
    other.close()
