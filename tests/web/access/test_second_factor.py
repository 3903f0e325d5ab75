"""The second factor by page, API and command: no session before the code, and who needs one."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyotp
import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from corpus import records
from corpus.access import accounts, second_factor
from corpus.config import Settings
from corpus.database.account_tables import SignIn
from corpus.database.models import AuditRow
from corpus.database.store import Store
from web import access
from web.app import create_app
from web.commands.user import user as command

PASSWORD = "mot-mat-khau-dai"
SignedIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]


def id_of(store: Store, name: str) -> int:
    with store.db.reading() as session:
        return accounts.user_named(session, name).id


def switch_on(store: Store, name: str) -> tuple[str, list[str]]:
    """Secret and recovery codes of an account whose factor is in force; the code shown now is still good."""
    user_id = id_of(store, name)
    records.begin_factor(store, user_id)
    with store.db.reading() as session:
        secret = second_factor.pending_secret(session, store.settings, user_id)
    assert secret is not None
    if time.time() % 30 > 26:
        time.sleep(4)
    codes = second_factor.made_codes()
    before = pyotp.TOTP(secret).at(int(time.time()) - 30)
    records.confirm_factor(store, user_id, before, [second_factor.hash_of(one) for one in codes], "")
    return secret, codes


def now(secret: str) -> str:
    return pyotp.TOTP(secret).now()


def basic(name: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{PASSWORD}".encode()).decode()}


def sessions_of(store: Store, name: str) -> int:
    with store.db.reading() as session:
        alive = select(SignIn).where(SignIn.user_id == id_of(store, name), SignIn.ended_at.is_(None))
        return len(session.scalars(alive).all())


def deeds(store: Store, action: str) -> list[dict[str, Any]]:
    with store.db.reading() as session:
        return list(session.scalars(select(AuditRow.detail).where(AuditRow.action == action)))


@pytest.fixture
def needed(filled: Store, settings: Settings) -> Iterator[Flask]:
    """The application where clerks and administrators must have a factor."""
    made = create_app(settings.model_copy(update={"second_factor_roles": "clerk,admin"}))
    made.testing = False
    yield made


@pytest.mark.parametrize("role", ["reader", "leader", "clerk", "auditor", "admin"])
def test_no_session_begins_before_the_code(role: str, app: Flask, filled: Store, post: Post) -> None:
    secret, _ = switch_on(filled, role)
    client = app.test_client()
    half = post(client, "/dang-nhap", {"name": role, "password": PASSWORD, "next": "/danh-sach"})
    assert (half.status_code, half.headers["Location"]) == (303, "/dang-nhap/ma")
    assert sessions_of(filled, role) == 0
    assert access.COOKIE not in half.headers.get("Set-Cookie", "")
    for path in ("/", "/van-ban/1", "/cua-toi", "/cua-toi/hai-buoc", "/van-ban/1/trang/1.png"):
        assert "/dang-nhap" in client.get(path).headers["Location"], path
    assert client.get("/api/me").status_code == 401
    asked = client.get("/dang-nhap/ma")
    assert asked.status_code == 200 and role not in re.sub(r"<script.*?</script>", "", asked.text)
    wrong = post(client, "/dang-nhap/ma", {"code": "000000"})
    assert wrong.status_code == 422 and "Mã không đúng" in wrong.text and sessions_of(filled, role) == 0
    right = post(client, "/dang-nhap/ma", {"code": now(secret)})
    assert (right.status_code, right.headers["Location"]) == (303, "/danh-sach")
    assert client.get("/cua-toi").status_code == 200
    assert deeds(filled, "sign_in")[-1]["factor"] == "code"


def test_a_code_that_was_seen_opens_nothing_again(app: Flask, filled: Store, post: Post) -> None:
    secret, codes = switch_on(filled, "clerk")
    shown = now(secret)
    for taken, status in ((shown, 303), (shown, 422), (codes[0], 303), (codes[0], 422)):
        client = app.test_client()
        post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
        assert post(client, "/dang-nhap/ma", {"code": taken}).status_code == status, taken
    assert deeds(filled, "sign_in")[-1]["factor"] == "recovery"


def test_a_recovery_code_says_how_many_are_left(app: Flask, filled: Store, post: Post) -> None:
    _, codes = switch_on(filled, "clerk")
    client = app.test_client()
    post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
    post(client, "/dang-nhap/ma", {"code": codes[3]})
    assert "Số mã còn lại: 9." in client.get("/").text


def _new_password(store: Store) -> None:
    records.set_password(store, "clerk", "$argon2x", "admin")


HALF = [
    ("nothing was typed before", lambda store: None, False),
    ("the account was closed between", lambda store: records.disable(store, "clerk", "admin"), True),
    (
        "the password was changed between",
        lambda store: records.set_password(store, "clerk", "$argon2x", "admin"),
        True,
    ),
]


@pytest.mark.parametrize(("why", "happens", "password"), HALF, ids=[row[0] for row in HALF])
def test_the_code_alone_opens_nothing(
    why: str, happens: Callable[[Store], Any], password: bool, app: Flask, filled: Store, post: Post
) -> None:
    secret, _ = switch_on(filled, "clerk")
    client = app.test_client()
    if password:
        post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
    happens(filled)
    answer = post(client, "/dang-nhap/ma", {"code": now(secret)})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/dang-nhap")
    assert sessions_of(filled, "clerk") == 0


def test_the_password_waits_five_minutes_for_its_code(
    app: Flask, filled: Store, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    switch_on(filled, "clerk")
    client = app.test_client()
    post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
    begun = time.time()
    monkeypatch.setattr("web.access.sessions.time.time", lambda: begun + 301)
    assert client.get("/dang-nhap/ma").status_code == 303


def test_wrong_codes_wait_and_the_administrator_ends_the_wait(
    app: Flask, filled: Store, sign_in: SignedIn, post: Post
) -> None:
    secret, _ = switch_on(filled, "clerk")
    for number in range(6):
        client = app.test_client()
        post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
        found = post(client, "/dang-nhap/ma", {"code": f"00000{number}"})
    assert found.status_code == 429 and int(found.headers["Retry-After"]) > 0
    user = id_of(filled, "clerk")
    post(sign_in("admin"), f"/tai-khoan/{user}", {"act": "unlock", "confirmed": "1"})
    assert post(client, "/dang-nhap/ma", {"code": now(secret)}).status_code == 303


def test_a_person_sets_it_up_and_takes_it_off(app: Flask, filled: Store, sign_in: SignedIn, post: Post) -> None:
    client, other = sign_in("reader"), sign_in("reader")
    assert "Bật xác thực hai bước" in client.get("/cua-toi/hai-buoc").text
    begun = post(client, "/cua-toi/hai-buoc/bat")
    assert begun.status_code == 303
    page = client.get("/cua-toi/hai-buoc")
    assert page.headers["Cache-Control"] == "no-store" and 'src="data:image/svg+xml' in page.text
    found = re.search(r"<code>([A-Z2-7 ]{39})</code>", page.text)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert post(client, "/cua-toi/hai-buoc/xac-nhan", {"code": "123"}).status_code == 422
    done = post(client, "/cua-toi/hai-buoc/xac-nhan", {"code": now(secret)})
    codes = re.findall(r"<code>([a-z2-9]{4}(?:-[a-z2-9]{4}){3})</code>", done.text)
    assert len(set(codes)) == 10
    after = client.get("/cua-toi/hai-buoc").text
    assert codes[0] not in after and found[1] not in after, "shown once"
    assert other.get("/cua-toi").status_code == 303, "sessions without the factor end"
    renewed = post(client, "/cua-toi/hai-buoc/ma-du-phong", {"confirmed": "1"})
    assert len(set(re.findall(r"<code>([a-z2-9-]{19})</code>", renewed.text)) - set(codes)) == 10
    assert post(client, "/cua-toi/hai-buoc/tat").status_code == 200, "a question first"
    assert post(client, "/cua-toi/hai-buoc/tat", {"confirmed": "1"}).status_code == 303
    fresh = app.test_client()
    assert post(fresh, "/dang-nhap", {"name": "reader", "password": PASSWORD}).headers["Location"] == "/"
    assert [len(deeds(filled, one)) for one in ("add_factor", "renew_codes", "end_factor")] == [1, 1, 1]


def test_a_found_session_can_neither_begin_nor_end_it(
    app: Flask, filled: Store, sign_in: SignedIn, post: Post
) -> None:
    """An hour after the password, each of these asks for it."""
    client = sign_in("reader")
    with filled.db.writing() as session:
        for row in session.scalars(select(SignIn)):
            row.proved_at = None
    for path in ("bat", "ma-du-phong", "tat"):
        page = post(client, f"/cua-toi/hai-buoc/{path}", {"confirmed": "1"})
        assert page.status_code == 200 and 'name="present"' in page.text, path
        assert post(client, f"/cua-toi/hai-buoc/{path}", {"confirmed": "1", "present": "sai"}).status_code == 422
    records.begin_factor(filled, id_of(filled, "reader"))
    assert "data:image" not in client.get("/cua-toi/hai-buoc").text, "nor see a secret that waits"


WAYS = [
    # why, role, has a factor, by, path, expected
    ("must have one: led to set it up", "clerk", False, "session", "/", "/cua-toi/hai-buoc"),
    ("must have one: its call says so", "clerk", False, "session", "/api/me/tokens", "factor_needed"),
    ("must have one: the page to set it up", "clerk", False, "session", "/cua-toi/hai-buoc", 200),
    ("must have one and has it", "clerk", True, "session", "/", 200),
    ("the administrator too", "admin", False, "session", "/tai-khoan", "/cua-toi/hai-buoc"),
    ("of another role", "reader", False, "session", "/", 200),
    ("a token goes on", "clerk", False, "token", "/api/me", 200),
    ("a token goes on with the factor", "clerk", True, "token", "/api/me", 200),
    ("name and password are one factor", "clerk", False, "basic", "/api/me", "factor_needed"),
    ("name and password beside a factor", "clerk", True, "basic", "/api/me", "factor_needed"),
    ("one who wanted the factor", "reader", True, "basic", "/api/me", "factor_needed"),
    ("one without, of another role", "reader", False, "basic", "/api/me", 200),
    ("figures by password", "admin", False, "basic", "/metrics", 403),
]


@pytest.mark.parametrize(("why", "role", "has", "by", "path", "expected"), WAYS, ids=[row[0] for row in WAYS])
def test_who_gets_in_where_a_role_needs_the_factor(
    why: str, role: str, has: bool, by: str, path: str, expected: int | str, needed: Flask, filled: Store
) -> None:
    if has:
        switch_on(filled, role)
    client, user = needed.test_client(), id_of(filled, role)
    headers = {}
    if by == "session":
        records.start_session(filled, user, access.token_hash("abc"))
        client.set_cookie(access.COOKIE, "abc", httponly=True, samesite="Lax")
    elif by == "token":
        records.add_token(filled, user, access.token_hash("vb_abc"), "máy quét", False, role)
        headers = {"Authorization": "Bearer vb_abc"}
    else:
        headers = basic(role)
    answer = client.get(path, headers=headers)
    if isinstance(expected, int):
        assert answer.status_code == expected, answer.text
    elif expected.startswith("/"):
        assert (answer.status_code, answer.headers["Location"]) == (303, expected)
    else:
        assert answer.status_code == 403 and answer.json is not None and answer.json["code"] == expected


def test_a_required_one_is_not_switched_off(needed: Flask, filled: Store, post: Post) -> None:
    secret, _ = switch_on(filled, "clerk")
    client = needed.test_client()
    post(client, "/dang-nhap", {"name": "clerk", "password": PASSWORD})
    post(client, "/dang-nhap/ma", {"code": now(secret)})
    assert "Tắt xác thực" not in client.get("/cua-toi/hai-buoc").text
    refused = post(client, "/cua-toi/hai-buoc/tat", {"confirmed": "1"})
    assert refused.status_code == 409 and "bắt buộc" in refused.text


def test_an_account_of_the_provider_is_left_alone(needed: Flask, filled: Store) -> None:
    user = records.sign_in_elsewhere(filled, "abc", "hoa", "Trần Thị Hoa", "admin")
    records.start_session(filled, user, access.token_hash("abc"))
    client = needed.test_client()
    client.set_cookie(access.COOKIE, "abc", httponly=True, samesite="Lax")
    assert client.get("/tai-khoan").status_code == 200
    assert "nơi đăng nhập chung" in client.get("/cua-toi/hai-buoc").text


RESET = ["page", "call", "command"]


@pytest.mark.parametrize("by", RESET)
def test_an_administrator_resets_it(by: str, app: Flask, filled: Store, sign_in: SignedIn, post: Post) -> None:
    switch_on(filled, "clerk")
    own, admin, user = sign_in("clerk"), sign_in("admin"), id_of(filled, "clerk")
    if by == "page":
        assert "Đặt lại" in admin.get(f"/tai-khoan/{user}").text
        asked = post(admin, f"/tai-khoan/{user}", {"act": "factor"})
        assert asked.status_code == 200 and "chủ tài khoản" in asked.text
        assert post(admin, f"/tai-khoan/{user}", {"act": "factor", "confirmed": "1"}).status_code == 303
    elif by == "call":
        found = re.search(r'name="csrf" content="([^"]+)"', admin.get("/dang-nhap").text)
        assert found is not None
        headers = {"X-CSRFToken": found[1]}
        answer = admin.post("/api/users/clerk", json={"act": "factor"}, headers=headers)
        assert answer.status_code == 200, answer.text
    else:
        env = {"VANBAN_HOME": str(filled.settings.home)}
        assert CliRunner().invoke(command, ["reset-factor", "clerk"], env=env).exit_code == 0
    assert own.get("/cua-toi").status_code == 303, "sessions end"
    (row,) = deeds(filled, "reset_factor")
    assert row["name"] == "clerk"
    fresh = app.test_client()
    assert post(fresh, "/dang-nhap", {"name": "clerk", "password": PASSWORD}).headers["Location"] == "/"
    assert post(sign_in("reader"), f"/tai-khoan/{user}", {"act": "factor"}).status_code == 403


def test_over_tls_the_proof_is_known_by_its_own_cookie(filled: Store, settings: Settings) -> None:
    """The cookie's name has a prefix there; the proof looked for it without."""
    app = create_app(settings.model_copy(update={"secure_cookies": True}))
    client = app.test_client()
    records.start_session(filled, id_of(filled, "admin"), access.token_hash("abc"))
    client.set_cookie(f"__Host-{access.COOKIE}", "abc", secure=True, path="/")
    page = client.get("/dang-nhap", base_url="https://localhost").text
    found = re.search(r'name="csrf" content="([^"]+)"', page)
    assert found is not None
    headers = {"X-CSRFToken": found[1], "Origin": "https://localhost"}
    body = {"name": "lan", "role": "reader"}
    answer = client.post("/api/users", json=body, headers=headers, base_url="https://localhost")
    assert answer.status_code == 200, answer.text


def test_all_other_sessions_end_at_once(app: Flask, filled: Store, sign_in: SignedIn, post: Post) -> None:
    own, second, third, stranger = sign_in("clerk"), sign_in("clerk"), sign_in("clerk"), sign_in("reader")
    assert "Kết thúc mọi phiên khác" in own.get("/cua-toi").text
    assert post(own, "/cua-toi/phien").status_code == 200, "a question first"
    assert post(own, "/cua-toi/phien", {"confirmed": "1"}).status_code == 303
    assert "Đã kết thúc các phiên khác: 2." in own.get("/cua-toi").text
    assert [one.get("/cua-toi").status_code for one in (own, second, third, stranger)] == [200, 303, 303, 200]
    assert deeds(filled, "end_session") == [{"sessions": 2}]
    second = sign_in("clerk")
    found = re.search(r'name="csrf" content="([^"]+)"', own.get("/dang-nhap").text)
    assert found is not None
    told = own.post("/api/me/sessions/end", json={}, headers={"X-CSRFToken": found[1]}).json
    assert told is not None and [one["this"] for one in told["sessions"]] == [True]
    assert second.get("/cua-toi").status_code == 303


def test_the_list_of_accounts_tells_who_has_one(filled: Store, sign_in: SignedIn) -> None:
    switch_on(filled, "clerk")
    page = sign_in("admin").get("/tai-khoan").text
    assert page.count(">hai bước<") == 1
