"""What an auditor asks of the trail: who changed what from what to what, by number, name and day,
and whether it holds.
"""

from __future__ import annotations

import csv
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from corpus import audit, records
from corpus.access import accounts
from corpus.audit import chain
from corpus.database.account_tables import User
from corpus.database.models import AuditRow
from corpus.database.store import Store
from web.present import audit_words
from web.present.audit_words import LIMITED, Mask

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE, WAITING = 1, 2, 3


@pytest.fixture
def changed(filled: Store) -> Store:
    """The plan's number was corrected twice by a clerk whose full name is known."""
    with filled.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text("UPDATE users SET full_name = 'Trần Thị Bích' WHERE name = 'clerk'"))
    records.correct(filled, PLAN, {"number": "32/KH-UBND"}, "clerk", None)
    records.correct(filled, PLAN, {"date": "2022-04-28"}, "clerk", None)
    return filled


def lines(client: FlaskClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return list(csv.reader(answer.data.decode("utf-8-sig").splitlines()))


def test_auditors_see_old_and_new_values_everywhere(changed: Store, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    page = auditor.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "<del>31/KH-UBND</del> → <ins>32/KH-UBND</ins>" in page and "UTC" not in page
    assert "Hoàn tác" not in page, "an auditor looks and changes nothing"
    trail = auditor.get("/nhat-ky?action=correct").text
    assert "Số, ký hiệu: 31/KH-UBND → 32/KH-UBND" in trail and "27/04/2022 → 28/04/2022" in trail
    history = auditor.get(f"/api/documents/{PLAN}/history").json["history"]  # type: ignore[index]
    assert [one["action"] for one in history] == ["correct", "correct"] and history[0]["at"].endswith("+00:00")
    table = lines(auditor, f"/van-ban/{PLAN}/lich-su.csv")
    assert [row[4:7] for row in table[1:]] == [
        ["Ngày ban hành", "27/04/2022", "28/04/2022"],
        ["Số, ký hiệu", "31/KH-UBND", "32/KH-UBND"],
    ]
    assert auditor.get(f"/api/documents/{PLAN}/history.xlsx").data.startswith(b"PK")
    assert sign_in("reader").get(f"/api/documents/{PLAN}/history").status_code == 403


FILTERS = [
    # query, rows of `correct` that are found (None: not understood), why
    ("document=32/KH-UBND", 2, "by number, as it is now"),
    ("document=32 kh ubnd", 2, "in any spelling"),
    ("document=1", 2, "by ID"),
    ("document=%231", 2, "as the list writes it"),
    ("document=2", 0, "another document"),
    ("document=999/KH-UBND", None, "no document bears it"),
    ("document=abc", None, "no number"),
    ("document=99999999999999999999", None, "no ID"),
    ("actor=CLERK", 2, "the account in any case"),
    ("actor=Trần Thị Bích", 2, "a full name"),
    ("actor=bich tran", 2, "parts of it, without accents"),
    ("actor=ai đó", None, "nobody"),
    ("since=1/1/2020&until=31/12/2999", 2, "days as people write them"),
    ("since=2020-01-01", 2, "days as programs write them"),
    ("until=1/1/2020", 0, "before anything was done"),
    ("since=31/2/2024", None, "no such day"),
    ("since=hôm qua", None, "no day"),
    ("since=2024-W19-4", None, "an ISO week is no day here"),
    ("since=2/1/2024&until=1/1/2024", None, "the wrong way round"),
]


@pytest.mark.parametrize(("query", "count", "why"), FILTERS, ids=[one[0] for one in FILTERS])
def test_filters_are_understood_or_said_not_to_be(
    query: str, count: int | None, why: str, changed: Store, sign_in: SignIn
) -> None:
    auditor = sign_in("auditor")
    page = auditor.get(f"/nhat-ky?action=correct&{query}")
    program = auditor.get(f"/api/audit?action=correct&{query}")
    assert page.status_code == 200
    assert ("Không hiểu" in page.text) is (count is None), why
    assert page.text.count('<td class="detail">') == (count or 0), why
    if count is None:
        assert (program.status_code, program.json["code"]) == (400, "bad_request")  # type: ignore[index]
        assert auditor.get(f"/nhat-ky.csv?{query}").status_code == 400
    else:
        assert len(program.json["rows"]) == count  # type: ignore[index]


def test_an_action_that_is_none_is_said_too(changed: Store, sign_in: SignIn) -> None:
    assert "Không hiểu «bay»" in sign_in("auditor").get("/nhat-ky?action=bay").text


def test_page_program_and_command_tell_the_same_of_a_forged_chain(changed: Store, sign_in: SignIn) -> None:
    """Every row of a clerk turned to another and the chain made anew: only the seals tell."""
    with changed.db.writing() as session:
        previous = audit.GENESIS
        for row in session.scalars(select(AuditRow).order_by(AuditRow.id)):
            row.actor, row.previous = "minh", previous
            row.hash = chain._row_hash(row)
            previous = row.hash
    auditor = sign_in("auditor")
    page = auditor.get("/nhat-ky?verify=1").text
    assert "khác với dấu niêm" in page and "Nhật ký nguyên vẹn" not in page
    told = auditor.get("/api/audit?verify=true").json
    assert told is not None and told["check"]["ok"] is False
    assert {one["code"] for one in told["faults"]} == {"seal_differs"} and "dấu niêm" in told["faults"][0][
        "message"
    ]


def test_a_record_changed_behind_the_program_is_told_on_the_page(changed: Store, sign_in: SignIn) -> None:
    with changed.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text("UPDATE documents SET number = '9/KH' WHERE id = 2"))
    auditor = sign_in("auditor")
    assert "Văn bản 2: bản ghi khác" in auditor.get("/nhat-ky?verify=1").text
    told = auditor.get("/api/audit?verify=true").json
    assert told is not None and [(one["code"], one["document"]) for one in told["faults"]] == [
        ("record_changed", 2)
    ]


def test_what_was_checked_is_said_and_the_head_leaves_the_machine(changed: Store, sign_in: SignIn) -> None:
    auditor = sign_in("auditor")
    check = auditor.get("/api/audit?verify=true").json["check"]  # type: ignore[index]
    assert check["ok"] and check["rows"] == check["head"]["row"] and check["records"] == 4
    assert check["rows_after_seal"] == check["rows"] - check["seal"]["row"] > 0
    page = auditor.get("/nhat-ky?verify=1").text
    assert "Nhật ký nguyên vẹn." in page and "dòng chưa niêm" in page and check["head"]["hash"] in page
    export = auditor.get("/nhat-ky.csv")
    head = export.headers["X-Vanban-Audit-Head"]
    assert auditor.get(f"/api/audit?verify=true&against={head}").json["check"]["ok"]  # type: ignore[index]
    row, _, hashed = head.partition(":")
    wrong = auditor.get(f"/api/audit?verify=true&against={row}:{hashed[::-1]}").json
    assert wrong is not None and [one["code"] for one in wrong["faults"]] == ["against_differs"]
    assert auditor.get("/api/audit?verify=true&against=x").json["code"] == "bad_value"  # type: ignore[index]


WORDS = [
    # action, detail, as it is told, why
    ("search", {"q": "x", "total": 0}, [("câu tìm", "x"), ("số kết quả", "0")], "0 is a number"),
    (
        "search",
        {"q": "failed", "total": 1},
        [("câu tìm", "failed"), ("số kết quả", "1")],
        "words are not translated",
    ),
    ("undo", {"undone": 200}, [("hoàn tác dòng", "200")], "which row was undone"),
    ("fail", {"code": "encrypted"}, [("mã", "Tệp có mật khẩu")], "the kind of failure in words"),
    ("limit", {"before": [], "after": ["A", "B"]}, [("nhóm", "– → A; B")], "groups before and after"),
    ("add_token", {"writes": False}, [("được ghi", "–")], "no is no number"),
    ("withdraw", {"was": "accepted"}, [("trước là", "Đã vào kho")], "a state in words"),
    ("view", {"record": "1:ab", "salt": "cd", "sha256": "ef"}, [], "hashes are for the check"),
]


@pytest.mark.parametrize(("action", "detail", "told", "why"), WORDS, ids=[one[3] for one in WORDS])
def test_rows_in_words(action: str, detail: dict[str, object], told: list[tuple[str, str]], why: str) -> None:
    assert audit_words.told(AuditRow(action=action, detail=detail)) == told, why


MASKED = [
    # action, document, detail, what a non-member is told, why
    ("view", 6, {}, [("", LIMITED)], "a look at a hidden document"),
    ("search", None, {"q": "mật danh", "total": 1, "met": [6], "wide": True}, [("", LIMITED)],
     "words that found it"),
    ("search", None, {"q": "x", "total": 9, "wide": True}, [("câu tìm", "x")],
     "a count that may hold hidden ones"),
    ("search", None, {"q": "x", "total": 9}, [("câu tìm", "x"), ("số kết quả", "9")], "a search of who sees none"),
    ("settle_citation", 17, {"citation": 3, "was": 6, "target": 5},
     [("viện dẫn", "3"), ("trước là", LIMITED), ("văn bản", "5")], "what a citation meant before"),
    ("export", None, {"format": "edxml", "ref": "6"}, [("", LIMITED)], "a file of it, by ID"),
    ("export", None, {"format": "edxml", "ref": "77 / KH-UBND"}, [("", LIMITED)], "by number"),
    ("export", None, {"what": "audit", "q": ""}, [("danh sách", "audit"), ("câu tìm", "")], "another file"),
]  # fmt: skip


@pytest.mark.parametrize(("action", "document", "detail", "told", "why"), MASKED, ids=[one[4] for one in MASKED])
def test_what_is_hidden_is_not_told(
    action: str, document: int | None, detail: dict[str, object], told: list[tuple[str, str]], why: str
) -> None:
    row = AuditRow(action=action, document_id=document, detail=detail)
    mask = Mask(frozenset({6}), frozenset({audit_words.match_key("77/KH-UBND") or ""}))
    assert audit_words.told(row, mask) == told, why
    assert "6" not in str(audit_words.for_programs(row, mask).values())


def test_a_correction_that_changes_nothing_leaves_nothing(filled: Store, sign_in: SignIn) -> None:
    with filled.db.reading() as session:
        head = audit.head(session)
    client = sign_in("clerk")
    token = client.get("/dang-nhap").text.split('name="csrf" content="')[1].split('"')[0]
    body = {"documents": [1, 2], "field": "issuer", "value": "Ủy ban nhân dân tỉnh Kiên Giang"}
    assert client.post("/api/corrections", json=body, headers={"X-CSRFToken": token}).json == {"changed": 0}
    assert records.correct(filled, PLAN, {"number": "31/KH-UBND"}, "clerk", None) > 0
    with filled.db.reading() as session:
        rows = session.scalars(select(AuditRow.action).where(AuditRow.id > (head.row if head else 0))).all()
    assert "correct" not in rows


@pytest.mark.parametrize(
    "body", [{"revision": 2, "value": {"number": "1/KH"}}, {"revision": 2, "values": {"nummer": "1/KH"}}]
)
def test_an_unknown_key_is_said(body: dict[str, object], filled: Store, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    token = client.get("/dang-nhap").text.split('name="csrf" content="')[1].split('"')[0]
    answer = client.post("/api/documents/1/correct", json=body, headers={"X-CSRFToken": token})
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")  # type: ignore[index]


def test_users_are_found_by_full_name_alone(changed: Store) -> None:
    with changed.db.reading() as session:
        assert session.scalars(select(User.full_name).where(User.name == "clerk")).one() == "Trần Thị Bích"
        assert accounts.user_named(session, "CLERK").name == "clerk"
