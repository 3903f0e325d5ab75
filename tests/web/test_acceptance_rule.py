"""Acceptance without a person: the rule by page and call, its trail, and every reading that it meets."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.document import Box, Field, Fields, Page, Reading, Signature, Signer, SourceFile, Warning
from corpus.originals import content_store
from corpus.queue import jobs
from tests.web.conftest import png

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
PAGE, CALL = "/tu-dong-vao-kho", "/api/acceptance"


def field(value: str, **more: Any) -> Field:
    return Field(value, value, 0.97, page=1, boxes=(Box(0.1, 0.1, 0.5, 0.13),), rule="test", **more)


FIELDS = Fields(
    number=field("71/CV-UBND"),
    date=field("2022-05-04"),
    issuer=field("Ủy ban nhân dân tỉnh An Giang"),
    doc_type=field("Công văn"),
    subject=field("Rà soát văn bản"),
    signer=Signer(name=field("Trần Thị B")),
)
SCANNED = (Page(1, "ocr", "Công văn"),)
DIGITAL = (Page(1, "text", "Công văn"),)
SIGNED = (Signature("valid", "body"),)
STRANGER = (Signature("valid_unknown_issuer"),)


def come_in(store: Store, *, groups: tuple[str, ...] = (), name: str = "moi") -> int:
    data = png(name)
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, f"{name}.png", "image/png", len(data), "clerk", limited_to=groups)
    return receipt.document_id


def read(store: Store, document_id: int, reading: Reading) -> str | None:
    """As a worker does it: the job is claimed, and its result proposed."""
    lease = records.claim(store, "worker")
    assert lease is not None and lease.document_id == document_id
    return records.propose(store, document_id, reading, lease)


def reading_of(fields: Fields = FIELDS, **more: Any) -> Reading:
    return Reading(SourceFile("a.png", "0" * 64, "image/png", 1, 10), more.pop("pages", SCANNED), fields, **more)


def stored(store: Store, document_id: int) -> Document:
    with store.db.reading() as session:
        return session.get_one(Document, document_id)


def rows(store: Store, action: str) -> list[AuditRow]:
    with store.db.reading() as session:
        return session.query(AuditRow).filter(AuditRow.action == action).order_by(AuditRow.id).all()


CASES = [
    # (rule, reading, status, reason)
    ("off", reading_of(), "review", "nothing goes by itself unless somebody said so"),
    ("clear", reading_of(), "accepted", "no question, no doubt"),
    ("clear", reading_of(replace(FIELDS, number=field("71/CV-UBND", review=True))), "review", "a question"),
    ("clear", reading_of(replace(FIELDS, subject=None)), "review", "a value is missing"),
    ("clear", reading_of(replace(FIELDS, number=field("5/CT-UBND"), doc_type=field("Chỉ thị"),
        date=field("2022-01-10"), issuer=field("Ủy ban nhân dân tỉnh Kiên Giang"))), "review", "a twin"),
    ("clear", reading_of(replace(FIELDS, date=field("2034-01-15"))), "review", "a day to come"),
    ("clear", reading_of(warnings=(Warning("page_unreadable", "Trang 1 không đọc được", 1),)), "review", "unread"),
    ("signed", reading_of(), "review", "a scan is never a signed original"),
    ("signed", reading_of(pages=DIGITAL), "review", "nobody signed it"),
    ("signed", reading_of(pages=DIGITAL, signatures=SIGNED), "accepted", "born digital, signed, nothing to ask"),
    ("signed", reading_of(signatures=SIGNED), "review", "signed, but its text is recognised"),
    ("signed", reading_of(pages=(*DIGITAL, Page(2, "ocr", "phụ lục")), signatures=SIGNED), "review", "one scan"),
    ("signed", reading_of(pages=DIGITAL, signatures=(*SIGNED, Signature("broken"))), "review", "one broken"),
    ("signed", reading_of(pages=DIGITAL, signatures=STRANGER), "review", "stranger"),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "found", "status", "reason"), CASES, ids=[f"{c[0]}: {c[3]}" for c in CASES])
def test_what_goes_on_record_by_the_rule(
    rule: str, found: Reading, status: str, reason: str, filled: Store
) -> None:
    records.set_acceptance(filled, rule, "admin")
    document_id = come_in(filled)
    assert read(filled, document_id, found) == status, reason
    one = stored(filled, document_id)
    assert (one.accepted_by, one.auto_accept) == (("vanban", True) if status == "accepted" else (None, False))
    assert rows(filled, "read")[-1].detail.get("rule") == (rule if status == "accepted" else None)


def test_a_limited_document_waits_for_a_person(filled: Store) -> None:
    records.set_acceptance(filled, "clear", "admin")
    records.add_group(filled, "Mật vụ", "admin")
    document_id = come_in(filled, groups=("Mật vụ",))
    assert read(filled, document_id, reading_of()) == "review"


def test_what_a_person_took_back_waits_for_a_person(filled: Store) -> None:
    records.set_acceptance(filled, "clear", "admin")
    document_id = come_in(filled)
    records.withdraw(filled, document_id, "quét nhầm", "clerk")
    come_in(filled)
    assert read(filled, document_id, reading_of()) == "review"


def test_what_waits_goes_on_waiting_when_it_is_read_again(filled: Store) -> None:
    document_id = come_in(filled)
    assert read(filled, document_id, reading_of()) == "review"
    records.set_acceptance(filled, "clear", "admin")
    records.retry(filled, document_id, "clerk")
    assert read(filled, document_id, reading_of()) == "review"


def test_it_is_off_again_at_once(filled: Store) -> None:
    records.set_acceptance(filled, "clear", "admin")
    document_id = come_in(filled)
    records.set_acceptance(filled, "off", "admin")
    assert read(filled, document_id, reading_of()) == "review"


def test_only_an_administrator_sets_it_and_the_trail_says_so(sign_in: SignIn, post: Post, filled: Store) -> None:
    for role in ("reader", "leader", "clerk", "auditor"):
        client = sign_in(role)
        assert (client.get(PAGE).status_code, client.get(CALL).status_code) == (403, 403)
        assert post(client, PAGE, {"rule": "clear"}).status_code == 403
    admin = sign_in("admin")
    assert 'value="off" checked' in admin.get(PAGE).text and rows(filled, "acceptance_rule") == []
    assert post(admin, PAGE, {"rule": "clear"}).status_code == 303
    assert 'value="clear" checked' in admin.get(PAGE).text
    post(admin, PAGE, {"rule": "clear"})
    told = [(one.actor, one.detail) for one in rows(filled, "acceptance_rule")]
    assert told == [("admin", {"was": "off", "rule": "clear"})]
    assert "đặt việc tự động vào kho" in (trail := admin.get("/nhat-ky").text) and "không có gì phải hỏi" in trail
    assert post(admin, PAGE, {"rule": "all"}).status_code == 422
    assert admin.get(CALL).json["rule"] == "clear"


def test_the_queue_says_what_the_rule_is(sign_in: SignIn, filled: Store) -> None:
    clerk = sign_in("clerk")
    said = re.compile(r'id="acceptance">(.*?)</p>', re.S)
    off = said.findall(clerk.get("/can-xem").text)[0]
    assert "do người xác nhận" in off and ":" not in off.split("<")[0], "one plain sentence"
    records.set_acceptance(filled, "signed", "admin")
    told = said.findall(clerk.get("/can-xem").text)[0]
    assert "chữ ký số hợp lệ" in told and "admin" in told and PAGE not in told
    assert PAGE in said.findall(sign_in("admin").get("/can-xem").text)[0]


def test_no_job_is_left_over(filled: Store) -> None:
    records.set_acceptance(filled, "clear", "admin")
    read(filled, come_in(filled), reading_of())
    with filled.db.reading() as session:
        assert not jobs.has_due(session, ("read",))
