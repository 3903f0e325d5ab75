"""Whatever a page does a program can do: each page has its call,
and those that no page test reaches do their work.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import BaseModel

from corpus import records
from corpus.database.store import Store
from web import access

SignIn = Callable[[str], FlaskClient]
PLAN, DIRECTIVE, WAITING, FAILED = 1, 2, 3, 4
PASSWORD = "mot-mat-khau-dai"

CALLS = {
    "access.sign_in": "api_own.me", "own.account": "api_own.tokens", "own.change_password": "api_own.password",
    "own.add_token": "api_own.add_token", "own.end_token": "api_own.end_token",
    "own.end_session": "api_own.end_session", "own.end_other_sessions": "api_own.end_other_sessions",
    "own.follow": "api_own.follow",
    "own.unfollow": "api_own.unfollow", "own.name_search": "api_own.name_search",
    "shelf.documents": "api.list_documents", "shelf.chosen": "api_lists.results",
    "lists.results": "api_lists.results", "lists.wanted": "api_lists.wanted",
    "lists.audit": "api_lists.audit", "lists.history": "api_lists.history",
    "lookup.home": "api.search", "lookup.suggest": "api.suggest", "lookup.document": "api.document",
    "lookup.alike": "api_lists.similar", "lookup.page_image": "api_lists.page_image",
    "lookup.original": "api.original", "lookup.thumbnail": "api_lists.page_image",
    "paper.compared": "api.reading",
    "lookup.edxml": "api.edxml", "statistics.numbers": "api_statistics.numbers",
    "statistics.file": "api_statistics.file",
    "lookup.searchable": "api.searchable", "intake.upload": "api.upload", "intake.received": "api_queue.received",
    "intake.retry": "api_desk.retry", "intake.release": "api_desk.release",
    "intake.classify": "api_desk.classify", "review.queue": "api_queue.queue", "review.form": "api.document",
    "review.accept": "api_desk.accept", "review.following": "api_queue.following",
    "review.names": "api_queue.names", "review.signers": "api_queue.signers",
    "glance.papers": "api_queue.queue", "glance.accept": "api_desk.accept", "glance.head": "api_lists.page_image",
    "paper.printed": "api_lists.page_image", "paper.gone": "api.list_documents",
    "review.keep": "api_queue.hold", "review.reread_box": "api_queue.reread_box",
    "review.compare": "api_queue.twins",
    "review.bulk": "api_desk.correct_all", "review.withdraw": "api_desk.withdraw",
    "review.reinstate": "api_desk.reinstate", "review.undo": "api_desk.undo", "trail.cites": "api.cites",
    "trail.tree": "api_trail.tree", "trail.surroundings": "api_trail.graph", "trail.wanted": "api.wanted",
    "trail.open_citations": "api_trail.ambiguous", "trail.settle": "api_trail.settle",
    "trail.add_citation": "api_citations.add", "trail.confirm_citation": "api_citations.confirm",
    "trail.remove_citation": "api_citations.remove", "trail.undo_citation": "api_citations.undo",
    "trail.reopen_conflict": "api_trail.reopen_conflict", "trail.conflict_list": "api_trail.conflict_list",
    "trail.report": "api_lists.report", "lists.conflicts": "api_lists.conflicts",
    "trail.settle_conflict": "api_trail.settle_conflict", "trail.export": "api_lists.citations",
    "trail.audit_list": "api_trail.audit_trail", "admin.users": "api_admin.users",
    "admin.add_user": "api_admin.add_user",
    "admin.account": "api_admin.tokens", "admin.end_token": "api_admin.end_token",
    "admin.change_user": "api_admin.change_user", "admin.system": "api_admin.system",
    "acceptance.rule": "api_admin.acceptance", "acceptance.change": "api_admin.set_acceptance",
    "sheets.board": "api.document", "sheets.change": "api_sheets.change", "sheets.undo": "api_sheets.undo",
    "own_bodies.bodies": "api_admin.list_own_bodies", "own_bodies.add": "api_admin.add_own_body",
    "own_bodies.remove": "api_admin.remove_own_body",
    "own_bodies.renew": "api_admin.renew_directions",
    "registers.register": "api_registers.register", "registers.register_file": "api_registers.register_file",
    "registers.print_page": "api_registers.register_file", "registers.line": "api_registers.line",
    "registers.reserve": "api_registers.reserve", "registers.cancel": "api_registers.cancel",
    "registers.fill": "api_registers.fill", "registers.remark": "api_registers.remark",
    "registers.give": "api_registers.give", "registers.move": "api_registers.move",
    "registers.restore": "api_registers.restore", "registers.books": "api_registers.books",
    "registers.add_book": "api_registers.add_book", "registers.change_book": "api_registers.change_book",
    "registers.of_year": "api_registers.of_year",
    "files.catalogue": "api_files.list_files", "files.add": "api_files.add_file",
    "files.contents": "api_files.show_file", "files.change": "api_files.change_file",
    "files.put": "api_files.put_papers", "files.take_out": "api_files.take_out_paper",
    "files.change_rules": "api_files.change_rules", "files.print_catalogue": "api_files.catalogue",
    "files.print_contents": "api_files.contents", "files.handover": "api_ends.handover",
    "files.print_handover": "api_ends.due", "files.submit": "api_ends.submit",
    "files.expired": "api_ends.expired", "files.propose": "api_ends.propose",
    "files.destruction": "api_ends.destruction", "files.decide": "api_ends.decide",
    "file_lists.contents": "api_files.contents", "file_lists.catalogue": "api_files.catalogue",
    "file_lists.due": "api_ends.due", "file_lists.package": "api_files.package",
    "copies.listing": "api_copies.list_copies", "copies.make": "api_copies.make_copy",
    "copies.show": "api_copies.show_copy", "copies.cancel": "api_copies.cancel_copy",
    "copies.register": "api_copies.register",
    "tags.listing": "api_tags.list_tags", "tags.add": "api_tags.add_tag", "tags.change": "api_tags.change_tag",
    "tags.put": "api_tags.put_tags", "own_fields.fields": "api_tags.list_fields",
    "own_fields.add_field": "api_tags.add_field", "own_fields.change_field": "api_tags.change_field",
    "own_fields.set_values": "api_tags.set_values", "own_fields.undo": "api_tags.undo_values",
    "groups.groups": "api_admin.list_groups", "groups.add": "api_admin.add_group",
    "groups.change": "api_admin.change_group", "groups.limit": "api_desk.limit",
    "handover.tasks": "api_handover.tasks", "handover.give": "api_handover.give",
    "handover.hand_on": "api_handover.hand_on",
    "handover.change": "api_handover.change", "handover.add_note": "api_handover.add_note",
    "handover.remove_note": "api_handover.remove_note", "handover.delegations": "api_handover.delegations",
    "handover.delegate": "api_handover.delegate", "handover.end_delegation": "api_handover.end_delegation",
    "handover.mailbox": "api_handover.mailbox",
    "shelf.withdraw": "api_desk.withdraw",
    "paper.viewed": "api.original", "versions.shown": "api_versions.version_file",
    "versions.original": "api_versions.version_file", "versions.put": "api_versions.put_version",
    "versions.put_back": "api_versions.restore_version",
    "shares.make": "api_shares.make_share", "shares.end": "api_shares.end_share",
}  # fmt: skip
"""Page → the call that does the same."""
NO_CALL = {
    "shell.manifest": "a phone's browser asks for it",
    "shell.worker": "a browser asks for it",
    "shell.offline": "a browser shows it without network",
    "shell.icon": "a browser asks for it",
    "static": "files of the pages themselves",
    "access.sign_out": "a program keeps no session; it ends its token",
    "own.password": "a form; its call is that of own.change_password",
    "access.code": "signing in by a browser",
    "own.factor": "a person with a phone sets it up",
    "own.begin_factor": "a person with a phone sets it up",
    "own.confirm_factor": "a person with a phone sets it up",
    "own.renew_codes": "a person keeps the codes",
    "own.end_factor": "a person with a phone sets it up",
    "lookup.thumbnails": "a choice of the browser",
    "sso.begin": "signing in by a browser",
    "sso.back": "signing in by a browser",
    "feeds.feed": "is for programs as it is",
    "shared.paper": "opened by a link, without an account",
    "shared.page_image": "opened by a link, without an account",
    "shared.original": "opened by a link, without an account",
    "shared.searchable": "opened by a link, without an account",
    "metrics.metrics": "is for programs as it is",
    "intake.separating": "a sheet to be printed by people",
    "review.ahead": "draws pictures ahead for an open form; a program asks for the picture itself",
}


@pytest.fixture
def call(sign_in: SignIn) -> Callable[..., Any]:
    """Calls as somebody; a body makes it a POST."""

    def called(role: str, path: str, body: Any = None, status: int = 200) -> Any:
        client = sign_in(role)
        if body is None:
            answer = client.get(path)
        else:
            found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
            answer = client.post(path, json=body, headers={"X-CSRFToken": found[1] if found else ""})
        assert answer.status_code == status, answer.text
        return answer.json if answer.is_json else answer

    return called


def test_every_page_has_its_call() -> None:
    pages = {endpoint for endpoint in access.RULES if not endpoint.startswith("api")}
    assert pages == set(CALLS) | set(NO_CALL) and not set(CALLS) & set(NO_CALL)
    assert set(CALLS.values()) <= set(access.RULES)
    for page, its in CALLS.items():
        assert access.RULES[its] >= access.RULES[page] - {"outsider"}, page


def test_the_description_is_made_of_models(app: Flask) -> None:
    told = app.test_client().get("/api/openapi.json").json
    assert told["openapi"].startswith("3.1")  # type: ignore[index]
    assert set(told["components"]["securitySchemes"]) == {"token", "password"}  # type: ignore[index]
    for path, calls in told["paths"].items():  # type: ignore[index]
        for method, one in calls.items():
            good = [code for code in one["responses"] if code.startswith("2")]
            assert good, (method, path)


def test_no_two_models_share_the_name_that_the_description_knows_them_by() -> None:
    ours = [one.__name__ for one in set(_below(BaseModel)) if one.__module__.startswith("web.")]
    assert {name for name in ours if ours.count(name) > 1} == set()


def _below(kind: type) -> list[type]:
    return [one for direct in kind.__subclasses__() for one in (direct, *_below(direct))]


def test_a_search_is_narrowed_and_taken_away(call: Callable[..., Any]) -> None:
    assert call("reader", "/api/search?q=&year=2022")["total"] == 2
    (plan,) = call("reader", "/api/search?q=&doc_type=Kế hoạch&year=2022")["hits"]
    assert plan["id"] == PLAN
    assert call("reader", "/api/search?q=&year=1999")["total"] == 0
    lines = call("reader", "/api/search.csv?q=&year=2022").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and lines[0].startswith('"id","number"')
    assert call("reader", "/api/wanted.xlsx").data.startswith(b"PK")
    assert call("auditor", "/api/audit.xlsx").data.startswith(b"PK")
    lines = call("auditor", "/api/audit.csv?actor=READER&action=export").data.decode("utf-8-sig").splitlines()
    assert len(lines) == 3 and '"reader","xuất danh sách"' in lines[1]
    assert call("reader", "/api/search.exe?q=x", status=400)["code"] == "bad_request"
    assert "<graphml" in call("auditor", "/api/citations.graphml").text


def test_the_desk_by_program(call: Callable[..., Any], filled: Store) -> None:
    queue = call("clerk", "/api/queue")
    assert (queue["total"], queue["waiting"][0]["document"]["id"]) == (1, WAITING)
    assert "Số, ký hiệu" in queue["waiting"][0]["fields"] and queue["waiting"][0]["held_by"] is None
    assert call("clerk", "/api/queue/next", {})["document"] == WAITING
    assert call("admin", f"/api/documents/{WAITING}/hold", {})["holder"] == "clerk"
    assert call("clerk", "/api/queue")["waiting"][0]["held_by"] == "clerk"
    assert call("clerk", "/api/names?q=y te")["names"]
    assert call("clerk", f"/api/documents/{WAITING}/twins")["documents"] == []
    assert [one["id"] for one in call("clerk", "/api/documents?status=refused")["documents"]] == [FAILED]
    received = {one["document"]["id"]: one["fault"] for one in call("clerk", "/api/received")["received"]}
    assert "hong.png" in received[FAILED] and received[PLAN] == ""


def test_a_correction_is_undone_and_a_document_comes_back(call: Callable[..., Any]) -> None:
    sent = {"documents": [1, 2], "field": "issuer", "value": "Sở Y tế"}
    doubtful = call("clerk", "/api/corrections", sent, status=422)
    assert doubtful["code"] == "doubtful" and not call("clerk", "/api/documents/1/history")["history"]
    confirm = [one["code"] for one in doubtful["doubts"]]
    assert call("clerk", "/api/corrections", sent | {"confirm": confirm}) == {"changed": 2}
    row = call("clerk", "/api/documents/1/history")["history"][-1]["row"]
    assert call("clerk", "/api/documents/1/undo", {"row": row})["issuer"].startswith("Ủy ban")
    call("clerk", "/api/documents/1/withdraw", {"reason": "quét thiếu trang"})
    assert call("clerk", "/api/documents/1/reinstate", {})["status"] == "review"
    assert call("clerk", "/api/documents/1/reinstate", {}, status=409)["code"] == "wrong_state"


def test_conflicts_are_told_and_settled(call: Callable[..., Any], filled: Store) -> None:
    records.correct(filled, DIRECTIVE, {"date": "2022-01-11"}, "clerk", None)
    told = {one["code"]: one for one in call("auditor", f"/api/documents/{PLAN}/conflicts")["conflicts"]}
    one = told["date_differs"]
    assert (one["document"], one["ours"]["printed"]) == (DIRECTIVE, "Chỉ thị số 5/CT-UBND")
    sent = {"fingerprint": one["fingerprint"], "reason": "gõ nhầm"}
    after = call("auditor", f"/api/documents/{PLAN}/conflicts", sent)["conflicts"]
    assert {one["code"]: one["settled"] for one in after}["date_differs"] == "gõ nhầm"


def test_a_citation_is_settled(call: Callable[..., Any]) -> None:
    assert call("auditor", "/api/citations/ambiguous") == {"citations": []}
    assert call("clerk", "/api/citations/2", {"target": DIRECTIVE}) == {"document": PLAN}
    assert [one["status"] for one in call("clerk", f"/api/cites?ref={PLAN}")["out"]] == ["found", "found"]
    assert call("clerk", "/api/citations/2", {"target": None}) == {"document": PLAN}
    assert call("clerk", "/api/citations/99", {"target": None}, status=404)["code"] == "not_found"


def test_the_trail_by_program(call: Callable[..., Any]) -> None:
    call("reader", "/van-ban/1", status=302)
    call("reader", "/api/documents/1/original")
    told = call("auditor", "/api/audit?actor=READER&verify=1&limit=1")
    assert told["faults"] == [] and [one["action"] for one in told["rows"]] == ["download"]
    assert call("auditor", "/api/audit?document=1&action=download")["rows"][0]["actor"] == "reader"


def test_ones_own_by_program(call: Callable[..., Any], app: Flask) -> None:
    assert call("reader", "/api/me")["role"] == "reader"
    secret = call("clerk", "/api/me/tokens", {"label": "máy quét", "writes": True})["token"]
    header = {"Authorization": f"Bearer {secret}"}
    program = app.test_client()
    assert program.get("/api/me", headers=header).json["name"] == "clerk"  # type: ignore[index]
    for path, body in (
        ("/api/me/tokens", {"label": "x"}),
        ("/api/me/password", {"present": PASSWORD, "password": "mot-cau-moi-dai"}),
    ):
        assert program.post(path, json=body, headers=header).status_code == 403, "a token makes no token"
    (one,) = call("clerk", "/api/me/tokens")["tokens"]
    assert (one["label"], one["writes"]) == ("máy quét", True)
    assert call("clerk", f"/api/me/tokens/{one['id']}/end", {}) == {"done": True}
    assert program.get("/api/me", headers=header).status_code == 401
    (search,) = call("reader", "/api/me/searches", {"address": "/?q=thi+%C4%91ua", "words": "thi đua"})["searches"]
    assert (search["words"], search["new"]) == ("thi đua", 1)
    assert call("reader", f"/api/me/searches/{search['id']}/end", {}) == {"searches": []}
    assert call("reader", "/api/me/searches", {"address": "https://la.example/?q=x", "words": "x"}, status=400)
    assert call("reader", "/api/me/password", {"present": "sai", "password": "mot-cau-moi-dai"}, status=422)
    assert call("reader", "/api/me/password", {"present": PASSWORD, "password": "mot-cau-moi-dai"}) == {
        "done": True
    }


def test_administration_by_program(call: Callable[..., Any], filled: Store) -> None:
    made = call("admin", "/api/users", {"name": "lan", "role": "reader", "full_name": "Nguyễn Thị Lan"})
    assert len(made["password"]) >= 12
    assert call("admin", "/api/users/lan", {"act": "role", "role": "clerk"}) == {"name": "lan", "password": None}
    assert {one["name"]: one["role"] for one in call("admin", "/api/users")["users"]}["lan"] == "clerk"
    assert call("admin", "/api/users/admin", {"act": "close"}, status=403)["code"] == "own_account"
    call("admin", "/api/groups", {"name": "Phòng Tổ chức"})
    (group,) = call("admin", "/api/groups/Phòng Tổ chức", {"act": "join", "user": "lan"})["groups"]
    assert group == {"name": "Phòng Tổ chức", "members": ["lan"], "documents": 0}
    call("reader", "/?q=khongthayduoc")
    told = call("admin", "/api/system?check=1")
    assert told["faults"] == [] and told["documents"]["accepted"] == 2
    assert {"q": "khongthayduoc", "count": 1} in told["in_vain"] and told["sizes"]["originals"] > 0


def test_a_spot_of_a_page_and_its_picture(call: Callable[..., Any], filled: Store) -> None:
    assert call("reader", f"/api/documents/{PLAN}/pages/1.png?w=160").data.startswith(b"\x89PNG")
    assert call("reader", f"/api/documents/{PLAN}/pages/1.png?w=7", status=404)["code"] == "not_found"
    body = {"page": 1, "field": "issuer", "box": [0.5, 0.5, 0.2, 0.2]}
    assert call("clerk", f"/api/documents/{PLAN}/spot", body, status=400)["code"] == "bad_request"


def test_documents_like_one(call: Callable[..., Any]) -> None:
    hits = call("reader", f"/api/documents/{PLAN}/similar?limit=1")["hits"]
    assert len(hits) == 1 and hits[0]["id"] != PLAN
    assert call("reader", f"/api/documents/{FAILED}/similar", status=404)["code"] == "not_found"
