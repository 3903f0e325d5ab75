"""A document that is read again: it stays what it is meanwhile, and a person's word stays what it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.document import Page, Reading, Signer, Warning, open_questions, unread_pages
from corpus.errors import Problem
from corpus.lifecycle import reread
from corpus.queue.jobs import JobLease
from tests.corpus.records.test_reading import _claim, _field, _take, reading

_UNREAD = Warning("page_unreadable", "Trang 2 không đọc được.", 2)


def half_read(data: bytes = b"one") -> Reading:
    """A reading without its page 2, on which the signer stands."""
    whole = reading(data)
    pages = (*whole.pages, Page(2, "ocr", "", confidence=0.0))
    fields = replace(whole.fields, signer=Signer(), recipients=())
    return replace(whole, pages=pages, fields=fields, warnings=(_UNREAD,))


def whole_read(data: bytes = b"one", **changes: str) -> Reading:
    """The same with page 2, and other values for some fields."""
    whole = reading(data)
    fields = replace(whole.fields, **{name: _field(value) for name, value in changes.items()})
    return replace(whole, pages=(*whole.pages, Page(2, "ocr", "Nguyễn Văn Mẫu")), fields=fields, warnings=())


def _document(store: Store, document_id: int) -> Document:
    with store.db.reading() as session:
        return session.scalars(select(Document).where(Document.id == document_id)).one()


def _value(store: Store, document_id: int, name: str) -> str | None:
    fields = _document(store, document_id).fields or {}
    part = fields["signer"]["name"] if name == "signer" else fields[name]
    return part["value"] if part else None


def _again(store: Store, document_id: int, new: Reading, page: int | None = None) -> JobLease:
    records.retry(store, document_id, "lan", page)
    lease = _claim(store)
    assert lease.document_id == document_id
    records.propose(store, document_id, new, lease)
    return lease


def test_a_page_unread_is_a_question_that_no_accept_at_the_door_passes(store: Store) -> None:
    document_id = _take(store, auto_accept=True).document_id
    assert records.propose(store, document_id, half_read(), _claim(store)) == "review"
    document = _document(store, document_id)
    assert document.questions == ["page_2", "signer"], "the signer stands on it"
    assert unread_pages((_UNREAD, _UNREAD)) == (2,) and "page_2" in open_questions(half_read())


def test_reading_it_again_puts_it_on_record(store: Store) -> None:
    document_id = _take(store, auto_accept=True).document_id
    records.propose(store, document_id, half_read(), _claim(store))
    lease = _again(store, document_id, whole_read(), page=2)
    assert lease.args == {"again": True, "pages": [2]}
    document = _document(store, document_id)
    assert (document.status, document.questions, document.signer) == ("accepted", [], "Nguyễn Văn Mẫu")
    with store.db.reading() as session:
        rows = session.scalars(select(AuditRow).where(AuditRow.action == "retry")).all()
    assert [row.detail for row in rows] == [{"was": "review", "page": 2}]


@pytest.mark.parametrize("status", ["review", "accepted"])
def test_it_stays_what_it_is_until_the_new_reading_is_there(store: Store, status: str) -> None:
    document_id = _take(store, auto_accept=status == "accepted").document_id
    records.propose(store, document_id, reading(review=status == "review"), _claim(store))
    records.retry(store, document_id, "lan")
    records.retry(store, document_id, "lan", 1)
    with store.db.reading() as session:
        assert reread.is_waiting(session, document_id)
    lease = _claim(store)
    assert _document(store, document_id).status == status and lease.args == {"again": True}
    assert records.refuse(store, document_id, Problem("reader_timeout", name="a"), lease) == status
    assert _document(store, document_id).status == status and _value(store, document_id, "number") == "31/KH-SYT"
    with store.db.reading() as session:
        assert not reread.is_waiting(session, document_id)


def _corrected(store: Store, document_id: int) -> None:
    records.correct(store, document_id, {"subject": "Do người sửa"}, "lan", None)


def _cleared(store: Store, document_id: int) -> None:
    records.correct(store, document_id, {"place": ""}, "lan", None)


def _accepted(store: Store, document_id: int) -> None:
    with pytest.raises(Problem, match="Page 2"):
        records.accept(store, document_id, {}, "lan", None)
    records.accept(store, document_id, {}, "lan", None, confirm=("page_unreadable", "signer_missing"))


def _nothing(_store: Store, _document_id: int) -> None:
    """Nobody did anything."""


@pytest.mark.parametrize(
    ("deed", "name", "value", "status", "why"),
    [
        (_corrected, "subject", "Do người sửa", "accepted", "a correction stays"),
        (_corrected, "place", "Mới", "accepted", "what nobody touched is the new reading's"),
        (_cleared, "place", None, "accepted", "what a person took out stays out"),
        (_nothing, "subject", "Đọc lại", "accepted", "the new reading counts where nobody looked"),
        (_accepted, "subject", "Tuyên truyền thi đua", "review", "on record every value was looked at"),
        (_accepted, "signer", "Nguyễn Văn Mẫu", "review", "what the record lacked is filled, for a person to see"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_a_persons_word_stays(
    store: Store, deed: Callable[[Store, int], None], name: str, value: str | None, status: str, why: str
) -> None:
    document_id = _take(store, auto_accept=True).document_id
    records.propose(store, document_id, half_read(), _claim(store))
    deed(store, document_id)
    _again(store, document_id, whole_read(subject="Đọc lại", place="Mới"))
    assert _value(store, document_id, name) == value, why
    assert _document(store, document_id).status == status, why


def test_what_a_person_passed_is_no_question_again(store: Store) -> None:
    """Page 2 can't be read the second time either, and a paper without a subject has none: it stays on record."""
    document_id = _take(store).document_id
    bare = replace(half_read(), fields=replace(half_read().fields, subject=None))
    records.propose(store, document_id, bare, _claim(store))
    passed = ("page_unreadable", "signer_missing", "subject_missing")
    records.accept(store, document_id, {}, "lan", None, confirm=passed)
    _again(store, document_id, bare)
    document = _document(store, document_id)
    assert (document.status, document.questions, document.accepted_by) == ("accepted", [], "lan")


@pytest.mark.parametrize("back", ["undo", "reinstate"])
def test_what_a_person_took_back_goes_on_record_by_a_person_only(store: Store, back: str) -> None:
    document_id = _take(store, auto_accept=True).document_id
    records.propose(store, document_id, half_read(), _claim(store))
    _accepted(store, document_id)
    if back == "undo":
        records.undo(store, document_id, None, "lan", None)
    else:
        records.withdraw(store, document_id, "nhầm", "lan")
        records.reinstate(store, document_id, "lan")
    _again(store, document_id, whole_read())
    assert _document(store, document_id).status == "review"


def test_a_file_withdrawn_and_sent_again_keeps_its_corrections(store: Store) -> None:
    document_id = _take(store).document_id
    records.propose(store, document_id, reading(review=True), _claim(store))
    _corrected(store, document_id)
    records.withdraw(store, document_id, "nhầm", "lan")
    assert _take(store).status == "queued"
    records.propose(store, document_id, reading(), _claim(store))
    assert _value(store, document_id, "subject") == "Do người sửa"


def test_a_reading_that_loses_a_page_is_not_taken(store: Store) -> None:
    document_id = _take(store).document_id
    records.propose(store, document_id, whole_read(), _claim(store))
    records.retry(store, document_id, "lan")
    assert records.propose(store, document_id, half_read(), _claim(store)) == "review"
    assert _document(store, document_id).questions == [] and _value(store, document_id, "signer") is not None


def test_a_mark_that_is_seen_now_takes_all_out(store: Store) -> None:
    document_id = _take(store, auto_accept=True).document_id
    records.propose(store, document_id, reading(), _claim(store))
    records.retry(store, document_id, "lan")
    records.refuse(store, document_id, Problem("classified", name="a", mark="MẬT"), _claim(store))
    document = _document(store, document_id)
    assert (document.status, document.fields, document.number) == ("refused", None, None)


def test_no_such_page(store: Store) -> None:
    document_id = _take(store).document_id
    records.propose(store, document_id, reading(), _claim(store))
    with pytest.raises(Problem, match="not found"):
        records.retry(store, document_id, "lan", 7)


def test_fields_of_pages_that_are_not_read_anew_stay() -> None:
    before = reread.Earlier(half_read(), frozenset({2}))
    new = whole_read(number="99/KH-SYT")
    signer = replace(new.fields.signer, name=replace(_field("Trần Văn B"), page=2))
    joined = reread.joined(before, replace(new, fields=replace(new.fields, signer=signer)))
    assert joined.fields.number is not None and joined.fields.number.value == "31/KH-SYT"
    assert joined.fields.signer.name is not None and joined.fields.signer.name.value == "Trần Văn B"
    assert joined.warnings == ()
