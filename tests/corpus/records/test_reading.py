"""The one writer: every step of a document's life, its row in the trail, and what must never happen."""

from __future__ import annotations

import hashlib
import os
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from corpus import audit, records
from corpus.access import accounts, attempts
from corpus.database.account_tables import SignIn, User
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow, CitationRow, Document, Job, Settlement
from corpus.database.store import Store
from corpus.document import (
    Box,
    Citation,
    Field,
    Fields,
    Page,
    Reading,
    Signer,
    SourceFile,
    Statement,
    Warning,
    Word,
)
from corpus.errors import Problem
from corpus.json_shapes import unpack_words
from corpus.lifecycle import corrections, intake
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store
from corpus.queue.jobs import JobLease


def _take(store: Store, data: bytes = b"one", name: str = "a.txt", **more: Any) -> records.Receipt:
    sha256 = content_store.put_original(store, data)
    return records.receive(store, sha256, name, "text/plain", len(data), "lan", **more)


def _claim(store: Store, owner: str = "w") -> JobLease:
    lease = records.claim(store, owner)
    assert lease is not None
    return lease


def _field(value: str, review: bool = False) -> Field:
    return Field(value, value, 0.9, review, 1, (Box(0.1, 0.1, 0.2, 0.2),), "test")


def reading(
    data: bytes = b"one", *, number: str = "31/KH-SYT", review: bool = False, text: str = "Kế hoạch"
) -> Reading:
    """A Reading without open questions, unless the number needs a look."""
    fields = Fields(
        number=_field(number, review),
        date=_field("2022-04-27"),
        place=_field("Tân Hải"),
        issuer=_field("Sở Y tế tỉnh Tân Hải"),
        superior=_field("Ủy ban nhân dân tỉnh Tân Hải"),
        doc_type=_field("Kế hoạch"),
        subject=_field("Tuyên truyền thi đua"),
        addressees=(_field("Các phòng"),),
        recipients=(_field("Như trên"), _field("Lưu: VT")),
        signer=Signer(_field("KT. GIÁM ĐỐC"), _field("Phó Giám đốc"), _field("Nguyễn Văn Mẫu")),
    )
    citations = (
        Citation("Kế hoạch số 93/KH-UBND", "implements", "Kế hoạch", "93/KH-UBND", "2022-04-12", page=1),
        Citation("Luật Thi đua, khen thưởng", "basis", "Luật", title="Luật Thi đua, khen thưởng"),
    )
    return Reading(
        SourceFile("a.txt", hashlib.sha256(data).hexdigest(), "text/plain", 1, len(data)),
        (Page(1, "text", text, (Word(0, 2, Box(0, 0, 0.5, 0.5), 0.5),)),),
        fields,
        citations,
        (Statement(0, "amends", 1),),
        (Warning("page_blank", "Trang 1 trắng.", 1),),
    )


def _on_record(store: Store, data: bytes = b"one") -> int:
    document_id = _take(store, data).document_id
    records.propose(store, document_id, reading(data))
    records.accept(store, document_id, {}, "lan", None, confirm=ASKED)
    return document_id


def _document(store: Store, document_id: int) -> Document:
    with store.db.reading() as session:
        return session.scalars(select(Document).where(Document.id == document_id)).one()


def _actions(store: Store) -> list[str]:
    with store.db.reading() as session:
        assert audit.verify(session) == []
        return list(session.scalars(select(AuditRow.action).order_by(AuditRow.id)))


def _count(store: Store, table: type[Any]) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# Coming in.


def test_a_file_is_a_row_a_job_and_a_row_of_the_trail(store: Store) -> None:
    receipt = _take(store)
    assert (receipt.status, receipt.existing) == ("queued", False)
    document = _document(store, receipt.document_id)
    assert (document.status, document.name, document.size, document.received_by) == ("queued", "a.txt", 3, "lan")
    assert _count(store, Job) == 1
    assert _actions(store) == ["receive"]


def test_acknowledged_only_after_bytes_name_and_folder_and_then_the_commit(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The order that survives a power cut: bytes, folder, rename, folder, and only then the row."""
    calls: list[str] = []
    real_fsync, real_replace = os.fsync, Path.replace

    def fsync(descriptor: int) -> None:
        folder = Path(f"/proc/self/fd/{descriptor}").readlink().is_dir()
        calls.append("fsync folder" if folder else "fsync file")
        real_fsync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        calls.append("rename")
        return real_replace(path, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(Path, "replace", replace)

    def commit(_connection: Any) -> None:
        calls.append("commit")

    event.listen(store.db.engine, "commit", commit)
    _take(store)
    assert calls == ["fsync file", "fsync folder", "rename", "fsync folder", "commit", "fsync file"], (
        "the seal last"
    )


def test_when_the_trail_cannot_be_written_nothing_is_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(audit, "append", fail)
        with pytest.raises(RuntimeError):
            _take(store)
    assert [_count(store, table) for table in (Document, Job, AuditRow)] == [0, 0, 0]
    assert _take(store).status == "queued"


def test_the_same_bytes_are_one_document(store: Store) -> None:
    first = _take(store)
    again = _take(store, name="b.txt")
    assert (again.document_id, again.status, again.existing) == (first.document_id, "duplicate", True)
    assert [_count(store, table) for table in (Document, Job)] == [1, 1]
    assert _actions(store) == ["receive", "receive_duplicate"]


def test_the_same_bytes_from_many_at_once_are_one_document(store: Store) -> None:
    barrier = threading.Barrier(8)
    receipts: list[records.Receipt] = []

    def send() -> None:
        barrier.wait()
        receipts.append(_take(store))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(receipt.status for receipt in receipts) == ["duplicate"] * 7 + ["queued"]
    assert [_count(store, table) for table in (Document, Job)] == [1, 1]
    assert len(_actions(store)) == 8


def test_no_row_without_bytes(store: Store) -> None:
    with pytest.raises(Problem) as caught:
        records.receive(store, "0" * 64, "a.txt", "text/plain", 1, "lan")
    assert caught.value.code == "store_busy"
    assert _count(store, Document) == 0


@pytest.mark.parametrize("code", ["reader_crashed", "encrypted"])
def test_what_failed_or_was_refused_is_read_again_when_sent_again(store: Store, code: str) -> None:
    document_id = _take(store).document_id
    records.refuse(store, document_id, Problem(code, name="a.txt"), _claim(store))
    receipt = _take(store, auto_accept=True)
    assert (receipt.document_id, receipt.status, receipt.existing) == (document_id, "queued", True)
    document = _document(store, document_id)
    assert (document.status, document.fault, document.auto_accept) == ("queued", None, True)
    assert records.propose(store, document_id, reading(), _claim(store)) == "accepted"


def test_what_was_withdrawn_is_read_again_when_sent_again(store: Store) -> None:
    document_id = _on_record(store)
    records.withdraw(store, document_id, "gửi nhầm", "lan")
    assert _take(store).status == "queued"
    assert records.propose(store, document_id, reading(), _claim(store)) == "review"


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Quyết định số 12.pdf", "Quyết định số 12.pdf"),
        ("Quyê\u0301t.pdf", "Quyết.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\scan\\a.pdf", "a.pdf"),
        ("a\u202efdp.exe", "afdp.exe"),
        ("a\r\nSet-Cookie: x\x00.pdf", "aSet-Cookie: x.pdf"),
        ("a\ud800.pdf", "a.pdf"),
        ("", "?"),
        ("x" * 10_000 + ".pdf", "x" * 200 + "…" + "x" * 50 + ".pdf"),
    ],
)
def test_a_senders_name_is_only_shown(name: str, shown: str) -> None:
    assert intake.clean_name(name) == shown


# Being read.


def test_a_reading_becomes_rows(store: Store) -> None:
    document_id = _take(store).document_id
    assert _document(store, document_id).status == "queued"
    lease = _claim(store)
    assert _document(store, document_id).status == "reading"
    assert records.propose(store, document_id, reading(text="Kế\x00hoạch"), lease) == "review"
    with store.db.reading() as session:
        document = session.scalars(select(Document)).one()
        assert (document.number, document.date, document.year) == ("31/KH-SYT", "2022-04-27", 2022)
        assert (document.issuer, document.signer) == ("Sở Y tế tỉnh Tân Hải", "Nguyễn Văn Mẫu")
        assert (document.page_count, document.questions, document.revision) == (1, [], 2)
        assert document.pages[0].text == "Kế\ufffdhoạch"
        assert unpack_words(document.pages[0].words)[0].confidence == 0.5
        assert [(r.kind, r.value) for r in document.recipients] == [
            ("addressee", "Các phòng"),
            ("recipient", "Như trên"),
            ("recipient", "Lưu: VT"),
        ]
        assert [(c.number, c.relation) for c in document.citations] == [
            ("93/KH-UBND", "implements"),
            (None, "basis"),
        ]
        assert (document.machine or {})["warnings"] == [
            {"code": "page_blank", "message": "Trang 1 trắng.", "page": 1}
        ]
        assert session.scalars(select(Job)).one().state == "done"
    assert _actions(store) == ["receive", "read"]


@pytest.mark.parametrize(
    ("auto_accept", "review", "status"),
    [(False, False, "review"), (True, False, "accepted"), (True, True, "review"), (False, True, "review")],
)
def test_on_record_without_a_person_only_without_questions(
    store: Store, auto_accept: bool, review: bool, status: str
) -> None:
    document_id = _take(store, auto_accept=auto_accept).document_id
    assert records.propose(store, document_id, reading(review=review), _claim(store)) == status
    document = _document(store, document_id)
    assert document.questions == (["number"] if review else [])
    assert document.accepted_by == ("lan" if status == "accepted" else None)


def test_a_reading_of_a_lost_lease_is_dropped(store: Store) -> None:
    document_id = _take(store).document_id
    lost = _claim(store, "a")
    records.expire_leases(store, lambda owner: owner == "a")
    lease = _claim(store, "b")
    assert records.propose(store, document_id, reading(text="late"), lost) is None
    assert records.refuse(store, document_id, Problem("encrypted"), lost) is None
    assert not records.heartbeat(store, lost)
    assert records.propose(store, document_id, reading(text="in time"), lease) == "review"
    assert records.propose(store, document_id, reading(text="twice"), lease) is None
    with store.db.reading() as session:
        assert [page.text for page in session.scalars(select(Document)).one().pages] == ["in time"]


def test_given_back_is_waiting_again(store: Store) -> None:
    document_id = _take(store).document_id
    assert records.give_back(store, _claim(store))
    assert _document(store, document_id).status == "queued"
    assert records.progress(store, _claim(store), "ocr", 1, 3)


def test_a_document_that_kills_its_readers_fails_with_a_reason_and_can_be_retried(store: Store) -> None:
    document_id = _take(store).document_id
    _take(store, b"next")
    for _ in range(store.settings.max_attempts):
        with store.db.reading() as session:
            assert session.scalars(select(Job.state).where(Job.document_id == document_id)).one() != "failed"
        lease = _claim(store, "dies")
        while lease.document_id != document_id:
            lease = _claim(store, "dies")
        records.expire_leases(store, lambda owner: owner == "dies")
    next_lease = _claim(store)
    assert next_lease.document_id != document_id
    document = _document(store, document_id)
    assert (document.status, (document.fault or {})["code"]) == ("failed", "reader_crashed")
    assert (document.fault or {})["facts"]["name"] == "a.txt"
    records.retry(store, document_id, "lan")
    assert _document(store, document_id).status == "queued"
    assert _claim(store).attempt == 1


def test_a_file_that_cannot_be_read_is_refused_with_its_facts(store: Store) -> None:
    document_id = _take(store).document_id
    assert (
        records.refuse(store, document_id, Problem("too_many_pages", name="x", pages=9, limit=3), _claim(store))
        == "refused"
    )
    fault = _document(store, document_id).fault or {}
    assert fault == {"code": "too_many_pages", "facts": {"name": "a.txt", "pages": "9", "limit": "3"}}
    assert Problem(fault["code"], **fault["facts"]).message().startswith("Tệp «a.txt» có 9 trang")
    assert _actions(store) == ["receive", "refuse"]


def test_each_revision_has_a_number_larger_than_all_before(store: Store) -> None:
    first, second = _on_record(store), _on_record(store, b"two")
    numbers = [_document(store, first).change, _document(store, second).change]
    records.withdraw(store, first, "x", "lan")
    numbers.append(_document(store, first).change)
    assert 0 < numbers[0] < numbers[1] < numbers[2]
    records.mark_index(store, "k", "whoosh", "m", "/home", 50)
    records.correct(store, second, {"subject": "khác"}, "lan", None)
    assert _document(store, second).change == 51, "a document that is gone may have had the numbers of an index"


# Classified.


def test_classified_leaves_a_tombstone_and_nothing_else(store: Store) -> None:
    token = "tuyệt-mật-token-93af"
    data = f"{token} gốc".encode()
    document_id = _take(store, data, name=f"{token}.txt").document_id
    records.propose(store, document_id, reading(data, text=token))
    records.correct(store, document_id, {"subject": token}, "lan", None)
    records.settle_conflict(store, document_id, "f", token, "lan")
    assert (
        records.refuse(store, document_id, Problem("classified", name=token, mark="MẬT"), actor="minh")
        == "refused"
    )
    sha256 = hashlib.sha256(data).hexdigest()
    for path in store.settings.home.rglob("*"):
        assert not path.is_file() or token.encode() not in path.read_bytes(), path
    assert not content_store.has_original(store, sha256)
    with store.db.reading() as session:
        last = session.scalars(select(AuditRow).order_by(AuditRow.id.desc())).first()
        assert last is not None
        assert (last.actor, last.action, last.detail["sha256"]) == ("minh", "refuse", sha256)
        assert audit.verify(session) == []
    assert _document(store, document_id).name == sha256[:12]


def test_classified_bytes_are_not_taken_again(store: Store) -> None:
    document_id = _take(store).document_id
    records.refuse(store, document_id, Problem("classified", mark="MẬT"), _claim(store))
    receipt = _take(store)
    assert (receipt.status, receipt.code, receipt.document_id) == ("refused", "classified", document_id)
    assert list(content_store.all_originals(store)) == []
    assert records.claim(store, "w") is None
    with pytest.raises(Problem) as caught:
        records.retry(store, document_id, "lan")
    assert caught.value.code == "wrong_state"


def _released(store: Store, document_id: int, reason: str) -> str:
    """The code of the refusal to overrule the gate."""
    with pytest.raises(Problem) as caught:
        records.overrule_mark(store, document_id, "a.txt", reason, "lan")
    return caught.value.code


def test_a_false_alarm_is_overruled_with_the_same_bytes_and_a_reason(store: Store) -> None:
    document_id = _take(store, name="kế hoạch.txt").document_id
    records.refuse(store, document_id, Problem("classified", mark="MẬT"), _claim(store))
    assert _released(store, document_id, "chữ trong khung là tên phần mềm") == "store_busy"
    content_store.put_original(store, b"one")
    assert _released(store, document_id, " ") == "bad_value"
    records.overrule_mark(store, document_id, "kế hoạch.txt", "chữ trong khung là tên phần mềm", "lan")
    found = _document(store, document_id)
    assert (found.status, found.name, found.fault) == ("queued", "kế hoạch.txt", None)
    assert records.purge_pending(store) == 0 and content_store.has_original(store, found.sha256)
    with store.db.reading() as session:
        row = session.scalars(select(AuditRow).where(AuditRow.action == "overrule_mark")).one()
    assert (row.actor, row.detail["mark"], row.detail["reason"]) == (
        "lan",
        "MẬT",
        "chữ trong khung là tên phần mềm",
    )
    assert _released(store, document_id, "lần nữa") == "wrong_state"
    records.refuse(store, document_id, Problem("classified", mark="MẬT"), actor="minh")
    assert _document(store, document_id).released is None and not content_store.has_original(store, found.sha256)
    with store.db.reading() as session:
        assert audit.verify(session) == [], "the second order names the rows that the first one emptied too"


def test_a_purge_that_was_cut_short_is_taken_up_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    document_id = _take(store).document_id

    def killed(*_: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(content_store, "remove_original", killed)
        with pytest.raises(KeyboardInterrupt):
            records.refuse(store, document_id, Problem("classified", mark="MẬT"), _claim(store))
    assert _document(store, document_id).status == "refused"
    assert len(list(content_store.all_originals(store))) == 1
    assert records.purge_pending(store) == 1
    assert list(content_store.all_originals(store)) == []


# What a person decides.


def test_accepting_keeps_the_evidence_and_the_history(store: Store) -> None:
    document_id = _take(store).document_id
    records.propose(store, document_id, reading(review=True))
    seen = _document(store, document_id).revision
    values: dict[str, object] = {
        "number": " 32 /KH-SYT",
        "recipients": ["Như trên", "Sở Nội vụ", ""],
        "superior": "",
    }
    assert records.accept(store, document_id, values, "lan", seen) == seen + 1
    document = _document(store, document_id)
    fields = document.fields or {}
    assert (document.status, document.accepted_by, document.questions) == ("accepted", "lan", [])
    assert (document.number, document.superior) == ("32/KH-SYT", None)
    number = fields["number"]
    assert (number["value"], number["printed"], number["rule"], number["review"]) == (
        "32/KH-SYT", "31/KH-SYT", "person", False,
    )  # fmt: skip
    assert number["boxes"] == [[0.1, 0.1, 0.2, 0.2]]
    assert [(r["value"], r["rule"]) for r in fields["recipients"]] == [
        ("Như trên", "test"),
        ("Sở Nội vụ", "person"),
    ]
    assert (document.machine or {})["fields"]["number"]["value"] == "31/KH-SYT"
    with store.db.reading() as session:
        change = corrections.history(session, document_id)[-1]
    assert (change.actor, set(change.before)) == ("lan", {"number", "recipients", "superior"})
    assert (change.before["number"]["value"], change.after["superior"]) == ("31/KH-SYT", None)


def test_a_failed_document_can_be_entered_by_hand(store: Store) -> None:
    document_id = _take(store).document_id
    records.refuse(store, document_id, Problem("reader_timeout"), _claim(store))
    records.accept(store, document_id, {"number": "5/BC-UBND", "date": "2021-02-03"}, "lan", None, confirm=ASKED)
    document = _document(store, document_id)
    assert (document.status, document.number, document.year, document.fault) == (
        "accepted",
        "5/BC-UBND",
        2021,
        None,
    )


def test_a_record_somebody_else_changed_is_not_overwritten(store: Store) -> None:
    document_id = _on_record(store)
    seen = _document(store, document_id).revision
    records.correct(store, document_id, {"subject": "Một"}, "lan", seen)
    with pytest.raises(Problem) as caught:
        records.correct(store, document_id, {"subject": "Hai"}, "minh", seen)
    assert caught.value.code == "stale"
    assert _document(store, document_id).subject == "Một"


def test_a_correction_is_taken_back_with_its_evidence(store: Store) -> None:
    document_id = _on_record(store)
    before = _document(store, document_id).fields
    records.correct(store, document_id, {"subject": "Sai", "signer_name": "Trần Thị Mẫu"}, "lan", None)
    with store.db.reading() as session:
        row = corrections.history(session, document_id)[-1].row
    records.undo(store, document_id, row, "minh", None)
    assert _document(store, document_id).fields == before
    records.correct(store, document_id, {"subject": "Khác"}, "lan", None)
    with pytest.raises(Problem) as caught:
        records.undo(store, document_id, row, "minh", None)
    assert caught.value.code == "stale"


def test_a_correction_answers_its_question(store: Store) -> None:
    document_id = _take(store).document_id
    records.propose(store, document_id, reading(review=True))
    records.correct(store, document_id, {"number": "31/KH-SYT"}, "lan", None)
    document = _document(store, document_id)
    assert (document.status, document.questions) == ("review", [])


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"date": "27/4/2022"}, "date"),
        ({"date": "2022-02-30"}, "date"),
        ({"date": "20220427"}, "date"),
        ({"date": "0022-04-27"}, "date"),
        ({"date": "2024-W19-4"}, "date"),
        ({"date": "1899-12-31"}, "date"),
        ({"number": "5/\x00CT-UBND"}, "number"),
        ({"number": "5/CT-UBND" * 20}, "number"),
        ({"doc_type": "x" * 101}, "doc_type"),
        ({"subject": "một\x1bhai"}, "subject"),
        ({"subject": 5}, "subject"),
        ({"subject": "x" * 5000}, "subject"),
        ({"recipients": "một"}, "recipients"),
        ({"recipients": [3]}, "recipients"),
    ],
)
def test_values_no_record_can_hold(store: Store, values: dict[str, object], field: str) -> None:
    document_id = _on_record(store)
    with pytest.raises(Problem) as caught:
        records.correct(store, document_id, values, "lan", None)
    assert (caught.value.code, caught.value.facts["field"]) == ("bad_value", field)
    assert _document(store, document_id).revision == 3


def test_what_is_no_field_of_a_record_is_refused(store: Store) -> None:
    document_id = _on_record(store)
    with pytest.raises(Problem) as caught:
        records.correct(store, document_id, {"status": "accepted"}, "lan", None)
    assert caught.value.code == "bad_request" and _document(store, document_id).revision == 3


def test_a_persons_text_is_cleaned(store: Store) -> None:
    document_id = _on_record(store)
    records.correct(store, document_id, {"subject": "  Quyê\u0301t\u202e\n định "}, "lan", None)
    assert _document(store, document_id).subject == "Quyết định"


@pytest.mark.parametrize("status", ["queued", "reading", "refused", "withdrawn", "accepted"])
def test_only_what_was_read_is_accepted(store: Store, status: str) -> None:
    document_id = _on_record(store)
    with store.db.writing() as session:
        document = session.get(Document, document_id)
        assert document is not None
        document.status = status
    with pytest.raises(Problem) as caught:
        records.accept(store, document_id, {}, "lan", None)
    assert caught.value.code == "wrong_state"


def test_withdrawing_needs_a_reason_and_stops_a_reading(store: Store) -> None:
    document_id = _take(store).document_id
    lease = _claim(store)
    with pytest.raises(Problem):
        records.withdraw(store, document_id, "  ", "lan")
    records.withdraw(store, document_id, "gửi nhầm", "lan")
    assert records.propose(store, document_id, reading(), lease) is None
    assert _document(store, document_id).status == "withdrawn"
    with pytest.raises(Problem):
        records.reinstate(store, document_id, "lan")


def test_a_withdrawn_record_comes_back_to_review(store: Store) -> None:
    document_id = _on_record(store)
    records.withdraw(store, document_id, "gửi nhầm", "lan")
    records.reinstate(store, document_id, "lan")
    assert _document(store, document_id).status == "review"


def test_settling_a_citation_and_a_conflict(store: Store) -> None:
    one, two = _on_record(store), _on_record(store, b"two")
    with store.db.reading() as session:
        citation_id = session.scalars(select(CitationRow.id).where(CitationRow.document_id == one)).first()
    assert citation_id is not None
    records.settle_citation(store, citation_id, two, "lan")
    with store.db.reading() as session:
        citation = session.get_one(CitationRow, citation_id)
        assert (citation.status, citation.target_id, citation.settled_by) == ("found", two, "lan")
    records.settle_citation(store, citation_id, None, "lan")
    for reason in ("đã xem", "đã xem lại"):
        records.settle_conflict(store, one, "abc", reason, "lan")
    with store.db.reading() as session:
        assert session.scalars(select(Settlement)).one().reason == "đã xem lại"
    with pytest.raises(Problem):
        records.settle_citation(store, citation_id, 999, "lan")


def test_what_is_not_there_is_not_found(store: Store) -> None:
    for call in (
        lambda: records.accept(store, 9, {}, "lan", None),
        lambda: records.retry(store, 9, "lan"),
        lambda: records.settle_citation(store, 9, None, "lan"),
        lambda: records.set_role(store, "none", "clerk", "lan"),
    ):
        with pytest.raises(Problem) as caught:
            call()
        assert caught.value.code == "not_found"


# Accounts.


@pytest.mark.parametrize(
    ("name", "again", "reason"),
    [
        ("Lan", "lan", "another case"),
        ("Đức", "đỨC", "a letter that the database knows no small one of"),
        ("Đức", " Đư\u0301c ", "written with a mark of its own, and blanks"),
        ("Đức", "Đức", "the same"),
    ],
)
def test_accounts_by_name_in_any_case(name: str, again: str, reason: str, store: Store) -> None:
    user_id = records.add_user(store, name, "clerk", "hash", full_name="Nguyễn Thị Lan")
    with pytest.raises(Problem) as caught:
        records.add_user(store, again, "clerk", "hash")
    assert caught.value.code == "user_exists", reason
    with store.db.reading() as session:
        assert accounts.user_named(session, again).id == user_id, reason
    for _ in range(attempts.BY_PAIR.free):
        records.note_attempt(store, name, "10.0.0.1", False)
    with store.db.reading() as session:
        assert attempts.wait_of(session, again, "10.0.0.1", utc_now()) > 0, reason


def test_a_role_is_one_of_four(store: Store) -> None:
    with pytest.raises(Problem) as caught:
        records.add_user(store, "minh", "king", "hash")
    assert caught.value.code == "bad_value"


@pytest.mark.parametrize("change", ["role", "password", "active"])
def test_sessions_end_with_what_they_were_given_for(store: Store, change: str) -> None:
    user_id = records.add_user(store, "lan", "clerk", "hash")
    records.start_session(store, user_id, "t1", address="10.0.0.1")
    with store.db.reading() as session:
        user = accounts.user_of_session(session, "t1")
    assert user is not None and user.name == "lan"
    if change == "role":
        records.set_role(store, "lan", "reader", "admin")
    elif change == "password":
        records.set_password(store, "lan", "other", "admin")
    else:
        records.disable(store, "lan", "admin")
    with store.db.reading() as session:
        assert accounts.user_of_session(session, "t1") is None
    if change == "active":
        with pytest.raises(Problem):
            records.start_session(store, user_id, "t2")


def test_sessions_end_by_signing_out_and_by_time(store: Store) -> None:
    user_id = records.add_user(store, "lan", "clerk", "hash")
    records.start_session(store, user_id, "t1")
    records.start_session(store, user_id, "t2", lifetime=timedelta(seconds=-1))
    records.touch_session(store, "t1")
    records.end_session(store, "t1", "lan")
    records.end_session(store, "unknown", "lan")
    with store.db.reading() as session:
        assert accounts.user_of_session(session, "t1") is None
        assert accounts.user_of_session(session, "t2") is None
        assert _count(store, SignIn) == 2
    assert _count(store, User) == 1
