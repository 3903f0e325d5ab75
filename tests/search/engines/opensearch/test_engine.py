"""What is asked of an OpenSearch server and understood of it: recorded exchanges, and a server that refuses.

exchanges.json comes from a real server of the version that it names (recording.py). On a server itself the table
of test_base.py runs, and test_cluster.py (`script/test --cluster`).
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from corpus.errors import Problem
from search.engines.base import IndexEntry
from search.engines.opensearch import bulk, requests
from search.engines.opensearch.connection import ClusterAccess
from search.engines.opensearch.engine import OpenSearchEngine, OpenSearchMaker
from search.tokens import syllables

from .recording import FILE, SCENARIOS, STORE, replayer

RECORDED: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
ENTRY = IndexEntry(7, 3, (syllables("Thi đua"), syllables("khen")), date="2022-04-27")
INFO = {"version": {"distribution": "opensearch", "number": "2.19.6"}}
Answer = tuple[int, dict[str, Any]]


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_was_recorded_is_asked_and_understood_again(name: str, tmp_path: Path) -> None:
    kept = RECORDED[name]
    maker = OpenSearchMaker(
        ClusterAccess(("http://127.0.0.1:9200",), replicas=0), STORE, replayer(kept["exchanges"])
    )
    assert json.loads(json.dumps(SCENARIOS[name](maker, tmp_path / "index"))) == kept["found"]


def test_the_recording_is_of_this_schema_and_of_a_server_that_is_named() -> None:
    assert RECORDED["schema"] == requests.SCHEMA_VERSION, "make it again (recording.py)"
    assert RECORDED["server"].startswith("2.19")


class Server:
    """A real HTTP server of the tests' own that answers as it is told to."""

    def __init__(self, answers: Callable[[str, str, bytes], Answer]) -> None:
        asked = self.asked = list[tuple[str, str, bytes]]()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.partition("?")[0]
                asked.append((self.command, path, body))
                status, reply = (200, INFO) if path == "/" else answers(self.command, path, body)
                data = json.dumps(reply).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data if self.command != "HEAD" else b"")

            do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = answer

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    """Starts servers."""
    made: list[Server] = []

    def start(answers: Callable[[str, str, bytes], Answer]) -> Server:
        made.append(Server(answers))
        return made[-1]

    yield start
    for one in made:
        one.stop()


def engine_on(*addresses: str, **more: Any) -> OpenSearchEngine:
    access = ClusterAccess(addresses, seconds=5.0, **more)
    return OpenSearchEngine(OpenSearchMaker(access)._client(), "vanban-a", access, alias=True)


def nobody() -> str:
    """An address that nobody listens on."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{one.getsockname()[1]}"


def refused(status: int, kind: str) -> Answer:
    return status, {"error": {"type": kind, "reason": "vì thế", "root_cause": []}, "status": status}


REFUSALS = [
    (refused(401, "security_exception"), "search_unauthorised", "a wrong password"),
    (refused(403, "security_exception"), "search_unauthorised", "an account that may not"),
    (refused(403, "cluster_block_exception"), "search_read_only", "an index that is blocked"),
    (refused(429, "cluster_block_exception"), "search_read_only", "a disk past its last watermark"),
    (refused(429, "circuit_breaking_exception"), "search_busy", "no memory left"),
    (refused(503, "cluster_manager_not_discovered_exception"), "search_partial", "two of three nodes away"),
    (refused(503, "search_phase_execution_exception"), "search_partial", "a shard without a node"),
    (refused(400, "mapper_parsing_exception"), "search_mapping", "a field of another kind"),
    (refused(400, "parsing_exception"), "search_failed", "a query that the server does not know"),
    (refused(500, "exception"), "search_failed", "a fault of the server"),
]


@pytest.mark.parametrize(("reply", "code", "why"), REFUSALS, ids=[row[2] for row in REFUSALS])
def test_each_refusal_is_a_problem_with_a_code(
    serving: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, reply: Answer, code: str, why: str
) -> None:
    monkeypatch.setattr(bulk, "_PAUSES", (0.0,))
    engine = engine_on(serving(lambda *_: reply).url)
    for act in (engine.count, lambda: engine.write([ENTRY])):
        with pytest.raises(Problem) as caught:
            act()
        assert (caught.value.code, caught.value.fault.status) == (code, 503), why


VERSIONS = [
    ({"distribution": "opensearch", "number": "1.3.20"}, False),
    ({"distribution": "opensearch", "number": "2.19.6"}, True),
    ({"distribution": "opensearch", "number": "3.1.0"}, True),
    ({"distribution": "opensearch", "number": "4.0.0"}, False),
    ({"number": "8.15.0"}, False),
]


@pytest.mark.parametrize(("version", "known"), VERSIONS, ids=[row[0]["number"] for row in VERSIONS])  # type: ignore[index]
def test_servers_of_another_make_or_version_are_named(
    serving: Callable[..., Server], monkeypatch: pytest.MonkeyPatch, version: dict[str, str], known: bool
) -> None:
    monkeypatch.setitem(INFO, "version", version)
    server = serving(lambda *_: (200, {}))
    if known:
        engine_on(server.url)
        return
    with pytest.raises(Problem) as caught:
        engine_on(server.url)
    assert caught.value.code == "search_version" and version["number"] in str(caught.value)


def test_an_address_that_is_away_is_passed_over(serving: Callable[..., Server]) -> None:
    away, there = nobody(), serving(lambda *_: (200, {"count": 5}))
    engine = engine_on(away, there.url)
    assert [engine.count() for _ in range(4)] == [5] * 4
    with pytest.raises(Problem) as caught:
        engine_on(away)
    assert caught.value.code == "search_unreachable"


def test_nodes_that_the_cluster_names_are_used_when_sniffing(serving: Callable[..., Server]) -> None:
    other = serving(lambda *_: (200, {"count": 7}))

    def answers(_method: str, path: str, _body: bytes) -> Answer:
        if path.startswith("/_nodes"):
            address = other.url.removeprefix("http://")
            roles = ["data", "ingest"]
            return 200, {"nodes": {"x": {"name": "x", "roles": roles, "http": {"publish_address": address}}}}
        return 200, {"count": 1}

    assert engine_on(serving(answers).url, sniff=True).count() == 7
    assert engine_on(serving(answers).url).count() == 1, "off, as behind a front"


def test_a_large_commit_goes_in_requests_of_bounded_size(serving: Callable[..., Server]) -> None:
    server = serving(lambda *_: (200, {"errors": False, "items": []}))
    words = syllables(" ".join(f"từ{at}" for at in range(20_000)))
    assert engine_on(server.url).write((IndexEntry(id, 1, (words,)) for id in range(40)), removed=[99]) == 40
    sizes = [len(body) for _, path, body in server.asked if path.endswith("_bulk")]
    assert len(sizes) > 2 and max(sizes) <= bulk.MOST_BYTES
    lines = b"".join(body for _, path, body in server.asked if path.endswith("_bulk")).splitlines()
    assert len(lines) == 81 and server.asked[-1][1].endswith("_refresh")


def test_only_what_a_busy_server_put_off_is_sent_again(
    serving: Callable[..., Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "_PAUSES", (0.0, 0.0))
    busy = [{"index": {"status": 201}}, {"index": {"status": 429, "error": {"type": "rejected", "reason": "đầy"}}}]
    replies = [{"errors": True, "items": busy}, {"errors": False, "items": []}]
    server = serving(lambda *_: (200, replies.pop(0)))
    assert engine_on(server.url).write([ENTRY, IndexEntry(8, 1, ())]) == 2
    sent = [body.splitlines() for _, path, body in server.asked if path.endswith("_bulk")]
    assert [len(lines) for lines in sent] == [4, 2] and sent[1] == sent[0][2:]


SETTINGS = [
    (ClusterAccess(()), "VANBAN_OPENSEARCH_URL"),
    (ClusterAccess(("cum-may:9200",)), "http://"),
    (ClusterAccess(("https://a:9200",), ca_file="/khong/co.pem"), "VANBAN_OPENSEARCH_CA_FILE"),
    (ClusterAccess(("https://a:9200",), certificate="/khong/co.pem"), "VANBAN_OPENSEARCH_CERTIFICATE"),
]


@pytest.mark.parametrize(("access", "named"), SETTINGS, ids=[row[1] for row in SETTINGS])
def test_a_setting_that_can_not_be_used_is_named(access: ClusterAccess, named: str, tmp_path: Path) -> None:
    with pytest.raises(Problem) as caught:
        OpenSearchMaker(access).create(tmp_path / "index")
    assert caught.value.code == "bad_value" and named in caught.value.message()


def test_two_stores_share_no_name(tmp_path: Path) -> None:
    one, other = (OpenSearchMaker(ClusterAccess(()), name) for name in ("0a1b2c3d4e5f", "f5e4d3c2b1a0"))
    assert one.alias != other.alias
