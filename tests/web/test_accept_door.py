"""The one door to the record: each way in × each value that should not pass by itself,
and what is stored already.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Field, Fields, Page, Reading, Signer, SourceFile
from corpus.originals import content_store
from search.index import indexer
from search.results import finder
from tests.web.conftest import DIRECTIVE, FAILED, PLAN, WAITING

SignIn = Callable[[str], FlaskClient]

REFUSED, ASKED, TAKEN = "refused", "asked", "taken"
TWIN = "31/KH-UBND"
CASES: tuple[tuple[str, str, str, str], ...] = (
    ("number", "", ASKED, "number_missing"),
    ("number", "abc", ASKED, "number_ill_formed"),
    ("number", "05", ASKED, "number_ill_formed"),
    ("number", "99999999999/KH-UBND", ASKED, "number_ill_formed"),
    ("number", "<script>alert(1)</script>", ASKED, "number_ill_formed"),
    ("number", "05/KH-UBND/xyz", ASKED, "number_ill_formed"),
    ("number", "5/KH UBND", ASKED, "number_ill_formed"),
    ("number", "05/CT-UBND", ASKED, "number_type_differs"),
    ("number", "05/KH-SYT", ASKED, "number_issuer_differs"),
    ("number", "x" * 101, REFUSED, "bad_value"),
    ("number", "5\x00/KH-UBND", REFUSED, "bad_value"),
    ("number", "０５/KH-UBND", TAKEN, "05/KH-UBND"),
    ("number", "số 5 / KH - UBND", TAKEN, "5/KH-UBND"),
    ("date", "", ASKED, "date_missing"),
    ("date", "15/1/2034", ASKED, "date_implausible"),
    ("date", "2099-01-01", ASKED, "date_implausible"),
    ("date", "1/9/1945", ASKED, "date_implausible"),
    ("date", "2024-W19-4", REFUSED, "bad_value"),
    ("date", "32/1/2024", REFUSED, "bad_value"),
    ("date", "hôm qua", REFUSED, "bad_value"),
    ("date", "1/2/2023", TAKEN, "2023-02-01"),
    ("doc_type", "", ASKED, "doc_type_missing"),
    ("doc_type", "Bánh mì", ASKED, "doc_type_unknown"),
    ("doc_type", "KẾ HOẠCH", TAKEN, "Kế hoạch"),
    ("issuer", "", ASKED, "issuer_missing"),
    ("subject", "", ASKED, "subject_missing"),
    ("subject", "x" * 5000, REFUSED, "bad_value"),
    ("signer_name", "", ASKED, "signer_missing"),
    ("urgency", "Rất vội", ASKED, "urgency_unknown"),
)
"""Field, value, what becomes of it, and the code (of the doubts or of the refusal) or the value as it is kept."""


def token(client: FlaskClient) -> dict[str, str]:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None
    return {"X-CSRFToken": found[1]}


def shown(client: FlaskClient, document_id: int) -> dict[str, str]:
    page = client.get(f"/can-xem/{document_id}").text
    return {name: re.findall(rf'name="{name}" value="([^"]*)"', page)[0] for name in ("revision", "shown")}


def kept(store: Store, document_id: int, name: str) -> tuple[str, Any]:
    with store.db.reading() as session:
        found = session.get_one(Document, document_id)
        column = "signer" if name == "signer_name" else name
        return found.status, getattr(found, column)


def make_sound(store: Store) -> None:
    """The waiting document with no doubt left, so that each case brings its own."""
    records.correct(store, WAITING, {"number": "98/KH-UBND", "signer_name": "Nguyễn Văn A"}, "clerk", None)


@pytest.mark.parametrize(("name", "value", "outcome", "told"), CASES)
def test_at_the_desk(name: str, value: str, outcome: str, told: str, sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    client, before = sign_in("clerk"), kept(filled, WAITING, name)
    headers, path = token(client), f"/can-xem/{WAITING}"
    answer = client.post(path, data={name: value, **shown(client, WAITING)}, headers=headers)
    if outcome == TAKEN:
        assert answer.status_code == 303 and kept(filled, WAITING, name) == ("accepted", told)
        return
    assert answer.status_code == 422 and kept(filled, WAITING, name) == before
    assert re.search(rf'id="f-{name}"[^>]*aria-invalid="true"', answer.text)
    if outcome == REFUSED:
        assert 'name="confirm"' not in answer.text
        return
    assert f'data-doubt="{told}"' in answer.text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
    again = client.post(path, data={name: value, **form}, headers=headers)
    assert again.status_code == 422, "the same key once more is no second act"
    button = re.search(r'name="confirm" value="([^"]*)"', answer.text)
    assert button is not None
    if value:
        other = client.post(path, data={name: f"{value}?", **form, "confirm": button[1]}, headers=headers)
        assert other.status_code == 422, "what is confirmed is what was listed"
    passed = client.post(path, data={name: value, **form, "confirm": button[1]}, headers=headers)
    assert passed.status_code == 303 and kept(filled, WAITING, name)[0] == "accepted"
    history = client.get(f"/api/documents/{WAITING}/history").json["history"]
    assert told in history[-1]["passed"] and history[-1]["actor"] == "clerk"
    assert client.get(f"/van-ban/{WAITING}", follow_redirects=True).status_code == 200


@pytest.mark.parametrize("act", ["accept", "correct"])
@pytest.mark.parametrize(("name", "value", "outcome", "told"), CASES)
def test_by_the_api(
    act: str, name: str, value: str, outcome: str, told: str, sign_in: SignIn, filled: Store
) -> None:
    make_sound(filled)
    if act == "correct":
        records.accept(filled, WAITING, {}, "clerk", None)
    client, before = sign_in("clerk"), kept(filled, WAITING, name)
    revision = client.get(f"/api/documents/{WAITING}").json["revision"] if act == "accept" else None
    with filled.db.reading() as session:
        revision = session.get_one(Document, WAITING).revision
    path, headers = f"/api/documents/{WAITING}/{act}", token(client)
    body = {"revision": revision, "values": {name: value}}
    answer = client.post(path, json=body, headers=headers)
    if outcome == TAKEN:
        assert answer.status_code == 200 and kept(filled, WAITING, name) == ("accepted", told)
        return
    assert answer.status_code == 422 and kept(filled, WAITING, name) == before
    if outcome == REFUSED:
        assert (answer.json["code"], answer.json["field"]) == (told, name)
        return
    assert answer.json["code"] == "doubtful" and told in [one["code"] for one in answer.json["doubts"]]
    wrong = client.post(path, json={**body, "confirm": ["page_unreadable"]}, headers=headers)
    assert wrong.status_code == 422
    codes = [one["code"] for one in answer.json["doubts"]]
    assert client.post(path, json={**body, "confirm": codes}, headers=headers).status_code == 200


@pytest.mark.parametrize(("name", "value", "outcome", "told"), [one for one in CASES if one[2] == ASKED])
def test_sent_in_to_be_accepted(name: str, value: str, outcome: str, told: str, filled: Store) -> None:
    said = {
        "number": "41/KH-UBND", "date": "2023-03-01", "doc_type": "Kế hoạch", "subject": "Việc mới",
        "issuer": "Ủy ban nhân dân tỉnh Kiên Giang", "signer_name": "Nguyễn Văn A", name: value,
    }  # fmt: skip
    one = {key: Field(text, text, 0.99) for key, text in said.items() if text}
    signer = Signer(name=one.pop("signer_name", None))
    sha256 = content_store.put_original(filled, b"moi")
    receipt = records.receive(filled, sha256, "moi.txt", "text/plain", 3, "clerk", auto_accept=True)
    source = SourceFile("moi.txt", sha256, "text/plain", 1, 3)
    read = Reading(source, (Page(1, "text", "?"),), Fields(signer=signer, **one))
    assert records.propose(filled, receipt.document_id, read) == "review", told


@pytest.mark.parametrize(
    ("documents", "name", "value", "status"),
    [
        ([PLAN, DIRECTIVE], "doc_type", "Bánh mì", 422),
        ([PLAN, WAITING], "issuer", "", 422),
        ([PLAN], "signer_name", "", 422),
        ([PLAN], "signer_name", "một\x00hai", 422),
        ([WAITING], "doc_type", "Bánh mì", 200),
        ([PLAN, WAITING], "place", "Kiên Giang", 200),
    ],
)
def test_in_bulk(documents: list[int], name: str, value: str, status: int, sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    before = [kept(filled, one, name) for one in documents]
    body = {"documents": documents, "field": name, "value": value}
    answer = client.post("/api/corrections", json=body, headers=token(client))
    assert answer.status_code == status
    if status != 200:
        assert [kept(filled, one, name) for one in documents] == before, "all or none"
        page = client.post("/can-xem/hang-loat", data={"chosen": documents, "field": name, "value": value},
            headers=token(client))  # fmt: skip
        assert page.status_code == status
    if name == "doc_type" and status == 200:
        with filled.db.reading() as session:
            assert "doc_type" in (session.get_one(Document, WAITING).questions or []), "it is asked at the door"


def test_a_number_that_another_bears_is_asked_by_every_way(sign_in: SignIn, filled: Store) -> None:
    client = sign_in("clerk")
    values = {"number": TWIN, "date": "2022-04-28"}
    page = client.post(f"/can-xem/{WAITING}", data={**values, **shown(client, WAITING)}, headers=token(client))
    assert page.status_code == 422 and 'data-doubt="number_twin"' in page.text
    revision = int(shown(client, WAITING)["revision"])
    body = {"revision": revision, "values": values}
    answer = client.post(f"/api/documents/{WAITING}/accept", json=body, headers=token(client))
    assert [one["code"] for one in answer.json["doubts"]] == ["number_twin"]


def test_only_what_was_shown_is_accepted_on_the_page(app: Flask, sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    clerk, admin = sign_in("clerk"), sign_in("admin")
    own, path = shown(clerk, WAITING), f"/can-xem/{WAITING}"
    headers = token(clerk)
    for sent, why in (
        ({"revision": own["revision"]}, "no proof"),
        ({**own, "shown": own["shown"][:-2]}, "a proof that is cut"),
        ({**own, "shown": shown(clerk, PLAN)["shown"]}, "the proof of another document"),
        ({**own, "shown": shown(admin, WAITING)["shown"]}, "the proof of another person"),
        ({**own, "revision": str(int(own["revision"]) + 1)}, "the proof of another revision"),
    ):
        answer = clerk.post(path, data=sent, headers=headers)
        assert answer.status_code == 409 and "chưa được ghi" in answer.text, why
        assert kept(filled, WAITING, "number")[0] == "review", why
    assert clerk.post(path, data=own, headers=headers).status_code == 303


def test_undo_on_the_page_walks_back_through_the_acceptance(sign_in: SignIn, filled: Store) -> None:
    make_sound(filled)
    client = sign_in("clerk")
    records.accept(filled, WAITING, {}, "clerk", None)
    records.correct(filled, WAITING, {"number": "abc"}, "clerk", None, confirm=["number_ill_formed"])
    records.correct(filled, WAITING, {"number": "98/KH-UBND"}, "clerk", None)

    def press() -> Any:
        page = client.get(f"/van-ban/{WAITING}", follow_redirects=True).text
        forms = re.findall(r'action="(/van-ban/\d+/hoan-tac/\d+)">.*?name="revision" value="(\d+)"', page)
        assert forms
        return client.post(forms[0][0], data={"revision": forms[0][1]}, headers=token(client))

    asked = press()
    assert asked.status_code == 422 and "không đúng thể thức" in asked.text
    form = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', asked.text))
    action = re.findall(r'action="(/van-ban/\d+/hoan-tac/\d+)"', asked.text)[0]
    assert client.post(action, data=form, headers=token(client)).status_code == 303
    assert kept(filled, WAITING, "number") == ("accepted", "abc")
    assert press().status_code == 303
    assert kept(filled, WAITING, "number") == ("accepted", "98/KH-UBND")
    assert "Trả về hàng chờ" in client.get(f"/van-ban/{WAITING}", follow_redirects=True).text
    assert press().status_code == 303
    assert kept(filled, WAITING, "number")[0] == "review"


def test_who_sends_a_withdrawn_file_again_is_told(sign_in: SignIn, filled: Store) -> None:
    import io

    client = sign_in("clerk")
    sent = {"file": (io.BytesIO("Số: 41/KH-UBND".encode()), "a.txt")}
    first = client.post("/api/documents", data=sent, headers=token(client)).json["files"][0]
    assert first["note"] is None
    records.withdraw(filled, first["document"], "quét thiếu trang", "admin")
    for path, headers in (("/api/documents", {}), ("/tai-len", {"X-Vanban": "1"}), ("/tai-len", {})):
        sent = {"file": (io.BytesIO("Số: 41/KH-UBND".encode()), "a.txt")}
        answer = client.post(path, data=sent, headers={**token(client), **headers})
        assert "quét thiếu trang" in answer.text and "admin đã" not in answer.text
        assert "admin thu hồi" in answer.text or "bởi admin" in answer.text or "admin" in answer.text
        records.withdraw(filled, first["document"], "quét thiếu trang", "admin")


ODDITIES = (
    {"date": "2024-W19-4"}, {"date": "hôm qua"}, {"date": "20240506"}, {"date": "2024-13-45"}, {"date": ""},
    {"number": "<script>", "number_key": None}, {"number": "", "doc_type": ""}, {"year": None,
    "date": "9999-12-31"},
    {"doc_type": "Bánh mì", "issuer": None, "issuer_key": None, "subject": None},
)  # fmt: skip


@pytest.mark.parametrize("stored", ODDITIES)
def test_nothing_that_is_stored_already_stops_a_page_or_the_index(
    stored: dict[str, object], sign_in: SignIn, filled: Store
) -> None:
    with filled.db.writing() as session:
        for one in (PLAN, DIRECTIVE, WAITING):
            found = session.get_one(Document, one)
            fields = dict(found.fields or {})
            for name in stored.keys() & {"date", "number", "doc_type"}:
                fields[name] = {**fields[name], "value": stored[name]}
            new = {**stored, "fields": fields, "revision": found.revision + 1}
            session.execute(update(Document).where(Document.id == one).values(**new))
    indexer.sync(filled)
    assert {hit.id for hit in finder.find(filled, "thi đua").hits} >= {PLAN}
    client = sign_in("admin")
    for one in (PLAN, DIRECTIVE, WAITING):
        paths = (f"/van-ban/{one}", f"/can-xem/{one}", f"/van-ban/{one}/vien-dan", f"/van-ban/{one}/cay",
                 f"/van-ban/{one}/so-do", f"/api/documents/{one}", f"/api/documents/{one}/history",
                 f"/api/documents/{one}/tree", f"/api/documents/{one}/graph",
                 f"/van-ban/{one}/tuong-tu")  # fmt: skip
        for path in paths:
            assert client.get(path, follow_redirects=True).status_code in (200, 404), path
    for path in ("/", "/?q=thi+%C4%91ua", "/?q=khen&sort=newest", "/can-xem", "/can-tim", "/api/search?q=thi",
                 f"/can-xem/{WAITING}/so-voi/{PLAN}", "/api/queue"):  # fmt: skip
        assert client.get(path, follow_redirects=True).status_code < 500, path
    read = client.get(f"/can-xem/{FAILED}")
    assert read.status_code == 200
