"""A document's page, its record and the wanted list as they tell of law and time."""

from __future__ import annotations

from collections.abc import Callable

from flask.testing import FlaskClient

from corpus import records
from corpus.document import Citation
from tests.web.conftest import document

SignIn = Callable[[str], FlaskClient]


def test_the_page_and_the_record_say_whether_a_law_is_in_force(sign_in: SignIn, filled) -> None:
    old = document(filled, "01/2011/QH13", "2011-11-11", "Luật Lưu trữ")
    client = sign_in("reader")
    page = client.get(f"/van-ban/{old}", follow_redirects=True).text
    assert "Hết hiệu lực" in page and "1/7/2025" in page and "33/2024/QH15" in page
    told = client.get(f"/api/documents/{old}").json["effect"]
    assert (told["state"], told["ended"], told["by"], told["by_table"]) == (
        "ended",
        "2025-07-01",
        ["33/2024/QH15"],
        True,
    )


def test_a_plan_says_nothing_of_it(sign_in: SignIn, filled) -> None:
    plan = document(filled, "77/KH-UBND", "2022-01-11", "Kế hoạch")
    client = sign_in("reader")
    assert "Hiệu lực" not in client.get(f"/van-ban/{plan}", follow_redirects=True).text
    assert client.get(f"/api/documents/{plan}").json["effect"] is None


def test_a_basis_that_ended_is_told_on_every_page_though_nothing_of_it_is_held(sign_in: SignIn, filled) -> None:
    law = Citation("Luật Đất đai số 45/2013/QH13", "basis", "Luật", "45/2013/QH13", page=1, title="Luật Đất đai")
    plan = document(filled, "78/QĐ-UBND", "2026-02-01", "Giao đất", law)
    auditor = sign_in("auditor")
    for path in (f"/van-ban/{plan}", f"/van-ban/{plan}/vien-dan"):
        assert "hết hiệu lực từ ngày 1/8/2024 (31/2024/QH15)" in auditor.get(path, follow_redirects=True).text, (
            path
        )
    [told] = auditor.get(f"/api/documents/{plan}/conflicts").json["conflicts"]
    assert (told["code"], told["document"], told["theirs"]) == ("superseded_basis", None, None)
    records.settle_conflict(filled, plan, told["fingerprint"], "chuyển tiếp theo Điều 260", "auditor")
    [settled] = auditor.get(f"/api/documents/{plan}/conflicts").json["conflicts"]
    assert settled["settled"] == "chuyển tiếp theo Điều 260"


def test_a_law_that_is_wanted_is_one_row_with_number_and_name(sign_in: SignIn, filled) -> None:
    by_name = Citation("Luật Đất đai", "basis", "Luật", None, page=1, title="Luật Đất đai")
    by_number = Citation("Luật số 31/2024/QH15", "basis", "Luật", "31/2024/QH15", page=1)
    document(filled, "79/QĐ-UBND", "2026-02-01", "Một", by_name)
    document(filled, "80/QĐ-UBND", "2026-02-02", "Hai", by_number)
    rows = [row for row in sign_in("reader").get("/api/wanted").json["wanted"] if "31/2024" in row["label"]]
    assert [(row["label"], row["title"], row["count"]) for row in rows] == [("31/2024/QH15", "Luật Đất đai", 2)]
