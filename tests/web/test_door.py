"""The door: whose word about an address is taken, who waits after wrong passwords, what is too large,
where a form came from.
"""

from __future__ import annotations

import re
import shutil
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import structlog
from flask import Flask, request
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import select

from corpus import records
from corpus.access.accounts import user_named
from corpus.config import Settings
from corpus.database.account_tables import SavedSearch, SignInAttempt
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem
from search.index import indexer
from tests.web.conftest import PASSWORD
from web import access
from web.access import fronts
from web.app import create_app
from web.serving.request_arrival import LONGEST_HEAD, SMALL_BODY, RequestArrival

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
FRONT, REAL, LIE = "10.0.0.7", "198.51.100.4", "203.0.113.7"


@pytest.fixture
def site(settings: Settings, model: Path) -> Iterator[Callable[..., Flask]]:
    """Makes the application with other settings."""
    shutil.copytree(model, settings.home)
    stores: list[Store] = []

    def made(**more: Any) -> Flask:
        app = create_app(settings.model_copy(update=more))
        stores.append(app.extensions["vanban_store"])
        return app

    yield made
    for store in stores:
        indexer.forget(store)
        store.close()


@pytest.mark.parametrize(
    ("trusted", "peer", "claimed", "address", "reason"),
    [
        ("", REAL, LIE, REAL, "no front: what a client claims of itself is nothing"),
        ("", "127.0.0.1", LIE, "127.0.0.1", "not even on this machine"),
        (FRONT, REAL, LIE, REAL, "somebody goes past the front"),
        (FRONT, FRONT, REAL, REAL, "the front tells the client's address"),
        (FRONT, FRONT, f"{LIE}, {REAL}", REAL, "a front that appends: only what it appended counts"),
        (FRONT, FRONT, "", FRONT, "a front that tells nothing"),
        (f"{FRONT},192.0.2.0/24", FRONT, f"{LIE}, {REAL}, 192.0.2.9", REAL, "two fronts in a row"),
        ("10.0.0.0/8", FRONT, f"{LIE}, {REAL}", REAL, "fronts by their network"),
        ("::1,127.0.0.1", "::ffff:127.0.0.1", REAL, REAL, "IPv4 as an IPv6 socket sees it"),
        ("1", FRONT, f"{LIE}, {REAL}", REAL, "one front, wherever it is"),
        ("2", FRONT, f"{LIE}, {REAL}, 192.0.2.9", REAL, "two of them"),
        ("2", FRONT, REAL, FRONT, "fewer than there should be"),
    ],
)
def test_the_clients_address(
    trusted: str, peer: str, claimed: str, address: str, reason: str, site: Callable[..., Flask]
) -> None:
    app, seen = site(trusted_fronts=trusted), []
    app.before_request_funcs[None].insert(0, lambda: seen.append(request.remote_addr))
    headers = {"X-Forwarded-For": claimed, "X-Real-IP": LIE, "Forwarded": f"for={LIE}"}
    app.test_client().get("/healthz", headers=headers, environ_base={"REMOTE_ADDR": peer})
    assert seen == [address], reason


@pytest.mark.parametrize("given", ["nginx", "10.0.0.0/99", "10.0.0.1;10.0.0.2", "-1"])
def test_a_setting_of_fronts_that_makes_no_sense_is_told(given: str, settings: Settings) -> None:
    with pytest.raises(Problem) as caught:
        fronts.fronts_of(settings.model_copy(update={"trusted_fronts": given}))
    assert caught.value.code == "bad_value" and caught.value.facts["field"] == "VANBAN_TRUSTED_FRONTS"


def test_trail_throttle_and_log_have_the_real_address(site: Callable[..., Flask]) -> None:
    app = site(trusted_fronts=FRONT)
    with structlog.testing.capture_logs() as lines:
        answer = _sign_in(app.test_client(), "clerk", "sai", REAL, front=True)
    assert answer.status_code == 401
    with app.extensions["vanban_store"].db.reading() as session:
        assert session.scalars(select(SignInAttempt.address)).all() == [REAL]
        told = session.scalars(select(AuditRow).where(AuditRow.action == "sign_in_failed")).all()
    assert [row.detail["address"] for row in told] == [REAL]
    assert {line["address"] for line in lines if line["event"] == "request"} == {REAL}


def test_thirty_wrong_passwords_lock_nobody_out(app: Flask) -> None:
    for number in range(30):
        assert _sign_in(app.test_client(), f"u{number}", "sai", LIE).status_code == 401
    for address in (REAL, LIE):
        assert _sign_in(app.test_client(), "clerk", PASSWORD, address).status_code == 303


def test_a_known_device_goes_in_while_a_stranger_guesses(app: Flask) -> None:
    office = app.test_client()
    assert _sign_in(office, "clerk", PASSWORD, REAL).status_code == 303
    office.delete_cookie(access.COOKIE)
    codes = [_sign_in(app.test_client(), "clerk", "sai", REAL).status_code for _ in range(8)]
    assert codes == [401] * 5 + [429] * 3, "the same address, another device"
    assert _sign_in(app.test_client(), "clerk", PASSWORD, REAL).status_code == 429
    assert _sign_in(office, "clerk", PASSWORD, REAL).status_code == 303
    assert _sign_in(app.test_client(), "clerk", PASSWORD, "192.0.2.8").status_code == 303, "another address"


@pytest.mark.parametrize("spoilt", ["", "x", "W1xhXQ.YQ.x", "9" * 600])
def test_a_forged_device_is_a_stranger(spoilt: str, app: Flask) -> None:
    client = app.test_client()
    _sign_in(client, "clerk", PASSWORD, REAL)
    client.set_cookie("vanban_device", spoilt)
    codes = [_sign_in(client, "clerk", "sai", REAL).status_code for _ in range(6)]
    assert codes == [401] * 5 + [429]


def test_a_device_is_known_for_its_own_accounts_only(app: Flask) -> None:
    client = app.test_client()
    _sign_in(client, "reader", PASSWORD, REAL)
    client.delete_cookie(access.COOKIE)
    for _ in range(5):
        _sign_in(app.test_client(), "clerk", "sai", REAL)
    assert _sign_in(client, "clerk", PASSWORD, REAL).status_code == 429


def test_how_long_is_told_to_people_and_programs(app: Flask) -> None:
    client = app.test_client()
    for _ in range(5):
        _sign_in(client, "clerk", "sai", REAL)
    answer = _sign_in(client, "clerk", PASSWORD, REAL)
    seconds = int(answer.headers["Retry-After"])
    assert 1 <= seconds <= 15 and f"{seconds} giây" in answer.text
    basic = b64encode(f"clerk:{PASSWORD}".encode()).decode()
    told = client.get("/api/me", headers={"Authorization": f"Basic {basic}"}, environ_base={"REMOTE_ADDR": REAL})
    assert told.status_code == 429 and int(told.headers["Retry-After"]) >= 1
    assert told.json["status"] == 429 and told.json["code"] == "too_many_attempts"  # type: ignore[index]


def _at_once(calls: list[Callable[[], int]]) -> list[int]:
    gate, statuses = threading.Barrier(len(calls)), list[int]()

    def call(one: Callable[[], int]) -> None:
        gate.wait()
        statuses.append(one())

    threads = [threading.Thread(target=call, args=[one]) for one in calls]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(statuses)


def _basic(app: Flask, password: str) -> Callable[[], int]:
    token = b64encode(f"clerk:{password}".encode()).decode()
    return lambda: app.test_client().get("/api/me", headers={"Authorization": f"Basic {token}"}).status_code


def test_guesses_at_once_are_checked_no_more_often_than_one_after_another(app: Flask) -> None:
    statuses = _at_once([_basic(app, f"sai-{number}") for number in range(20)])
    assert statuses == [401] * 5 + [429] * 15


def test_a_program_with_the_right_password_may_call_side_by_side(app: Flask) -> None:
    assert _at_once([_basic(app, PASSWORD) for _ in range(20)]) == [200] * 20


def test_a_check_that_was_right_ends_with_the_password(app: Flask, filled: Store) -> None:
    assert _basic(app, PASSWORD)() == 200
    records.disable(filled, "clerk", "admin")
    assert _basic(app, PASSWORD)() == 401


def test_a_try_that_only_looks_is_none(app: Flask, filled: Store) -> None:
    assert app.test_client().head("/dang-nhap").status_code == 200
    with filled.db.reading() as session:
        assert session.scalars(select(SignInAttempt)).all() == []


@pytest.mark.parametrize("way", ["page", "api"])
def test_an_administrator_unlocks(way: str, app: Flask, filled: Store, sign_in: SignIn, post: Post) -> None:
    for _ in range(6):
        _sign_in(app.test_client(), "clerk", "sai", REAL)
    admin = sign_in("admin")
    waiting = "đăng nhập sai nhiều lần"
    assert waiting in admin.get("/tai-khoan").text
    if way == "page":
        with filled.db.reading() as session:
            clerk = user_named(session, "clerk").id
        assert post(admin, f"/tai-khoan/{clerk}", {"act": "unlock", "confirmed": "1"}).status_code == 303
    else:
        answer = admin.post("/api/users/clerk", json={"act": "unlock"}, headers=_token(admin))
        assert answer.status_code == 200, answer.text
    assert waiting not in admin.get("/tai-khoan").text
    assert "cho đăng nhập lại" in sign_in("auditor").get("/nhat-ky").text
    assert _sign_in(app.test_client(), "clerk", PASSWORD, REAL).status_code == 303


# Sizes.


@pytest.mark.parametrize(
    ("path", "size", "code", "reason"),
    [
        ("/dang-nhap", 70_000, "body_too_large", "signing in takes no hundred megabytes"),
        ("/theo-doi", 70_000, "body_too_large", "nor following a search"),
        ("/api/me/searches", 70_000, "body_too_large", "nor its call"),
        ("/tai-len", 70_000, None, "a file may be larger"),
    ],
)
def test_bodies(path: str, size: int, code: str | None, reason: str, sign_in: SignIn) -> None:
    client = sign_in("clerk")
    body = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"x" * size
    headers = _token(client) | {"X-Vanban": "1"}
    answer = client.post(
        path, data=body + b"\r\n--b--\r\n", headers=headers, content_type="multipart/form-data; boundary=b"
    )
    assert (answer.json.get("code"), answer.status_code == 413) == (code, code is not None), reason


def test_a_file_that_is_too_large_is_named(site: Callable[..., Flask]) -> None:
    app = site(max_upload_bytes=1000)
    client = app.test_client()
    _sign_in(client, "clerk", PASSWORD, REAL)
    name = "Kế hoạch.pdf".encode()
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + name + b'"\r\n\r\n'
    body = head + b"x" * (2 << 20) + b"\r\n--b--\r\n"
    headers = _token(client) | {"X-Vanban": "1"}
    answer = client.post("/tai-len", data=body, headers=headers, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 413 and "Kế hoạch.pdf" in answer.json["title"]  # type: ignore[index]


@pytest.mark.parametrize("number", [2**63])
def test_numbers_beyond_any_column_name_nothing(number: int, app: Flask, sign_in: SignIn) -> None:
    clients = {name: sign_in(name) for name in ("admin", "outsider")}
    headers = _token(clients["admin"])
    for rule in app.url_map.iter_rules():
        numbers = {name for name, made in rule._converters.items() if type(made).__name__ == "_Id"}
        if not numbers:
            continue
        for one in numbers:
            path = rule.rule
            for name in rule.arguments:
                value = str(number) if name == one else "1" if name in numbers else "x"
                path = re.sub(rf"<(int:)?{name}>", value, path)
            client = clients["outsider" if rule.endpoint == "feeds.feed" else "admin"]
            for method in (rule.methods or set()) & {"GET", "POST"}:
                answer = client.open(path, method=method, headers=headers)
                # 405: a longer route that fits, such as /can-xem/<name>, takes GET only.
                assert answer.status_code in (404, 405), f"{method} {path}"


@pytest.mark.parametrize(
    ("method", "path", "data"),
    [
        ("GET", "/can-xem/tiep?sau={n}", {}),
        ("GET", "/nhat-ky?page={n}", {}),
        ("GET", "/?q=a&page={n}", {}),
        ("GET", "/van-ban/1/trang/1.png?w={n}", {}),
        ("POST", "/can-xem/3", {"revision": "{n}"}),
        ("POST", "/can-xem/hang-loat", {"chosen": "{n}", "field": "doc_type", "value": "Kế hoạch"}),
        ("POST", "/van-ban/1/thu-hoi", {"revision": "{n}", "reason": "x"}),
        ("POST", "/theo-doi", {"address": "/?q=a", "words": "a", "known": "{n}"}),
        ("POST", "/vien-dan/1", {"target": "{n}"}),
    ],
)
@pytest.mark.parametrize("number", [2**63, -(2**63) - 1])
def test_numbers_in_forms_are_bounded(
    method: str, path: str, data: dict[str, str], number: int, sign_in: SignIn, post: Post
) -> None:
    client = sign_in("admin")
    at = path.format(n=number)
    sent = {name: value.format(n=number) for name, value in data.items()}
    answer = client.get(at) if method == "GET" else post(client, at, sent)
    assert answer.status_code < 500, answer.text[:300]


@pytest.mark.parametrize("address", ["/?\r\nX: y", "/?q=\n", "//evil.example/", "/?\x00"])
def test_an_address_that_can_not_be_gone_to_is_not_kept(
    address: str, sign_in: SignIn, post: Post, filled: Store
) -> None:
    answer = post(sign_in("reader"), "/theo-doi", {"address": address, "words": "a"})
    assert answer.status_code == 400
    with filled.db.reading() as session:
        assert session.scalars(select(SavedSearch)).all() == []


# Answers.


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("DELETE", "/api/documents/1", 405, "wrong_method"),
        ("GET", "/dang-xuat", 405, "wrong_method"),
        ("GET", "/api/documents/99999", 404, "not_found"),
        ("GET", "/api/nothing", 404, "not_found"),
        ("POST", "/api/documents/1/withdraw", 400, "form_expired"),
        ("GET", "/api/search?limit=99999", 400, "bad_request"),
    ],
)
def test_status_and_body_say_the_same(method: str, path: str, status: int, code: str, sign_in: SignIn) -> None:
    answer = sign_in("admin").open(path, method=method, headers={"X-Vanban": "1"})
    assert (answer.status_code, answer.json["status"], answer.json["code"]) == (status, status, code)
    assert (status == 405) == ("Allow" in answer.headers)


@pytest.mark.parametrize(("lang", "what"), [("vi", "99999"), ("en", "99999")])
def test_an_id_is_no_amount(lang: Any, what: str) -> None:
    assert f"{what}" in Problem("not_found", what=99999).message(lang)
    assert "12.345" in Problem("too_many_pages", name="a", pages=12345, limit=2000).message("vi")


def test_part_of_a_page_that_needs_a_sign_in_sends_the_whole_page_there(app: Flask) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://localhost/tai-len?a=1"}
    answer = app.test_client().get("/tai-len/danh-sach", headers=headers)
    assert answer.status_code == 401 and answer.get_data() == b""
    assert answer.headers["HX-Redirect"] == "/dang-nhap?next=/tai-len"


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("/", "no-store"),
        ("/van-ban/1/ban-goc", "no-store"),
        ("/api/documents/1/original", "no-store"),
        ("/van-ban/1/trang/1.png?w=160", "private, no-cache"),
        ("/api/documents/1/pages/1.png?width=160", "private, no-cache"),
    ],
)
def test_what_a_browser_may_keep(path: str, kept: str, sign_in: SignIn) -> None:
    answer = sign_in("reader").get(path)
    assert answer.headers["Cache-Control"] == kept
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_kept_picture_is_asked_for_each_time(sign_in: SignIn, filled: Store) -> None:
    client, path = sign_in("reader"), "/van-ban/1/trang/1.png?w=160"
    etag = {"If-None-Match": client.get(path).headers["ETag"]}
    assert client.get(path, headers=etag).status_code == 304
    records.add_group(filled, "Kín", "admin")
    records.limit(filled, 1, ["Kín"], "admin")
    assert client.get(path, headers=etag).status_code == 404, "membership"
    client.delete_cookie(access.COOKIE)
    assert client.get(path, headers=etag).status_code == 303, "signed out"


def test_signing_out_clears_what_the_browser_kept(sign_in: SignIn, post: Post) -> None:
    answer = post(sign_in("reader"), "/dang-xuat")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'


def test_over_tls_cookies_are_bound_to_the_host(site: Callable[..., Flask]) -> None:
    app = site(secure_cookies=True, public_url="https://luu-tru.example/")
    client = app.test_client()
    client.get("/dang-nhap", base_url="https://luu-tru.example")
    answer = _sign_in(client, "reader", PASSWORD, REAL, base_url="https://luu-tru.example")
    assert answer.status_code == 303
    given = answer.headers.getlist("Set-Cookie")
    assert len(given) >= 2 and all(one.startswith("__Host-vanban_") for one in given)
    assert all("Secure" in one and "Path=/" in one and "Domain" not in one for one in given)
    assert client.get("/", base_url="https://luu-tru.example").status_code == 200
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.parametrize(
    ("settings_given", "host", "status"),
    [
        ({}, "evil.example", 303),
        ({"public_url": "https://luu-tru.example"}, "evil.example", 421),
        ({"public_url": "https://luu-tru.example"}, "luu-tru.example", 303),
        ({"public_url": "https://luu-tru.example"}, "127.0.0.1:8000", 303),
        ({"trusted_hosts": "kho.example, .co-quan.example"}, "kho.example:8443", 303),
        ({"trusted_hosts": "kho.example, .co-quan.example"}, "a.co-quan.example", 303),
        ({"trusted_hosts": "kho.example"}, "kho.example.evil", 421),
    ],
)
def test_names_that_the_site_answers_to(
    settings_given: dict[str, str], host: str, status: int, site: Callable[..., Flask]
) -> None:
    answer = site(**settings_given).test_client().get("/", headers={"Host": host})
    assert answer.status_code == status
    assert status == 303 or "wrong_host" in answer.text


def test_feeds_bear_the_public_address_and_leave_no_trace_in_the_log(site: Callable[..., Flask]) -> None:
    app = site(public_url="https://luu-tru.example")
    client = app.test_client()
    _sign_in(client, "reader", PASSWORD, REAL)
    data = {"address": "/?q=thi", "words": "thi", "csrf_token": _token(client)["X-CSRFToken"]}
    client.post("/theo-doi", data=data)
    found = re.search(r"https://luu-tru\.example(/tin/\d+/([0-9a-f]+)\.atom)", client.get("/").text)
    assert found is not None
    with structlog.testing.capture_logs() as lines:
        body = app.test_client().get(found[1]).text
        app.test_client().get(found[1].replace("/tin/", "/tin/9"))
    assert "http://localhost" not in body and "https://luu-tru.example/van-ban/1-" in body
    assert lines and found[2] not in str(lines)


# Where a form came from.


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "none"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
        ({"Origin": "https://luu-tru.example"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
    ],
)
def test_a_form_of_another_site_does_nothing(
    headers: dict[str, str], status: int, site: Callable[..., Flask]
) -> None:
    app = site(public_url="https://luu-tru.example", trusted_hosts="localhost")
    client = app.test_client()
    _sign_in(client, "reader", PASSWORD, REAL)
    answer = client.post("/dang-xuat", headers=_token(client) | headers)
    assert answer.status_code == status


def test_a_token_is_worth_nothing_in_another_session(app: Flask, sign_in: SignIn) -> None:
    attacker, victim = sign_in("reader"), sign_in("clerk")
    token = _token(attacker)
    victim.set_cookie("vanban_form", attacker.get_cookie("vanban_form").value)  # type: ignore[union-attr]
    assert victim.post("/dang-xuat", headers=token).status_code == 400
    stranger = app.test_client()
    token = _token(stranger)
    victim.set_cookie("vanban_form", stranger.get_cookie("vanban_form").value)  # type: ignore[union-attr]
    assert victim.post("/dang-xuat", headers=token).status_code == 400
    assert victim.post("/dang-xuat", headers=_token(victim)).status_code == 303


# A request as its bytes come in.

_REQUESTS = (
    (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", "whole"),
    (b"\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "whole"),
    (b"POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\nabcde", "whole"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n1;x=y\r\nd\r\n0\r\n\r\n", "whole"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: Chunked\r\n\r\n3\r\nabc\r\n0\r\nX: y\r\n\r\n", "whole"),
    (b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab", "whole"),
    (b"POST / HTTP/1.1\r\nContent-Length: 999999\r\n\r\n", "large"),
    (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1ffff\r\n" + b"a" * (SMALL_BODY + 1), "large"),
    (b"GET /" + b"a" * 8186, "long_line"),
    (b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * (LONGEST_HEAD // 6), "long_head"),
)


@hypothesis_settings(deadline=None, max_examples=200)
@given(st.sampled_from(_REQUESTS), st.lists(st.floats(0, 1), max_size=12))
def test_a_request_ends_where_it_ends_however_it_is_cut(row: tuple[bytes, str], cuts: list[float]) -> None:
    sent, ends = row
    places = sorted({0, len(sent), *(round(cut * len(sent)) for cut in cuts)})
    arrival, following = RequestArrival(0.0), b"GET /next"
    for at, until in pairwise(places):
        if arrival.state in ("head", "body"):
            arrival.feed(sent[at:until], 0.0)
        assert ends != "whole" or until == len(sent) or arrival.state != "whole", "not before its last byte"
    assert arrival.state == ends
    if ends == "whole":
        arrival.feed(following, 0.0)
        whole, left = arrival.take()
        assert left == following
        assert whole in (sent, sent.removeprefix(b"\r\n"), sent.replace(b"\r\nExpect: 100-continue", b""))


@pytest.mark.parametrize(
    ("fed", "at", "deadline", "reason"),
    [
        (b"", 3.0, 10.0, "a connection without a request"),
        (b"GET / HTTP/1.1\r\n", 3.0, 13.0, "a head, from its first byte"),
        (b"POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n", 3.0, 13.0, "a body, from the head's end"),
        (b"POST / HTTP/1.1\r\nContent-Length: 60000\r\n\r\n" + b"a" * 8192, 3.0, 14.0, "and its least rate"),
    ],
)
def test_when_it_is_late(fed: bytes, at: float, deadline: float, reason: str) -> None:
    arrival = RequestArrival(0.0)
    if fed:
        arrival.feed(fed, at)
    assert arrival.deadline() == deadline, reason


def _sign_in(
    client: FlaskClient, name: str, password: str, address: str, *, front: bool = False, **more: Any
) -> Any:
    """The sign-in form sent from an address; through a front: as that one tells it."""
    if front:
        more |= {"environ_base": {"REMOTE_ADDR": FRONT}, "headers": {"X-Forwarded-For": address}}
    else:
        more |= {"environ_base": {"REMOTE_ADDR": address}}
    page = client.get("/dang-nhap", **more)
    found = re.search(r'name="csrf" content="([^"]+)"', page.text)
    data = {"name": name, "password": password, "csrf_token": found[1] if found else ""}
    return client.post("/dang-nhap", data=data, **more)


def _token(client: FlaskClient) -> dict[str, str]:
    found = re.search(r'name="csrf" content="([^"]+)"', client.get("/dang-nhap").text)
    return {"X-CSRFToken": found[1] if found else ""}
