"""Numbers of the registers on both databases: without gaps, none twice, whoever asks and whoever is killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from corpus import records
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, Document
from corpus.database.register_rows import RegisterEntry
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import RegisterLine
from corpus.registers.numbers import RegisterNumber as N

DAY = date(2026, 3, 5)


def documents(store: Store, count: int) -> list[int]:
    """Rows of documents on record, without originals: a register needs none."""
    with store.db.writing() as session:
        rows = [
            Document(
                sha256=f"{at:064d}", name=f"{at}.pdf", media_type="application/pdf", size=1, status="accepted",
                received_at=utc_now(), received_by="lan", fields={}, machine={},
            )
            for at in range(count)
        ]  # fmt: skip
        session.add_all(rows)
        session.flush()
        return [row.id for row in rows]


def line(number: N, year: int = 2026) -> RegisterLine:
    return RegisterLine("incoming", year, number)


def book(store: Store, kind: str = "incoming", year: int = 2026) -> list[tuple[str, str, int | None]]:
    """The register as it stands: number, state, document, in its order."""
    rows = select(RegisterEntry).where(RegisterEntry.kind == kind, RegisterEntry.year == year)
    with store.db.reading() as session:
        found = session.scalars(rows.order_by(RegisterEntry.ordinal, RegisterEntry.minor)).all()
    return [(str(N(one.ordinal, one.minor)), one.state, one.document_id) for one in found]


def refusal(act: Callable[[], object]) -> str:
    """The code of the problem that an act meets."""
    with pytest.raises(Problem) as raised:
        act()
    return raised.value.code


def actions(store: Store) -> list[tuple[str, int | None]]:
    with store.db.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action.like("register%")).order_by(AuditRow.id))
        return [(row.action, row.document_id) for row in rows]


def test_a_document_gets_the_next_number_and_keeps_it(store: Store) -> None:
    one, two = documents(store, 2)
    first = records.give_number(store, one, "incoming", "lan", DAY)
    assert (first.kind, first.year, first.number, first.document, first.day) == (
        "incoming", 2026, "1", one, "2026-03-05",
    )  # fmt: skip
    assert records.give_number(store, two, "incoming", "lan", DAY).number == "2"
    assert records.give_number(store, one, "incoming", "mai", date(2027, 1, 4)) == first, "in a later year too"
    assert records.give_number(store, one, "internal", "lan", DAY).number == "1", "another register"
    assert actions(store) == [("register_give", one), ("register_give", two), ("register_give", one)]


def test_each_year_begins_at_one(store: Store) -> None:
    ids = documents(store, 3)
    days = (date(2025, 12, 31), date(2026, 1, 1), date(2026, 1, 1))
    given = [records.give_number(store, one, "outgoing", "lan", day) for one, day in zip(ids, days, strict=True)]
    assert [(one.year, one.number) for one in given] == [(2025, "1"), (2026, "1"), (2026, "2")]


def test_reserved_late_and_cancelled_numbers_keep_their_order(store: Store) -> None:
    one, two, three, four, five = documents(store, 5)
    records.give_number(store, one, "incoming", "lan", DAY)
    records.reserve_numbers(store, "incoming", 2, "Công điện gửi sau", "lan", DAY)
    records.give_number(store, two, "incoming", "lan", DAY)
    late = records.insert_number(store, three, "incoming", LatePlace(2026, N(1)), "đến chậm", "lan", DAY)
    later = records.insert_number(store, four, "incoming", LatePlace(2026, N(1)), "", "lan", DAY)
    assert (late.number, later.number) == ("1a", "1b")
    assert records.fill_number(store, line(N(3)), five, "lan").number == "3"
    records.cancel_number(store, line(N(2)), "không gửi nữa", "lan")
    records.cancel_number(store, line(N(4)), "ghi nhầm", "lan")
    assert book(store) == [
        ("1", "given", one), ("1a", "given", three), ("1b", "given", four), ("2", "cancelled", None),
        ("3", "given", five), ("4", "cancelled", two),
    ]  # fmt: skip
    assert records.give_number(store, two, "incoming", "lan", DAY).number == "5", (
        "a cancelled one is not used again"
    )


@pytest.mark.parametrize(
    ("act", "code", "reason"),
    [
        (lambda s, d: records.cancel_number(s, line(N(1)), " ", "lan"), "bad_value", "no reason"),
        (lambda s, d: records.cancel_number(s, line(N(9)), "x", "lan"), "not_found", "no number"),
        (lambda s, d: records.cancel_number(s, line(N(1), 2025), "x", "lan"), "not_found", "no year"),
        (lambda s, d: records.fill_number(s, line(N(1)), d[1], "lan"), "register_state", "given"),
        (lambda s, d: records.fill_number(s, line(N(2)), d[0], "lan"), "register_held", "has one"),
        (lambda s, d: records.insert_number(s, d[0], "incoming", LatePlace(2026, N(1)), "", "lan", DAY),
         "register_held", "a document has one number"),
        (lambda s, d: records.insert_number(s, d[1], "incoming", LatePlace(2026, N(7)), "", "lan", DAY),
         "not_found", "behind nothing"),
        (lambda s, d: records.insert_number(s, d[1], "incoming", LatePlace(2026, N(1), date(2026, 3, 6)), "",
                                            "lan", DAY), "bad_value", "a day still to come"),
        (lambda s, d: records.insert_number(s, d[1], "incoming", LatePlace(2026, N(1), date(2025, 3, 6)), "",
                                            "lan", DAY), "bad_value", "a day of another year"),
        (lambda s, d: records.reserve_numbers(s, "incoming", 0, "x", "lan", DAY), "bad_value", "none"),
        (lambda s, d: records.reserve_numbers(s, "incoming", 101, "x", "lan", DAY), "bad_value", "too many"),
        (lambda s, d: records.reserve_numbers(s, "incoming", 1, "", "lan", DAY), "bad_value", "for no purpose"),
        (lambda s, d: records.give_number(s, 99, "incoming", "lan", DAY), "not_found", "no document"),
        (lambda s, d: records.remark_number(s, line(N(1)), Remarks(copies=-1), "lan"), "bad_value",
         "copies below none"),
        (lambda s, d: records.remark_number(s, line(N(1)), Remarks(note="x" * 1001), "lan"),
         "bad_value", "a note beyond bounds"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_changes_nothing(act, code: str, reason: str, store: Store) -> None:  # type: ignore[no-untyped-def]
    ids = documents(store, 2)
    records.give_number(store, ids[0], "incoming", "lan", DAY)
    records.reserve_numbers(store, "incoming", 1, "để dành", "lan", DAY)
    before, trail = book(store), actions(store)
    assert refusal(lambda: act(store, ids)) == code, reason
    assert (book(store), actions(store)) == (before, trail), reason


def test_a_number_outlives_its_withdrawn_and_its_purged_paper(store: Store) -> None:
    one, two = documents(store, 2)
    for each in (one, two):
        records.give_number(store, each, "incoming", "lan", DAY)
    records.remark_number(store, line(N(2)), Remarks("Phòng Tổ chức", 2, "về nhân sự"), "lan")
    records.withdraw(store, one, "trùng", "lan")
    records.classify(store, two, "văn bản mật", "lan")
    assert book(store) == [("1", "given", one), ("2", "given", two)]
    with store.db.reading() as session:
        purged = session.scalars(select(RegisterEntry).where(RegisterEntry.document_id == two)).one()
    assert (purged.unit, purged.copies, purged.note) == ("", None, ""), "nothing of its content stays"
    for each in (one, two):
        assert refusal(lambda each=each: records.give_number(store, each, "outgoing", "lan", DAY)) == "wrong_state"


def test_registers_are_kept_in_the_years_of_our_bodies(store: Store) -> None:
    (one,) = documents(store, 1)
    records.add_own_body(store, "Sở Y tế tỉnh Kiên Giang", "SYT", "lan", years=(2026, 2026))
    late = date(2027, 1, 2)
    assert refusal(lambda: records.give_number(store, one, "incoming", "lan", late)) == "register_closed"
    assert records.give_number(store, one, "incoming", "lan", DAY).number == "1"
    records.add_own_body(store, "Sở Y tế tỉnh An Giang", "SYT", "lan", years=(2027, None))
    assert records.reserve_numbers(store, "incoming", 1, "x", "lan", date(2027, 1, 2))[0].year == 2027


_ACTS = st.lists(
    st.tuples(st.sampled_from(["give", "reserve", "late", "fill", "cancel", "again"]), st.integers(0, 30)),
    max_size=25,
)


@trying(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=_ACTS)
def test_whatever_clerks_do_the_register_is_whole_and_in_order(acts: list[tuple[str, int]], store: Store) -> None:
    """After any acts: ordinals 1 to n, late ones a, b, … without a gap, no document twice, nothing lost."""
    if not store.db.is_sqlite:
        pytest.skip("the rules are the same; SQLite is quicker")
    with store.db.writing() as session:
        session.execute(delete(RegisterEntry))
        session.execute(delete(Document))
    ids, seen = documents(store, 30), set[str]()
    for act, at in acts:
        rows = book(store)
        number = N(1 + at % max(1, len(rows)))
        try:
            match act:
                case "give" | "again":
                    records.give_number(store, ids[at % 30 if act == "give" else 0], "incoming", "lan", DAY)
                case "reserve":
                    records.reserve_numbers(store, "incoming", 1 + at % 3, "x", "lan", DAY)
                case "late":
                    records.insert_number(store, ids[at % 30], "incoming", LatePlace(2026, number), "", "lan", DAY)
                case "fill":
                    records.fill_number(store, line(number), ids[at % 30], "lan")
                case _:
                    records.cancel_number(store, line(number), "x", "lan")
        except Problem as problem:
            assert problem.code in ("not_found", "register_held", "register_state")
        now = [one for one, _, _ in book(store)]
        assert seen <= set(now), "no number ever goes"
        seen = set(now)
    _whole(store)


def _whole(store: Store) -> None:
    with store.db.reading() as session:
        rows = session.scalars(select(RegisterEntry)).all()
    kept = sorted((row.ordinal, row.minor) for row in rows)
    assert len(kept) == len(set(kept)), "none twice"
    ordinals = sorted({ordinal for ordinal, _ in kept})
    assert ordinals == list(range(1, len(ordinals) + 1)), "no gap"
    for ordinal in ordinals:
        minors = [minor for one, minor in kept if one == ordinal]
        assert minors == list(range(len(minors)))
    numbered = [row.document_id for row in rows if row.state == "given"]
    assert len(numbered) == len(set(numbered)) and None not in numbered
    assert all(row.state == "given" or row.document_id is None or row.state == "cancelled" for row in rows)


_CLERK = """
import sys
from datetime import date
from pathlib import Path
from corpus import records
from corpus.config import Settings
from corpus.database.store import open_store
home, database, *ids = sys.argv[1:]
store = open_store(Settings(_env_file=None, home=Path(home), database=database, database_seconds=60))
print("ready", flush=True)
sys.stdin.readline()
for one in ids:
    print(records.give_number(store, int(one), "incoming", "lan", date(2026, 3, 5)).number, flush=True)
"""


@pytest.mark.parametrize("killed", [0, 4], ids=["all live", "four are killed"])
def test_two_hundred_requests_of_eight_processes(killed: int, settings: Settings, store: Store) -> None:
    """No gap, none twice; what a killed process had under way is undone, and the next one gets that number."""
    ids = documents(store, 200)
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
        _kill_in_the_middle(clerks[:killed])
        answers = [one.communicate()[0].split() for one in clerks]
    finally:
        for one in clerks:
            one.kill()
            one.wait()
    _whole(store)
    acknowledged = [number for answer in answers for number in answer]
    assert len(acknowledged) == len(set(acknowledged)), "two clerks were told one number"
    on_file = {number for number, _, _ in book(store)}
    assert set(acknowledged) <= on_file, "what a clerk was told is kept"
    assert len(on_file) == 200 if not killed else len(on_file) >= 100
    # Whoever goes on takes up where the killed ones stopped.
    for one in ids:
        records.give_number(store, one, "incoming", "mai", DAY)
    assert [number for number, _, _ in book(store)] == [str(at) for at in range(1, 201)]
    with store.db.reading() as session:
        given = session.scalars(select(AuditRow.document_id).where(AuditRow.action == "register_give")).all()
    assert sorted(given) == ids, "one row of the trail for each"


def _kill_in_the_middle(clerks: list[subprocess.Popen[str]]) -> None:
    """SIGKILL after a few numbers of each, wherever in a transaction it is then."""
    for at, one in enumerate(clerks):
        assert one.stdout is not None
        for _ in range(1 + 2 * at):
            one.stdout.readline()
        time.sleep(0.003 * at)
        os.kill(one.pid, signal.SIGKILL)


def test_the_table_itself_holds_no_number_twice(store: Store) -> None:
    one, two = documents(store, 2)
    for each in (one, two):
        records.give_number(store, each, "incoming", "lan", DAY)
    for values in ({"ordinal": 1}, {"document_id": one}):
        with pytest.raises(IntegrityError), store.db.writing() as session:
            session.execute(update(RegisterEntry).where(RegisterEntry.document_id == two).values(**values))
