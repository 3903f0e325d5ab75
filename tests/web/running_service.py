"""`vanban serve` as it really runs, in processes of its own, and clients that talk to it over plain sockets."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from urllib.parse import urlencode

from corpus.config import Settings

VANBAN = Path(sys.executable).with_name("vanban")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    """An answer, read whole."""

    status: int
    text: str
    headers: Message


@dataclass(frozen=True)
class Service:
    """A running web service."""

    port: int
    pid: int
    log: Path

    def ask(
        self,
        path: str,
        *,
        form: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        method: str = "",
        source: str = "127.0.0.1",
        timeout: float = 240,
    ) -> Answer:
        """One request from an address of this machine; its answer, read whole."""
        call = self._call(source, timeout)
        data = urlencode(form).encode() if form is not None else body
        sent = dict(headers or {})
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        call.request(method or ("POST" if data is not None else "GET"), path, data, sent)
        answer = call.getresponse()
        text = answer.read().decode("utf-8", "replace")
        call.close()
        return Answer(answer.status, text, answer.headers)

    def _call(self, source: str, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=(source, 0))

    def connection(self, source: str = "127.0.0.1") -> socket.socket:
        """A plain connection."""
        return socket.create_connection(("127.0.0.1", self.port), 120, (source, 0))

    def get(
        self,
        path: str,
        jar: dict[str, str],
        source: str = "127.0.0.1",
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
    ) -> Answer:
        """What a browser with these cookies gets; with a body: what it posts."""
        return self.ask(path, headers=_sent(jar) | (headers or {}), body=body, source=source)

    def token(self, jar: dict[str, str]) -> str:
        """The token of this site's forms; cookies that come with it go into the jar."""
        page = self.get("/cua-toi", jar)
        jar |= _given(page)
        found = re.search(r'name="csrf" content="([^"]+)"', page.text)
        assert found is not None
        return found[1]

    def wait(self) -> None:
        """Returns when it answers."""
        until = time.monotonic() + 300
        while time.monotonic() < until:
            try:
                if self.ask("/healthz", timeout=60).status == 200:
                    return
            except OSError:
                time.sleep(0.2)
        raise AssertionError(f"the service did not come up: {self.log.read_text()[-2000:]}")

    def sign_in(
        self,
        name: str,
        password: str,
        source: str = "127.0.0.1",
        cookies: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, dict[str, str]]:
        """The answer's status, and the cookies that the browser has then."""
        jar = dict(cookies or {})
        page = self.ask("/dang-nhap", headers=_sent(jar) | (headers or {}), source=source)
        jar |= _given(page)
        token = re.search(r'name="csrf" content="([^"]+)"', page.text)
        form = {"name": name, "password": password, "csrf_token": token[1] if token else ""}
        answer = self.ask("/dang-nhap", form=form, headers=_sent(jar) | (headers or {}), source=source)
        return answer.status, jar | _given(answer)

    def memory(self) -> int:
        """MiB of the service and all that it started, what they share counted once (PSS)."""
        total = 0
        for pid in _tree(self.pid):
            try:
                told = Path(f"/proc/{pid}/smaps_rollup").read_text()
            except OSError:
                continue
            total += sum(int(found[1]) for found in re.finditer(r"^Pss:\s+(\d+)", told, re.MULTILINE))
        return total >> 10


def _sent(jar: dict[str, str]) -> dict[str, str]:
    return {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if jar else {}


def _given(answer: Answer) -> dict[str, str]:
    pairs = [one.split(";")[0].partition("=") for one in answer.headers.get_all("Set-Cookie") or ()]
    return {name: value for name, _, value in pairs}


def _tree(pid: int) -> list[int]:
    """A process and its descendants."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:
            continue
        for child in children:
            found += _tree(int(child))
    return found


@dataclass(frozen=True)
class Front(Service):
    """A front with TLS before it."""

    def _call(self, source: str, timeout: float) -> http.client.HTTPConnection:
        return http.client.HTTPSConnection(
            "127.0.0.1", self.port, timeout=timeout, source_address=(source, 0), context=_tls()
        )

    def connection(self, source: str = "127.0.0.1") -> socket.socket:
        return _tls().wrap_socket(super().connection(source), server_hostname="localhost")


def _tls() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def serving(settings: Settings, **more: str) -> Iterator[Service]:
    """The service on a port of its own, until the block ends; `more`: settings,
    by the names they have in the environment.
    """
    port, log = free_port(), settings.home.parent / "serve.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VANBAN_")}
    environment |= {"VANBAN_HOME": str(settings.home), **more}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(VANBAN), "serve", "--port", str(port)], env=environment, stderr=out, stdout=out
        )
        service = Service(port, process.pid, log)
        try:
            service.wait()
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(180)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
