"""`vanban serve` as it really runs, in processes of its own, and clients that talk to it over plain sockets."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from collections.abc import Iterator
from dataclasses import dataclass
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
        timeout: float = 60,
    ) -> http.client.HTTPResponse:
        """One request from an address of this machine; the answer is read whole into `.text`."""
        call = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout, source_address=(source, 0))
        data = urlencode(form).encode() if form is not None else body
        sent = dict(headers or {})
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        call.request(method or ("POST" if data is not None else "GET"), path, data, sent)
        answer = call.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")  # type: ignore[attr-defined]
        call.close()
        return answer

    def sign_in(
        self, name: str, password: str, source: str = "127.0.0.1", cookies: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str]]:
        """The answer's status, and the cookies that the browser has then."""
        jar = dict(cookies or {})
        page = self.ask("/dang-nhap", headers=_sent(jar), source=source)
        jar |= _given(page)
        token = re.search(r'name="csrf" content="([^"]+)"', page.text)  # type: ignore[attr-defined]
        form = {"name": name, "password": password, "csrf_token": token[1] if token else ""}
        answer = self.ask("/dang-nhap", form=form, headers=_sent(jar), source=source)
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


def _given(answer: http.client.HTTPResponse) -> dict[str, str]:
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


@contextmanager
def serving(settings: Settings, **more: str) -> Iterator[Service]:
    """The service on a port of its own, until the block ends; `more`: settings, by the names they have in the environment."""
    port, log = free_port(), settings.home.parent / "serve.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("VANBAN_")}
    environment |= {"VANBAN_HOME": str(settings.home), **more}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(VANBAN), "serve", "--port", str(port)], env=environment, stderr=out, stdout=out
        )
        service = Service(port, process.pid, log)
        try:
            _wait(service, process)
            yield service
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(service: Service, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until and process.poll() is None:
        try:
            if service.ask("/healthz", timeout=5).status == 200:
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"the service did not come up: {service.log.read_text()[-2000:]}")
