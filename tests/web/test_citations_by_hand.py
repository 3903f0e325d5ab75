"""Citations and conflicts by hand, by role and way in: page, API and command line do the same,
and tell nobody of what is limited.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.database.models import CitationRow
from corpus.database.store import Store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.originals import content_store

SignIn = Callable[[str], FlaskClient]
KG, AG = "Ủy ban nhân dân tỉnh Kiên Giang", "Ủy ban nhân dân tỉnh An Giang"
MAY = {"reader": False, "leader": False, "clerk": True, "auditor": True, "admin": True}
GROUP = "Tổ công tác"
TEXT = "Thực hiện Kế hoạch số 44/KH-UBND ngày 02/3/2021 của Ủy ban nhân dân tỉnh Kiên Giang, Sở Y tế báo cáo."


def paper(store: Store, number: str, issuer: str, *cites: Citation, groups: tuple[str, ...] = ()) -> int:
    told = {"number": number, "date": "2021-01-11", "issuer": issuer, "doc_type": "Kế hoạch", "subject": "Thi đua"}
    fields = Fields(**{name: Field(value, value, 0.99, page=1) for name, value in told.items()})
    data = f"{number} {issuer}".encode()
    sha256 = content_store.put_original(store, data)
    got = records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", limited_to=groups)
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, got.document_id, Reading(source, (Page(1, "text", TEXT),), fields, cites))
    return got.document_id


def token(client: FlaskClient) -> str:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    return found[1] if found else ""


def post(client: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    if path.startswith("/api/"):
        return client.post(path, json=data, headers={"X-CSRFToken": token(client)})
    return client.post(path, data={**data, "csrf_token": token(client)})


def state(store: Store, citation: int) -> tuple[str, int | None] | None:
    with store.db.reading() as session:
        row = session.get(CitationRow, citation)
        return (row.status, row.target_id) if row is not None else None


@pytest.fixture
def papers(filled: Store) -> dict[str, int]:
    """Two plans of one number, one of them limited to a group, and a report that cites the number."""
    records.add_group(filled, GROUP, "admin")
    first = paper(filled, "20/KH-UBND", KG)
    secret = paper(filled, "20/KH-UBND", AG, groups=(GROUP,))
    citing = paper(
        filled, "7/BC-SYT", "Sở Y tế tỉnh Kiên Giang", Citation("Kế hoạch số 20/KH-UBND", "refers", "Kế hoạch",
        "20/KH-UBND", review=True)
    )  # fmt: skip
    with filled.db.reading() as session:
        row = session.scalars(select(CitationRow.id).where(CitationRow.document_id == citing)).one()
    return {"first": first, "secret": secret, "citing": citing, "citation": row}


DEEDS = [
    ("/vien-dan/{citation}", {"target": "{first}"}, ("found", "first")),
    ("/vien-dan/{citation}", {"ref": "20 kh ubnd"}, None),
    ("/vien-dan/{citation}", {"target": ""}, ("wanted", None)),
    ("/vien-dan/{citation}/bo", {"reason": "số hồ sơ"}, ("removed", None)),
    ("/api/citations/{citation}", {"target": "{first}"}, ("found", "first")),
    ("/api/citations/{citation}", {"target": None}, ("wanted", None)),
    ("/api/citations/{citation}/remove", {}, ("removed", None)),
]


@pytest.mark.parametrize("role", MAY)
@pytest.mark.parametrize(("path", "data", "after"), DEEDS)
def test_who_may_change_a_citation(
    role: str, path: str, data: dict[str, Any], after: Any, papers: dict[str, int], filled: Store, sign_in: SignIn
) -> None:
    client = sign_in(role)
    before = state(filled, papers["citation"])
    sent = {name: papers["first"] if value == "{first}" else value for name, value in data.items()}
    answer = post(client, path.format(**papers), sent)
    if not MAY[role]:
        assert answer.status_code == 403 and state(filled, papers["citation"]) == before
        return
    if after is None:
        # To whom only one of the two is known, the number alone says which; the administrator sees both.
        expected = before if role == "admin" else ("found", papers["first"])
        assert (answer.status_code == 409) == (role == "admin")
    else:
        expected = (after[0], papers["first"] if after[1] else None)
        assert answer.status_code < 400
    assert state(filled, papers["citation"]) == expected
    page = client.get(f"/van-ban/{papers['citing']}/vien-dan").text
    assert ("Viện dẫn sửa bằng tay" in page) == (state(filled, papers["citation"]) != before)


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_what_is_limited_is_told_to_nobody(
    role: str, papers: dict[str, int], filled: Store, sign_in: SignIn
) -> None:
    client, secret = sign_in(role), papers["secret"]
    told = client.get("/api/citations/targets", query_string={"q": "20/KH-UBND"}).json
    assert [one["id"] for one in told["documents"]] == [papers["first"]]  # type: ignore[index]
    page = client.get(f"/van-ban/{papers['citing']}/vien-dan?sua={papers['citation']}&q=20/KH-UBND").text
    assert f'value="{papers["first"]}"' in page and f'value="{secret}"' not in page and AG not in page
    for path in (f"/vien-dan/{papers['citation']}", f"/api/citations/{papers['citation']}"):
        assert post(client, path, {"target": secret}).status_code == 404
    assert (
        post(
            client, f"/api/documents/{papers['citing']}/citations", {"text": "x 1/KH-SYT", "target": secret}
        ).status_code
        == 404
    )
    records.settle_citation(filled, papers["citation"], secret, "admin")
    for path in (f"/van-ban/{papers['citing']}/vien-dan", f"/api/documents/{papers['citing']}/citations/history"):
        assert AG not in client.get(path).text
    (edit,) = client.get(f"/api/documents/{papers['citing']}/citations/history").json["history"]  # type: ignore[index]
    assert edit["target"] is None
    deeds = sign_in("auditor").get("/api/audit?action=settle_citation").json["rows"]  # type: ignore[index]
    assert all(one["detail"].get("target") != secret for one in deeds)


@pytest.mark.parametrize("role", ["clerk", "auditor"])
def test_one_is_added_where_its_words_stand_and_taken_back(
    role: str, papers: dict[str, int], filled: Store, sign_in: SignIn
) -> None:
    client, citing = sign_in(role), papers["citing"]
    said = {"text": "Kế hoạch số 44/KH-UBND ngày 02/3/2021", "relation": "implements"}
    assert post(client, f"/van-ban/{citing}/vien-dan/them", said).status_code == 303
    with filled.db.reading() as session:
        row = session.scalars(select(CitationRow).where(CitationRow.added_by == role)).one()
    assert (row.number, row.date, row.relation, row.page) == ("44/KH-UBND", "2021-03-02", "implements", 1)
    assert row.start == TEXT.index("Kế hoạch số 44"), "its place in the text"
    assert "44/KH-UBND" in client.get("/can-tim").text, "it is on the list of what is wanted"
    again = post(client, f"/van-ban/{citing}/vien-dan/them", said)
    assert again.status_code == 409 and "đã có viện dẫn này" in again.text and "44/KH-UBND" in again.text
    (edit,) = client.get(f"/api/documents/{citing}/citations/history").json["history"]  # type: ignore[index]
    assert post(client, f"/van-ban/{citing}/vien-dan/hoan-tac/{edit['row']}", {}).status_code == 303
    assert state(filled, row.id) is None and "44/KH-UBND" not in client.get("/can-tim").text


@pytest.mark.parametrize(
    ("body", "status", "reason"),
    [
        ({}, 422, "neither words nor number"),
        ({"text": "x", "relation": "loves"}, 422, "no such relation"),
        ({"number": "5/KH-SYT", "date": "31/2/2021"}, 422, "no such day"),
        ({"number": "5/KH-SYT", "page": 9}, 404, "no such page"),
        ({"number": "5/KH-SYT", "revision": 0}, 409, "changed since"),
        ({"number": "5/KH-SYT"}, 200, "a number alone is enough"),
    ],
)
def test_what_is_typed_wrongly_is_refused(
    body: dict[str, Any], status: int, reason: str, papers: dict[str, int], sign_in: SignIn
) -> None:
    answer = post(sign_in("clerk"), f"/api/documents/{papers['citing']}/citations", body)
    assert answer.status_code == status, reason


def test_a_doubtful_link_is_drawn_as_doubtful(papers: dict[str, int], sign_in: SignIn) -> None:
    client, path = sign_in("auditor"), f"/van-ban/{papers['citing']}"
    assert (
        "chưa chắc" in client.get(f"{path}/vien-dan").text
        and "chưa chắc" in client.get(path, follow_redirects=True).text
    )
    (out,) = client.get(f"/api/cites?ref={papers['citing']}").json["out"]  # type: ignore[index]
    assert out["review"] is True and out["id"] == papers["citation"]
    assert post(client, f"/vien-dan/{papers['citation']}/dung", {}).status_code == 303
    (out,) = client.get(f"/api/cites?ref={papers['citing']}").json["out"]  # type: ignore[index]
    assert out["review"] is False
