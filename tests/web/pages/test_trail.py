"""The citation page: conflicts with both sides and the reason they stand, the tree down, the graph as a file."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient

from corpus import records
from corpus.database.store import Store

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE = 1, 2


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None
    return found[1]


def differing(store: Store) -> None:
    """The directive's date becomes another than the one the plan cites."""
    records.correct(store, DIRECTIVE, {"date": "2022-01-11"}, "clerk", None)


def test_a_conflict_shows_both_sides_and_is_settled_with_a_reason(filled: Store, sign_in: SignIn) -> None:
    differing(filled)
    auditor = sign_in("auditor")
    page = auditor.get(f"/van-ban/{PLAN}/vien-dan").text
    assert "ghi ngày 10/01/2022" in page and "ghi ngày 11/01/2022" in page
    assert "«Chỉ thị số 5/CT-UBND»" in page, "what this document prints"
    fingerprint = re.search(r'name="fingerprint" value="(\w+)"', page)
    assert fingerprint is not None
    data = {"fingerprint": fingerprint[1], "reason": "<i>ngày gõ nhầm</i>"}
    answer = auditor.post(f"/van-ban/{PLAN}/mau-thuan", data=data, headers={"X-CSRFToken": token(auditor)})
    assert answer.status_code == 303
    settled = auditor.get(f"/van-ban/{PLAN}/vien-dan").text
    assert "&lt;i&gt;ngày gõ nhầm&lt;/i&gt;" in settled and "Mở lại" in settled


def test_a_reason_is_asked_for(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("auditor")
    data = {"fingerprint": "x", "reason": "  "}
    answer = client.post(f"/van-ban/{PLAN}/mau-thuan", data=data, headers={"X-CSRFToken": token(client)})
    assert answer.status_code == 422


def test_the_tree_down_and_the_way_up(sign_in: SignIn) -> None:
    reader = sign_in("reader")
    down = reader.get(f"/van-ban/{DIRECTIVE}/vien-dan").text
    assert "Cây văn bản triển khai" in down and "31/KH-UBND" in down
    assert "Đường lên văn bản gốc" in reader.get(f"/van-ban/{PLAN}/vien-dan").text


def test_the_graph_as_a_file(sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    for form, begins in (("graphml", "<?xml"), ("csv", '\ufeff"source",'), ("jsonl", '{"source": 1')):
        answer = auditor.get(f"/vien-dan.{form}")
        assert answer.text.startswith(begins) and "attachment" in answer.headers["Content-Disposition"]
    assert auditor.get("/vien-dan.exe").status_code == 404
