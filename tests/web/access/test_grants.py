"""Which sessions, tokens and feeds live on after what happens to an account: every event by page,
API and command.
"""

from __future__ import annotations

import base64
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

import web
from corpus import records
from corpus.access import accounts, grants, sessions
from corpus.database.account_tables import AccessToken, SignIn, User
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.store import Store
from web import access
from web.access import passwords
from web.commands.user import user as command
from web.pages import admin, groups
from web.present import catalogue
from web.present.catalogue import ENGLISH

PASSWORD, OTHER = "mot-mat-khau-dai", "mot-cau-moi-dai"
OWNER = "clerk"


@dataclass
class Scene:
    """A clerk with a second session, a token and a feed; his own window and an administrator's."""

    store: Store
    own: FlaskClient
    admin: FlaskClient
    second: FlaskClient
    post: Callable[..., Any]
    token: str
    token_id: int
    feed: str
    user_id: int

    def alive(self) -> tuple[bool, bool, bool]:
        """If the second session, the token and the feed still open something."""
        seen = self.second.get("/").status_code == 200
        header = {"Authorization": f"Bearer {self.token}"}
        stranger = self.second.application.test_client()
        works = stranger.get("/api/me", headers=header).status_code == 200
        return seen, works, stranger.get(self.feed).status_code == 200

    def act(self, client: FlaskClient, path: str, **form: str) -> None:
        answer = self.post(client, path, {**form, "confirmed": "1"})
        assert answer.status_code in (200, 303), answer.text
        assert "notice bad" not in answer.text

    def call(self, client: FlaskClient, path: str, **body: Any) -> None:
        text = client.get("/dang-nhap").text
        found = re.search(r'name="csrf" content="([^"]+)"', text)
        assert found is not None
        answer = client.post(path, json=body, headers={"X-CSRFToken": found[1]})
        assert answer.status_code == 200, answer.text

    def run(self, *args: str, typed: str = "") -> None:
        env = {"VANBAN_HOME": str(self.store.settings.home)}
        done = CliRunner().invoke(command, args, env=env, input=typed)
        assert done.exit_code == 0, (done.output, done.exception)


@pytest.fixture
def scene(app: Flask, filled: Store, sign_in: Callable[[str], FlaskClient], post: Callable[..., Any]) -> Scene:
    own = sign_in(OWNER)
    with filled.db.reading() as session:
        user_id = accounts.user_named(session, OWNER).id
    records.add_group(filled, "Tổ A", "admin")
    records.join_group(filled, "Tổ A", OWNER, "admin")
    secret = secrets.token_urlsafe(32)
    token_id = records.add_token(filled, user_id, access.token_hash(secret), "máy quét", True, OWNER)
    post(own, "/theo-doi", {"address": "/?q=thi", "words": "thi", "known": "0"})
    found = re.search(r"/tin/\d+/[0-9a-f]+\.atom", own.get("/").text)
    assert found is not None
    return Scene(filled, own, sign_in("admin"), sign_in(OWNER), post, secret, token_id, found[0], user_id)


def page(act: str, **form: str) -> Callable[[Scene], None]:
    return lambda on: on.act(on.admin, f"/tai-khoan/{on.user_id}", act=act, **form)


def api(act: str, **body: str) -> Callable[[Scene], None]:
    return lambda on: on.call(on.admin, f"/api/users/{OWNER}", act=act, **body)


def cli(*args: str, typed: str = "") -> Callable[[Scene], None]:
    return lambda on: on.run(args[0], OWNER, *args[1:], typed=typed)


def both(*steps: Callable[[Scene], None]) -> Callable[[Scene], None]:
    def taken(on: Scene) -> None:
        for step in steps:
            step(on)

    return taken


def handle_of_second(on: Scene) -> str:
    cookie = on.second.get_cookie(access.COOKIE)
    assert cookie is not None
    return access.token_hash(cookie.value)[:16]


NOTHING, EVERYTHING = (False, False, False), (True, True, True)
EVENTS: list[tuple[str, str, Callable[[Scene], None], tuple[bool, bool, bool]]] = [
    # what happens, by which way, how, (the other session, the token, the feed) live on
    ("the owner changes his password", "page",
     lambda on: on.act(on.own, "/cua-toi/mat-khau", present=PASSWORD, password=OTHER), NOTHING),
    ("the owner changes his password", "api",
     lambda on: on.call(on.own, "/api/me/password", present=PASSWORD, password=OTHER), NOTHING),
    ("an administrator resets it", "page", page("password"), NOTHING),
    ("an administrator resets it", "api", api("password"), NOTHING),
    ("an administrator resets it", "cli", cli("password", typed=f"{OTHER}\n"), NOTHING),
    ("the account is closed", "page", page("close"), NOTHING),
    ("the account is closed", "api", api("close"), NOTHING),
    ("the account is closed", "cli", cli("disable"), NOTHING),
    ("closed and reopened", "page", both(page("close"), page("open")), NOTHING),
    ("closed and reopened", "api", both(api("close"), api("open")), NOTHING),
    ("closed and reopened", "cli", both(cli("disable"), cli("enable")), NOTHING),
    ("another role", "page", page("role", role="auditor"), (False, False, True)),
    ("another role", "api", api("role", role="auditor"), (False, False, True)),
    ("another role", "cli", cli("role", "--role", "auditor"), (False, False, True)),
    ("the same role again", "page", page("role", role="clerk"), EVERYTHING),
    ("the same role again", "cli", cli("role", "--role", "clerk"), EVERYTHING),
    ("it leaves a group", "page",
     lambda on: on.act(on.admin, "/nhom/1", act="leave", user=OWNER), EVERYTHING),
    ("it leaves a group", "api",
     lambda on: on.call(on.admin, "/api/groups/Tổ A", act="leave", user=OWNER), EVERYTHING),
    ("wrong passwords are forgotten", "page", page("unlock"), EVERYTHING),
    ("wrong passwords are forgotten", "api", api("unlock"), EVERYTHING),
    ("wrong passwords are forgotten", "cli", cli("unlock"), EVERYTHING),
    ("signed out everywhere", "page", page("sign_out"), (False, True, True)),
    ("signed out everywhere", "api", api("sign_out"), (False, True, True)),
    ("signed out everywhere", "cli", cli("end-sessions"), (False, True, True)),
    ("the owner ends that session", "page",
     lambda on: on.act(on.own, f"/cua-toi/phien/{handle_of_second(on)}"), (False, True, True)),
    ("the owner ends that session", "api",
     lambda on: on.call(on.own, f"/api/me/sessions/{handle_of_second(on)}/end"), (False, True, True)),
    ("the owner ends the token", "page",
     lambda on: on.act(on.own, f"/cua-toi/khoa/{on.token_id}"), (True, False, True)),
    ("the owner ends the token", "api",
     lambda on: on.call(on.own, f"/api/me/tokens/{on.token_id}/end"), (True, False, True)),
    ("an administrator ends the token", "page",
     lambda on: on.act(on.admin, f"/tai-khoan/khoa/{on.token_id}"), (True, False, True)),
    ("an administrator ends the token", "api",
     lambda on: on.call(on.admin, f"/api/tokens/{on.token_id}/end"), (True, False, True)),
    ("an administrator ends the token", "cli",
     lambda on: on.run("end-token", str(on.token_id)), (True, False, True)),
]  # fmt: skip


@pytest.mark.parametrize(("event", "way", "act", "left"), EVENTS, ids=[f"{one[0]}: {one[1]}" for one in EVENTS])
def test_what_lives_on(
    event: str, way: str, act: Callable[[Scene], None], left: tuple[bool, bool, bool], scene: Scene
) -> None:
    assert scene.alive() == EVERYTHING
    act(scene)
    assert scene.alive() == left, (event, way)
    assert scene.admin.get(f"/tai-khoan/{scene.user_id}").status_code == 200
    assert scene.admin.get("/api/tokens").status_code == 200


def test_every_event_of_the_code_is_in_the_table() -> None:
    assert set(grants.ENDS) == {"password", "role", "close", "open", "withdrawn"}, "withdrawn: test_sso"


def test_a_token_has_an_end_and_a_last_use(scene: Scene, app: Flask) -> None:
    scene.act(scene.own, "/cua-toi/khoa", label="ngắn", days="3")
    for days in (0, 366, 10**9):
        answer = scene.post(scene.own, "/cua-toi/khoa", {"label": "dài", "days": str(days)})
        assert (answer.status_code, "từ 1 đến 365 ngày" in answer.text) == (422, True), days
    header = {"Authorization": f"Bearer {scene.token}"}
    (old, short) = scene.own.get("/api/me/tokens").json["tokens"]  # type: ignore[index]
    assert (old["label"], old["used_at"], short["label"]) == ("máy quét", None, "ngắn")
    assert app.test_client().get("/api/me", headers=header).status_code == 200
    (old, _) = scene.own.get("/api/me/tokens").json["tokens"]  # type: ignore[index]
    assert old["used_at"] is not None
    with scene.store.db.writing() as session:
        long_ago = utc_now() - timedelta(minutes=1)
        session.execute(update(AccessToken).where(AccessToken.id == scene.token_id).values(expires_at=long_ago))
    assert app.test_client().get("/api/me", headers=header).status_code == 401
    assert "hết hạn</span>" in scene.own.get("/cua-toi").text


def test_a_last_use_is_written_once_in_some_minutes_and_looking_writes_nothing_else(
    scene: Scene, app: Flask
) -> None:
    header = {"Authorization": f"Bearer {scene.token}"}
    program = app.test_client()

    def state() -> tuple[Any, ...]:
        with scene.store.db.reading() as session:
            rows = session.scalars(select(AuditRow.id)).all()
            return (session.get_one(AccessToken, scene.token_id).used_at, len(rows))

    first = state()
    program.get("/api/me", headers=header)
    second = state()
    program.get("/api/me", headers=header)
    assert first[0] is None and second[0] is not None and state() == second and first[1] == second[1]


def test_a_session_that_nobody_uses_ends(scene: Scene) -> None:
    cookie = scene.second.get_cookie(access.COOKIE)
    assert cookie is not None
    key = access.token_hash(cookie.value)

    def unused_for(minutes: int) -> None:
        with scene.store.db.writing() as session:
            seen = utc_now() - timedelta(minutes=minutes)
            session.execute(update(SignIn).where(SignIn.token_hash == key).values(seen_at=seen))

    idle = scene.store.settings.session_idle_minutes
    unused_for(idle - 1)
    scene.second.get("/tai-len/danh-sach")
    with scene.store.db.reading() as session:
        assert session.get_one(SignIn, key).seen_at < utc_now() - timedelta(minutes=idle - 2), (
            "a page asks by itself"
        )
    assert scene.second.get("/").status_code == 200
    with scene.store.db.reading() as session:
        assert session.get_one(SignIn, key).seen_at > utc_now() - timedelta(minutes=1), "a person was there"
    unused_for(idle + 1)
    assert scene.second.get("/").status_code == 303
    with scene.store.db.reading() as session:
        ids = [sessions.handle(row) for row in sessions.listing(session, scene.user_id, timedelta(minutes=idle))]
    assert key[:16] not in ids


@pytest.mark.parametrize("minutes", [2, 4], ids="{} minutes without use, of five at least".format)
def test_a_use_within_the_shortest_idle_time_keeps_a_session_alive(minutes: int, scene: Scene) -> None:
    """Settings allow five minutes: a use that is noted only after five would end a session that is in use."""
    cookie = scene.second.get_cookie(access.COOKIE)
    assert cookie is not None
    key = access.token_hash(cookie.value)
    with scene.store.db.writing() as session:
        seen = utc_now() - timedelta(minutes=minutes)
        session.execute(update(SignIn).where(SignIn.token_hash == key).values(seen_at=seen))
    assert scene.second.get("/").status_code == 200
    with scene.store.db.reading() as session:
        assert session.get_one(SignIn, key).seen_at > utc_now() - timedelta(minutes=1)


def test_nobody_ends_anothers_session(scene: Scene, sign_in: Callable[[str], FlaskClient]) -> None:
    answer = scene.post(sign_in("reader"), f"/cua-toi/phien/{handle_of_second(scene)}", {"confirmed": "1"})
    assert answer.status_code == 404 and scene.alive() == EVERYTHING


BY_TOKEN: list[tuple[str, dict[str, Any]]] = [
    ("/api/users", {"name": "moi", "role": "admin"}),
    ("/api/users/admin", {"act": "password"}),
    ("/api/users/reader", {"act": "role", "role": "admin"}),
    ("/api/users/reader", {"act": "close"}),
    ("/api/groups", {"name": "Tổ B"}),
    ("/api/groups/Tổ A", {"act": "join", "user": "reader"}),
    ("/api/tokens/1/end", {}),
    ("/api/me/password", {"present": PASSWORD, "password": OTHER}),
    ("/api/me/tokens", {"label": "x"}),
    ("/api/me/proof", {"present": PASSWORD}),
    ("/api/delegations", {"deputy": "reader", "first": "1/1/2099", "last": "2/1/2099"}),
    ("/api/me/sessions/x/end", {}),
]


@pytest.mark.parametrize(("path", "body"), BY_TOKEN)
def test_an_administrators_token_never_becomes_the_account(
    path: str, body: dict[str, Any], app: Flask, filled: Store
) -> None:
    with filled.db.reading() as session:
        user_id = accounts.user_named(session, "admin").id
    records.add_token(filled, user_id, access.token_hash("t"), "thử", True, "admin")
    answer = app.test_client().post(path, json=body, headers={"Authorization": "Bearer t"})
    assert (answer.status_code, answer.json["code"]) == (403, "not_by_token")  # type: ignore[index]


def basic(name: str, password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()}


def test_name_and_password_sent_along_are_proof_enough(app: Flask) -> None:
    answer = app.test_client().post("/api/groups", json={"name": "Tổ B"}, headers=basic("admin", PASSWORD))
    assert answer.status_code == 200


def _forget_proof(store: Store) -> None:
    with store.db.writing() as session:
        session.execute(update(SignIn).values(proved_at=utc_now() - timedelta(minutes=16)))


GUARDED = [
    ("/tai-khoan", {"name": "moi", "role": "reader"}),
    ("/tai-khoan/1", {"act": "role", "role": "clerk"}),
    ("/tai-khoan/1", {"act": "password"}),
    ("/tai-khoan/1", {"act": "close"}),
    ("/nhom", {"name": "Tổ B"}),
    ("/nhom/1", {"act": "join", "user": "reader"}),
]


@pytest.mark.parametrize(("path", "form"), GUARDED)
def test_accounts_roles_and_groups_ask_who_is_there(path: str, form: dict[str, str], scene: Scene) -> None:
    def trail() -> list[str]:
        with scene.store.db.reading() as session:
            return list(session.scalars(select(AuditRow.action).where(AuditRow.actor == "admin")))

    _forget_proof(scene.store)
    before = trail()
    asked = scene.post(scene.admin, path, {**form, "confirmed": "1"})
    assert asked.status_code == 200 and 'name="present"' in asked.text
    assert all(f'name="{name}" value="{value}"' in asked.text for name, value in form.items())
    wrong = scene.post(scene.admin, path, {**form, "confirmed": "1", "present": "khong-phai"})
    assert (wrong.status_code, "Mật khẩu hiện nay không đúng" in wrong.text) == (422, True)
    assert trail() == [*before, "sign_in_failed"], "nothing was done"
    done = scene.post(scene.admin, path, {**form, "confirmed": "1", "present": PASSWORD})
    assert done.status_code in (200, 303) and 'name="present"' not in done.text
    assert len(trail()) > len(before) + 1


def test_a_call_with_a_session_asks_who_is_there(scene: Scene) -> None:
    _forget_proof(scene.store)
    found = re.search(r'name="csrf" content="([^"]+)"', scene.admin.get("/dang-nhap").text)
    assert found is not None
    answer = scene.admin.post("/api/groups", json={"name": "Tổ B"}, headers={"X-CSRFToken": found[1]})
    assert (answer.status_code, answer.json["code"]) == (403, "proof_needed")  # type: ignore[index]
    scene.call(scene.admin, "/api/me/proof", present=PASSWORD)
    scene.call(scene.admin, "/api/groups", name="Tổ B")


@pytest.mark.parametrize("act", ["role", "close", "password", "unlock", "sign_out"])
def test_a_sharp_button_asks_first_and_says_what_it_did(act: str, scene: Scene) -> None:
    path = f"/tai-khoan/{scene.user_id}"
    asked = scene.post(scene.admin, path, {"act": act, "role": "reader"})
    assert asked.status_code == 200 and 'name="confirmed" value="1"' in asked.text
    assert scene.alive() == EVERYTHING, "nothing has happened yet"
    done = scene.post(scene.admin, path, {"act": act, "role": "reader", "confirmed": "1"}, follow_redirects=True)
    assert 'role="status"' in done.text and OWNER in done.text


@pytest.mark.parametrize("act", ["role", "close", "open", "password", "unlock", "sign_out"])
def test_nobody_does_it_to_himself(act: str, scene: Scene) -> None:
    with scene.store.db.reading() as session:
        admin = accounts.user_named(session, "admin").id
    answer = scene.post(scene.admin, f"/tai-khoan/{admin}", {"act": act, "role": "reader", "confirmed": "1"})
    assert (answer.status_code, "own_account" in answer.text) == (403, True)
    by_call = scene.admin.application.test_client().post(
        "/api/users/ADMIN", json={"act": act, "role": "reader"}, headers=basic("admin", PASSWORD)
    )
    assert (by_call.status_code, by_call.json["code"]) == (403, "own_account")  # type: ignore[index]


def test_a_password_made_by_another_opens_only_its_change(app: Flask, scene: Scene) -> None:
    made = scene.post(scene.admin, "/tai-khoan", {"name": "lan", "role": "admin", "full_name": "Nguyễn Thị Lan"})
    found = re.search(r"<code>([^<]+)</code>", made.text)
    assert found is not None
    lan = app.test_client()
    assert scene.post(lan, "/dang-nhap", {"name": "lan", "password": found[1]}).status_code == 303
    for path in ("/", "/van-ban/1", "/tai-khoan", "/cua-toi"):
        answer = lan.get(path)
        assert (answer.status_code, answer.headers.get("Location")) == (303, "/cua-toi/mat-khau"), path
    assert "do người khác tạo" in lan.get("/cua-toi/mat-khau").text
    program = app.test_client()
    for path in ("/api/documents", "/api/users", "/metrics"):
        refused = program.get(path, headers=basic("lan", found[1]))
        assert (refused.status_code, "password_change_needed" in refused.text) == (403, True), path
    for weak in (found[1], "lan@2024!", "NguyenThiLan1"):
        answer = scene.post(lan, "/cua-toi/mat-khau", {"present": found[1], "password": weak})
        assert answer.status_code == 422, weak
    assert scene.post(lan, "/cua-toi/mat-khau", {"present": found[1], "password": OTHER}).status_code == 303
    assert "Đã đổi mật khẩu" in lan.get("/dang-nhap").text
    assert scene.post(lan, "/dang-nhap", {"name": "lan", "password": OTHER}).status_code == 303
    assert lan.get("/").status_code == 200
    assert program.get("/api/users", headers=basic("lan", OTHER)).status_code == 200


def test_an_administrators_new_password_opens_a_locked_account(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    while scene.post(client, "/dang-nhap", {"name": OWNER, "password": "sai"}).status_code == 401:
        pass
    assert scene.post(client, "/dang-nhap", {"name": OWNER, "password": PASSWORD}).status_code == 429
    page("unlock")(scene)
    assert scene.post(client, "/dang-nhap", {"name": OWNER, "password": PASSWORD}).status_code == 303


ODD = ["a/b", "..", "x?y", "cli:root", "văn\u202ethư"]


@pytest.mark.parametrize("name", ODD)
def test_odd_names_of_older_stores_can_be_changed_and_closed(name: str, scene: Scene) -> None:
    with scene.store.db.writing() as session:
        row = User(name=name, full_name="", role="reader", password_hash="-", active=True, created_at=utc_now())
        session.add(row)
        session.flush()
        user_id = row.id
    assert f'href="/tai-khoan/{user_id}"' in scene.admin.get("/tai-khoan").text
    scene.act(scene.admin, f"/tai-khoan/{user_id}", act="role", role="clerk")
    scene.act(scene.admin, f"/tai-khoan/{user_id}", act="close")
    with scene.store.db.reading() as session:
        found = session.get_one(User, user_id)
        assert (found.role, found.active) == ("clerk", False)


@pytest.mark.parametrize("name", ["a/b", "nhóm #1", "a?b", "..", "a:b", "a\\b", "a%2fb", "-a", "аdmin", "<b>"])
def test_odd_names_are_refused_with_a_sentence(name: str, scene: Scene) -> None:
    for path, form in (("/tai-khoan", {"name": name, "role": "reader"}), ("/nhom", {"name": name})):
        answer = scene.post(scene.admin, path, form)
        assert (answer.status_code, "ký tự đầu là chữ hoặc số" in answer.text) == (422, True), path


def test_what_is_typed_as_a_name_never_becomes_an_actor(app: Flask, scene: Scene) -> None:
    client = app.test_client()
    typed = ["my-Secret-passw0rd", "cli:root\nfake", "vanban", "sso", "\u202eabc\u0000", "cli:samples"]
    for name in typed:
        scene.post(client, "/dang-nhap", {"name": name, "password": "x"})
    scene.post(client, "/dang-nhap", {"name": " CLERK ", "password": "x"})
    with scene.store.db.reading() as session:
        rows = session.scalars(
            select(AuditRow).where(AuditRow.action == "sign_in_failed").order_by(AuditRow.id)
        ).all()
    actors = [row.actor for row in rows]
    assert all(re.fullmatch(r"\?[0-9a-f]{16}", one) for one in actors[: len(typed)]) and actors[-1] == "clerk"
    shown = scene.admin.get("/tai-khoan").text + scene.admin.get("/nhat-ky").text
    assert not any(name in shown for name in ("my-Secret", "cli:root", "cli:samples\n"))
    scene.post(client, "/dang-nhap", {"name": "My-secret-PASSW0RD", "password": "x"})
    with scene.store.db.reading() as session:
        last = session.scalars(select(AuditRow.actor).order_by(AuditRow.id.desc())).first()
    assert last == actors[0], "the same name is the same stranger"


def test_an_account_without_a_password_takes_as_long_as_any(monkeypatch: pytest.MonkeyPatch) -> None:
    hasher, checked = passwords._hasher(), []

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checked.append(kept[:10])
            return hasher.verify(kept, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    for kept in (None, "sso:0123", "-", passwords._decoy()):
        assert not passwords.verify(kept, "sai")
    assert checked == ["$argon2id$"] * 4


def test_an_account_of_the_provider_is_closed_here_and_gets_no_password(scene: Scene) -> None:
    with scene.store.db.writing() as session:
        row = User(
            name="sso.lan", full_name="", role="reader", password_hash="sso:0f", active=True, created_at=utc_now()
        )
        session.add(row)
        session.flush()
        user_id = row.id
    assert scene.admin.get("/tai-khoan").status_code == scene.admin.get(f"/tai-khoan/{user_id}").status_code == 200
    refused = scene.post(scene.admin, f"/tai-khoan/{user_id}", {"act": "password"})
    assert (refused.status_code, "sso_account" in refused.text) == (409, True)
    scene.act(scene.admin, f"/tai-khoan/{user_id}", act="close")


def test_what_pages_say_exists_in_english() -> None:
    folder = Path(web.__file__).parent
    said = {
        text
        for name in ("admin", "account", "groups", "own_bodies")
        for text in re.findall(
            r"texts\(\)?\(?[\"']([^\"']+)[\"']\)", (folder / "pages" / f"{name}.py").read_text("utf-8")
        )
    }
    tables = (admin.FOLLOWS, admin._QUESTIONS, admin._DONE, catalogue.ROLE_NAMES, groups._ASKED, groups._DONE)
    said |= {text for table in tables for text in table.values()}
    assert len(said) > 30 and said - set(ENGLISH) == set()
