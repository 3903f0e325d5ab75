"""A store on a real cluster: OpenSearch, PostgreSQL, an S3 server; parts are killed while people search.

Run by `script/test --cluster`, alone by `pytest --cluster -m cluster`; figures are printed (`-s`).
VANBAN_TEST_NODES=1 leaves out what needs three nodes.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import os
import secrets
import signal
import ssl
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from sqlalchemy import create_engine, text

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store, open_store
from corpus.document import Field, Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries import indexes
from corpus.upkeep import backup
from script import cluster_run
from search.engines.opensearch import engine as opensearch_engine
from search.engines.opensearch import requests
from search.index import current, indexer
from search.results import finder
from web.services import health

pytestmark = pytest.mark.cluster
COUNT = int(os.environ.get("VANBAN_TEST_NODES", "3"))
THREADS = 4
three = pytest.mark.skipif(COUNT < 3, reason="VANBAN_TEST_NODES: needs three nodes")


@dataclass(frozen=True, slots=True)
class Parts:
    """A running cluster."""

    folder: Path
    nodes: list[cluster_run.Node]
    database: str
    s3: dict[str, str]
    s3_port: int


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    folder, nodes = tmp_path_factory.mktemp("cluster"), cluster_run.nodes(COUNT)
    ports = cluster_run.free_port(), cluster_run.free_port()
    try:
        for node in nodes:
            cluster_run.start_node(folder, node, nodes)
        database, s3 = cluster_run.start_postgresql(folder, ports[0]), cluster_run.start_s3(folder, ports[1])
        cluster_run.wait_for_nodes(nodes[0], COUNT)
        yield Parts(folder, nodes, database, s3, ports[1])
    finally:
        cluster_run.stop(folder)


def fresh(postgresql: Callable[[], str]) -> str:
    """Address of an empty database; the tests' are copies of one, so it gets a name of its own on the cluster."""
    address = postgresql()
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE store_identity SET name = :name"), {"name": secrets.token_hex(6)})
    engine.dispose()
    return address


@pytest.fixture
def settings(parts: Parts, postgresql: Callable[[], str], tmp_path: Path) -> Settings:
    """A store of its own for each test on the one cluster."""
    s3 = {name.removeprefix("VANBAN_").lower(): value for name, value in parts.s3.items()}
    prefix = hashlib.sha256(str(tmp_path).encode()).hexdigest()[:8]
    return Settings(
        _env_file=None, home=tmp_path / "one", database=fresh(postgresql), search_engine="opensearch",
        opensearch_url=",".join(node.url for node in parts.nodes), opensearch_replicas=min(1, COUNT - 1),
        **{**s3, "originals": f"s3://vanban/{prefix}"},
    )  # fmt: skip


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = open_store(settings)
    yield opened
    indexer.forget(opened)
    opened.close()


def put(store: Store, words: str) -> int:
    """A document on record, with its original in the bucket."""
    data = words.encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, "a.txt", "text/plain", len(data), "clerk", auto_accept=True)
    subject = Fields(subject=Field(words, words, 0.97, rule="test"))
    source = SourceFile("a.txt", sha256, "text/plain", 1, len(data))
    records.propose(store, receipt.document_id, Reading(source, (Page(1, "text", words),), subject))
    return receipt.document_id


@dataclass(slots=True)
class Load:
    """Searches from several threads: their times in milliseconds, and what went wrong."""

    expected: Callable[[int], bool]
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ordered = sorted(self.times)
        p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
        return f"{len(ordered)} searches, p50 {p50:.0f} ms, p95 {p95:.0f} ms, longest {ordered[-1]:.0f} ms"


@contextmanager
def searching(store: Store, expected: Callable[[int], bool]) -> Iterator[Load]:
    """People search all the while."""
    load, done = Load(expected), threading.Event()

    def ask() -> None:
        while not done.is_set():
            began = time.perf_counter()
            try:
                total = finder.find(store, "thi đua").total
                if not expected(total):
                    load.wrong.append(f"{total} found")
            except Exception as error:
                load.wrong.append(repr(error)[:300])
            load.times.append((time.perf_counter() - began) * 1000)

    threads = [threading.Thread(target=ask) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    try:
        yield load
    finally:
        done.set()
        for thread in threads:
            thread.join()


@three
@pytest.mark.parametrize("which", [0, 1, 2])
def test_any_node_is_killed_under_load_and_nobody_notices(store: Store, parts: Parts, which: int) -> None:
    for at in range(20):
        put(store, f"thi đua số {at}")
    indexer.sync(store)
    with searching(store, lambda total: 20 <= total <= 25) as load:
        time.sleep(1.0)
        cluster_run.end(parts.folder, parts.nodes[which].name, signal.SIGKILL)
        for at in range(20, 25):
            put(store, f"thi đua số {at}")
        written = indexer.sync(store)
        time.sleep(3.0)
    print(f"\nnode {which + 1} of 3 killed: {load}")
    assert load.wrong == [] and written == 5
    assert (finder.find(store, "thi đua").total, health.differing(store)) == (25, 0)
    cluster_run.start_node(parts.folder, parts.nodes[which], parts.nodes)
    began = time.monotonic()
    cluster_run.wait_for_nodes(parts.nodes[which], 3)
    print(f"node {which + 1} is back, all copies whole, after {time.monotonic() - began:.0f} s")


@three
def test_two_of_three_away_is_said_plainly_and_the_index_follows_later(store: Store, parts: Parts) -> None:
    put(store, "thi đua trước")
    indexer.sync(store)
    for node in parts.nodes[1:]:
        cluster_run.end(parts.folder, node.name, signal.SIGKILL)
    try:
        problems = _refused_sync(store)
        assert [one for one in problems if one.code not in ("search_partial", "search_unreachable")] == []
        assert indexer.follow(store) == 0, "a line in the log, and no traceback"
        assert {fault.code for fault in health.look(store).faults} & {"index_away", "index_differs"}
        kept = put(store, "thi đua khi vắng")
    finally:
        for node in parts.nodes[1:]:
            cluster_run.start_node(parts.folder, node, parts.nodes)
        cluster_run.wait_for_nodes(parts.nodes[0], 3)
    assert indexer.sync(store) >= 1
    assert kept in {hit.id for hit in finder.find(store, "khi vắng").hits}
    assert health.differing(store) == 0


def _refused_sync(store: Store) -> list[Problem]:
    """The problem of the first write that the cluster refuses; documents are taken in all the while."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        put(store, f"thi đua {time.monotonic()}")
        try:
            indexer.sync(store)
        except Problem as problem:
            print(f"\ntwo of three away: {problem.code}, {problem.facts.get('why')}")
            return [problem]
    raise AssertionError("two of three are away, and the cluster goes on writing")


def test_a_cluster_that_is_away_is_not_being_rebuilt(settings: Settings) -> None:
    away = open_store(
        settings.model_copy(update={"opensearch_url": f"http://127.0.0.1:{cluster_run.free_port()}"})
    )
    put(away, "thi đua")
    for act in (lambda: finder.find(away, "thi đua"), lambda: indexer.sync(away), lambda: indexer.rebuild(away)):
        with pytest.raises(Problem) as caught:
            act()
        assert caught.value.code == "search_unreachable"
    assert (indexer.follow(away), current.state(away).fault) == (0, "search_unreachable")
    assert "index_away" in {fault.code for fault in health.look(away).faults}
    away.close()


def test_machines_share_the_index_and_two_stores_do_not(
    store: Store, settings: Settings, postgresql: Callable[[], str], tmp_path: Path
) -> None:
    put(store, "thi đua một")
    assert indexer.sync(store) == 1
    other = open_store(settings.model_copy(update={"home": tmp_path / "two"}))
    assert finder.find(other, "thi đua").total == 1, "a new machine finds at once what others have indexed"
    put(other, "thi đua hai")
    assert (indexer.sync(other), finder.find(store, "thi đua").total, indexer.sync(store)) == (1, 2, 0)
    assert [one.machine for one in indexes.marks(store)] == [""]
    stranger = open_store(
        settings.model_copy(update={"home": tmp_path / "x" / "one", "database": fresh(postgresql)})
    )
    put(stranger, "thi đua của kho khác")
    indexer.sync(stranger)
    assert (finder.find(stranger, "thi đua").total, finder.find(store, "thi đua").total) == (1, 2)
    for one in (other, stranger):
        indexer.forget(one)
        one.close()


def test_an_index_is_built_anew_and_swapped_while_people_search(store: Store) -> None:
    for at in range(30):
        put(store, f"thi đua số {at}")
    indexer.sync(store)
    with searching(store, lambda total: total == 30) as load:
        for _ in range(3):
            assert indexer.rebuild(store) == 30
    print(f"\nthree times rebuilt: {load}")
    assert load.wrong == []
    held = opensearch_engine.OpenSearchMaker._indices(_maker(store), _maker(store)._client())
    assert len(held) == 1, "nothing of the earlier ones is left"


def _maker(store: Store) -> opensearch_engine.OpenSearchMaker:
    made = current.maker(store, "opensearch")
    assert isinstance(made, opensearch_engine.OpenSearchMaker)
    return made


def test_two_versions_with_other_schemas_go_on_side_by_side(
    store: Store, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(store, "thi đua một")
    indexer.sync(store)
    old = finder.usable(store)
    later = open_store(settings.model_copy(update={"home": tmp_path / "two"}))
    with monkeypatch.context() as changed:
        changed.setattr(requests, "SCHEMA_VERSION", "vanban-0123456789ab")
        changed.setattr(requests, "TEMPLATE_NAME", "vanban-0123456789ab")
        changed.setattr(requests, "TEMPLATE", {**requests.TEMPLATE, "index_patterns": ["vanban-0123456789ab-*"]})
        with searching_engine(old[1]) as wrong:
            assert indexer.sync(later) == 1 and finder.find(later, "thi đua").total == 1
        put(later, "thi đua hai")
        assert indexer.sync(later) == 1
        assert len(_maker(later).others()) == 1
        indexer.forget(later)
    assert wrong == []
    assert (indexer.sync(store), finder.find(store, "thi đua").total) == (1, 2)
    assert len(indexes.marks(store)) == 2, "each version knows what its index has"
    later.close()


@contextmanager
def searching_engine(engine: object) -> Iterator[list[str]]:
    wrong: list[str] = []
    done = threading.Event()

    def ask() -> None:
        while not done.is_set():
            if engine.count() != 1:  # type: ignore[attr-defined]
                wrong.append("count")

    thread = threading.Thread(target=ask)
    thread.start()
    yield wrong
    done.set()
    thread.join()


def test_pages_beyond_ten_thousand_join(store: Store) -> None:
    from search.engines.base import IndexEntry, Plan, Term
    from search.tokens import syllables

    indexer.rebuild(store)
    engine = finder.usable(store)[1]
    words = (syllables("thi đua"),)
    began = time.monotonic()
    assert engine.write(IndexEntry(id, 1, words) for id in range(1, 20_001)) == 20_000
    print(f"\n20,000 short documents written in {time.monotonic() - began:.0f} s")
    plan = Plan(Term("fold", "thi"))
    found = [id for at in (9_900, 9_990, 14_995) for id, _ in engine.search(plan, limit=10, offset=at).top]
    assert len(set(found)) == 30 and engine.search(plan, limit=10, offset=25_000).top == ()
    assert len(engine.revisions()) == 20_000


def test_s3_is_away_and_back_and_a_purge_needs_no_versions(store: Store, parts: Parts) -> None:
    put(store, "thi đua trước")
    cluster_run.end(parts.folder, "s3", signal.SIGKILL)
    began = time.monotonic()
    with pytest.raises(Problem) as caught:
        put(store, "thi đua khi S3 vắng")
    print(f"\nS3 away: refused after {time.monotonic() - began:.1f} s")
    assert caught.value.code == "originals_unreachable"
    cluster_run.start_s3(parts.folder, parts.s3_port)
    kept = put(store, "thi đua khi S3 vắng")
    with store.db.reading() as session:
        sha256 = session.get_one(current.Document, kept).sha256
    assert content_store.original_path(store, sha256).read_bytes() == "thi đua khi S3 vắng".encode()
    records.classify(store, kept, "mật", "admin")
    assert not any(sha256 in name for name in _objects(parts)), "s3proxy keeps no versions"


def _objects(parts: Parts) -> list[str]:
    return [path.name for path in (parts.folder / "s3").rglob("*") if path.is_file()]


def test_postgresql_is_restarted_while_people_search(settings: Settings, parts: Parts) -> None:
    own = settings.model_copy(update={"database": parts.database})
    store = open_store(own)
    put(store, "thi đua")
    indexer.sync(store)
    port = int(parts.database.rsplit(":", 1)[1].split("/")[0])
    began = time.monotonic()
    cluster_run.stop_postgresql(parts.folder, "immediate")
    cluster_run.start_postgresql(parts.folder, port)
    print(f"\nPostgreSQL restarted in {time.monotonic() - began:.1f} s")
    assert finder.find(store, "thi đua").total == 1, "connections that broke are made again"
    put(store, "thi đua sau")
    assert (indexer.sync(store), finder.find(store, "thi đua").total) == (1, 2)
    indexer.forget(store)
    store.close()


def test_the_whole_is_backed_up_and_restored_beside_the_first(
    store: Store, settings: Settings, postgresql: Callable[[], str], tmp_path: Path
) -> None:
    for at in range(5):
        put(store, f"thi đua số {at}")
    indexer.sync(store)
    backup.backup(store, tmp_path / "whole.tar")
    elsewhere = settings.model_copy(
        update={
            "home": tmp_path / "drill",
            "database": fresh(postgresql),
            "originals": f"{settings.originals}-drill",
        }
    )
    assert backup.restore(elsewhere, tmp_path / "whole.tar").documents == 5
    drill = open_store(elsewhere)
    assert indexer.rebuild(drill) == 5
    assert finder.find(drill, "thi đua").total == 5 and health.differing(drill) == 0
    put(drill, "thi đua chỉ ở kho thử")
    indexer.sync(drill)
    assert (finder.find(drill, "thi đua").total, finder.find(store, "thi đua").total) == (6, 5)
    assert indexes.store_name(drill) != indexes.store_name(store)
    indexer.forget(drill)
    drill.close()


def test_tls_and_a_password(settings: Settings, parts: Parts, tmp_path: Path) -> None:
    with front(parts.nodes[0].url, tmp_path, "kho", "mat-khau") as address:
        right = {
            "opensearch_url": address,
            "opensearch_user": "kho",
            "opensearch_ca_file": str(tmp_path / "ca.pem"),
        }
        told = [
            ({"opensearch_password": "mat-khau"}, ""),
            ({"opensearch_password": "sai"}, "search_unauthorised"),
            ({"opensearch_password": "mat-khau", "opensearch_ca_file": ""}, "search_unreachable"),
        ]
        for more, code in told:
            given = {**right, **more}
            store = open_store(Settings(_env_file=None, **{**_plain(settings), **given}))  # type: ignore[arg-type]
            if not code:
                put(store, "thi đua")
            try:
                indexer.sync(store)
                found = "" if finder.find(store, "thi đua").total == 1 else "nothing"
            except Problem as problem:
                found = problem.code
            assert found == code, more
            indexer.forget(store)
            store.close()


def _plain(settings: Settings) -> dict[str, object]:
    names = ("home", "database", "search_engine", "opensearch_replicas")
    return {name: getattr(settings, name) for name in names}


@contextmanager
def front(target: str, folder: Path, user: str, password: str) -> Iterator[str]:
    """A front with TLS and a password before a node, as a cluster with the security plugin has."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(folder / "key.pem"),
         "-out", str(folder / "ca.pem")], check=True, capture_output=True,
    )  # fmt: skip
    wanted = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    class Front(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def passed(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            status, reply, kind = 401, b'{"error": "Unauthorized"}', "application/json"
            if self.headers.get("Authorization") == wanted:
                behind = http.client.HTTPConnection(str(urlsplit(target).netloc))
                behind.request(
                    self.command, self.path, body, {"Content-Type": self.headers.get("Content-Type", kind)}
                )
                answer = behind.getresponse()
                status, reply = answer.status, answer.read()
                behind.close()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            self.wfile.write(reply)

        do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = passed

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Front)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "ca.pem", folder / "key.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
