"""Share links: who makes one of what, what it opens and what not, how it ends, and where its token is found."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask
from flask.testing import FlaskClient

from corpus import records
from corpus.access import share_links
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.share_tables import ShareLink, WrongShare
from corpus.database.store import Store, open_store
from corpus.errors import CATALOGUE
from corpus.upkeep import backup
from search.index import indexer
from tests.web.conftest import DIRECTIVE, FAILED, PLAN, WAITING
from web import access
from web.app import create_app

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
TOKEN = "mot-duong-dan-thu"


@pytest.fixture
def shared(filled: Store) -> Store:
    """The plan shared for seven days."""
    records.share(filled, PLAN, access.token_hash(TOKEN), "clerk", purpose="Gửi Sở Nội vụ")
    return filled


def made(sign_in: SignIn, post: Post, document: int = PLAN, **form: str) -> str:
    """Path of a link that a clerk makes on the document's page."""
    answer = post(sign_in("clerk"), f"/van-ban/{document}/chia-se", form)
    assert answer.status_code == 200, answer.text
    found = re.search(r'value="http://localhost(/chia-se/[\w-]+)"', answer.text)
    assert found is not None
    return found[1]


def links(store: Store) -> list[ShareLink]:
    with store.db.reading() as session:
        return session.query(ShareLink).order_by(ShareLink.id).all()


def trail(store: Store, *actions: str) -> list[AuditRow]:
    with store.db.reading() as session:
        return session.query(AuditRow).filter(AuditRow.action.in_(actions)).order_by(AuditRow.id).all()


def test_a_link_opens_its_document_without_an_account(
    app: Flask, filled: Store, sign_in: SignIn, post: Post
) -> None:
    path = made(sign_in, post, days="3", purpose="Gửi Sở Nội vụ")
    stranger = app.test_client()
    page = stranger.get(path)
    assert page.status_code == 200
    for value in ("31/KH-UBND", "27/04/2022", "Ủy ban nhân dân tỉnh Kiên Giang", "Kế hoạch", "Phát động thi đua"):
        assert value in page.text, value
    assert stranger.get(f"{path}/trang/1.png").data.startswith(b"\x89PNG")
    original = stranger.get(f"{path}/ban-goc")
    assert original.status_code == 200 and "attachment" in original.headers["Content-Disposition"]
    assert stranger.get(f"{path}/trang/2.png").status_code == 404, "a page that it lacks"


def test_it_shows_nothing_else_of_the_archive(app: Flask, shared: Store) -> None:
    page = app.test_client().get(f"/chia-se/{TOKEN}").text
    assert "5/CT-UBND" not in page and "99/QĐ-UBND" not in page, "papers that it cites"
    assert "Nguyễn Văn A" not in page and "clerk" not in page and "31-KH-UBND.png" not in page
    inner = {one for one in re.findall(r'(?:href|src)="([^"]+)"', page) if not one.startswith("/static/")}
    assert inner == {f"/chia-se/{TOKEN}{tail}" for tail in ("/ban-goc", "/tim-duoc.pdf", "/trang/1.png")}


HEADERS = [
    ("", 200, "the page"),
    ("/trang/1.png", 200, "a picture, which elsewhere may be kept"),
    ("/ban-goc", 200, "the file"),
    ("/khong-co", 404, "an address that is none"),
    ("x", 404, "an unknown token"),
]


@pytest.mark.parametrize(("tail", "status", "why"), HEADERS)
def test_no_search_engine_site_or_cache_learns_of_it(
    tail: str, status: int, why: str, app: Flask, shared: Store
) -> None:
    answer = app.test_client().get(f"/chia-se/{TOKEN}{tail}")
    assert answer.status_code == status, why
    told = [answer.headers[name] for name in ("X-Robots-Tag", "Referrer-Policy", "Cache-Control")]
    assert told == ["noindex, nofollow", "no-referrer", "no-store"], why


def test_the_token_is_nowhere_but_in_the_address(
    app: Flask, filled: Store, sign_in: SignIn, post: Post, settings: Settings
) -> None:
    with structlog.testing.capture_logs() as lines:
        path = made(sign_in, post)
        stranger = app.test_client()
        for tail in ("", "/trang/1.png", "/ban-goc", "/nothing", "/trang/0.png"):
            stranger.get(path + tail)
        stranger.post(path)
        stranger.get(f"{path}x")
    token = path.rsplit("/", 1)[1]
    assert len(token) * 6 >= 128, "bits"
    assert lines and token not in str(lines)
    assert [line["path"] for line in lines if line.get("status") == 200 and "chia-se" in line["path"]][1:] == [
        "/chia-se/…"
    ] * 3
    files = [one for one in settings.home.rglob("*") if one.is_file()]
    assert [one for one in files if token.encode() in one.read_bytes()] == []
    assert links(filled)[0].token_hash == access.token_hash(token)
    assert token not in sign_in("clerk").get(f"/van-ban/{PLAN}", follow_redirects=True).text, "shown once"


REFUSED = [
    ({"days": "0"}, 422, "bad_value", "no day"),
    ({"days": "91"}, 422, "bad_value", "too long"),
    ({"days": "mai"}, 422, "bad_value", "no number"),
    ({"purpose": "x" * 201}, 422, "bad_value", "a long purpose"),
]


@pytest.mark.parametrize(("form", "status", "code", "why"), REFUSED)
def test_a_faulty_form_makes_no_link(
    form: dict[str, str], status: int, code: str, why: str, filled: Store, sign_in: SignIn, post: Post
) -> None:
    answer = post(sign_in("clerk"), f"/van-ban/{PLAN}/chia-se", form)
    assert (answer.status_code, code in answer.text) == (status, True), why
    assert links(filled) == []


@pytest.mark.parametrize(("days", "life"), [("", 7), ("1", 1), ("90", 90)])
def test_it_lives_for_the_days_that_were_typed(
    days: str, life: int, filled: Store, sign_in: SignIn, post: Post
) -> None:
    made(sign_in, post, days=days)
    row = links(filled)[0]
    assert row.expires_at - row.made_at == timedelta(days=life)


def _limited(store: Store) -> None:
    records.add_group(store, "Phòng Tổ chức", "admin")
    records.limit(store, PLAN, ["Phòng Tổ chức"], "admin")


NEVER = [
    (_limited, PLAN, 409, "share_limited", "limited to a group"),
    (lambda store: None, WAITING, 409, "wrong_state", "waits for a person"),
    (lambda store: None, FAILED, 409, "not_cleared", "never passed the gate"),
    (lambda store: records.withdraw(store, PLAN, "nhầm", "clerk"), PLAN, 409, "wrong_state", "withdrawn"),
    (lambda store: None, 99, 404, "not_found", "there is none"),
]


@pytest.mark.parametrize(("before", "document", "status", "code", "why"), NEVER)
def test_documents_that_are_never_shared(
    before: Callable[[Store], object], document: int, status: int, code: str, why: str, filled: Store,
    sign_in: SignIn, post: Post,
) -> None:  # fmt: skip
    before(filled)
    answer = post(sign_in("admin"), f"/van-ban/{document}/chia-se")
    assert (answer.status_code, f"<code>{code}</code>" in answer.text) == (status, True), why
    assert links(filled) == []


def _expire(store: Store) -> None:
    with store.db.writing() as session:
        session.get_one(ShareLink, 1).expires_at = utc_now() - timedelta(seconds=1)


OVER = [
    (_expire, "its days are over"),
    (lambda store: records.end_share(store, PLAN, 1, "clerk"), "ended by a person"),
    (lambda store: records.withdraw(store, PLAN, "nhầm", "clerk"), "its document was withdrawn"),
    (lambda store: records.classify(store, PLAN, "dấu MẬT", "clerk"), "its document was purged as classified"),
    (_limited, "its document was limited to a group"),
]


@pytest.mark.parametrize(("end", "why"), OVER, ids=[one[1] for one in OVER])
def test_a_link_that_is_over_says_so_and_opens_nothing(
    end: Callable[[Store], object], why: str, app: Flask, shared: Store
) -> None:
    stranger = app.test_client()
    assert stranger.get(f"/chia-se/{TOKEN}").status_code == 200
    end(shared)
    for tail in ("", "/trang/1.png", "/ban-goc", "/tim-duoc.pdf"):
        answer = stranger.get(f"/chia-se/{TOKEN}{tail}")
        assert answer.status_code == 410, (why, tail)
        assert CATALOGUE["share_over"].vi in answer.text
        assert "31/KH-UBND" not in answer.text and 'href="/"' not in answer.text
    assert links(shared)[0].openings == 1


BACK = [
    (lambda store: records.limit(store, PLAN, [], "admin"), _limited, "the limit was lifted"),
    (
        lambda store: (records.reinstate(store, PLAN, "clerk"), records.accept(store, PLAN, {}, "clerk", None)),
        lambda store: records.withdraw(store, PLAN, "nhầm", "clerk"),
        "back on record",
    ),
]


@pytest.mark.parametrize(("bring_back", "take", "why"), BACK, ids=[one[2] for one in BACK])
def test_what_ended_with_its_document_does_not_come_back_with_it(
    bring_back: Callable[[Store], object], take: Callable[[Store], object], why: str, app: Flask, shared: Store
) -> None:
    take(shared)
    bring_back(shared)
    assert app.test_client().get(f"/chia-se/{TOKEN}").status_code == 410, why


def test_a_purge_takes_the_purpose_along(shared: Store, settings: Settings) -> None:
    assert links(shared)[0].purpose == "Gửi Sở Nội vụ"
    records.classify(shared, PLAN, "dấu MẬT", "clerk")
    assert (links(shared)[0].purpose, links(shared)[0].ended_at is None) == ("", False)
    assert "Nội vụ" not in str([row.detail for row in trail(shared, "share")])


def test_each_opening_is_on_the_trail(app: Flask, shared: Store, sign_in: SignIn) -> None:
    here, there = ({"REMOTE_ADDR": address} for address in ("10.0.0.1", "10.0.0.2"))
    stranger = app.test_client()
    stranger.get(f"/chia-se/{TOKEN}", environ_overrides=here)
    stranger.get(f"/chia-se/{TOKEN}/trang/1.png", environ_overrides=here)
    stranger.get(f"/chia-se/{TOKEN}", environ_overrides=here)
    stranger.get(f"/chia-se/{TOKEN}/trang/1.png", environ_overrides=there)
    stranger.get(f"/chia-se/{TOKEN}/ban-goc", environ_overrides=there)
    rows = trail(shared, "open_share", "view_picture", "download")
    assert [(row.action, row.actor, row.document_id) for row in rows] == [
        ("open_share", "chia-se #1 10.0.0.1", PLAN),
        ("open_share", "chia-se #1 10.0.0.1", PLAN),
        ("view_picture", "chia-se #1 10.0.0.2", PLAN),
        ("download", "chia-se #1 10.0.0.2", PLAN),
    ], "a picture without an opening from there is a read of its own"
    assert rows[0].detail == {"share": 1, "address": "10.0.0.1"}
    row = links(shared)[0]
    assert row.openings == 2 and row.opened_at is not None
    assert "mở đường dẫn chia sẻ" in sign_in("auditor").get("/nhat-ky").text
    page = sign_in("clerk").get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "số lần mở: 2" in page and "Gửi Sở Nội vụ" in page


def test_the_page_ends_a_link_and_says_so(app: Flask, shared: Store, sign_in: SignIn, post: Post) -> None:
    clerk = sign_in("clerk")
    answer = post(clerk, f"/van-ban/{PLAN}/chia-se/1/huy", follow_redirects=True)
    assert "Đã hủy đường dẫn chia sẻ." in answer.text and "đã hủy" in answer.text
    assert [(row.actor, row.detail) for row in trail(shared, "end_share")] == [("clerk", {"share": 1})]
    assert post(clerk, f"/van-ban/{DIRECTIVE}/chia-se/1/huy").status_code == 404, "not of this document"
    assert app.test_client().get(f"/chia-se/{TOKEN}").status_code == 410


def test_readers_see_no_links(shared: Store, sign_in: SignIn) -> None:
    page = sign_in("reader").get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert "chia sẻ" not in page


def test_unknown_tokens_all_get_one_answer_and_then_a_wait(app: Flask, shared: Store) -> None:
    stranger, other = app.test_client(), {"REMOTE_ADDR": "10.0.0.9"}
    free = share_links.BY_SOURCE.free
    bodies = {stranger.get(f"/chia-se/{'x' * (1 + at)}").text for at in range(free)}
    assert len(bodies) == 1 and "Không tìm thấy" in bodies.pop()
    held = stranger.get(f"/chia-se/{TOKEN}")
    assert held.status_code == 429 and 0 < int(held.headers["Retry-After"]) <= share_links.BY_SOURCE.first
    assert stranger.get(f"/chia-se/{TOKEN}", environ_overrides=other).status_code == 200, "nobody else waits"
    with shared.db.writing() as session:
        assert session.query(WrongShare).count() == free, "a flood is turned away without a row"
        session.query(WrongShare).update({"at": utc_now() - timedelta(seconds=share_links.BY_SOURCE.window + 1)})
    assert stranger.get(f"/chia-se/{TOKEN}").status_code == 200, "the wait is over"


def test_an_archive_to_look_at_only_makes_none(
    shared: Store, settings: Settings, sign_in: SignIn, post: Post
) -> None:
    shown = create_app(settings.model_copy(update={"read_only": True}))
    clerk, session = shown.test_client(), sign_in("clerk").get_cookie(access.COOKIE)
    assert session is not None
    clerk.set_cookie(access.COOKIE, session.value)
    assert "<code>read_only</code>" in post(clerk, f"/van-ban/{PLAN}/chia-se").text
    assert "Lập đường dẫn" not in clerk.get(f"/van-ban/{PLAN}", follow_redirects=True).text
    assert len(links(shared)) == 1


@pytest.mark.parametrize("server", [False, True], ids=["SQLite", "PostgreSQL"])
def test_a_backup_keeps_links_but_no_wrong_tokens(
    server: bool, app: Flask, shared: Store, settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    assert app.test_client().get("/chia-se/khong-co").status_code == 404
    archive = tmp_path / "kho.vanban"
    backup.backup(shared, archive)
    database = request.getfixturevalue("postgresql")() if server else ""
    other = settings.model_copy(update={"home": tmp_path / "other", "database": database})
    backup.restore(other, archive)
    again = open_store(other)
    try:
        with again.db.reading() as session:
            assert session.query(WrongShare).count() == 0
        stranger = create_app(other).test_client()
        assert [stranger.get(f"/chia-se/{token}").status_code for token in (TOKEN, "khong-co")] == [200, 404]
        assert records.share(again, DIRECTIVE, access.token_hash("hai"), "clerk") == 2
        assert [(row.openings, row.document_id) for row in links(again)] == [(1, PLAN), (0, DIRECTIVE)]
    finally:
        indexer.forget(again)
        again.close()


def test_a_program_makes_lists_and_ends_links(app: Flask, filled: Store, sign_in: SignIn) -> None:
    clerk = sign_in("clerk")
    found = re.search(r'name="csrf" content="([^"]+)"', clerk.get("/dang-nhap").text)
    assert found is not None
    headers = {"X-CSRFToken": found[1]}
    address = f"/api/documents/{PLAN}/shares"
    made = clerk.post(address, json={"days": 2, "purpose": "Gửi Sở Y tế"}, headers=headers).json
    path = made["address"].removeprefix("http://localhost")
    assert app.test_client().get(path).status_code == 200
    [shown] = clerk.get(address).json["shares"]
    assert (shown["id"], shown["purpose"], shown["state"], shown["openings"]) == (1, "Gửi Sở Y tế", "open", 1)
    assert path.rsplit("/", 1)[1] not in str(shown)
    assert clerk.post(address, json={"days": 91}, headers=headers).status_code == 400
    [ended] = clerk.post(f"{address}/1/end", json={}, headers=headers).json["shares"]
    assert ended["state"] == "ended" and app.test_client().get(path).status_code == 410


def test_groups_refuse_a_program_with_the_reason(filled: Store, sign_in: SignIn) -> None:
    _limited(filled)
    admin = sign_in("admin")
    found = re.search(r'name="csrf" content="([^"]+)"', admin.get("/dang-nhap").text)
    assert found is not None
    answer = admin.post(f"/api/documents/{PLAN}/shares", json={}, headers={"X-CSRFToken": found[1]})
    assert (answer.status_code, answer.json["code"]) == (409, "share_limited")
    assert "giới hạn cho nhóm" in answer.json["title"]
