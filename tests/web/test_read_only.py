"""An archive to look at only: whatever changes anything refuses everybody; the demonstration resets itself."""

from __future__ import annotations

import contextlib
import http.client
import os
import re
import signal
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask

from corpus import records
from corpus.access import accounts
from corpus.config import Settings
from corpus.database.store import Store
from tests.web.conftest import PASSWORD, ROLES
from tests.web.running_service import VANBAN, free_port
from web import access
from web.app import create_app
from web.commands import demo


@pytest.fixture
def shown(filled: Store, settings: Settings) -> Flask:
    made = create_app(settings.model_copy(update={"read_only": True}))
    made.testing = False
    return made


def _changing(app: Flask) -> Iterator[tuple[str, str]]:
    """(method, path) of every endpoint that takes anything but GET, with an ID wherever an address has one."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint in ("access.sign_in", "access.code", "access.sign_out"):
            continue
        path = re.sub(r"<(?:\w+:)?(\w+)>", "1", str(rule))
        yield from ((method, path) for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"})


@pytest.mark.parametrize("role", ROLES)
def test_nobody_changes_anything(shown: Flask, filled: Store, role: str) -> None:
    client = shown.test_client()
    with filled.db.reading() as session:
        user_id = accounts.user_named(session, role).id
    records.start_session(filled, user_id, access.token_hash("geheim"))
    client.set_cookie(access.COOKIE, "geheim")
    tried = 0
    for method, path in _changing(shown):
        answer = client.open(path, method=method, json={})
        assert answer.status_code in (403, 404), (method, path, answer.status_code)
        code = (answer.get_json(silent=True) or {}).get("code")
        assert code in (None, "read_only", "forbidden"), (method, path, answer.text[:200])
        tried += 1
    assert tried > 40


def test_looking_goes_on(shown: Flask) -> None:
    client = shown.test_client()
    for path in ("/api/documents", "/api/search?q=thi", "/api/documents/1"):
        assert client.get(path, auth=("reader", PASSWORD)).status_code == 200
    page = client.get("/dang-nhap")
    assert "chỉ để xem" in page.text


def test_without_the_setting_nothing_is_refused_by_it(app: Flask) -> None:
    answer = app.test_client().post("/api/documents/1/withdraw", auth=("clerk", PASSWORD), json={"reason": "x"})
    assert (answer.get_json(silent=True) or {}).get("code") != "read_only"


def test_the_demonstration_has_nothing_of_the_office(settings: Settings, tmp_path: Path) -> None:
    office = settings.model_copy(
        update={"database": "postgresql://office", "originals": "s3://office", "oidc_issuer": "https://x"}
    )
    made = demo.demo_settings(office, tmp_path / "demo")
    assert (made.database, made.originals, made.oidc_issuer) == ("", "", "") and made.read_only
    assert made.home == tmp_path / "demo"


def _sign_in(base: str, name: str, path: str = "/") -> tuple[int, str]:
    """Status and text of a page after signing in by the form; again if the demonstration starts over meanwhile."""
    for _ in range(20):
        with contextlib.suppress(OSError, http.client.HTTPException):
            return _signed_in(base, name, path)
        _until_ready(base)
    return _signed_in(base, name, path)


def _signed_in(base: str, name: str, path: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    form = opener.open(f"{base}/dang-nhap", timeout=120).read().decode()
    token = re.search(r'name="csrf_token" value="([^"]+)"', form)
    assert token is not None
    data = urlencode({"csrf_token": token[1], "name": name, "password": demo.PASSWORD}).encode()
    opener.open(f"{base}/dang-nhap", data, timeout=120)
    with opener.open(f"{base}{path}", timeout=120) as page:
        if "/dang-nhap" in page.url:
            raise ConnectionError("the session went with the store")
        return int(page.status), page.read().decode()


@pytest.mark.ocr
def test_the_demonstration_serves_each_role_and_starts_over(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VANBAN_")}
    environment |= {"VANBAN_HOME": str(tmp_path), "PYTHONUTF8": "1"}
    command = [str(VANBAN), "serve", "--demo", "--port", str(port), "--demo-hours", "0.01"]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            _until_ready(base)
            present = tmp_path / "demo" / "present"
            first = present.stat().st_ino
            assert _sign_in(base, "reader")[0] == 200
            while not present.exists() or present.stat().st_ino == first:
                time.sleep(0.1)
            _until_ready(base)
            assert [_sign_in(base, role)[0] for role in demo.ROLES[1:]] == [200] * (len(demo.ROLES) - 1)
            handed_on = _sign_in(base, "clerk", "/xu-ly")[1]
            assert "Tham mưu văn bản triển khai" in handed_on, "the plan that the leader has handed over"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(180)
    assert not (tmp_path / "demo" / "present").exists() and not (tmp_path / "vanban.sqlite3").exists()


def _until_ready(base: str) -> None:
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if urllib.request.urlopen(f"{base}/readyz", timeout=60).status == 200:
                return
        time.sleep(0.5)
