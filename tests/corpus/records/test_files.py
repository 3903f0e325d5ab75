"""Files on the store: the year's list, places of papers, closing, rules, destruction by two, copies."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select, text

from corpus import audit, records
from corpus.audit import trail_check
from corpus.database.file_tables import CaseFile, CaseFilePaper
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries import file_lists, files
from corpus.queries.citations import EVERYTHING
from tests.corpus.audit.test_record_seals import document

CODE = {"code": "01.YT", "title": "Hồ sơ tiêm chủng", "retention": "TH08"}


@pytest.fixture
def office(store: Store) -> Store:
    """Three documents of 2024 on record, accounts, an own body, and an open file of that year."""
    for number in ("5/KH-SYT", "6/KH-SYT", "7/KH-SYT"):
        document(store, number)
    for name, role in (("lan", "clerk"), ("minh", "auditor"), ("quan", "admin"), ("ha", "reader")):
        records.add_user(store, name, role, "-")
    records.add_own_body(store, "Sở Y tế tỉnh Kiên Giang", "SYT", "quan")
    records.add_file(store, 2024, CODE, "lan")
    return store


def code_of(act: Any, *args: Any, **more: Any) -> str:
    """The code of the problem that an act raises; `done` if it raises none."""
    try:
        act(*args, **more)
    except Problem as problem:
        return problem.code
    return "done"


def line(store: Store, file_id: int = 1) -> files.FileLine:
    return files.one(store, file_id, EVERYTHING)


def places(store: Store, file_id: int = 1) -> list[int]:
    return [one.document_id for one in files.papers(store, file_id, EVERYTHING)]


def actions(store: Store) -> list[str]:
    with store.db.reading() as session:
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def sound(store: Store) -> None:
    """The trail is whole and every record is as it was last sealed."""
    assert [fault.code for fault in trail_check.check(store).faults] == []


def back_to(store: Store, ended: str, until: str | None) -> None:
    """As if file 1 had been closed long ago."""
    with store.db.writing() as session:
        row = session.get_one(CaseFile, 1)
        row.state, row.ended_on, row.kept_until = "closed", ended, until


def test_a_file_is_kept_as_its_row_of_the_table_says(office: Store) -> None:
    found = line(office)
    assert (found.full, found.years, found.retention, found.state) == ("2024/01.YT", 10, "TH08", "open")
    records.change_file(office, 1, {"years": "20"}, "lan", found.revision)
    assert (line(office).years, line(office).retention) == (20, "")
    records.change_file(office, 1, {"years": "vĩnh viễn"}, "lan", None)
    assert line(office).years is None
    sound(office)


BAD = [
    ({"code": "", "title": "x"}, "bad_value", "no code"),
    ({"code": "01. yt", "title": "x"}, "file_exists_already", "the same code in another spelling"),
    ({"code": "02.YT", "title": ""}, "bad_value", "no title"),
    ({"code": "02.YT", "title": "x" * 501}, "bad_value", "a title beyond the decree's length"),
    ({"code": "02.YT", "title": "x", "retention": "ZZ99"}, "bad_value", "no such row"),
    ({"code": "02.YT", "title": "x", "years": "-1"}, "bad_value", "years that are none"),
    ({"code": "02.YT", "title": "x", "years": "1e9"}, "bad_value", "a number that is none"),
    ({"code": "02.YT", "title": 7}, "bad_value", "no text"),
    ({"code": "\u202e\x00", "title": "x"}, "bad_value", "nothing that can be read"),
]


def test_bad_input_makes_no_file(office: Store) -> None:
    for values, code, reason in BAD:
        assert code_of(records.add_file, office, 2024, values, "lan") == code, reason
    assert files.catalogue(office, files.FilesWanted(), EVERYTHING, 10)[1] == 1


def test_papers_keep_the_order_in_which_they_came_or_that_of_their_days(office: Store) -> None:
    records.put_papers(office, 1, [3, 1], "lan")
    assert records.put_papers(office, 1, [1, 2], "lan") == 1
    assert places(office) == [3, 1, 2]
    records.correct(office, 2, {"date": "2024-01-01"}, "lan", None, confirm=["date_suspect", "number_run"])
    records.arrange_file(office, 1, "lan")
    assert places(office)[0] == 2
    held = line(office).held
    assert (held.papers, held.pages, held.first, held.last) == (3, 3, "2024-01-01", "2024-05-06")
    assert [one.sheet for one in files.papers(office, 1, EVERYTHING)] == ["1", "2", "3"]
    assert [one.place for one in files.papers(office, 1, EVERYTHING, 1, 2)] == [3]
    records.take_out_paper(office, 3, "lan")
    assert 3 not in places(office) and code_of(records.take_out_paper, office, 3, "lan") == "not_found"
    sound(office)


def test_a_paper_moves_only_when_that_is_asked_for(office: Store) -> None:
    other = records.add_file(office, 2024, {"code": "02.YT", "title": "Khác"}, "lan")
    records.put_papers(office, 1, [1], "lan")
    assert code_of(records.put_papers, office, other, [2, 1], "lan") == "in_other_file"
    assert (places(office), places(office, other)) == ([1], []), "all or none"
    records.put_papers(office, other, [1], "lan", move=True)
    assert (places(office), places(office, other)) == ([], [1])


def test_nothing_changes_in_a_file_that_is_closed(office: Store) -> None:
    other = records.add_file(office, 2024, {"code": "02.YT", "title": "Khác"}, "lan")
    records.put_papers(office, 1, [1, 2], "lan")
    records.close_file(office, 1, "06/05/2024", "lan")
    found = line(office)
    assert (found.state, found.ended_on, found.kept_until) == ("closed", "2024-05-06", "2034-12-31")
    for act, args in (
        (records.put_papers, (1, [3], "lan")),
        (records.take_out_paper, (1, "lan")),
        (records.arrange_file, (1, "lan")),
        (records.add_file_rule, (1, "Kế hoạch", "", "", "lan")),
        (records.apply_file_rules, (1, "lan", None)),
        (records.change_file, (1, {"title": "x"}, "lan", None)),
        (records.close_file, (1, "", "lan")),
    ):
        assert code_of(act, office, *args) == "file_not_open", act.__name__
    assert code_of(records.put_papers, office, other, [1], "lan", move=True) == "file_not_open"
    assert places(office) == [1, 2]
    assert code_of(records.reopen_file, office, 1, " ", "lan") == "bad_value", "no reason"
    records.reopen_file(office, 1, "còn văn bản đến sau", "lan")
    records.put_papers(office, 1, [3], "lan")
    assert line(office).kept_until is None and places(office) == [1, 2, 3]
    sound(office)


def test_two_people_do_not_overwrite_each_other(office: Store) -> None:
    seen = line(office).revision
    records.change_file(office, 1, {"title": "Hồ sơ tiêm chủng mở rộng"}, "lan", seen)
    assert code_of(records.close_file, office, 1, "", "minh", seen) == "stale_file"
    assert code_of(records.change_file, office, 1, {"title": "x"}, "minh", seen) == "stale_file"


def test_a_file_is_handed_over_once_it_is_closed(office: Store) -> None:
    assert code_of(records.submit_files, office, [1], "", "Lưu trữ", "lan") == "wrong_file_state"
    records.close_file(office, 1, "2024-05-06", "lan")
    assert files.to_submit(office, files.FilesWanted(), EVERYTHING, 10)[1] == 1
    assert code_of(records.submit_files, office, [1], "2024-05-05", "Lưu trữ", "lan") == "bad_value", "too early"
    assert records.submit_files(office, [1], "2025-05-06", "Lưu trữ cơ quan", "lan") == 1
    assert line(office).state == "submitted"
    assert files.to_submit(office, files.FilesWanted(), EVERYTHING, 10)[1] == 0
    assert code_of(records.reopen_file, office, 1, "x", "lan") == "wrong_file_state"


RULES = [
    (("Kế hoạch", "", ""), True, "its type"),
    (("", "Sở Y tế tỉnh Kiên Giang", ""), True, "its issuer"),
    (("", "", "TIÊM chung"), True, "words of its subject, without marks"),
    (("Kế hoạch", "Sở Y tế tỉnh Kiên Giang", "chủng"), True, "all of them"),
    (("Báo cáo", "", "tiêm"), False, "another type"),
    (("", "", "tiêm chủng mở rộng"), False, "a word too many"),
]


@pytest.mark.parametrize(("rule", "fits", "reason"), RULES)
def test_a_rule_files_what_goes_on_record_and_what_is_there(
    rule: tuple[str, str, str], fits: bool, reason: str, office: Store
) -> None:
    records.add_file_rule(office, 1, *rule, "lan")
    assert records.apply_file_rules(office, 1, "lan", None) == (3 if fits else 0), reason
    document(office, "8/KH-SYT")
    assert (4 in places(office)) == fits, reason
    sound(office)


def test_rules_of_two_files_leave_the_choice_to_a_person(office: Store) -> None:
    other = records.add_file(office, 2024, {"code": "02.YT", "title": "Khác"}, "lan")
    for file_id in (1, other):
        records.add_file_rule(office, file_id, "Kế hoạch", "", "", "lan")
    document(office, "8/KH-SYT")
    assert (places(office), places(office, other)) == ([], [])


def test_nothing_is_destroyed_before_its_time_or_without_two_people(office: Store) -> None:
    records.put_papers(office, 1, [1, 2], "lan")
    records.close_file(office, 1, "2024-05-06", "lan")
    assert code_of(records.propose_destruction, office, [1], "hết hạn", "lan") == "not_due"
    back_to(office, "2001-05-06", None)
    assert code_of(records.propose_destruction, office, [1], "hết hạn", "lan") == "not_due", "kept for ever"
    back_to(office, "2001-05-06", "2011-12-31")
    assert [one.id for one in files.expired(office, "2026-01-01", EVERYTHING, 10)[0]] == [1]
    made = records.propose_destruction(office, [1], "hết thời hạn", "lan")
    assert code_of(records.propose_destruction, office, [1], "lại", "lan") == "file_on_list"
    assert code_of(records.reopen_file, office, 1, "x", "lan") == "file_on_list"
    assert code_of(records.destroy_files, office, made, "quan") == "consent_missing"
    records.consent_destruction(office, made, "lan")
    assert code_of(records.consent_destruction, office, made, "LAN") in ("consented_already", "not_found")
    assert code_of(records.destroy_files, office, made, "quan") == "consent_missing", "one person"
    assert code_of(records.consent_destruction, office, made, "ha") == "forbidden", "a reader"
    records.consent_destruction(office, made, "minh")
    assert code_of(records.destroy_files, office, made, "quan") == "consent_missing", "nobody who sees all"
    records.consent_destruction(office, made, "quan")
    records.disable(office, "lan", "quan")
    records.disable(office, "minh", "quan")
    assert code_of(records.destroy_files, office, made, "quan") == "consent_missing", "accounts that are closed"
    assert places(office) == [1, 2] and line(office).state == "closed"


def test_what_two_people_agreed_to_is_destroyed_for_good(office: Store) -> None:
    records.put_papers(office, 1, [1, 2], "lan")
    records.make_copy(office, 1, {"kind": "TrS", "excerpt": "Điều 1 bí ẩn"}, "lan")
    back_to(office, "2001-05-06", "2011-12-31")
    made = records.propose_destruction(office, [1], "hết thời hạn", "lan")
    for name in ("minh", "quan"):
        records.consent_destruction(office, made, name)
    with office.db.reading() as session:
        hashes = [session.get_one(Document, one).sha256 for one in (1, 2, 3)]
    assert records.destroy_files(office, made, "quan") == 1
    assert [content_store.has_original(office, one) for one in hashes] == [False, False, True]
    with office.db.reading() as session:
        gone = session.get_one(Document, 1)
        assert (gone.status, (gone.fault or {})["code"], gone.subject, gone.number) == (
            "refused", "destroyed", None, None,
        )  # fmt: skip
        assert session.scalars(select(CaseFilePaper)).all() == []
        rows = session.scalars(select(AuditRow).where(AuditRow.document_id == 1)).all()
        assert all("Tiêm" not in str(row.detail) for row in rows)
        assert audit.verify(session) == []
    assert (line(office).state, line(office).held.papers) == ("destroyed", 0)
    assert file_lists.proposal(office, made, EVERYTHING).state == "done"
    assert file_lists.copy(office, 1).excerpt == "" and file_lists.copy(office, 1).cancelled
    assert code_of(records.destroy_files, office, made, "quan") == "list_settled"
    data = b"5/KH-SYT"
    content_store.put_original(office, data)
    again = records.receive(office, hashes[0], "a.txt", "text/plain", len(data), "lan")
    assert (again.status, again.code) == ("refused", "destroyed")
    assert not content_store.has_original(office, hashes[0])
    assert code_of(records.retry, office, 1, "lan") == "wrong_state"
    sound(office)


def test_a_list_whose_file_is_not_as_it_was_destroys_nothing(office: Store) -> None:
    records.put_papers(office, 1, [1, 2], "lan")
    back_to(office, "2001-05-06", "2011-12-31")
    made = records.propose_destruction(office, [1], "hết thời hạn", "lan")
    for name in ("minh", "quan"):
        records.consent_destruction(office, made, name)
    with office.db.writing() as session:
        session.execute(text("DELETE FROM case_file_papers WHERE document_id = 2"))
    assert code_of(records.destroy_files, office, made, "quan") == "list_changed"
    records.drop_destruction(office, made, "lập lại", "lan")
    records.retain_file(office, 1, "30", "còn dùng", "lan")
    assert line(office).kept_until == "2031-12-31"
    assert code_of(records.propose_destruction, office, [1], "x", "lan") == "not_due"


def test_a_purged_or_withdrawn_paper_leaves_the_file(office: Store) -> None:
    records.put_papers(office, 1, [1, 2, 3], "lan")
    records.close_file(office, 1, "2024-05-06", "lan")
    records.withdraw(office, 1, "nhầm", "lan")
    records.classify(office, 2, "dấu MẬT", "lan")
    assert places(office) == [3] and line(office).held.papers == 1
    assert [one.document_id for one in files.withdrawn(office, 1, EVERYTHING)] == [1]
    records.reinstate(office, 1, "lan")
    assert places(office) == [1, 3]


def test_a_document_that_is_not_read_or_withdrawn_is_not_filed(office: Store) -> None:
    records.withdraw(office, 1, "nhầm", "lan")
    assert code_of(records.put_papers, office, 1, [1], "lan") == "wrong_state"
    assert code_of(records.put_papers, office, 1, [99], "lan") == "not_found"


def test_copies_have_one_run_of_numbers_a_year_and_lose_none(office: Store) -> None:
    first = records.make_copy(office, 1, {"kind": "SY", "made_on": "2025-03-04", "amount": "3"}, "lan")
    second = records.make_copy(
        office, 2, {"kind": "TrS", "made_on": "2025-03-05", "excerpt": "Điều 1\nĐiều 2"}, "lan"
    )
    records.cancel_copy(office, second, "sai nội dung", "lan")
    third = records.make_copy(office, 1, {"kind": "SL", "made_on": "2025-03-06", "of": str(first)}, "lan")
    numbers = [file_lists.copy(office, one).number for one in (first, second, third)]
    assert numbers == ["01/SY-SYT", "02/TrS-SYT", "03/SL-SYT"]
    records.classify(office, 1, "dấu MẬT", "lan")
    after = file_lists.copy(office, records.make_copy(office, 2, {"kind": "SY", "made_on": "2025-04-01"}, "lan"))
    assert after.number == "04/SY-SYT", "the number of a purged document's copy is not given again"
    assert [one.document_id for one in file_lists.copies_in(office, 2025, EVERYTHING, 10)[0]] == [2, 2]
    assert code_of(records.cancel_copy, office, second, "x", "lan") == "copy_cancelled"
    sound(office)


BAD_COPIES = [
    ({"kind": "XX"}, "bad_value", "no such kind"),
    ({"kind": "TrS"}, "bad_value", "nothing is copied out"),
    ({"kind": "SY", "medium": "dt-dt"}, "bad_value", "Điều 25 has no such form"),
    ({"kind": "SY", "amount": "0"}, "bad_value", "no copy"),
    ({"kind": "SY", "made_on": "2999-01-01"}, "bad_value", "a day to come"),
    ({"kind": "SL", "of": "7"}, "bad_value", "no copy of this document"),
    ({"kind": "SY", "body": "Sở khác"}, "no_own_body", "a body that is none of ours"),
    ({"kind": "SY", "recipients": "x" * 2001}, "bad_value", "beyond the bounds"),
]


def test_bad_input_makes_no_copy_and_takes_no_number(office: Store) -> None:
    for values, code, reason in BAD_COPIES:
        assert code_of(records.make_copy, office, 1, values, "lan") == code, reason
    made = records.make_copy(office, 1, {"kind": "SY"}, "lan")
    assert file_lists.copy(office, made).number == "01/SY-SYT"


def test_every_change_of_a_file_is_on_the_trail(office: Store) -> None:
    records.put_papers(office, 1, [1], "lan")
    records.close_file(office, 1, "", "lan")
    records.reopen_file(office, 1, "x", "lan")
    assert actions(office)[-4:] == ["add_file", "file_paper", "close_file", "reopen_file"]
