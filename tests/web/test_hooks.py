"""Hooks: what goes on record reaches the address and the command, signed, at least once, and nothing else does."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from sqlalchemy import update

from corpus import records
from corpus.config import Settings
from corpus.database.connection import utc_now
from corpus.database.hook_tables import HookDelivery
from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.records.hooks import MOST_ATTEMPTS
from tests.web.conftest import PLAN, WAITING, document
from web.hooks import deliver, payload

SECRET = b"mot bi mat du dai cho chu ky"


@dataclass
class Listener:
    """A server that keeps what it is sent and answers as it was asked to."""

    address: str = ""
    status: int = 204
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)


@pytest.fixture
def listener() -> Iterator[Listener]:
    heard = Listener()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["Content-Length"]))
            heard.got.append((self.path, dict(self.headers), sent))
            self.send_response(heard.status)
            if heard.status == 302:
                self.send_header("Location", f"{heard.address}/elsewhere")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    heard.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield heard
    server.shutdown()
    server.server_close()


def with_settings(store: Store, **more: object) -> Store:
    return replace(store, settings=store.settings.model_copy(update=more))


@pytest.fixture
def hooked(filled: Store, listener: Listener, tmp_path: Path) -> Store:
    """A store that tells the listener; its trail up to now is not delivered."""
    secret = tmp_path / "secret"
    secret.write_bytes(SECRET + b"\n")
    found = with_settings(filled, hook_url=f"{listener.address}/vao?k=1", hook_secret_file=str(secret))
    assert records.gather_hooks(found, "url") == 0
    return found


def accept(store: Store) -> None:
    records.correct(store, WAITING, {"number": "98/KH-UBND", "signer_name": "Nguyễn Văn A"}, "clerk", None)
    records.accept(store, WAITING, {}, "clerk", None)


def run(store: Store, target: str = "url") -> list[tuple[int, str]]:
    """One round of the command: documents and the states of their deliveries."""
    records.gather_hooks(store, target)
    found = []
    while (done := deliver.next_delivery(store, target)) is not None:
        found.append((done.taken.document_id, done.state))
    return found


def due_now(store: Store) -> None:
    with store.db.writing() as session:
        session.execute(update(HookDelivery).values(at=utc_now() - timedelta(seconds=1)))


def test_a_document_that_goes_on_record_is_told_once_with_its_evidence(hooked: Store, listener: Listener) -> None:
    accept(hooked)
    assert run(hooked) == [(WAITING, "done")] and run(hooked) == []
    (path, headers, sent), = listener.got  # fmt: skip
    told = json.loads(sent)
    assert path == "/vao?k=1" and headers["X-Vanban-Delivery"] == str(told["delivery"])
    assert (told["event"], told["by"], told["document"]["number"]) == ("accepted", "clerk", "98/KH-UBND")
    number = told["document"]["fields"]["date"]
    assert number["boxes"] == [[0.1, 0.1, 0.5, 0.13]] and number["confidence"] == 0.97 and number["page"] == 1


def test_the_signature_is_of_time_and_body(hooked: Store, listener: Listener) -> None:
    accept(hooked)
    run(hooked)
    _, headers, sent = listener.got[0]
    parts = dict(part.split("=", 1) for part in headers[payload.SIGNATURE].split(","))
    expected = hmac.new(SECRET, f"{parts['t']}.".encode() + sent, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(parts["v1"], expected)


def test_what_goes_on_record_by_itself_is_told_too(hooked: Store, listener: Listener) -> None:
    made = document(hooked, "45/KH-UBND", "2022-05-27", "Việc khác")
    assert run(hooked) == [(made, "done")]
    assert json.loads(listener.got[0][2])["document"]["number"] == "45/KH-UBND"


def limit(store: Store) -> None:
    records.add_group(store, "Tổ", "admin")
    records.limit(store, WAITING, ["Tổ"], "admin")


NOT_TOLD = [
    ("limited to a group", limit),
    ("withdrawn meanwhile", lambda store: records.withdraw(store, WAITING, "nhầm", "clerk")),
    ("taken back to the queue", lambda store: records.undo(store, WAITING, None, "clerk", None)),
    ("purged meanwhile", lambda store: records.classify(store, WAITING, "dấu ở góc", "clerk")),
]  # fmt: skip


@pytest.mark.parametrize(("case", "act"), NOT_TOLD, ids=[case for case, _ in NOT_TOLD])
def test_nobody_is_told_of_what_is_not_for_all(case: str, act: object, hooked: Store, listener: Listener) -> None:
    accept(hooked)
    records.gather_hooks(hooked, "url")
    act(hooked)  # type: ignore[operator]
    assert run(hooked)[0] == (WAITING, "done") and listener.got == [], case


@pytest.mark.parametrize(
    ("status", "why"), [(500, "a fault there"), (302, "it points elsewhere"), (404, "no such place")]
)
def test_a_failure_is_tried_again_later(status: int, why: str, hooked: Store, listener: Listener) -> None:
    accept(hooked)
    listener.status = status
    assert run(hooked) == [(WAITING, "waiting")] and len(listener.got) == 1, why
    assert run(hooked) == [], "not at once"
    listener.status = 200
    due_now(hooked)
    assert run(hooked) == [(WAITING, "done")]
    assert listener.got[0][1]["X-Vanban-Delivery"] == listener.got[1][1]["X-Vanban-Delivery"]


def test_after_many_attempts_it_is_given_up_with_a_row_and_can_be_sent_again(
    hooked: Store, listener: Listener
) -> None:
    accept(hooked)
    listener.status = 500
    states = []
    for _ in range(MOST_ATTEMPTS):
        states += [state for _, state in run(hooked)]
        due_now(hooked)
    assert states == ["waiting"] * (MOST_ATTEMPTS - 1) + ["given_up"] and run(hooked) == []
    with hooked.db.reading() as session:
        row = session.query(AuditRow).filter(AuditRow.action == "hook_failed").one()
        assert (row.document_id, row.detail["reason"]) == (WAITING, "HTTP 500")
    listener.status = 200
    assert records.retry_hooks(hooked) == 1 and run(hooked) == [(WAITING, "done")]


def test_a_delivery_is_taken_by_one_process_until_its_time_is_over(hooked: Store) -> None:
    accept(hooked)
    records.gather_hooks(hooked, "url")
    assert records.take_hook(hooked, "url") is not None
    assert records.take_hook(hooked, "url") is None
    due_now(hooked)
    again = records.take_hook(hooked, "url")
    assert again is not None and again.attempts == 2


@pytest.mark.parametrize(
    ("command", "state", "why"),
    [
        ("tee {out}", "done", "gets the JSON on its standard input"),
        ("false", "waiting", "an exit code is a failure"),
        ("/khong/co", "waiting", "no such program"),
        ("'", "waiting", "no command line"),
    ],
)
def test_the_command(command: str, state: str, why: str, filled: Store, tmp_path: Path) -> None:
    out = tmp_path / "out.json"
    store = with_settings(filled, hook_command=command.format(out=out))
    records.gather_hooks(store, "command")
    accept(store)
    assert run(store, "command") == [(WAITING, state)], why
    assert out.exists() is (state == "done")
    if state == "done":
        assert json.loads(out.read_text("utf-8"))["document"]["id"] == WAITING


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "khong phai", "http://127.0.0.1:1/", "http://[::1/"])
def test_an_address_that_is_none_is_a_failure(address: str, hooked: Store) -> None:
    accept(hooked)
    assert run(with_settings(hooked, hook_url=address)) == [(WAITING, "waiting")]


@pytest.mark.parametrize(("content", "code"), [(b"ngan", "hook_secret_unusable"), (None, "hook_secret_unusable")])
def test_a_secret_that_cannot_be_used_stops_before_anything_is_sent(
    content: bytes | None, code: str, hooked: Store, listener: Listener, tmp_path: Path
) -> None:
    secret = tmp_path / "other"
    if content is not None:
        secret.write_bytes(content)
    accept(hooked)
    with pytest.raises(Problem) as raised:
        run(with_settings(hooked, hook_secret_file=str(secret)))
    assert raised.value.code == code and listener.got == []


def test_without_a_target_there_is_nobody_to_tell(settings: Settings) -> None:
    with pytest.raises(Problem) as raised:
        deliver.targets(settings)
    assert raised.value.code == "hook_missing"


def test_what_was_on_record_before_is_not_told(hooked: Store, listener: Listener) -> None:
    assert run(hooked) == [] and listener.got == []
    records.correct(hooked, PLAN, {"subject": "Việc đã sửa"}, "clerk", None)
    assert run(hooked) == [], "a correction is no acceptance"
