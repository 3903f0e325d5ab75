"""The trail is told in words: no row that the program writes shows the name of a column."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.field_labels import LABELS
from corpus.originals import content_store
from web.present import audit_words
from web.present.catalogue import DETAILS

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
PASSWORD = "mot-mat-khau-dai"


def test_every_part_of_a_row_has_words(filled: Store) -> None:
    records.correct(filled, 1, {"subject": "Việc khác"}, "clerk", None)
    records.withdraw(filled, 1, "quét thiếu trang", "clerk")
    paper = b"mat"
    document = records.receive(
        filled, content_store.put_original(filled, paper), "a.txt", "text/plain", 3, "clerk"
    ).document_id
    records.refuse(filled, document, Problem("classified", mark="MẬT"), actor="clerk")
    content_store.put_original(filled, paper)
    records.overrule_mark(filled, document, "a.txt", "tên phần mềm", "clerk")
    with filled.db.reading() as session:
        rows = session.scalars(select(AuditRow)).all()
    words = set(DETAILS.values()) | set(LABELS.values())
    untold = {(row.action, name) for row in rows for name, _ in audit_words.told(row) if name not in words}
    assert len(rows) > 10 and untold == set()


def test_no_row_shows_a_code(filled: Store) -> None:
    """Doubts that a person passed, and roles, as office words."""
    records.add_user(filled, "lan", "reader", "")
    records.set_role(filled, "lan", "clerk", "admin")
    records.correct(filled, 1, {"date": "2099-02-01"}, "clerk", None, confirm=["date_implausible"])
    with filled.db.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(3)).all()
    told = {row.action: dict(audit_words.told(row, cut=str)) for row in rows}
    assert (told["set_role"]["trước là"], told["set_role"]["vai trò"]) == ("Chuyên viên", "Văn thư")
    assert told["add_user"]["vai trò"] == "Chuyên viên"
    assert told["correct"]["điểm đáng ngờ đã xác nhận"].startswith("Ngày ban hành không nằm trong khoảng")


def test_the_history_has_days_as_people_write_them(filled: Store, sign_in: SignIn) -> None:
    records.correct(filled, 1, {"date": "2022-04-28"}, "clerk", None)
    page = sign_in("clerk").get("/van-ban/1", follow_redirects=True).text
    assert "<del>27/04/2022</del> → <ins>28/04/2022</ins>" in page


def test_a_known_device_is_called_so(app: Flask, filled: Store, sign_in: SignIn, post: Post) -> None:
    browser = app.test_client()
    for _ in range(2):
        assert post(browser, "/dang-nhap", {"name": "clerk", "password": PASSWORD}).status_code == 303
    page = sign_in("admin").get("/tai-khoan").text
    assert page.count("127.0.0.1 · máy quen") == 1 and "127.0.0.1#" not in page
