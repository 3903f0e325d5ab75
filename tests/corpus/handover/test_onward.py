"""A receiver hands a paper on: to whom, until when, the chain, what closes which step; on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from corpus import records
from corpus.access import accounts, groups
from corpus.database.handover_tables import Handover
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.numbering import working_days
from corpus.numbering.typed_days import today
from corpus.queries import handover as lists
from corpus.queries.handover import HandoverShown, Wish
from tests.corpus.handover.test_answers import NUMBER, actions, give, hand, paper, people, reply, state

__all__ = ["people"]
UNIT = "Phòng Văn xã"
LEAD = Receiver("lead", "truong phong")


@pytest.fixture
def staff(store: Store, people: dict[str, int]) -> dict[str, int]:
    """A unit of a head and two more, and somebody of another one."""
    ids = dict(people)
    for name in ("truong phong", "thu ky", "an"):
        ids[name] = records.add_user(store, name, "reader", "-")
    records.add_group(store, "Phòng Nội vụ", "sep")
    for name in ("truong phong", "an"):
        records.join_group(store, UNIT, name, "sep")
    records.join_group(store, "Phòng Nội vụ", "binh", "sep")
    return ids


def on(
    store: Store,
    staff: dict[str, int],
    part: int,
    *to: str,
    deadline: str = "",
    why: str = "",
    by: str = "truong phong",
) -> int:
    order = Order(
        tuple(Receiver("lead" if at == 0 else "with", name) for at, name in enumerate(to)), "Em làm nhé", deadline
    )
    return records.hand_on(store, part, order, why, hand(staff, by))


def shown_to(store: Store, name: str, document: int) -> list[HandoverShown]:
    with store.db.reading() as session:
        user = accounts.user_named(session, name)
        reader = lists.viewing(session, user, groups.seen_by(groups.of_user(session, user)), 2)
    return list(lists.of_document(store, reader, document, False))


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(Problem) as raised:
        act()
    return raised.value.code


def test_a_chain_is_shown_to_each_of_its_people(store: Store, staff: dict[str, int]) -> None:
    document = paper(store, NUMBER)
    give(store, staff, document, LEAD, Receiver("know", "thu ky"))
    low = on(store, staff, 1, "hoa", deadline="3")
    lower = records.hand_on(store, 3, Order((Receiver("with", "an"),), "", ""), "", hand(staff, "hoa"))
    for name in ("chu tich", "truong phong", "hoa", "an"):
        found = shown_to(store, name, document)
        assert [(one.id, one.depth) for one in found] == [(1, 0), (low, 1), (lower, 2)], name
    last = shown_to(store, "an", document)[2]
    assert [(one.giver, one.to) for one in last.above] == [
        ("chu tich", "truong phong, thu ky"), ("truong phong", "hoa"),
    ]  # fmt: skip
    assert last.deadline == working_days.after(today(), 3), "without a deadline: that of the part"
    assert [one.to for one in shown_to(store, "an", document)[0].below] == ["hoa"]
    assert [one.id for one in shown_to(store, "thu ky", document)] == [1, low, lower], (
        "one informed sees the chain"
    )
    assert shown_to(store, "binh", document) == [], "the rest of the office sees nothing"
    assert actions(store) == [
        ("chu tich", "handover_give"), ("truong phong", "handover_onward"), ("hoa", "handover_onward"),
    ]  # fmt: skip
    assert state(store, 1)[2] == ["open", "open"], "the part stays with its receiver"


@pytest.mark.parametrize(
    ("to", "deadline", "why", "by", "code", "reason"),
    [
        (("hoa",), "9", "", "truong phong", "onward_late", "later than the one received"),
        (("hoa",), "9", "cần lấy ý kiến xã", "truong phong", None, "later, with a reason"),
        (("hoa",), "5", "", "truong phong", None, "the same day"),
        (("binh",), "", "", "truong phong", "onward_outside", "of another unit"),
        (("truong phong",), "", "", "truong phong", "bad_value", "to oneself"),
        ((), "", "", "truong phong", "bad_value", "to nobody"),
        (("hoa",), "", "", "an", "forbidden", "by another than the receiver"),
        (("hoa",), "hôm qua", "", "truong phong", "bad_value", "no deadline"),
        (("không có",), "", "", "truong phong", "not_found", "nobody of that name"),
    ],
)
def test_what_may_be_handed_on(
    to: tuple[str, ...], deadline: str, why: str, by: str, code: str | None, reason: str, store: Store,
    staff: dict[str, int],
) -> None:  # fmt: skip
    give(store, staff, paper(store, NUMBER), LEAD)
    if code is None:
        made = on(store, staff, 1, *to, deadline=deadline, why=why, by=by)
        with store.db.reading() as session:
            assert session.get_one(Handover, made).why == why, reason
        return
    assert refusal(lambda: on(store, staff, 1, *to, deadline=deadline, why=why, by=by)) == code, reason
    assert actions(store) == [("chu tich", "handover_give")], "a refused act leaves nothing"


def test_who_may_not_see_it_does_not_get_it(store: Store, staff: dict[str, int]) -> None:
    document = paper(store, NUMBER)
    records.add_group(store, "Kín", "sep")
    for name in ("chu tich", "truong phong"):
        records.join_group(store, "Kín", name, "sep")
    records.limit(store, document, ["Kín"], "sep")
    give(store, staff, document, LEAD)
    assert refusal(lambda: on(store, staff, 1, "hoa")) == "handover_unseen"
    records.join_group(store, "Kín", "hoa", "sep")
    assert on(store, staff, 1, "hoa") == 2


def test_a_deputy_hands_on_in_the_heads_name(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), LEAD)
    records.delegate(store, "truong phong", "thu ky", (today(), today()), "", "sep")
    made = on(store, staff, 1, "hoa", by="thu ky")
    with store.db.reading() as session:
        row = session.get_one(Handover, made)
    assert (row.giver_id, row.given_by) == (staff["truong phong"], "thu ky")


def test_a_units_part_is_handed_on_by_a_member(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), Receiver("lead", UNIT, unit=True))
    assert refusal(lambda: on(store, staff, 1, "hoa", by="binh")) == "forbidden", "of no such unit"
    assert refusal(lambda: on(store, staff, 1, "binh")) == "onward_outside"
    made = on(store, staff, 1, "hoa")
    assert state(store, made) == ("open", None, ["open"])


def test_the_lower_step_ends_alone_and_the_upper_takes_it_along(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), LEAD)
    first, second = on(store, staff, 1, "hoa"), on(store, staff, 1, "an")
    records.finish_part(store, 2, "đã thảo", hand(staff, "hoa"))
    assert (state(store, first)[0], state(store, second)[0], state(store, 1)[0]) == ("done", "open", "open")
    records.finish_part(store, 1, "đã ký", hand(staff, "truong phong"))
    assert (state(store, second), state(store, 1)[0]) == (("done", None, ["closed"]), "done")
    assert actions(store)[-2:] == [("truong phong", "handover_closed_above"), ("truong phong", "handover_finish")]


def test_an_answer_closes_all_steps_and_its_going_opens_them(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), LEAD)
    low = on(store, staff, 1, "hoa")
    answer = paper(store, "9/BC-SNV", reply(), date="2026-11-20", issuer="Sở Nội vụ tỉnh Kiên Giang")
    assert state(store, 1)[:2] == state(store, low)[:2] == ("answered", answer)
    records.withdraw(store, answer, "nhầm", "lan")
    assert state(store, 1)[0] == state(store, low)[0] == "open"


def test_what_is_taken_back_goes_with_all_below(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), LEAD)
    low = on(store, staff, 1, "hoa")
    lower = records.hand_on(store, 2, Order((Receiver("lead", "an"),), "", ""), "", hand(staff, "hoa"))
    records.recall_handover(store, low, "giao nhầm", hand(staff, "truong phong"))
    assert [state(store, one)[0] for one in (1, low, lower)] == ["open", "recalled", "recalled"]
    again = on(store, staff, 1, "an")
    records.recall_handover(store, 1, "không làm nữa", hand(staff, "chu tich"))
    assert [state(store, one)[0] for one in (1, again)] == ["recalled", "recalled"]
    assert refusal(lambda: on(store, staff, 1, "hoa")) == "handover_state"


def test_each_step_is_counted_where_it_is_due(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), LEAD, deadline="30")
    on(store, staff, 1, "hoa", deadline="1")
    counted = []
    for name in ("truong phong", "hoa"):
        with store.db.reading() as session:
            reader = lists.viewing(session, accounts.user_named(session, name), lists.EVERYTHING, 2)
        counted.append((name, *(lists.count(store, reader, Wish("mine", due)) for due in lists.DUES)))
        assert lists.has_given(store, reader) == (name == "truong phong")
    assert counted == [("truong phong", 1, 0, 0), ("hoa", 1, 0, 1)]


def test_the_command_hands_on_in_a_members_name(store: Store, staff: dict[str, int]) -> None:
    give(store, staff, paper(store, NUMBER), Receiver("lead", UNIT, unit=True))
    order = Order((Receiver("lead", "hoa"),), "", "")
    assert refusal(lambda: records.hand_on(store, 1, order, "", Acting("root", None, "binh"))) == "forbidden"
    made = records.hand_on(store, 1, order, "", Acting("root", None, "an"))
    with store.db.reading() as session:
        assert session.get_one(Handover, made).giver_id == staff["an"]
