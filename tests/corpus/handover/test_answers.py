"""A paper that replies closes what was handed over, and opens it again when it goes: every way there and back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from corpus import audit, records
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import AuditRow, CitationRow, Document
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.originals import content_store

ISSUER = "Ủy ban nhân dân tỉnh Kiên Giang"
DAY, NUMBER = "2026-11-02", "45/UBND-VX"


def paper(store: Store, number: str, *cites: Citation, date: str = DAY, issuer: str = ISSUER) -> int:
    """A document on record."""
    data = number.encode()
    sha256 = content_store.put_original(store, data)
    made = records.receive(store, sha256, "a.txt", "text/plain", len(data), "lan", auto_accept=True).document_id
    fields = Fields(
        number=Field(number, number, 0.99, page=1),
        date=Field(date, date, 0.99, page=1),
        issuer=Field(issuer, issuer, 0.99, page=1),
        doc_type=Field("Công văn", "Công văn", 0.99, page=1),
        subject=Field(f"Việc {number}", f"Việc {number}", 0.99, page=1),
    )
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, made, Reading(source, (Page(1, "text", number),), fields, cites))
    return made


def reply(*, review: bool = False, relation: str = "replies") -> Citation:
    printed = f"Trả lời Công văn số {NUMBER} ngày 02/11/2026"
    return Citation(
        printed, relation, "Công văn", NUMBER, date=DAY, issuer=ISSUER, page=1, review=review,
    )  # fmt: skip


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    roles = {"chu tich": "leader", "pho": "leader", "binh": "reader", "hoa": "reader", "sep": "admin"}
    ids = {name: records.add_user(store, name, role, "-") for name, role in roles.items()}
    records.add_group(store, "Phòng Văn xã", "sep")
    records.join_group(store, "Phòng Văn xã", "hoa", "sep")
    return ids


def hand(people: dict[str, int], name: str, for_name: str = "") -> Acting:
    return Acting(name, people[name], for_name)


def give(store: Store, people: dict[str, int], document: int, *receivers: Receiver, deadline: str = "5") -> int:
    to = receivers or (
        Receiver("lead", "binh"),
        Receiver("with", "Phòng Văn xã", unit=True),
        Receiver("know", "pho"),
    )
    return records.hand_over(
        store, document, Order(to, "Trả lời trước kỳ họp", deadline), hand(people, "chu tich")
    )


def state(store: Store, handover: int) -> tuple[str, int | None, list[str]]:
    """State of a hand-over, the paper that answers it, and the states of its parts."""
    with store.db.reading() as session:
        row = session.get_one(Handover, handover)
        parts = select(HandoverPart.state).where(HandoverPart.handover_id == handover).order_by(HandoverPart.id)
        return row.state, row.answer_id, list(session.scalars(parts))


def actions(store: Store) -> list[tuple[str, str]]:
    with store.db.reading() as session:
        rows = select(AuditRow).where(AuditRow.action.like("handover%")).order_by(AuditRow.id)
        return [(row.actor, row.action) for row in session.scalars(rows)]


def citation_of(store: Store, document: int) -> int:
    with store.db.reading() as session:
        return session.scalars(select(CitationRow.id).where(CitationRow.document_id == document)).one()


OPEN = ["open", "open", "open"]
CLOSED = ["closed", "closed", "open"]
"""The receiver for information has still to take note."""


def test_a_reply_that_arrives_closes_it_with_its_evidence(store: Store, people: dict[str, int]) -> None:
    asked = paper(store, NUMBER)
    made = give(store, people, asked)
    assert state(store, made) == ("open", None, OPEN)
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    assert state(store, made) == ("answered", answer, CLOSED)
    with store.db.reading() as session:
        row = session.get_one(Handover, made)
        assert session.get_one(CitationRow, row.answer_citation or 0).printed.startswith("Trả lời Công văn")
        assert row.closed_by == "vanban" and audit.verify(session) == []
    assert actions(store) == [("chu tich", "handover_give"), ("vanban", "handover_answered")]


def test_the_paper_asked_about_may_arrive_last(store: Store, people: dict[str, int]) -> None:
    """The reply was on record first and wanted; the paper is handed over before anybody sees the reply."""
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    asked = paper(store, NUMBER)
    made = give(store, people, asked)
    assert state(store, made) == ("open", None, OPEN), (
        "an answer that was there when it was given does not close it"
    )
    later = paper(store, "91/UBND-VX", reply(), date="2026-11-21")
    assert state(store, made)[:2] == ("answered", later) and later != answer


def _withdraw(store: Store, answer: int) -> Callable[[], object]:
    records.withdraw(store, answer, "nhầm", "lan")
    return lambda: records.reinstate(store, answer, "lan")


def _remove(store: Store, answer: int) -> Callable[[], object]:
    records.remove_citation(store, citation_of(store, answer), "lan")
    return lambda: records.undo_citation(store, answer, None, "lan")


def _settle_away(store: Store, answer: int) -> Callable[[], object]:
    records.settle_citation(store, citation_of(store, answer), None, "lan")
    return lambda: records.undo_citation(store, answer, None, "lan")


def _withdraw_the_asked(store: Store, answer: int) -> Callable[[], object]:
    records.withdraw(store, 1, "nhầm", "lan")
    return lambda: records.reinstate(store, 1, "lan")


def _renumber(store: Store, answer: int) -> Callable[[], object]:
    records.correct(store, 1, {"number": "46/UBND-VX"}, "lan", None, confirm=("number_out_of_run",))
    return lambda: records.undo(store, 1, None, "lan", None)


@pytest.mark.parametrize(
    "away", [_withdraw, _remove, _settle_away, _withdraw_the_asked, _renumber], ids=lambda one: str(one.__name__)
)
def test_it_opens_when_the_answer_goes_and_closes_when_it_is_back(
    away: Callable[[Store, int], Callable[[], object]], store: Store, people: dict[str, int]
) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    back = away(store, answer)
    assert state(store, made) == ("open", None, OPEN)
    back()
    assert state(store, made) == ("answered", answer, CLOSED)
    said = [action for _, action in actions(store)]
    assert said == ["handover_give", "handover_answered", "handover_unanswered", "handover_answered"]


def test_a_purged_answer_opens_it_and_a_purged_paper_takes_all_along(store: Store, people: dict[str, int]) -> None:
    asked = paper(store, NUMBER)
    made = give(store, people, asked)
    records.add_note(store, asked, "ý kiến mật", hand(people, "binh"))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    records.classify(store, answer, "dấu MẬT", "lan")
    assert state(store, made) == ("open", None, OPEN)
    records.classify(store, asked, "dấu MẬT", "lan")
    with store.db.reading() as session:
        assert session.get(Handover, made) is None and session.scalars(select(HandoverPart)).all() == []
        rows = session.scalars(select(AuditRow).where(AuditRow.document_id == asked)).all()
        assert all("kỳ họp" not in str(row.detail) and "ý kiến mật" not in str(row.detail) for row in rows)
    for path in store.settings.home.glob("vanban.sqlite3*"):
        assert "kỳ họp".encode() not in path.read_bytes(), "no byte of the leader's note is left"


@pytest.mark.parametrize(
    ("citation", "reason"),
    [
        (reply(review=True), "a doubtful citation waits for a person"),
        (reply(relation="refers"), "it mentions the paper and does not reply"),
    ],
)
def test_what_does_not_close_it(citation: Citation, reason: str, store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", citation, date="2026-11-20")
    assert state(store, made)[0] == "open", reason
    if citation.review:
        records.confirm_citation(store, citation_of(store, answer), "lan")
        assert state(store, made)[:2] == ("answered", answer)


def test_an_answer_that_was_not_enough_closes_it_no_more(store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    records.reopen_handover(store, made, hand(people, "chu tich"))
    records.correct(store, answer, {"place": "Rạch Giá"}, "lan", None)
    assert state(store, made) == ("open", None, OPEN)
    second = paper(store, "95/UBND-VX", reply(), date="2026-11-25")
    assert state(store, made)[:2] == ("answered", second)


def test_what_is_for_information_only_is_closed_by_no_answer(store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER), Receiver("know", "binh"))
    paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    assert state(store, made) == ("open", None, ["open"])


def test_a_reading_again_keeps_it_closed(store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    records.retry(store, answer, "lan")
    lease = records.claim(store, "w")
    assert lease is not None
    with store.db.reading() as session:
        sha256 = session.get_one(Document, answer).sha256
    source = SourceFile("a.txt", sha256, "text/plain", 1, 8)
    records.propose(store, answer, Reading(source, (Page(1, "text", "x"),), Fields(), (reply(),)), lease)
    assert state(store, made)[:2] == ("answered", answer)
    with store.db.reading() as session:
        row = session.get_one(Handover, made)
        assert row.answer_citation == citation_of(store, answer), "the evidence follows the new reading"
    assert [action for _, action in actions(store)] == ["handover_give", "handover_answered"]


def test_all_are_followed_after_tables_changed(store: Store, people: dict[str, int]) -> None:
    made = give(store, people, paper(store, NUMBER))
    answer = paper(store, "90/UBND-VX", reply(), date="2026-11-20")
    with store.db.writing() as session:
        session.get_one(CitationRow, citation_of(store, answer)).status = "wanted"
    assert records.follow_answers(store) == 1 and state(store, made)[0] == "open"
    records.resolve_citations(store)
    assert state(store, made)[:2] == ("answered", answer) and records.follow_answers(store) == 0


def test_nobody_hands_over_what_was_not_read(store: Store, people: dict[str, int]) -> None:
    asked = paper(store, NUMBER)
    records.withdraw(store, asked, "nhầm", "lan")
    with pytest.raises(Problem) as caught:
        give(store, people, asked)
    assert caught.value.code == "wrong_state"
