"""Undo walks back step by step to the first state, acceptances among the steps;
what was withdrawn keeps a person's values.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus import records
from corpus.config import Settings
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store, open_store
from corpus.document import Candidate, Field, Fields, Page, Reading, Signer, SourceFile, Warning
from corpus.errors import Problem
from corpus.lifecycle import corrections
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store


def reading(
    number: str = "31/KH-SYT", subject: str = "Tuyên truyền", *, review: bool = False, **more: Any
) -> Reading:
    """A Reading of a sound paper; `review`: its number is in doubt."""
    said = {"date": "2022-04-27", "issuer": "Sở Y tế tỉnh Kiên Giang", "doc_type": "Kế hoạch"}
    one = {name: Field(value, value, 0.9) for name, value in {**said, "subject": subject}.items()}
    doubted = Field(number, number, 0.5, review, candidates=(Candidate(number, 0.5),))
    fields = Fields(number=doubted, signer=Signer(name=Field("Nguyễn Văn Mẫu", "", 0.9)), **one)
    return Reading(SourceFile("a.txt", "0" * 64, "text/plain", 1, 1), (Page(1, "text", "?"),), fields, **more)


def take(store: Store, data: bytes = b"one", **more: Any) -> records.Receipt:
    return records.receive(store, content_store.put_original(store, data), "a.txt", "text/plain", 1, "lan", **more)


def state(store: Store, document_id: int) -> tuple[object, ...]:
    with store.db.reading() as session:
        one = session.get_one(Document, document_id)
        return one.status, one.fields, sorted(one.questions or []), one.accepted_by, one.number, one.fault


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("undo") / "home"
    open_store(Settings(_env_file=None, home=home)).close()
    return home


@pytest.fixture
def fresh(model: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store of its own."""
    shutil.copytree(model, tmp_path / "home")
    opened = open_store(Settings(_env_file=None, home=tmp_path / "home"))
    yield opened
    opened.close()


_VALUES = {
    "subject": ("Một", "Hai", ""),
    "number": ("31/KH-SYT", "32/KH-SYT", "abc"),
    "date": ("2022-04-27", "2022-04-28", "2099-01-01"),
    "signer_name": ("Trần Thị Mẫu", ""),
    "place": ("Kiên Giang", ""),
}
EDITS = st.one_of(
    st.just(("accept", {})),
    st.tuples(st.sampled_from(["accept", "correct"]), st.sampled_from(sorted(_VALUES)).flatmap(
        lambda name: st.fixed_dictionaries({name: st.sampled_from(_VALUES[name])})
    )),
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(EDITS, min_size=1, max_size=6), data=st.integers(0, 10**9))
def test_as_many_undos_as_changes_lead_back_to_the_first_state(
    steps: list[tuple[str, dict[str, object]]], data: int, fresh: Store
) -> None:
    document_id = take(fresh, f"{data} {steps}".encode()).document_id
    if state(fresh, document_id)[0] != "queued":
        return
    records.propose(fresh, document_id, reading(review=True))
    states = [state(fresh, document_id)]
    for action, values in steps:
        act = records.accept if action == "accept" and states[-1][0] == "review" else records.correct
        act(fresh, document_id, dict(values), "lan", None, confirm=ASKED)
        if state(fresh, document_id) != states[-1]:
            states.append(state(fresh, document_id))
    for wanted in reversed(states[:-1]):
        records.undo(fresh, document_id, None, "minh", None, confirm=ASKED)
        assert state(fresh, document_id) == wanted
    with pytest.raises(Problem) as caught:
        records.undo(fresh, document_id, None, "minh", None)
    assert caught.value.code == "not_found"
    records.withdraw(fresh, document_id, "xong", "lan")


def test_which_rows_can_be_undone(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    records.accept(fresh, document_id, {}, "lan", None)
    for name, value in (("subject", "Một"), ("place", "Kiên Giang"), ("subject", "Hai")):
        records.correct(fresh, document_id, {name: value}, "lan", None)

    def rows() -> list[tuple[str, bool, bool]]:
        with fresh.db.reading() as session:
            return [(one.action, one.can_undo, one.undone) for one in corrections.history(session, document_id)]

    kept, undone = (True, False), (False, True)
    assert rows() == [("accept", *kept), ("correct", False, False), ("correct", *kept), ("correct", *kept)]
    records.undo(fresh, document_id, None, "lan", None)
    assert rows()[1:] == [("correct", *kept), ("correct", *kept), ("correct", *undone), ("undo", False, False)]
    with fresh.db.reading() as session:
        last, accepted = (corrections.history(session, document_id)[at].row for at in (3, 0))
    with pytest.raises(Problem) as caught:
        records.undo(fresh, document_id, last, "lan", None)
    assert caught.value.code == "stale"
    records.undo(fresh, document_id, accepted, "lan", None)
    assert state(fresh, document_id)[0] == "review"


def test_a_limit_is_no_correction(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    records.add_group(fresh, "Tổ chức", "admin")
    records.limit(fresh, document_id, ["Tổ chức"], "admin")
    with fresh.db.reading() as session:
        assert corrections.history(session, document_id) == []


def test_undoing_asks_where_it_makes_a_record_doubtful_again(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading("abc"))
    records.accept(fresh, document_id, {}, "lan", None, confirm=["number_ill_formed"])
    records.correct(fresh, document_id, {"number": "31/KH-SYT"}, "lan", None)
    with pytest.raises(Problem) as caught:
        records.undo(fresh, document_id, None, "lan", None)
    assert caught.value.code == "doubtful"
    records.undo(fresh, document_id, None, "lan", None, confirm=["number_ill_formed"])
    assert state(fresh, document_id)[4] == "abc"
    with fresh.db.reading() as session:
        row = session.query(AuditRow).filter_by(action="undo").one()
        assert row.detail["passed"] == ["number_ill_formed"]


def test_the_trail_keeps_which_doubts_were_passed_by_whom(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    values: dict[str, object] = {"number": "abc", "signer_name": ""}
    with pytest.raises(Problem) as caught:
        records.accept(fresh, document_id, dict(values), "lan", None, confirm=["number_ill_formed"])
    assert [one.code for one in caught.value.facts["doubts"]] == ["signer_missing", "number_ill_formed"]  # type: ignore[attr-defined]
    records.accept(fresh, document_id, values, "lan", None, confirm=[*ASKED])
    with fresh.db.reading() as session:
        row = session.query(AuditRow).filter_by(action="accept").one()
        assert (row.actor, row.detail["passed"]) == ("lan", ["signer_missing", "number_ill_formed"])


def test_a_correction_that_changes_nothing_leaves_nothing(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    before = state(fresh, document_id)
    revision = records.correct(fresh, document_id, {"subject": "Tuyên truyền"}, "lan", None)
    assert records.correct_all(fresh, [document_id], {"subject": "Tuyên truyền"}, "lan") == 0
    assert state(fresh, document_id) == before and revision == 2


def test_several_are_corrected_all_or_none(fresh: Store) -> None:
    first, second = (take(fresh, data).document_id for data in (b"one", b"two"))
    for one, number in ((first, "1/KH-SYT"), (second, "2/KH-SYT")):
        records.propose(fresh, one, reading(number))
    records.accept(fresh, second, {}, "lan", None)
    with pytest.raises(Problem) as caught:
        records.correct_all(fresh, [first, second], {"doc_type": "Bánh mì"}, "lan")
    assert caught.value.code == "doubtful" and caught.value.facts["document"] == second
    assert [state(fresh, one)[1]["doc_type"]["value"] for one in (first, second)] == ["Kế hoạch"] * 2  # type: ignore[index]


# Withdrawn, or failed, and read again.


@pytest.mark.parametrize("accepted", [False, True])
def test_withdrawn_and_sent_again_keeps_what_a_person_put_right(accepted: bool, fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    records.correct(fresh, document_id, {"subject": "Do người sửa"}, "lan", None)
    if accepted:
        records.accept(fresh, document_id, {}, "lan", None)
    records.withdraw(fresh, document_id, "quét thiếu trang", "minh")
    receipt = take(fresh, auto_accept=True)
    assert (receipt.status, receipt.existing) == ("queued", True)
    assert receipt.withdrawn is not None
    assert (receipt.withdrawn.by, receipt.withdrawn.reason) == ("minh", "quét thiếu trang")
    assert records.propose(fresh, document_id, reading("37/KH-SYT", "Máy đọc lại")) == "review"
    with fresh.db.reading() as session:
        fields = session.get_one(Document, document_id).fields or {}
    assert fields["subject"]["value"] == "Do người sửa" and fields["subject"]["review"]
    assert [one["value"] for one in fields["subject"]["candidates"]] == ["Máy đọc lại"]
    assert fields["number"]["value"] == ("31/KH-SYT" if accepted else "37/KH-SYT"), "accepted: all was looked at"


def test_withdrawn_untouched_and_sent_again_waits_for_a_person(fresh: Store) -> None:
    document_id = take(fresh, auto_accept=True).document_id
    assert records.propose(fresh, document_id, reading()) == "accepted"
    records.withdraw(fresh, document_id, "gửi nhầm", "lan")
    take(fresh, auto_accept=True)
    assert records.propose(fresh, document_id, reading()) == "review"


def test_failed_and_read_again_keeps_what_a_person_put_right(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.refuse(fresh, document_id, Problem("reader_timeout", name="a"), actor="lan")
    records.accept(fresh, document_id, {"subject": "Nhập tay"}, "lan", None, confirm=ASKED)
    records.withdraw(fresh, document_id, "đọc lại", "lan")
    records.retry(fresh, document_id, "lan")
    assert records.propose(fresh, document_id, reading()) == "review"
    fields = state(fresh, document_id)[1]
    assert isinstance(fields, dict) and fields["subject"]["value"] == "Nhập tay"
    assert fields["number"] is None or fields["number"]["value"] == "31/KH-SYT"


def test_a_correction_that_was_undone_is_not_kept(fresh: Store) -> None:
    document_id = take(fresh).document_id
    records.propose(fresh, document_id, reading())
    records.correct(fresh, document_id, {"subject": "Nhầm"}, "lan", None)
    records.undo(fresh, document_id, None, "lan", None)
    records.withdraw(fresh, document_id, "x", "lan")
    take(fresh)
    records.propose(fresh, document_id, reading(subject="Máy đọc lại"))
    fields = state(fresh, document_id)[1]
    assert isinstance(fields, dict) and fields["subject"]["value"] == "Máy đọc lại"


# What never goes on record by itself.


@pytest.mark.parametrize(
    ("read", "why"),
    [
        (reading("05/KH-UBND"), "the symbol is another body's"),
        (reading("05/CT-SYT"), "the symbol is another type's"),
        (reading(warnings=(Warning("page_unreadable", "Trang 2 không đọc được.", 2),)), "a page is unread"),
    ],
)
def test_what_is_doubtful_waits_though_it_was_sent_to_be_accepted(read: Reading, why: str, fresh: Store) -> None:
    document_id = take(fresh, auto_accept=True).document_id
    assert records.propose(fresh, document_id, read) == "review", why
    with fresh.db.reading() as session:
        assert (session.get_one(Document, document_id).machine or {})["warnings"], "the queue says why"


def test_a_number_that_another_bears_waits(fresh: Store) -> None:
    first, second = (take(fresh, data, auto_accept=True).document_id for data in (b"one", b"two"))
    assert records.propose(fresh, first, reading()) == "accepted"
    assert records.propose(fresh, second, reading(subject="Việc khác")) == "review"
    with pytest.raises(Problem) as caught:
        records.accept(fresh, second, {}, "lan", None)
    assert [one.code for one in caught.value.facts["doubts"]] == ["number_twin"]  # type: ignore[attr-defined]


def test_a_twin_is_told_only_to_who_may_see_it(fresh: Store) -> None:
    first, second = (take(fresh, data).document_id for data in (b"one", b"two"))
    records.propose(fresh, first, reading())
    records.add_group(fresh, "Tổ chức", "admin")
    records.limit(fresh, first, ["Tổ chức"], "admin")
    records.propose(fresh, second, reading(subject="Việc khác"))
    records.accept(fresh, second, {}, "lan", None, by=())
    assert state(fresh, second)[0] == "accepted"
