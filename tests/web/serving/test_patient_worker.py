"""The service as it runs, alone and behind the front that is shipped: slow clients, wrong passwords,
requests out of bounds.
"""

from __future__ import annotations

import json
import re
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from corpus.config import Settings
from corpus.database.account_tables import SignInAttempt
from corpus.database.models import AuditRow
from corpus.database.store import Store
from tests.web.conftest import PASSWORD
from tests.web.running_service import Front, Service, free_port, serving

ROOT = Path(__file__).parents[3]
HEADS = {
    "head": b"GET / HTTP/1.1\r\nHost: localhost\r\n",
    "body": b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n",
    "chunked": b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n",
    "large": b"POST /tai-len HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000000\r\n\r\n",
    "silent": b"",
}
STRANGER, OFFICE = "127.0.0.9", "127.0.0.5"


@contextmanager
def slow_clients(service: Service, kind: str, count: int) -> Iterator[list[socket.socket]]:
    """Connections that send a byte now and then, until the block ends."""
    over = threading.Event()
    with ExitStack() as open_ones:
        clients = [open_ones.enter_context(service.connection(STRANGER)) for _ in range(count)]
        for one in clients:
            one.sendall(HEADS[kind])

        def trickle() -> None:
            while not over.wait(1.0):
                for one in clients:
                    try:
                        one.sendall(b"1\r\na\r\n" if kind == "chunked" else b"x" if kind != "silent" else b"")
                    except OSError:
                        continue

        thread = threading.Thread(target=trickle)
        thread.start()
        try:
            yield clients
        finally:
            over.set()
            thread.join()


@contextmanager
def wrong_passwords(service: Service) -> Iterator[list[int]]:
    """A stranger who guesses, at real and at made-up names, faster than thirty a minute; the statuses he gets."""
    over, statuses = threading.Event(), list[int]()

    def guess() -> None:
        number = 0
        while not over.is_set():
            number += 1
            name = "clerk" if number % 2 else f"nguoi-{number}"
            statuses.append(service.sign_in(name, "mot-mat-khau-sai", STRANGER)[0])
            over.wait(0.1)

    thread = threading.Thread(target=guess)
    thread.start()
    try:
        yield statuses
    finally:
        over.set()
        thread.join()


@pytest.fixture(scope="module")
def nginx() -> str:
    """Debian's nginx."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(found).exists():
        pytest.skip("nginx is not installed (script/setup test)")
    return found


@contextmanager
def fronted(nginx: str, service: Service, folder: Path) -> Iterator[Front]:
    """The front as deploy/nginx.conf has it, on ports and in a folder of its own."""
    port = free_port()
    key, certificate = folder / "key.pem", folder / "cert.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate),
         "-days", "2", "-subj", "/CN=localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    site = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    for was, now in (
        ("server 127.0.0.1:8000;", f"server 127.0.0.1:{service.port};"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port} ssl http2;"),
        ("/etc/ssl/luu-tru.pem", str(certificate)),
        ("/etc/ssl/private/luu-tru.key", str(key)),
        ("/var/log/nginx/vanban.log", str(folder / "access.log")),
        ("luu-tru.example.gov.vn", "localhost"),
    ):
        assert was in site
        site = site.replace(was, now)
    site = "\n".join(line for line in site.splitlines() if "listen [::]" not in line)
    (folder / "site.conf").write_text(site, encoding="utf-8")
    places = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f"events {{ worker_connections 1024; }} http {{ {places} include {folder}/site.conf; }}"
    )
    with subprocess.Popen(
        [nginx, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "user root;"]
    ) as child:
        front = Front(port, service.pid, service.log)
        try:
            front.wait()
            yield front
        finally:
            child.terminate()


@pytest.mark.parametrize("kind", HEADS)
def test_slow_clients_hold_nobody_up(kind: str, filled: Store, settings: Settings) -> None:
    with serving(settings) as service:
        _, jar = service.sign_in("reader", PASSWORD, OFFICE)
        alone = _healthz(service, 3.0)
        with slow_clients(service, kind, 64) as clients:
            took = _healthz(service, 12.0)
            assert service.get("/", jar, OFFICE).status == 200
            assert service.sign_in("clerk", PASSWORD, OFFICE)[0] == 303
            ends = [_last_words(one) for one in clients]
        assert _nine_of_ten(took) < 1.0 + _nine_of_ten(alone), "within a second, and what a busy machine adds"
        if kind in ("head", "body", "chunked"):
            assert all(end.startswith(b"HTTP/1.1 408 ") for end in ends)
            assert b"too_slow" in ends[0]
        if kind == "large":
            assert all(end.startswith(b"HTTP/1.1 401 ") for end in ends), "refused before it is read"
        if kind == "silent":
            assert set(ends) == {b""}


@pytest.mark.parametrize("front", [False, True], ids=["alone", "behind nginx"])
def test_slow_clients_and_wrong_passwords_together(
    front: bool, nginx: str, filled: Store, settings: Settings, tmp_path: Path
) -> None:
    more = {"VANBAN_TRUSTED_FRONTS": "127.0.0.1", "VANBAN_SECURE_COOKIES": "true"} if front else {}
    with serving(settings, **more) as inner, ExitStack() as stack:
        service = stack.enter_context(fronted(nginx, inner, tmp_path)) if front else inner
        _, jar = service.sign_in("reader", PASSWORD, OFFICE)
        alone = _healthz(service, 3.0)
        with slow_clients(service, "body", 64), wrong_passwords(service) as statuses:
            took = _healthz(service, 10.0)
            codes = [service.get("/", jar, OFFICE).status for _ in range(5)]
            until = time.monotonic() + 300
            while 429 not in statuses and time.monotonic() < until:
                time.sleep(0.2)
            entered = [service.sign_in(name, PASSWORD, OFFICE)[0] for name in ("clerk", "admin", "auditor")]
        assert codes == [200] * 5 and entered == [303] * 3
        assert _nine_of_ten(took) < 1.0 + _nine_of_ten(alone), "within a second, and what a busy machine adds"
        assert {401, 429} >= set(statuses) and 429 in statuses, "the stranger is slowed down"
        with filled.db.reading() as session:
            tries = {row.address for row in session.query(SignInAttempt).filter(~SignInAttempt.succeeded)}
            told = {row.detail["address"] for row in session.query(AuditRow).filter_by(action="sign_in_failed")}
        assert tries == told == {STRANGER}, "real addresses, not the front's"
        assert f'"address": "{STRANGER}"' in service.log.read_text()


def test_behind_the_front_it_is_one_site(nginx: str, filled: Store, settings: Settings, tmp_path: Path) -> None:
    more = {"VANBAN_TRUSTED_FRONTS": "127.0.0.1", "VANBAN_SECURE_COOKIES": "true"}
    with serving(settings, **more) as inner, fronted(nginx, inner, tmp_path) as front:
        claims = {"X-Forwarded-For": "203.0.113.7", "X-Forwarded-Host": "evil.example", "X-Real-IP": "203.0.113.7"}
        status, jar = front.sign_in("reader", PASSWORD, OFFICE, headers=claims)
        assert status == 303 and set(jar) >= {
            "__Host-vanban_session",
            "__Host-vanban_device",
            "__Host-vanban_form",
        }
        page = front.get("/", jar, OFFICE, headers=claims)
        assert "evil.example" not in page.text and page.headers["Server"] == "nginx"
        assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
        long_line = front.get("/?q=" + "a" * 9000, jar, OFFICE)
        assert long_line.status == 414 and "uri_too_long" in long_line.text
        assert front.get("/tin/1/0123456789abcdef.atom", {}, OFFICE).status == 404
        assert front.get("/chia-se/0123456789abcdef/ban-goc", {}, OFFICE).status == 404
        sheet = front.get("/static/vendor/bootstrap.min.css", {}, OFFICE, headers={"Accept-Encoding": "gzip"})
        assert sheet.headers["Content-Encoding"] == "gzip" and "Content-Encoding" not in page.headers
        logs = front.log.read_text() + (tmp_path / "access.log").read_text()
        assert "0123456789abcdef" not in logs and "203.0.113.7" not in logs and OFFICE in logs


@pytest.mark.parametrize(
    ("sent", "status", "code", "reason"),
    [
        (b"GET /?q=" + b"a" * 8200 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "uri_too_long",
         "a page pasted"),
        (b"GET /api/search?q=" + b"a" * 8200 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n", 414, "uri_too_long",
         "API"),
        (b"GET /" + b"a" * 9000, 414, "uri_too_long", "a line that never ends"),
        (b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 9000, 431, "head_too_large", "a head that never ends"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"y" * 9000 + b"\r\n\r\n", 431, "head_too_large",
         "a field"),
        (b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n", 400, "bad_request", "no such HTTP"),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, "bad_request", "a length that is none"),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400,
         "bad_request", "two framings"),
        (b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 104857600\r\n\r\n", 413,
         "body_too_large",
         "a hundred megabytes at the door"),
    ],
)  # fmt: skip
def test_requests_out_of_bounds(sent: bytes, status: int, code: str, reason: str, running: Service) -> None:
    with running.connection() as client:
        client.sendall(sent)
        head, _, body = _all(client).partition(b"\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ".encode()), reason
    assert code.encode() in body and b"gunicorn" not in head.lower(), reason
    if b"/api/" in sent:
        assert json.loads(body)["status"] == status


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, model: Path) -> Iterator[Service]:
    """A service for tests that change nothing."""
    home = tmp_path_factory.mktemp("running") / "home"
    shutil.copytree(model, home)
    with serving(Settings(_env_file=None, home=home)) as service:
        yield service


def test_one_connection_serves_many_requests(running: Service) -> None:
    one = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    posted = (
        b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=b\r\n0\r\n\r\n"
    )
    asks = b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"
    last = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    with running.connection() as client:
        client.sendall(one + one + posted)
        client.sendall(one[:20])
        time.sleep(0.3)
        client.sendall(one[20:] + asks)
        client.settimeout(120)
        told = b""
        while b" 100 " not in told and (data := client.recv(1 << 16)):
            told += data
        client.sendall(b"a=b" + last)
        told += _all(client)
    statuses = re.findall(rb"HTTP/1\.1 (\d+) ", told)
    assert statuses == [b"200", b"200", b"400", b"200", b"100", b"400", b"200"]


def test_a_large_upload_goes_through_in_one_piece(filled: Store, settings: Settings) -> None:
    with serving(settings) as service:
        _, jar = service.sign_in("clerk", PASSWORD)
        token = service.token(jar)
        text = "Kế hoạch số 12 về việc lưu trữ. " * 60_000
        body = (
            '--b\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + text + "\r\n--b--\r\n"
        ).encode()
        headers = {"Content-Type": "multipart/form-data; boundary=b", "X-CSRFToken": token}
        answer = service.get("/api/documents", jar, headers=headers, body=body)
        assert answer.status == 202, answer.text
        stranger = service.get("/api/documents", {}, headers=headers, body=body)
        assert stranger.status == 401


def _healthz(service: Service, seconds: float) -> list[float]:
    took, until = [], time.monotonic() + seconds
    while time.monotonic() < until:
        began = time.monotonic()
        assert service.ask("/healthz", timeout=120).status == 200
        took.append(time.monotonic() - began)
        time.sleep(0.3)
    return took


def _nine_of_ten(seconds: list[float]) -> float:
    return sorted(seconds)[len(seconds) * 9 // 10]


def _all(client: socket.socket) -> bytes:
    client.settimeout(120)
    told = b""
    while data := client.recv(1 << 16):
        told += data
    return told


def _last_words(client: socket.socket) -> bytes:
    client.settimeout(120)
    told = b""
    try:
        while data := client.recv(1 << 16):
            told += data
    except (ConnectionResetError, ssl.SSLError, BrokenPipeError):
        return told
    return told
