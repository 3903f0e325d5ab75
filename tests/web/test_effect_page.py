"""A document's page, its record and the wanted list as they tell of law and time."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from corpus import records
from corpus.database.store import Store
from corpus.document import Citation
from corpus.lifecycle.doubts import ASKED
from tests.web.conftest import document
from tests.web.test_citations_by_hand import post

SignIn = Callable[[str], FlaskClient]


def test_the_page_and_the_record_say_whether_a_law_is_in_force(sign_in: SignIn, filled) -> None:
    old = document(filled, "01/2011/QH13", "2011-11-11", "Luật Lưu trữ")
    client = sign_in("reader")
    page = client.get(f"/van-ban/{old}", follow_redirects=True).text
    assert "Hết hiệu lực" in page and "01/07/2025" in page and "33/2024/QH15" in page
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
        assert "hết hiệu lực từ ngày 01/08/2024 (31/2024/QH15)" in auditor.get(path, follow_redirects=True).text, (
            path
        )
    every = auditor.get(f"/api/documents/{plan}/conflicts").json["conflicts"]
    assert [one["code"] for one in every if one["code"] != "superseded_basis"] == ["body_not_there"], (
        "Kiên Giang was merged before"
    )
    [told] = [one for one in every if one["code"] == "superseded_basis"]
    assert (told["code"], told["document"], told["theirs"]) == ("superseded_basis", None, None)
    records.settle_conflict(filled, plan, told["fingerprint"], "chuyển tiếp theo Điều 260", "auditor")
    every = auditor.get(f"/api/documents/{plan}/conflicts").json["conflicts"]
    [settled] = [one for one in every if one["code"] == "superseded_basis"]
    assert settled["settled"] == "chuyển tiếp theo Điều 260"


def test_a_law_that_is_wanted_is_one_row_with_number_and_name(sign_in: SignIn, filled) -> None:
    by_name = Citation("Luật Đất đai", "basis", "Luật", None, page=1, title="Luật Đất đai")
    by_number = Citation("Luật số 31/2024/QH15", "basis", "Luật", "31/2024/QH15", page=1)
    document(filled, "79/QĐ-UBND", "2026-02-01", "Một", by_name)
    document(filled, "80/QĐ-UBND", "2026-02-02", "Hai", by_number)
    rows = [row for row in sign_in("reader").get("/api/wanted").json["wanted"] if "31/2024" in row["label"]]
    assert [(row["label"], row["title"], row["count"]) for row in rows] == [("31/2024/QH15", "Luật Đất đai", 2)]


TYPED = [
    ({"effective_from": "1/7/2026"}, "coming", "a day to come, as people write it"),
    ({"effective_from": "2022-01-12"}, "in_force", "begun"),
    ({"effective_from": "2022-01-12", "effective_until": "31/12/2023"}, "ended", "its last day is over"),
]


@pytest.mark.parametrize("way", ["page", "api"])
@pytest.mark.parametrize(("values", "state", "reason"), TYPED)
def test_its_days_are_corrected_and_taken_back(
    way: str,
    values: dict[str, str],
    state: str,
    reason: str,
    sign_in: SignIn,
    filled: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from corpus.queries import citations
    from web.api import documents

    for module in (citations, documents):
        monkeypatch.setattr(module, "today", lambda: "2026-03-01")
    plan = document(filled, "77/KH-UBND", "2022-01-11", "Kế hoạch")
    records.accept(filled, plan, {}, "clerk", None, confirm=ASKED)
    clerk = sign_in("clerk")
    before = clerk.get(f"/api/documents/{plan}").json
    if way == "api":
        sent = {"revision": before["revision"], "values": values}
        assert post(clerk, f"/api/documents/{plan}/correct", sent).status_code == 200
    else:
        shown = re.search(r'name="shown" value="([^"]*)"', clerk.get(f"/can-xem/{plan}").text)
        sent = {**values, "revision": before["revision"], "shown": shown[1] if shown else ""}
        assert post(clerk, f"/can-xem/{plan}", sent).status_code == 303
    told = clerk.get(f"/api/documents/{plan}").json
    assert told["effect"]["state"] == state, reason
    assert told["fields"]["effective"]["from"]["rule"] == "person" and not told["effect"]["doubtful"]
    assert "Có hiệu lực từ ngày" in clerk.get(f"/van-ban/{plan}", follow_redirects=True).text, (
        "the history names it"
    )
    assert post(clerk, f"/api/documents/{plan}/undo", {"revision": told["revision"]}).status_code == 200
    assert clerk.get(f"/api/documents/{plan}").json["effect"] is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"effective_from": "31/2/2026"}, "no such day"),
     ({"effective_from": "2026-02-02", "effective_until": "2026-02-01"}, "the last day before the first")],
)  # fmt: skip
def test_days_that_cannot_be_are_refused(
    values: dict[str, str], reason: str, sign_in: SignIn, filled: Store
) -> None:
    plan = document(filled, "77/KH-UBND", "2022-01-11", "Kế hoạch")
    clerk = sign_in("clerk")
    revision = clerk.get(f"/api/documents/{plan}").json["revision"]
    answer = post(clerk, f"/api/documents/{plan}/correct", {"revision": revision, "values": values})
    assert answer.status_code == 422 and answer.json["code"] == "bad_value", reason
