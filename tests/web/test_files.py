"""Files and copies by page and call: who may do what; nothing leaks of limited, withdrawn or purged papers."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from corpus import records
from corpus.database.file_tables import CaseFile
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.lifecycle.doubts import ASKED
from corpus.queries import files
from corpus.queries.citations import EVERYTHING
from search.index import indexer
from tests.web.conftest import PASSWORD, document

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
PLAN, DIRECTIVE, WAITING = 1, 2, 3
GROUP, WORD = "Tổ kín", "ngoclambian"


def paper(store: Store, number: str, subject: str) -> int:
    """A document of 2022 on record."""
    made = document(store, number, "2022-03-01", subject)
    with store.db.reading() as session:
        waits = session.get_one(Document, made).status == "review"
    if waits:
        records.accept(store, made, {}, "clerk", None, confirm=ASKED)
    return made


@pytest.fixture
def filed(filled: Store) -> Store:
    """A file with the plan, the directive and a limited paper between them."""
    secret = paper(filled, "77/KH-UBND", f"Việc {WORD}")
    records.add_group(filled, GROUP, "admin")
    records.add_user(filled, "trong", "clerk", "-")
    records.join_group(filled, GROUP, "trong", "admin")
    records.limit(filled, secret, [GROUP], "admin")
    records.add_own_body(filled, "Ủy ban nhân dân tỉnh Kiên Giang", "UBND", "admin")
    records.add_file(filled, 2022, {"code": "01.TĐKT", "title": "Thi đua", "years": "10"}, "clerk")
    records.put_papers(filled, 1, [DIRECTIVE, secret, PLAN], "admin")
    records.make_copy(filled, secret, {"kind": "TrS", "excerpt": WORD}, "admin")
    indexer.sync(filled)
    return filled


def call(client: FlaskClient, path: str, body: Any, status: int = 200) -> Any:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None
    answer = client.post(path, json=body, headers={"X-CSRFToken": found[1]})
    assert answer.status_code == status, answer.text
    return answer.json


WAYS = (
    "/ho-so", "/ho-so?q=thi", "/ho-so/1", "/ho-so/1/muc-luc", "/ho-so/1/muc-luc.csv", "/ho-so/in",
    "/ho-so/danh-muc.csv", "/ho-so/nop-luu", "/ho-so/nop-luu/in", "/ho-so/den-han/handover.csv", "/ho-so/het-han",
    "/ho-so/den-han/expired.csv", "/ho-so/tieu-huy/1", "/ban-sao", "/ban-sao.csv", "/ban-sao/1", "/api/files",
    "/api/files/1", "/api/files/1?limit=1&offset=1", "/api/files/1/contents.csv", "/api/files.csv",
    "/api/files/handover", "/api/files/expired", "/api/destruction/1", "/api/copies", "/api/copies.csv",
    "/api/copies/1", '/?q=hoso:"2022/01.TĐKT"', "/api/search?q=hoso:2022/01.TĐKT", "/nhat-ky", "/api/audit",
)  # fmt: skip


@pytest.mark.parametrize("role", ["reader", "clerk", "auditor"])
def test_a_limited_paper_is_nowhere_and_leaves_no_gap(role: str, filed: Store, sign_in: SignIn) -> None:
    client = sign_in(role)
    for path in WAYS:
        text = client.get(path).text
        assert WORD not in text and "77/KH-UBND" not in text and "01/TrS-UBND" not in text, path
    told = client.get("/api/files/1").json
    assert told is not None
    assert (told["file"]["papers"], told["file"]["pages"], told["file"]["first"]) == (2, 2, "2022-01-10")
    assert [(one["place"], one["document"], one["sheet"]) for one in told["contents"]] == [
        (1, DIRECTIVE, "1"), (2, PLAN, "2"),
    ]  # fmt: skip
    assert [one["place"] for one in client.get("/api/files/1?offset=1").json["contents"]] == [2]  # type: ignore[index]
    assert client.get("/api/copies").json == {"total": 0, "copies": []}
    assert client.get("/ban-sao/1").status_code == client.get("/api/copies/1").status_code == 404
    if role == "auditor":
        data = client.get("/ho-so/1/goi-sip.zip").data
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            whole = b"".join(archive.read(name) for name in archive.namelist())
        assert WORD.encode() not in whole and b"77/KH" not in whole and b"0003" not in whole
        assert "Số văn bản:   2".encode() in whole


def test_members_and_administrators_see_it(filed: Store, sign_in: SignIn) -> None:
    for name in ("trong", "admin"):
        told = sign_in(name).get("/api/files/1").json
        assert told is not None and told["file"]["papers"] == 3 and told["contents"][1]["number"] == "77/KH-UBND"
        assert WORD in sign_in(name).get("/ho-so/1").text and WORD in sign_in(name).get("/ban-sao/1").text


def test_a_limited_paper_is_neither_filed_nor_taken_out_by_others(
    filed: Store, sign_in: SignIn, post: Post
) -> None:
    secret = paper(filed, "78/KH-UBND", "Việc khác")
    records.limit(filed, secret, [GROUP], "admin")
    client = sign_in("clerk")
    for act, path, body in (
        ("put", "/ho-so/van-ban", {"file": "2022/01.TĐKT", "chosen": [str(WAITING), str(secret)]}),
        ("take out", "/ho-so/van-ban/bo", {"chosen": ["5"]}),
        ("copy", f"/van-ban/{secret}/ban-sao", {"kind": "SY"}),
    ):
        assert post(client, path, body).status_code == 404, act
    call(client, "/api/files/1/papers", {"documents": [WAITING, secret]}, 404)
    call(client, "/api/files/papers/remove", {"document": 5}, 404)
    assert [one.document_id for one in files.papers(filed, 1, EVERYTHING)] == [DIRECTIVE, 5, PLAN], "all or none"
    # A rule of a clerk files what that clerk sees.
    call(client, "/api/files/1/rules", {"act": "add", "words": "việc"})
    assert call(client, "/api/files/1/rules", {"act": "apply"}) == {"filed": 0}
    assert call(sign_in("trong"), "/api/files/1/rules", {"act": "apply"}) == {"filed": 1}


def test_a_withdrawn_or_purged_paper_is_in_no_contents(filed: Store, sign_in: SignIn) -> None:
    records.withdraw(filed, PLAN, "nhầm", "clerk")
    records.classify(filed, DIRECTIVE, "dấu MẬT", "clerk")
    for role in ("reader", "clerk", "auditor"):
        told = sign_in(role).get("/api/files/1").json
        assert told is not None and (told["file"]["papers"], told["contents"]) == (0, []), role
        assert ("31/KH-UBND" in sign_in(role).get("/ho-so/1").text) == (role != "reader"), "named as withdrawn"
        assert "31/KH-UBND" not in sign_in(role).get("/ho-so/1/muc-luc").text
        assert "Tăng cường" not in sign_in(role).get("/ho-so/1").text


PAGES = [
    ("/ho-so", {"year": "2022", "code": "02.A", "title": "x"}),
    ("/ho-so/1", {"act": "arrange"}),
    ("/ho-so/van-ban", {"file": "01.TĐKT", "chosen": "3"}),
    ("/ho-so/van-ban/bo", {"chosen": "1"}),
    ("/ho-so/1/quy-tac", {"act": "add", "words": "thi đua"}),
    ("/van-ban/1/ban-sao", {"kind": "SY"}),
]


@pytest.mark.parametrize(("role", "status"), [("reader", 403), ("auditor", 403), ("clerk", 303)])
def test_clerks_change_files(role: str, status: int, filed: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in(role)
    for path, form in PAGES:
        assert post(client, path, form).status_code == status, path


def test_papers_come_in_from_results_a_document_and_the_desk(filed: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("clerk")
    assert 'name="chosen" value="1"' in client.get("/?q=thi").text
    assert 'name="chosen"' not in sign_in("reader").get("/?q=thi").text
    assert "2022/01.TĐKT" in client.get("/van-ban/1", follow_redirects=True).text
    back = post(client, "/ho-so/van-ban", {"file": "#1", "chosen": "3", "ve": "/?q=thi"})
    assert back.headers["Location"] == "/?q=thi"
    elsewhere = post(client, "/ho-so/van-ban", {"file": "#1", "chosen": "3", "ve": "https://la.example/"})
    assert elsewhere.headers["Location"] == "/ho-so/1"
    records.take_out_paper(filed, WAITING, "clerk")
    page = client.get(f"/can-xem/{WAITING}").text
    assert 'name="file"' in page
    proof = re.search(r'name="shown" value="([^"]+)"', page)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert proof and revision
    form = {"shown": proof[1], "revision": revision[1], "number": "98/KH-UBND", "file": "khong-co"}
    refused = post(client, f"/can-xem/{WAITING}", form)
    assert refused.status_code == 404 and 'value="khong-co"' in refused.text, (
        "nothing typed is lost, nothing saved"
    )
    accepted = post(client, f"/can-xem/{WAITING}", form | {"file": "01.TĐKT"})
    if accepted.status_code == 422:
        codes = re.search(r'name="confirm" value="([^"]+)"', accepted.text)
        confirmed = re.search(r'name="confirmed" value="([^"]+)"', accepted.text)
        assert codes and confirmed
        more = {"confirm": codes[1], "confirmed": confirmed[1]}
        accepted = post(client, f"/can-xem/{WAITING}", form | {"file": "01.TĐKT"} | more)
    assert accepted.status_code == 303, accepted.text
    assert WAITING in [one.document_id for one in files.papers(filed, 1, EVERYTHING)]


def test_a_search_within_a_file(filed: Store, sign_in: SignIn) -> None:
    def found(query: str) -> set[int]:
        told = sign_in("clerk").get("/api/search", query_string={"q": query}).json
        assert told is not None
        return {one["id"] for one in told["hits"]}

    assert found("hoso:01.TĐKT") == found('hoso:"2022/01.tdkt"') == {PLAN, DIRECTIVE}
    assert found("hoso:01.TĐKT hành chính") == {DIRECTIVE}
    assert found("hoso:2021/01.TĐKT") == set() and found("hoso:khong") == {WAITING}
    records.change_file(filed, 1, {"code": "05.TĐKT"}, "clerk", None)
    records.take_out_paper(filed, PLAN, "clerk")
    indexer.sync(filed)
    assert (found("hoso:01.TĐKT"), found("hoso:05.TĐKT")) == (set(), {DIRECTIVE})


def test_a_stale_page_changes_nothing_and_says_so(filed: Store, sign_in: SignIn, post: Post) -> None:
    client = sign_in("clerk")
    first = post(client, "/ho-so/1", {"act": "edit", "title": "Thi đua, khen thưởng", "revision": "1"})
    assert first.status_code == 303
    second = post(client, "/ho-so/1", {"act": "close", "revision": "1"})
    assert second.status_code == 409 and "vừa được người khác sửa" in second.text
    assert files.one(filed, 1, EVERYTHING).state == "open"


def test_two_people_consent_with_their_passwords(filed: Store, sign_in: SignIn, post: Post) -> None:
    records.close_file(filed, 1, "2022-12-31", "clerk")
    with filed.db.writing() as session:
        session.get_one(CaseFile, 1).kept_until = "2023-12-31"
    clerk, auditor, admin = sign_in("clerk"), sign_in("auditor"), sign_in("admin")
    made = post(clerk, "/ho-so/het-han", {"chosen": "1", "reason": "hết thời hạn"})
    assert made.headers["Location"] == "/ho-so/tieu-huy/1"
    here = "/ho-so/tieu-huy/1"
    with filed.db.writing() as session:
        # They signed in long ago.
        session.execute(text("UPDATE sign_ins SET proved_at = '2020-01-01 00:00:00'"))
    for client in (auditor, admin):
        asked = post(client, here, {"act": "consent"})
        assert asked.status_code == 200 and 'name="present"' in asked.text, "nothing without the password"
        wrong = post(client, here, {"act": "consent", "confirmed": "1", "present": "sai"})
        assert wrong.status_code == 422
        done = post(client, here, {"act": "consent", "confirmed": "1", "present": PASSWORD})
        assert done.status_code == 303
    told = auditor.get("/api/destruction/1").json
    assert (
        told is not None and told["agreed"] and [one["name"] for one in told["consents"]] == ["auditor", "admin"]
    )
    assert WORD not in auditor.get(here).text and told["files"][0]["papers"] == 2
    refused = post(auditor, here, {"act": "destroy", "confirmed": "1", "present": PASSWORD})
    assert refused.status_code == 403, "an administrator carries it out"
    call(admin, "/api/destruction/1", {"act": "destroy"})
    assert admin.get("/van-ban/1").status_code == 200 and "tiêu hủy" in admin.get("/van-ban/1").text
    assert sign_in("reader").get("/van-ban/1").status_code == 404
    assert files.one(filed, 1, EVERYTHING).state == "destroyed"
    indexer.sync(filed)
    assert admin.get("/api/search?q=thi đua").json["total"] == 0  # type: ignore[index]
    with filed.db.reading() as session:
        rows = session.scalars(
            select(AuditRow.action).where(AuditRow.action.like("%destr%")).order_by(AuditRow.id)
        )
        acts = ["propose_destruction", *["consent_destruction"] * 2, *["destroy"] * 3]
        assert list(rows) == [*acts, "destroy_file", "destroy_list"]


def test_a_token_consents_to_nothing(filed: Store, sign_in: SignIn, app: Any) -> None:
    records.close_file(filed, 1, "2022-12-31", "clerk")
    with filed.db.writing() as session:
        session.get_one(CaseFile, 1).kept_until = "2023-12-31"
    records.propose_destruction(filed, [1], "x", "clerk")
    secret = call(sign_in("admin"), "/api/me/tokens", {"label": "x", "writes": True})["token"]
    program, header = app.test_client(), {"Authorization": f"Bearer {secret}"}
    answer = program.post("/api/destruction/1", json={"act": "consent"}, headers=header)
    assert answer.status_code == 403 and answer.json["code"] == "not_by_token"


def test_print_shapes_are_those_of_the_decree(filed: Store, sign_in: SignIn) -> None:
    client = sign_in("reader")
    listing = client.get("/ho-so/in?year=2022").text
    for said in ("DANH MỤC HỒ SƠ", "Năm 2022", "Tên đề mục và tiêu đề hồ sơ", "1 hồ sơ bảo quản có thời hạn."):
        assert said in listing
    contents = client.get("/ho-so/1/muc-luc").text
    assert "MỤC LỤC VĂN BẢN, TÀI LIỆU" in contents and "Tác giả văn bản" in contents
    copy = records.make_copy(filed, PLAN, {"kind": "SY", "place": "Rạch Giá", "made_on": "2025-03-04"}, "clerk")
    page = client.get(f"/ban-sao/{copy}").text
    for said in ("SAO Y", "Số: 01/SY-UBND", "Rạch Giá, ngày 04 tháng 03 năm 2025", "Lưu: VT", "trang/1.png"):
        assert said in page, said
