"""Acts on several documents of the list: tags, a file, withdrawal; each by itself, within what one may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask.testing import FlaskClient

from corpus import records
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from tests.web.conftest import DIRECTIVE, PLAN, WAITING

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]


def status(store: Store, document_id: int) -> str:
    with store.db.reading() as session:
        return session.get_one(Document, document_id).status


def withdrawals(store: Store) -> list[tuple[int | None, str]]:
    with store.db.reading() as session:
        rows = session.query(AuditRow).filter(AuditRow.action == "withdraw").order_by(AuditRow.id).all()
        return [(row.document_id, str(row.detail["reason"])) for row in rows]


def test_each_is_withdrawn_by_itself_and_comes_back(filled: Store, sign_in: SignIn, post: Post) -> None:
    clerk = sign_in("clerk")
    form = {"chosen": [str(PLAN), str(WAITING), str(PLAN)], "reason": "nhập nhầm", "ve": "/danh-sach?xep=date"}
    answer = post(clerk, "/danh-sach/go-khoi-kho", form)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/danh-sach?xep=date")
    assert withdrawals(filled) == [(PLAN, "nhập nhầm"), (WAITING, "nhập nhầm")]
    assert "Đã gỡ khỏi kho: 2 văn bản." in clerk.get("/danh-sach").text
    records.reinstate(filled, PLAN, "clerk")
    assert status(filled, PLAN) == "review" and status(filled, DIRECTIVE) == "accepted"


def test_what_cannot_be_is_named_and_the_others_go(filled: Store, sign_in: SignIn, post: Post) -> None:
    records.add_group(filled, "Nhóm", "admin")
    records.limit(filled, PLAN, ["Nhóm"], "admin")
    records.withdraw(filled, WAITING, "cũ", "admin")
    clerk = sign_in("clerk")
    chosen = [str(one) for one in (PLAN, WAITING, DIRECTIVE, 999)]
    assert post(clerk, "/danh-sach/go-khoi-kho", {"chosen": chosen, "reason": "x"}).status_code == 303
    assert withdrawals(filled) == [(WAITING, "cũ"), (DIRECTIVE, "x")], "one of a group is not there for others"
    page = clerk.get("/danh-sach").text
    assert all(f"#{one}:" in page for one in (PLAN, WAITING, 999)) and status(filled, PLAN) == "accepted"


def test_without_a_reason_or_a_choice_nothing_goes(filled: Store, sign_in: SignIn, post: Post) -> None:
    clerk = sign_in("clerk")
    assert post(clerk, "/danh-sach/go-khoi-kho", {"chosen": ["1"], "reason": " "}).status_code == 422
    assert post(clerk, "/danh-sach/go-khoi-kho", {"reason": "x"}).status_code == 400
    assert withdrawals(filled) == []


def test_the_list_has_the_acts_for_clerks_only(filled: Store, sign_in: SignIn, post: Post) -> None:
    records.add_tag(filled, "Chờ ký", "red", "clerk")
    clerk, reader = sign_in("clerk"), sign_in("reader")
    page = clerk.get("/danh-sach").text
    assert "/danh-sach/go-khoi-kho" in page and "Gắn nhãn" in page
    shown = reader.get("/danh-sach").text
    assert "go-khoi-kho" not in shown and 'id="shelf-chosen" method="get"' in shown
    told = {"chosen": [str(PLAN), str(DIRECTIVE)], "tag": "Chờ ký", "act": "put", "ve": "/danh-sach"}
    assert post(clerk, "/van-ban/nhan", told).status_code == 303
    assert clerk.get("/danh-sach?cot=number&cot=tags").text.count("Chờ ký</") >= 2
    assert post(clerk, "/danh-sach.csv", {"chosen": [str(PLAN)]}).status_code == 200
    assert "31/KH-UBND" in reader.get(f"/danh-sach.csv?chosen={PLAN}").get_data().decode("utf-8-sig")


def test_heads_of_lists_are_in_the_language_of_the_site(filled: Store, sign_in: SignIn) -> None:
    admin = sign_in("admin")
    lists = ("/danh-sach.csv?id=1", "/can-tim.csv", "/nhat-ky.csv", "/mau-thuan.csv", "/van-ban/1/lich-su.csv")
    vietnamese = [admin.get(path).get_data().decode("utf-8-sig").splitlines()[0] for path in lists]
    english = replace(filled, settings=filled.settings.model_copy(update={"lang": "en"}))
    admin.application.extensions["vanban_store"] = english
    for path, was in zip(lists, vietnamese, strict=True):
        head = admin.get(path).get_data().decode("utf-8-sig").splitlines()[0]
        assert head.isascii() and head != was, (path, head)
