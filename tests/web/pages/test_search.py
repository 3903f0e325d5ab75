"""Search by effect (hiệu lực) as pages and API show it: the label on each hit, none where nobody asks."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from corpus.database.store import Store
from search.index import indexer
from tests.web.conftest import document

SignIn = Callable[[str], FlaskClient]

ENDED = "01/2011/QH13"
"""Luật Lưu trữ of 2011: no longer in force since 1 July 2025, by the table of laws."""


@pytest.mark.parametrize("role", ["reader", "leader", "clerk", "auditor", "admin"])
def test_hits_of_a_search_by_effect_say_how_they_stand(filled: Store, sign_in: SignIn, role: str) -> None:
    law = document(filled, ENDED, "2011-11-11", "Luật Lưu trữ")
    indexer.sync(filled)
    client = sign_in(role)
    page = client.get("/?q=hieuluc:het").text
    assert 'class="status status-effect-ended">Hết hiệu lực<' in page and ENDED in page
    assert "status-effect-ended" in client.get("/?q=lưu+trữ").text, "hits carry their effect of today"
    assert "status-effect-in_force" in client.get("/?q=hieuluc:30/06/2025").text
    found = client.get("/api/search?q=hieuluc:het").json
    assert [(hit["id"], hit["effect"]) for hit in found["hits"]] == [(law, "ended")]
    assert all("effect" not in hit for hit in client.get("/api/search?q=lưu").json["hits"])
    assert client.get("/api/search?q=hieuluc:con").json["total"] == 0


def test_help_names_the_prefix(filled: Store, sign_in: SignIn) -> None:
    assert "hieuluc:con" in sign_in("reader").get("/").text


CHIPS = [
    ("q=1/2/2025", "Ngày: 01/02/2025", "a day that was understood"),
    ("q=tu 1/2/2025 den 3/4/2025", "Khoảng ngày: 01/02/2025 – 03/04/2025", "a range"),
    ("q=sau 1/2/2025", "Khoảng ngày: 02/02/2025 – …", "an open range"),
    ("tu=2025-02-01", "Từ ngày: 01/02/2025", "a day of the form as an address has it"),
    ("den=1.2.2025", "Đến ngày: 01/02/2025", "a day of the form as typed"),
    ("tu=2/2025", "Từ ngày: 2/2025", "no day stays as typed"),
]


def test_days_in_chips_are_written_as_people_read_them(filled: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    for query, chip, reason in CHIPS:
        assert f"{chip} <span" in client.get(f"/?{query}").text, reason


def test_the_page_says_what_was_left_out_and_what_fulfils_the_question(filled: Store, sign_in: SignIn) -> None:
    document(filled, "1/QĐ-X", "2025-02-01", "Chất thải y tế")
    document(filled, "2/QĐ-X", "2025-02-01", "Quản lý y tế")
    for at in range(4):
        document(filled, f"{at + 3}/KH-X", f"202{at}-02-01", f"Kiểm tra sức khỏe định kỳ cho học sinh năm 202{at}")
    indexer.sync(filled)
    client = sign_in("reader")
    page = client.get("/?q=y tế -chất thải").text
    assert "Không lấy văn bản có «chất thải»." in page and "2/QĐ-X" in page and "1/QĐ-X" not in page
    assert "4 văn bản gần như nhau trên trang này" in client.get("/?q=sức khỏe định kỳ").text


def test_the_page_says_as_what_it_read_keys(filled: Store, sign_in: SignIn) -> None:
    document(filled, "1/QĐ-X", "2025-02-01", "Chất thải y tế")
    indexer.sync(filled)
    page = sign_in("reader").get("/?q=quyeets ddinhj chaats thari&nguoiky=").text
    assert "chưa bật bộ gõ" in page and ">quyết định chất thải</a>" in page and "1/QĐ-X" in page
    assert "Loại: Quyết định <span" in page and "%22quy%E1%BA%BFt+%C4%91%E1%BB%8Bnh%22" in page, "its chip"
    formed = sign_in("reader").get("/?q=chaats thari&tu=1/2/2025").text
    assert ">chất thải</a>" in formed, "without the values of the form"
