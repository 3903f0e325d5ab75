"""Sign-in at an identity provider: a real one in this process, with real tokens, that can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select, update

from corpus import records
from corpus.config import Settings
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem
from web import access
from web.access import passwords, sso
from web.app import create_app

CLIENT, SECRET = "vanban", "bi-mat"
RIGHT, WRONG = RSAKey.generate_key(2048, {"kid": "1"}), RSAKey.generate_key(2048, {"kid": "1"})
LAN = {"sub": "7f3a", "preferred_username": "lan.nguyen", "name": "Nguyễn Lan", "roles": ["vanban-clerk"]}


class Provider:
    """Discovery, authorization with PKCE, tokens, keys; `lie` names the one thing that it does wrong."""

    def __init__(self) -> None:
        self.person: dict[str, Any] = dict(LAN)
        self.lie = ""
        self.asked: dict[str, str] = {}
        self._codes: dict[str, dict[str, str]] = {}
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: value[0] for name, value in parse_qs(parts.query).items()}
                if parts.path == "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                else:
                    self._tell(200, provider.document(parts.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                sent = {name: value[0] for name, value in parse_qs(body).items()}
                self._tell(*provider.token(sent, self.headers.get("Authorization", "")))

            def _tell(self, status: int, what: dict[str, Any]) -> None:
                data = json.dumps(what).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_: Any) -> None:
                """Says nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def document(self, path: str) -> dict[str, Any]:
        if path == "/keys":
            return {"keys": [RIGHT.as_dict(private=False)]}
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys", "id_token_signing_alg_values_supported": ["RS256"],
        }  # fmt: skip

    def authorize(self, query: dict[str, str]) -> str:
        self.asked = query
        code = f"code-{len(self._codes)}"
        self._codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(sent.get("code", ""), None)
        known = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        digest = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        proved = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or authorization != f"Basic {known}" or proved != asked.get("code_challenge"):
            return 400, {"error": "invalid_grant"}
        told: dict[str, Any] = {"access_token": "a", "token_type": "Bearer", "expires_in": 60}
        return 200, told if self.lie == "no token" else told | {"id_token": self._id_token(asked)}

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = self.person | {
            "iss": self.issuer, "aud": CLIENT, "nonce": asked["nonce"], "iat": now, "exp": now + 60,
            "at_hash": base64.urlsafe_b64encode(hashlib.sha256(b"a").digest()[:16]).rstrip(b"=").decode(),
        }  # fmt: skip
        claims |= {
            "another audience": {"aud": "khac"}, "another issuer": {"iss": "https://la.example"},
            "another nonce": {"nonce": "khac"}, "out of date": {"iat": now - 9000, "exp": now - 8000},
            "nobody": {"sub": None},
        }.get(self.lie, {})  # fmt: skip
        if self.lie == "unsigned":
            head, body = ({"alg": "none"}, claims)
            parts = (
                base64.urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in (head, body)
            )
            return ".".join((*parts, ""))
        if self.lie == "signed with the secret":
            return jwt.encode({"alg": "HS256", "kid": "1"}, claims, OctKey.import_key(SECRET * 8))
        return jwt.encode({"alg": "RS256", "kid": "1"}, claims, WRONG if self.lie == "another key" else RIGHT)


@pytest.fixture
def provider() -> Iterator[Provider]:
    made = Provider()
    yield made
    made.server.shutdown()
    made.server.server_close()


@pytest.fixture
def door(filled: Store, settings: Settings, provider: Provider) -> Flask:
    changes = {"oidc_issuer": provider.issuer, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    made = create_app(Settings(_env_file=None, home=settings.home, **changes))
    made.testing = False
    return made


def _sent(client: FlaskClient, following: str = "/", **more: str) -> tuple[str, str]:
    """To the provider and back: the address that it sends the browser to, and the one it was asked at."""
    answer = client.get("/dang-nhap/co-quan", query_string={"next": following, **more})
    assert answer.status_code == 302, answer.text
    parts = urlsplit(answer.headers["Location"])
    connection = http.client.HTTPConnection(parts.netloc, timeout=120)
    connection.request("GET", f"{parts.path}?{parts.query}")
    back = connection.getresponse().headers["Location"]
    connection.close()
    return back, answer.headers["Location"]


def _who(client: FlaskClient) -> str:
    return str(client.get("/cua-toi").headers.get("Location", "signed in"))


def test_whoever_the_provider_vouches_for_is_signed_in_with_the_role_of_the_claim(
    door: Flask, provider: Provider, filled: Store
) -> None:
    client = door.test_client()
    assert "/dang-nhap/co-quan" in client.get("/dang-nhap?next=/can-xem").text
    back, asked = _sent(client, "/can-xem")
    assert provider.asked["code_challenge_method"] == "S256" and provider.asked["nonce"] and SECRET not in asked
    answer = client.get(back)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/can-xem")
    assert _who(client) == "signed in"
    with filled.db.reading() as session:
        user = session.scalars(select(User).where(User.name == "lan.nguyen")).one()
        actions = session.scalars(select(AuditRow.action).order_by(AuditRow.id.desc()).limit(2)).all()
    assert (user.role, user.full_name) == ("clerk", "Nguyễn Lan") and set(actions) >= {"sign_in", "add_user"}
    assert not passwords.verify(user.password_hash, user.password_hash), "no password opens it"


def test_a_role_that_changed_at_the_provider_changes_here_and_ends_older_sessions(
    door: Flask, provider: Provider, filled: Store
) -> None:
    first, second = door.test_client(), door.test_client()
    first.get(_sent(first)[0])
    provider.person |= {"roles": ["vanban-reader", "vanban-admin"], "preferred_username": "lan.tran"}
    second.get(_sent(second)[0])
    assert second.get("/tai-khoan").status_code == 200
    assert "/dang-nhap" in _who(first)
    with filled.db.reading() as session:
        assert [user.name for user in session.scalars(select(User).where(User.role == "admin"))] == [
            "admin",
            "lan.nguyen",
        ]


@pytest.mark.parametrize(
    "lie",
    ["another audience", "another issuer", "another nonce", "another key", "out of date", "unsigned",
     "signed with the secret", "no token", "nobody"],
)  # fmt: skip
def test_a_token_that_is_not_right_opens_nothing(lie: str, door: Flask, provider: Provider, filled: Store) -> None:
    client = door.test_client()
    provider.lie = lie
    answer = client.get(_sent(client)[0])
    assert (answer.status_code, "Nơi đăng nhập chung" in answer.text) == (403, True)
    assert "/dang-nhap" in _who(client)
    with filled.db.reading() as session:
        assert session.scalars(select(User).where(User.name == "lan.nguyen")).all() == []


def _handed_out(door: Flask, filled: Store) -> tuple[FlaskClient, Callable[[], tuple[bool, bool, bool]]]:
    """Lan's window, and if her session, her token and her feed still open something."""
    client = door.test_client()
    client.get(_sent(client)[0])
    with filled.db.reading() as session:
        user_id = session.scalars(select(User.id).where(User.name == "lan.nguyen")).one()
    records.add_token(filled, user_id, access.token_hash("t"), "máy quét", False, "lan.nguyen")
    records.save_search(filled, user_id, "/?q=thi", "thi", 0)
    found = re.search(r"/tin/\d+/[0-9a-f]+\.atom", client.get("/").text)
    assert found is not None

    def alive() -> tuple[bool, bool, bool]:
        stranger = door.test_client()
        token = stranger.get("/api/me", headers={"Authorization": "Bearer t"}).status_code == 200
        return _who(client) == "signed in", token, stranger.get(found[0]).status_code == 200

    assert alive() == (True, True, True)
    return client, alive


def _sign_in_again(door: Flask) -> int:
    client = door.test_client()
    return client.get(_sent(client)[0]).status_code


def test_another_role_at_the_provider_ends_sessions_and_tokens(
    door: Flask, provider: Provider, filled: Store
) -> None:
    _, alive = _handed_out(door, filled)
    assert _sign_in_again(door) == 303 and alive() == (True, True, True), "the same role ends nothing"
    provider.person |= {"roles": ["vanban-reader"]}
    assert _sign_in_again(door) == 303 and alive() == (False, False, True)


def test_a_role_withdrawn_at_the_provider_ends_everything(door: Flask, provider: Provider, filled: Store) -> None:
    _, alive = _handed_out(door, filled)
    provider.person |= {"roles": []}
    assert _sign_in_again(door) == 403 and alive() == (False, False, False)
    with filled.db.reading() as session:
        assert "withdraw_role" in session.scalars(select(AuditRow.action)).all()
    provider.person |= {"roles": ["vanban-clerk"]}
    assert _sign_in_again(door) == 303 and alive() == (False, False, False), "nothing comes back"


def test_closing_and_reopening_brings_nothing_back(door: Flask, filled: Store) -> None:
    _, alive = _handed_out(door, filled)
    records.disable(filled, "lan.nguyen", "admin")
    assert alive() == (False, False, False)
    records.set_active(filled, "lan.nguyen", True, "admin")
    assert _sign_in_again(door) == 303 and alive() == (False, False, False)


def test_tokens_and_feeds_rest_while_nobody_vouches(door: Flask, filled: Store) -> None:
    _, alive = _handed_out(door, filled)
    with filled.db.writing() as session:
        long_ago = utc_now() - timedelta(days=91)
        session.execute(update(User).where(User.name == "lan.nguyen").values(vouched_at=long_ago))
    assert alive() == (True, False, False)
    assert _sign_in_again(door) == 303 and alive() == (True, True, True)


def test_no_password_is_given_to_an_account_of_the_provider(door: Flask, filled: Store) -> None:
    client, alive = _handed_out(door, filled)
    with pytest.raises(Problem) as caught:
        records.set_password(filled, "lan.nguyen", "hash", "admin")
    assert caught.value.code == "sso_account" and alive() == (True, True, True)
    assert 'name="present"' not in client.get("/cua-toi").text


PROVED: list[tuple[str, dict[str, Any], bool, bool]] = [
    ("nobody says when the password was typed", {}, False, False),
    ("typed an hour ago", {"auth_time": time.time() - 3600}, False, False),
    ("typed now", {"auth_time": time.time() + 5}, False, True),
    ("asked to have it typed", {}, True, True),
    ("asked to, and not done", {"auth_time": time.time() - 3600}, True, False),
]


@pytest.mark.parametrize(("why", "claims", "asked", "proved"), PROVED, ids=[row[0] for row in PROVED])
def test_an_administrator_of_the_provider_proves_himself_there(
    why: str, claims: dict[str, Any], asked: bool, proved: bool, door: Flask, provider: Provider
) -> None:
    provider.person |= {"roles": ["vanban-admin"], **claims}
    client = door.test_client()
    client.get(_sent(client, "/tai-khoan", **({"again": "1"} if asked else {}))[0])
    assert ("prompt" in provider.asked) == asked
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/tai-khoan").text)
    assert found is not None
    answer = client.post("/nhom", data={"name": "Tổ B"}, headers={"X-CSRFToken": found[1]})
    assert (answer.status_code == 303) == proved
    if not proved:
        assert "Đăng nhập lại" in answer.text and 'name="present"' not in answer.text


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("no role among the claims", {"roles": ["khac"]}),
    ("no claim of roles", {"roles": None}),
    ("no name", {"preferred_username": ""}),
    ("the name of an account with a password", {"preferred_username": "Admin", "roles": ["vanban-admin"]}),
    ("the name of the program itself", {"preferred_username": "vanban"}),
]


@pytest.mark.parametrize(("why", "claims"), REFUSED, ids=[row[0] for row in REFUSED])
def test_who_has_no_place_here_is_refused(
    why: str, claims: dict[str, Any], door: Flask, provider: Provider
) -> None:
    client = door.test_client()
    provider.person |= claims
    assert client.get(_sent(client)[0]).status_code == 403
    assert "/dang-nhap" in _who(client)


def test_a_closed_account_stays_closed(door: Flask, filled: Store) -> None:
    client = door.test_client()
    client.get(_sent(client)[0])
    records.disable(filled, "lan.nguyen", "admin")
    again = door.test_client()
    assert again.get(_sent(again)[0]).status_code == 403


@pytest.mark.parametrize(
    ("what", "back"),
    [
        ("an answer that another browser asked for", None),
        ("a state that nobody made", "/dang-nhap/co-quan/ve?code=code-0&state=x"),
        ("no state", "/dang-nhap/co-quan/ve?code=code-0"),
        ("what the provider says when somebody declines", "/dang-nhap/co-quan/ve?error=access_denied&state=x"),
    ],
)
def test_only_the_browser_that_began_comes_back(what: str, back: str | None, door: Flask, filled: Store) -> None:
    began, other = door.test_client(), door.test_client()
    there, _ = _sent(began)
    answer = other.get(back or there)
    assert answer.status_code == 403 and "/dang-nhap" in _who(other)


def test_an_answer_counts_once(door: Flask) -> None:
    client = door.test_client()
    back, _ = _sent(client)
    assert client.get(back).status_code == 303
    client.delete_cookie("vanban_session")
    assert client.get(back).status_code == 403 and "/dang-nhap" in _who(client)


@pytest.mark.parametrize("target", ["//la.example", "https://la.example/", "/\\la.example"])
def test_it_leads_to_no_other_site(target: str, door: Flask) -> None:
    client = door.test_client()
    assert client.get(_sent(client, target)[0]).headers["Location"] == "/"


def test_a_provider_that_is_away_is_said_so_and_passwords_still_work(door: Flask, provider: Provider) -> None:
    provider.server.shutdown()
    provider.server.server_close()
    answer = door.test_client().get("/dang-nhap/co-quan")
    assert (answer.status_code, "Chưa liên lạc được" in answer.text) == (503, True)
    assert door.test_client().get("/dang-nhap").status_code == 200


MISDESCRIBED = [
    ("no address to send people to", {"authorization_endpoint": None}, "begin"),
    ("no address of tokens", {"token_endpoint": None}, "back"),
    ("no keys", {"jwks_uri": None}, "back"),
    ("keys at a place that is nobody's", {"jwks_uri": "http://127.0.0.1:9/keys"}, "back"),
    ("a list in the place of a description", [], "begin"),
]


@pytest.mark.parametrize(("why", "changes", "at"), MISDESCRIBED, ids=[row[0] for row in MISDESCRIBED])
def test_a_provider_that_describes_itself_wrongly_is_no_fault_of_ours(
    why: str, changes: Any, at: str, door: Flask, provider: Provider
) -> None:
    described = provider.document
    provider.document = lambda path: (  # type: ignore[method-assign]
        described(path) if path == "/keys"
        else changes if isinstance(changes, list)
        else {name: value for name, value in (described(path) | changes).items() if value is not None}
    )  # fmt: skip
    client = door.test_client()
    if at == "begin":
        answer = client.get("/dang-nhap/co-quan")
    else:
        back, _ = _sent(client)
        answer = client.get(back)
    assert (answer.status_code, "Chưa liên lạc được" in answer.text) == (503, True), why


def test_a_fault_of_this_program_is_not_blamed_on_the_provider(
    door: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken() -> str:
        raise AttributeError("ours")

    monkeypatch.setattr(sso, "_back_address", broken)
    answer = door.test_client().get("/dang-nhap/co-quan")
    assert answer.status_code == 500 and "nhà cung cấp" not in answer.text


def test_without_a_provider_there_is_no_such_door(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/dang-nhap/co-quan").status_code == client.get("/dang-nhap/co-quan/ve").status_code == 404
    assert "co-quan" not in client.get("/dang-nhap").text


WRONGLY_SET: list[tuple[str, dict[str, str]]] = [
    ("a provider without TLS", {"oidc_issuer": "http://la.example"}),
    ("a role that is none", {"oidc_issuer": "https://la.example", "oidc_roles": "a=chief"}),
]


@pytest.mark.parametrize(("why", "changes"), WRONGLY_SET, ids=[row[0] for row in WRONGLY_SET])
def test_settings_that_make_no_sense_are_told_at_the_start(
    why: str, changes: dict[str, str], settings: Settings
) -> None:
    with pytest.raises(Problem) as caught:
        create_app(Settings(_env_file=None, home=settings.home, **changes))  # type: ignore[arg-type]
    assert caught.value.code == "bad_value"


def test_the_public_address_is_what_the_provider_knows(
    filled: Store, settings: Settings, provider: Provider
) -> None:
    made = create_app(
        Settings(
            _env_file=None, home=settings.home, oidc_issuer=provider.issuer, public_url="https://luu-tru.example/"
        )
    )
    program = made.test_client()
    assert program.get("/dang-nhap/co-quan", headers={"Host": "la.example"}).status_code == 421
    answer = program.get("/dang-nhap/co-quan", headers={"Host": "localhost:8000"})
    asked = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert asked["redirect_uri"] == ["https://luu-tru.example/dang-nhap/co-quan/ve"]


def test_a_role_lies_as_deep_as_the_setting_says() -> None:
    claims = {"realm_access": {"roles": ["vanban-auditor", "vanban-reader", "x"]}}
    values = sso._values(claims, "realm_access.roles")
    assert sso.role_of(Settings(_env_file=None), values) == "auditor"
    assert sso._values(claims, "realm_access.none.deeper") == ()
