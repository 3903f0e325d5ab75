"""A document limited to a group: for who is not of it, it is nowhere, on any route, in any count,
from the first moment.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from corpus import records
from corpus.access import accounts, groups
from corpus.database.store import Store
from corpus.document import Box, Citation, Field, Fields, Page, Reading, SourceFile
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from corpus.originals import content_store
from search.index import indexer
from web import access

SignIn = Callable[[str], FlaskClient]
ROLES = ("reader", "leader", "clerk", "auditor")
ISSUER = "Ủy ban nhân dân tỉnh Kiên Giang"
SECRET, CITING = 5, 6
NUMBER, WANTED = "777/KH-UBND", "4321/TB-UBND"
ASK, WORD = "vuonglam", "ngoclambian"
"""Two words of the document: one that is asked for, one that is told by who knows of it alone."""
GROUP = "Tổ công tác kín"

ASKED = {
    "lookup.home": f"?q={ASK}",
    "lookup.suggest": f"?q={ASK[:6]}",
    "lists.results": f"?q={ASK}",
    "api.search": f"?q={ASK}",
    "api_lists.results": f"?q={ASK}",
    "api_queue.names": f"?q={ASK}",
    "api.suggest": f"?q={ASK[:6]}",
    "api.cites": f"?ref={NUMBER}",
    "api.list_documents": "?limit=200",
    "review.names": f"?q={ASK}",
    "trail.audit_list": f"?document={SECRET}",
    "lists.audit": f"?document={SECRET}",
    "api_lists.audit": f"?document={SECRET}",
}
"""What is asked of the routes that find by words."""
SHOWN = frozenset({
    "lookup.home", "lists.results", "lookup.suggest", "lookup.document", "lookup.original", "api.original",
    "review.form", "review.compare",
    "trail.cites", "trail.surroundings", "api_trail.graph", "trail.tree", "api_trail.tree", "trail.wanted",
    "lists.wanted", "trail.export", "api.list_documents", "api.document",
    "api_lists.results", "api_lists.wanted", "api_lists.citations", "api_queue.names", "api.reading", "api.search",
    "api.cites", "api.wanted", "api.suggest", "review.names",
    "handover.tasks", "api_handover.tasks", "api_handover.of_document", "api_handover.notes",
})  # fmt: skip
"""Routes that tell of the document who may know of it: the control without which the test could not fail."""
VALUES = {
    "document_id": SECRET,
    "other": SECRET,
    "page": 1,
    "row": 1,
    "form": "csv",
    "citation_id": 3,
    "name": GROUP,
    "filename": "vanban.css",
}


BODY = {
    "values": {}, "row": 1, "fingerprint": "x", "target": SECRET, "page": 1, "field": "issuer", "box": [0, 0, 1,
    1],
    "documents": [SECRET], "value": "x", "parts": [[{"document": SECRET, "page": 1}]],
    "revisions": {SECRET: 1}, "reason": "x", "keep_values": True,
}  # fmt: skip
"""A body that every call of the desk takes: what is refused is refused for the document."""
SETTLED = (
    "trail.settle", "api_trail.settle", "api_desk.correct_all", "handover.change", "api_handover.change",
    "handover.remove_note", "api_handover.remove_note", "handover.hand_on", "api_handover.hand_on",
)  # fmt: skip
"""Calls that are of the document without its number in their path."""


def field(value: str) -> Field:
    return Field(value, value, 0.97, page=1, boxes=(Box(0.1, 0.1, 0.5, 0.13),))


def _add(store: Store, text: str, number: str, subject: str, issuer: str, *cites: Citation, limited: bool) -> int:
    data = text.encode()
    sha256 = content_store.put_original(store, data)
    to = (GROUP,) if limited else ()
    receipt = records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", limited_to=to)
    fields = Fields(
        number=field(number),
        date=field("2022-05-05"),
        issuer=field(issuer),
        doc_type=field("Kế hoạch"),
        subject=field(subject),
    )
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    reading = Reading(source, (Page(1, "text", text),), fields, cites)
    records.propose(store, receipt.document_id, reading)
    return receipt.document_id


@pytest.fixture
def secret(filled: Store) -> Store:
    """A limited document that cites and is cited, an insider of each role, and the index in step."""
    records.add_group(filled, GROUP, "admin")
    for role in ROLES:
        records.add_user(filled, f"in-{role}", role, "-")
        records.join_group(filled, GROUP.upper(), f"in-{role}", "admin")
    own = Citation(
        "Chỉ thị số 5/CT-UBND", "implements", "Chỉ thị", "5/CT-UBND", date="2022-01-10", issuer=ISSUER, page=1
    )
    gone = Citation(
        f"Thông báo số {WANTED} {WORD}", "refers", "Thông báo", WANTED, issuer=f"{ISSUER} {WORD}", page=1
    )
    at_it = Citation(
        f"Kế hoạch số {NUMBER}", "implements", "Kế hoạch", NUMBER, date="2022-05-05", issuer=f"{ISSUER} {ASK}"
    )
    text = f"{ASK} {WORD}: thi đua, khen thưởng, chuyển đổi số, cải cách hành chính"
    got = _add(filled, text, NUMBER, f"Việc {ASK} {WORD}", f"{ISSUER} {ASK} {WORD}", own, gone, limited=True)
    assert got == SECRET
    assert _add(filled, "Văn bản khác", "80/KH-UBND", "Việc khác", ISSUER, at_it, limited=False) == CITING
    _hand_over(filled)
    indexer.sync(filled)
    return filled


def _hand_over(store: Store) -> None:
    """Hands the document over to its group's people, with a note of the leader and one of a member."""
    with store.db.reading() as session:
        ids = {name: accounts.user_named(session, name).id for name in ("in-leader", "in-reader")}
    to = [Receiver("lead", "in-leader"), Receiver("with", GROUP, unit=True), Receiver("know", "admin")]
    order = Order((*to, *(Receiver("know", f"in-{role}") for role in ROLES)), f"Bút phê {WORD}", "5")
    assert records.hand_over(store, SECRET, order, Acting("in-leader", ids["in-leader"])) == 1
    assert records.add_note(store, SECRET, f"Ý kiến {WORD}", Acting("in-reader", ids["in-reader"])) == 1


def _paths(app: Flask) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every route, at the limited document where it is of one."""
    adapter = app.url_map.bind("localhost")
    found = []
    for rule in app.url_map.iter_rules():
        path = adapter.build(rule.endpoint, {name: VALUES.get(name, 1) for name in rule.arguments}, method=None)
        method = "GET" if "GET" in (rule.methods or ()) else "POST"
        found.append((rule.endpoint, method, path + ASKED.get(rule.endpoint, "")))
    return found


def _called(client: FlaskClient, method: str, path: str) -> tuple[int, str]:
    if method == "GET":
        answer = client.get(path)
    else:
        found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
        data: dict[str, Any] = {"reason": "x", "revision": 1}
        if path.endswith(("/release", "/versions")):
            data |= {"file": (io.BytesIO(b"x"), "a.txt"), "keep_values": "true"}
        as_json = path.startswith("/api/") and "file" not in data
        kind = {"kind": "incoming"} if path.endswith("/numbers") else {}
        sent: dict[str, Any] = {"json": data | BODY | kind} if as_json else {"data": data}
        answer = client.post(path, **sent, headers={"X-CSRFToken": found[1] if found else ""})
    return answer.status_code, answer.get_data().decode(errors="replace")  # a picture has no text


@pytest.mark.parametrize("role", ROLES)
def test_it_is_nowhere_for_who_is_not_of_the_group(role: str, secret: Store, app: Flask, sign_in: SignIn) -> None:
    client = sign_in(role)
    for endpoint, method, path in _paths(app):
        if endpoint in ("access.sign_out", "own.change_password"):
            continue
        status, text = _called(client, method, path)
        assert WORD not in text, f"{endpoint} tells of it"
        assert f"/van-ban/{SECRET}" not in text or endpoint == "trail.audit_list", f"{endpoint} leads to it"
        if (f"/{SECRET}" in path or endpoint in SETTLED) and role in access.RULES[endpoint]:
            assert status == 404, f"{endpoint} answers {status}"


@pytest.mark.parametrize("role", [*(f"in-{role}" for role in ROLES), "admin"])
def test_members_and_administrators_see_it_where_their_role_does(
    role: str, secret: Store, app: Flask, sign_in: SignIn
) -> None:
    client = sign_in(role)
    told = {
        end for end, method, path in _paths(app) if method == "GET" and WORD in _called(client, method, path)[1]
    }
    wanted = {endpoint for endpoint in SHOWN if role.removeprefix("in-") in access.RULES[endpoint]}
    assert wanted <= told


def _total(client: FlaskClient, query: str) -> int:
    return int(client.get(f"/api/search?q={query}").json["total"])  # type: ignore[index]


def test_counts_facets_and_citations_leave_it_out(secret: Store, sign_in: SignIn) -> None:
    inside, outside = sign_in("in-reader"), sign_in("reader")
    assert _total(inside, "thi đua") == _total(outside, "thi đua") + 1
    facets = [client.get("/api/search?q=thi đua").json["facets"]["issuer"] for client in (inside, outside)]
    assert len(facets[0]) == len(facets[1]) + 1
    lists = [[one["label"] for one in client.get("/api/wanted").json["wanted"]] for client in (inside, outside)]
    assert WANTED in lists[0] and WANTED not in lists[1]
    into = [len(client.get("/api/cites?ref=5/CT-UBND").json["in"]) for client in (inside, outside)]
    assert into == [2, 1]
    out = [client.get(f"/api/cites?ref={CITING}").json["out"][0] for client in (inside, outside)]
    assert [(one["status"], one["wanted"]) for one in out] == [("found", None), ("wanted", NUMBER)]


def test_the_picture_of_a_neighbour_shows_it_as_one_that_is_missing(secret: Store, sign_in: SignIn) -> None:
    for role, state in (("auditor", "wanted"), ("in-auditor", "held")):
        answer = sign_in(role).get(f"/api/documents/{CITING}/graph?depth=3")
        told = {one["label"]: one["state"] for one in answer.json["nodes"]}  # type: ignore[index]
        assert told[NUMBER] == state, role
        tree = sign_in(role).get(f"/api/documents/{CITING}/tree").json
        assert bool(tree["ways"]) == (state == "held") and bool(tree["below"]) is False  # type: ignore[index]
        assert (WANTED in told, WORD in answer.text) == ((role != "auditor"),) * 2


def test_a_limit_and_its_end_hold_before_the_index_has_caught_up(secret: Store, sign_in: SignIn) -> None:
    outside, inside = sign_in("reader"), sign_in("in-reader")
    before = _total(outside, "thi đua")
    records.limit(secret, 1, [GROUP], "admin")
    assert _total(outside, "thi đua") == before - 1
    assert "/van-ban/1" not in outside.get("/?q=thi+dua").text + outside.get("/").text
    assert _total(inside, "thi đua") == before + 1
    records.leave_group(secret, GROUP, "in-reader", "admin")
    assert _total(inside, "thi đua") == before - 1
    records.limit(secret, 1, [], "admin")
    indexer.sync(secret)
    assert _total(outside, "thi đua") == before


def test_the_next_at_the_desk_is_one_that_the_clerk_may_see(secret: Store, sign_in: SignIn) -> None:
    records.withdraw(secret, 3, "x", "admin")
    records.withdraw(secret, CITING, "x", "admin")
    assert sign_in("clerk").get("/can-xem/tiep").headers["Location"] == "/can-xem"
    assert sign_in("in-clerk").get("/can-xem/tiep").headers["Location"] == f"/can-xem/{SECRET}"


def test_the_same_file_sent_by_another_tells_only_that_it_is_held(secret: Store, sign_in: SignIn) -> None:
    text = f"{ASK} {WORD}: thi đua, khen thưởng, chuyển đổi số, cải cách hành chính"
    told = []
    for role in ("clerk", "in-clerk"):
        client = sign_in(role)
        found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
        assert found is not None
        data = {"file": (io.BytesIO(text.encode()), "b.txt")}
        answer = client.post("/api/documents", data=data, headers={"X-CSRFToken": found[1]})
        one = answer.json["files"][0]  # type: ignore[index]
        told.append((one["status"], one["document"]))
    assert told == [("duplicate", None), ("duplicate", SECRET)]


def test_a_clerk_sends_in_and_limits_to_groups_of_his_own_only(secret: Store, sign_in: SignIn) -> None:
    client = sign_in("in-clerk")
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None
    headers = {"X-CSRFToken": found[1]}
    data = {"file": (io.BytesIO(b"m\xe1\xba\xadt"), "m.txt"), "group": GROUP}
    sent = client.post("/api/documents", data=data, headers=headers).json["files"][0]  # type: ignore[index]
    assert sent["document"] and sign_in("clerk").get(f"/van-ban/{sent['document']}").status_code == 404
    records.add_group(secret, "Nhóm khác", "admin")
    assert (
        client.post("/api/documents/1/groups", json={"groups": ["Nhóm khác"]}, headers=headers).status_code == 404
    )
    answer = client.post("/api/documents/1/groups", json={"groups": [GROUP]}, headers=headers)
    assert answer.json == {"id": 1, "groups": [GROUP]}
    assert client.post("/van-ban/1/gioi-han", data={}, headers=headers).status_code == 303
    assert sign_in("reader").get("/van-ban/1", follow_redirects=True).status_code == 200


def test_an_administrator_makes_groups_and_hands_out_membership(secret: Store, sign_in: SignIn) -> None:
    client = sign_in("admin")
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    assert found is not None

    def post(path: str, **data: str) -> int:
        return client.post(path, data=data, headers={"X-CSRFToken": found[1]}).status_code

    assert post("/nhom", name="Phòng Tổ chức") == 303 and post("/nhom", name="phòng tổ chức") == 422
    with secret.db.reading() as session:
        made, held = groups.named(session, "Phòng Tổ chức").id, groups.named(session, GROUP).id
    assert post(f"/nhom/{made}", act="join", user="reader") == 303
    page = client.get("/nhom").text
    assert "Phòng Tổ chức" in page and ">reader <button" in page
    assert post(f"/nhom/{made}", act="leave", user="reader") == 303
    assert post(f"/nhom/{made}", act="remove") == 200, "asked once more"
    assert post(f"/nhom/{made}", act="remove", confirmed="1") == 303
    assert post(f"/nhom/{held}", act="remove", confirmed="1") == 422, (
        "a document would be opened or lost from sight"
    )
    trail = client.get("/nhat-ky?actor=admin").text
    assert all(word in trail for word in ("thêm nhóm", "thêm vào nhóm", "bỏ khỏi nhóm", "bỏ nhóm"))
