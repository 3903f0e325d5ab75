"""Registers that an office keeps, on both databases: rules, numbers of each, years, moving to and fro."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from datetime import date
from itertools import zip_longest
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import delete, select

from corpus import records
from corpus.config import Settings
from corpus.database.models import Document, OwnBody
from corpus.database.register_rows import RegisterEntry, RegisterYear
from corpus.database.store import Store
from corpus.document import Field, Fields
from corpus.errors import Problem
from corpus.json_shapes import fields_to_json
from corpus.queries import register_books, registers
from corpus.registers.books import BookTyped
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import RegisterLine, RegisterName
from corpus.registers.numbers import RegisterNumber as N
from tests.corpus.records.test_registers import documents, refusal

DAY = date(2026, 3, 5)
DECISIONS, LETTERS = "so-quyet-dinh", "so-cong-van"


def papers(store: Store, *types: str, issuers: tuple[str, ...] = ()) -> list[int]:
    """Documents of these types, and of these issuers; once for each store."""
    ids = documents(store, len(types))
    with store.db.writing() as session:
        for one, doc_type, issuer in zip_longest(ids, types, issuers, fillvalue=""):
            found = session.get_one(Document, one)
            found.doc_type, found.issuer = str(doc_type), str(issuer)
            fields = Fields(issuer=Field(str(issuer), str(issuer), 1.0)) if issuer else Fields()
            found.fields = fields_to_json(fields)
    return ids


def book(store: Store, register: str, kind: str = "outgoing") -> list[tuple[str, str, int | None]]:
    rows = select(RegisterEntry).where(RegisterEntry.kind == kind, RegisterEntry.register == register)
    with store.db.reading() as session:
        found = session.scalars(
            rows.order_by(RegisterEntry.year, RegisterEntry.ordinal, RegisterEntry.minor)
        ).all()
    return [(str(N(one.ordinal, one.minor)), one.state, one.document_id) for one in found]


@pytest.fixture
def kept(store: Store) -> Store:
    """One register for decisions, one for letters, both of papers that go out."""
    for name, types in (("Sổ quyết định", "Quyết định"), ("Sổ công văn", "Công văn")):
        records.add_register(store, "outgoing", BookTyped(name, types=types), "lan")
    return store


def test_a_paper_goes_by_itself_into_the_register_of_its_type(kept: Store) -> None:
    one, two, three, four = papers(kept, "Quyết định", "Công văn", "Kế hoạch", "Quyết định")
    given_ = [records.give_number(kept, each, "outgoing", "lan", DAY) for each in (one, two, three)]
    assert [(each.register, each.number) for each in given_] == [(DECISIONS, "1"), (LETTERS, "1"), ("", "1")]
    chosen = records.give_number(kept, four, "outgoing", "lan", DAY, register=LETTERS)
    assert (chosen.register, chosen.number) == (LETTERS, "2"), "a clerk chose another"
    assert records.give_number(kept, four, "outgoing", "lan", DAY) == chosen, "it keeps that number"
    assert refusal(lambda: records.give_number(kept, four, "outgoing", "lan", DAY, register="")) == "register_held"
    assert records.give_number(kept, one, "incoming", "lan", DAY).register == "", "rules are of one direction"


def test_reserving_late_insertion_and_cancelling_are_of_one_register(kept: Store) -> None:
    one, two = papers(kept, "Quyết định", "Quyết định")
    records.reserve_numbers(kept, "outgoing", 2, "để dành", "lan", DAY, register=DECISIONS)
    line = RegisterLine("outgoing", 2026, N(1), DECISIONS)
    assert (
        refusal(lambda: records.fill_number(kept, RegisterLine("outgoing", 2026, N(1)), one, "lan")) == "not_found"
    )
    assert records.fill_number(kept, line, one, "lan").register == DECISIONS
    late = records.insert_number(kept, two, "outgoing", LatePlace(2026, N(1)), "", "lan", DAY, register=DECISIONS)
    assert (late.number, late.register) == ("1a", DECISIONS)
    records.cancel_number(kept, RegisterLine("outgoing", 2026, N(2), DECISIONS), "thôi", "lan")
    assert book(kept, DECISIONS) == [("1", "given", one), ("1a", "given", two), ("2", "cancelled", None)]
    assert book(kept, "") == book(kept, LETTERS) == []


def test_moved_by_mistake_and_back(kept: Store) -> None:
    (one,) = papers(kept, "Quyết định")
    records.give_number(kept, one, "outgoing", "lan", DAY)
    first = RegisterLine("outgoing", 2026, N(1), DECISIONS)
    records.remark_number(kept, first, Remarks("Phòng Nội vụ", 3, "bản chính"), "lan")
    moved = records.move_number(kept, first, LETTERS, "vào nhầm sổ", "lan", DAY)
    assert (moved.register, moved.number, moved.document) == (LETTERS, "1", one)
    assert book(kept, DECISIONS) == [("1", "cancelled", one)]
    shown = registers.line(kept, first, registers.EVERYTHING)
    assert shown is not None and shown.reason == "vào nhầm sổ"
    assert shown.moved == RegisterLine("outgoing", 2026, N(1), LETTERS)
    there = RegisterLine("outgoing", 2026, N(1), LETTERS)
    took = registers.line(kept, there, registers.EVERYTHING)
    assert took is not None and (took.unit, took.copies, took.note) == ("Phòng Nội vụ", 3, "bản chính")
    back = records.move_number(kept, there, DECISIONS, "chuyển về", "lan", DAY)
    assert (back.register, back.number) == (DECISIONS, "1"), "its old number"
    assert book(kept, DECISIONS) == [("1", "given", one)] and book(kept, LETTERS) == [("1", "cancelled", one)]
    again = records.move_number(kept, first, LETTERS, "lần nữa", "lan", DAY)
    assert again.number == "1" and len(book(kept, LETTERS)) == 1, "to and fro takes no further number"


def test_a_number_cancelled_by_mistake_is_restored(kept: Store) -> None:
    one, two = papers(kept, "Quyết định", "Quyết định")
    for each in (one, two):
        records.give_number(kept, each, "outgoing", "lan", DAY)
    records.reserve_numbers(kept, "outgoing", 1, "để dành", "lan", DAY, register=DECISIONS)
    lines = [RegisterLine("outgoing", 2026, N(at), DECISIONS) for at in (1, 2, 3)]
    for line in lines:
        records.cancel_number(kept, line, "nhầm", "lan")
    assert records.restore_number(kept, lines[0], "hủy nhầm", "lan").document == one
    assert records.restore_number(kept, lines[2], "hủy nhầm", "lan").state == "reserved"
    assert refusal(lambda: records.restore_number(kept, lines[0], "x", "lan")) == "register_state"
    records.give_number(kept, two, "outgoing", "lan", DAY)
    assert refusal(lambda: records.restore_number(kept, lines[1], "x", "lan")) == "register_held"


def test_each_year_begins_again_and_may_begin_elsewhere(kept: Store) -> None:
    one, two, three, four = papers(kept, *["Quyết định"] * 4)
    which = RegisterName("outgoing", DECISIONS)
    records.begin_register(kept, which, 2026, 512, "lan")
    assert records.give_number(kept, one, "outgoing", "lan", date(2026, 12, 31)).number == "512"
    assert records.give_number(kept, two, "outgoing", "lan", date(2027, 1, 1)).number == "1", "on New Year's Day"
    late = records.insert_number(
        kept, three, "outgoing", LatePlace(2026, N(512)), "ký 31/12", "lan", date(2027, 1, 4), register=DECISIONS
    )
    assert (late.year, late.number, late.day) == (2026, "512a", "2026-12-31")
    assert refusal(lambda: records.begin_register(kept, which, 2026, 1, "lan")) == "bad_value", "it has numbers"
    records.begin_register(kept, RegisterName("incoming"), 2026, 77, "lan")
    assert records.give_number(kept, four, "incoming", "lan", DAY).number == "77", "of the common one too"


def test_a_closed_register_changes_no_more(kept: Store) -> None:
    one, two, three = papers(kept, *["Quyết định"] * 3)
    which, line = RegisterName("outgoing", DECISIONS), RegisterLine("outgoing", 2026, N(1), DECISIONS)
    records.give_number(kept, one, "outgoing", "lan", DAY)
    other = records.give_number(kept, three, "outgoing", "lan", DAY, register=LETTERS)
    records.reserve_numbers(kept, "outgoing", 1, "để dành", "lan", DAY, register=DECISIONS)
    assert refusal(lambda: records.close_register(kept, which, 2026, "lan", DAY)) == "bad_value", "one is reserved"
    records.cancel_number(kept, RegisterLine("outgoing", 2026, N(2), DECISIONS), "thôi", "lan")
    assert refusal(lambda: records.close_register(kept, which, 2027, "lan", DAY)) == "bad_value", "still to come"
    records.close_register(kept, which, 2026, "lan", DAY)
    before = book(kept, DECISIONS)
    to_letters = RegisterLine("outgoing", 2026, N(int(other.number)), LETTERS)
    for act in (
        lambda: records.give_number(kept, two, "outgoing", "lan", DAY),
        lambda: records.reserve_numbers(kept, "outgoing", 1, "x", "lan", DAY, register=DECISIONS),
        lambda: records.insert_number(
            kept, two, "outgoing", LatePlace(2026, N(1)), "", "lan", DAY, register=DECISIONS
        ),
        lambda: records.cancel_number(kept, line, "x", "lan"),
        lambda: records.remark_number(kept, line, Remarks(note="x"), "lan"),
        lambda: records.move_number(kept, line, LETTERS, "x", "lan", DAY),
        lambda: records.move_number(kept, to_letters, DECISIONS, "x", "lan", DAY),
        lambda: records.restore_number(kept, RegisterLine("outgoing", 2026, N(2), DECISIONS), "x", "lan"),
        lambda: records.close_register(kept, which, 2026, "lan", DAY),
    ):
        assert refusal(act) == "register_shut"
    assert book(kept, DECISIONS) == before
    assert records.give_number(kept, two, "outgoing", "lan", date(2027, 1, 2)).number == "1", (
        "the next year is open"
    )
    records.reopen_register(kept, which, 2026, "thiếu một văn bản", "lan")
    assert records.remark_number(kept, line, Remarks(note="x"), "lan").number == "1"


def test_two_own_bodies_each_have_their_registers(store: Store) -> None:
    party, authority = "Đảng ủy xã An Bình", "Ủy ban nhân dân xã An Bình"
    for name in (party, authority):
        records.add_own_body(store, name, "", "lan")
        records.add_register(store, "outgoing", BookTyped(f"Sổ đi {name}", body=name), "lan")
        records.add_register(store, "incoming", BookTyped(f"Sổ đến {name}", body=name), "lan")
    issuers = (party, authority, "Sở Nội vụ tỉnh An Giang")
    one, two, three = papers(store, "Quyết định", "Quyết định", "Công văn", issuers=issuers)
    registers_of = [records.give_number(store, each, "outgoing", "lan", DAY).register for each in (one, two)]
    assert registers_of == ["so-di-dang-uy-xa-an-binh", "so-di-uy-ban-nhan-dan-xa-an-binh"]
    both = [
        records.give_number(store, three, "incoming", "lan", DAY, register=code)
        for code in ("so-den-dang-uy-xa-an-binh", "so-den-uy-ban-nhan-dan-xa-an-binh")
    ]
    assert [(each.number, each.document) for each in both] == [("1", three), ("1", three)], "each body its number"
    with store.db.reading() as session:
        assert len(session.scalars(select(OwnBody)).all()) == 2
    assert refusal(lambda: records.remove_own_body(store, party, "lan")) == "bad_value", "it keeps registers"


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        (BookTyped(" "), "no name"),
        (BookTyped("Sổ quyết định"), "there is one of that name"),
        (BookTyped("x" * 201), "a name beyond bounds"),
        (BookTyped("Sổ mới", types="Quyết dịnh khác"), "no type"),
        (BookTyped("Sổ mới", body="Sở không có"), "no body of ours"),
        (BookTyped("Sổ mới", years=(2027, 2026)), "years out of order"),
        (BookTyped("Sổ mới", years=(1, None)), "a year before all"),
    ],
)
def test_a_bad_register_is_refused(typed: BookTyped, reason: str, kept: Store) -> None:
    assert refusal(lambda: records.add_register(kept, "outgoing", typed, "lan")) == "bad_value", reason
    assert [one.code for one in register_books.kept(kept)] == [DECISIONS, LETTERS], reason


def test_a_register_is_changed_and_one_without_numbers_removed(kept: Store) -> None:
    (one,) = papers(kept, "Chỉ thị")
    records.change_register(
        kept, DECISIONS, BookTyped("Sổ quyết định, chỉ thị", types="chỉ thị; Quyết định"), "lan"
    )
    assert register_books.kept(kept)[0].types == ("Chỉ thị", "Quyết định")
    assert records.give_number(kept, one, "outgoing", "lan", DAY).register == DECISIONS
    assert refusal(lambda: records.remove_register(kept, DECISIONS, "lan")) == "bad_value"
    records.remove_register(kept, LETTERS, "lan")
    assert [each.code for each in register_books.kept(kept)] == [DECISIONS]
    assert refusal(lambda: records.give_number(kept, one, "outgoing", "lan", DAY, register=LETTERS)) == "not_found"


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["give", "choose", "reserve", "late", "cancel", "move", "restore"]),
        st.integers(0, 11),
        st.sampled_from(["", DECISIONS, LETTERS]),
    ),
    max_size=25,
)


@trying(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
def test_whatever_clerks_do_every_register_is_whole(acts: list[tuple[str, int, str]], kept: Store) -> None:
    """After any acts: in each register 1 to n, late ones without a gap, no document with two numbers in force."""
    if not kept.db.is_sqlite:
        pytest.skip("the rules are the same; SQLite is quicker")
    with kept.db.writing() as session:
        for table in (RegisterEntry, RegisterYear, Document):
            session.execute(delete(table))
    ids = papers(kept, *["Quyết định", "Công văn", "Kế hoạch"] * 4)
    allowed = {"not_found", "register_held", "register_state", "bad_value"}
    for act, at, code in acts:
        line = RegisterLine("outgoing", 2026, N(1 + at % 4), code)
        try:
            match act:
                case "give":
                    records.give_number(kept, ids[at], "outgoing", "lan", DAY)
                case "choose":
                    records.give_number(kept, ids[at], "outgoing", "lan", DAY, register=code)
                case "reserve":
                    records.reserve_numbers(kept, "outgoing", 1 + at % 2, "x", "lan", DAY, register=code)
                case "late":
                    place = LatePlace(2026, line.number)
                    records.insert_number(kept, ids[at], "outgoing", place, "", "lan", DAY, register=code)
                case "cancel":
                    records.cancel_number(kept, line, "x", "lan")
                case "move":
                    records.move_number(kept, line, (DECISIONS, LETTERS, "")[at % 3], "x", "lan", DAY)
                case _:
                    records.restore_number(kept, line, "x", "lan")
        except Problem as problem:
            assert problem.code in allowed
    for code in ("", DECISIONS, LETTERS):
        _whole(kept, code)
    with kept.db.reading() as session:
        in_force = session.scalars(select(RegisterEntry.document_id).where(RegisterEntry.state == "given")).all()
    assert max(Counter(in_force).values(), default=1) == 1 and None not in in_force


def _whole(store: Store, register: str) -> None:
    with store.db.reading() as session:
        rows = session.scalars(select(RegisterEntry).where(RegisterEntry.register == register)).all()
    kept_ = sorted((row.ordinal, row.minor) for row in rows)
    ordinals = sorted({ordinal for ordinal, _ in kept_})
    assert len(kept_) == len(set(kept_)) and ordinals == list(range(1, len(ordinals) + 1))
    for ordinal in ordinals:
        minors = [minor for one, minor in kept_ if one == ordinal]
        assert minors == list(range(len(minors)))


_CLERK = """
import sys
from datetime import date
from itertools import zip_longest
from pathlib import Path
from corpus import records
from corpus.config import Settings
from corpus.database.store import open_store
home, database, *ids = sys.argv[1:]
store = open_store(Settings(_env_file=None, home=Path(home), database=database, database_seconds=60))
print("ready", flush=True)
sys.stdin.readline()
for one in ids:
    made = records.give_number(store, int(one), "outgoing", "lan", date(2026, 3, 5))
    print(f"{made.register}:{made.number}", flush=True)
"""


def test_eight_processes_one_killed_leave_three_registers_whole(settings: Settings, kept: Store) -> None:
    """No gap and none twice in any of three registers that eight processes fill at once, one of them killed."""
    ids = papers(kept, *["Quyết định", "Công văn", "Kế hoạch"] * 32)
    command = [sys.executable, "-c", _CLERK, str(settings.home), settings.database]
    clerks = [
        subprocess.Popen(
            [*command, *map(str, ids[at::8])], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            cwd=Path(__file__).parents[3],
        )
        for at in range(8)
    ]  # fmt: skip
    try:
        for one in clerks:
            assert one.stdout is not None and one.stdout.readline() == "ready\n"
        for one in clerks:
            assert one.stdin is not None
            one.stdin.write("\n")
            one.stdin.flush()
        assert clerks[0].stdout is not None
        clerks[0].stdout.readline()
        os.kill(clerks[0].pid, signal.SIGKILL)
        answers = [one.communicate()[0].split() for one in clerks]
    finally:
        for one in clerks:
            one.kill()
            one.wait()
    told = [number for answer in answers for number in answer]
    assert len(told) == len(set(told)), "two clerks were told one number"
    for one in ids:
        records.give_number(kept, one, "outgoing", "mai", DAY)
    for code in ("", DECISIONS, LETTERS):
        _whole(kept, code)
        assert [number for number, _, _ in book(kept, code)] == [str(at) for at in range(1, 33)]
