"""Limits of what is sent in: bytes that were here before, groups that aren't the sender's,
files that nobody sent.
"""

from __future__ import annotations

import io
import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import records
from corpus.access import groups
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.document import Field, Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.lifecycle import intake
from corpus.originals import content_store
from ingest import receive as reception
from ingest.worker import supervisor
from search.index import indexer
from search.results import finder
from web.cli import vanban
from web.services import health

SignIn = Callable[[str], FlaskClient]
Post = Callable[..., Any]
A, B = "Nhóm A", "Nhóm B"
PAPER = "Số: 8/KH-SYT\nViệc ngoclambian của sở".encode()


@pytest.fixture
def two(filled: Store) -> Store:
    """Two groups, a clerk in each, one in none (`clerk`)."""
    for name, member in ((A, "in-a"), (B, "in-b")):
        records.add_group(filled, name, "admin")
        records.add_user(filled, member, "clerk", "-")
        records.join_group(filled, name, member, "admin")
    return filled


def held(store: Store, data: bytes = PAPER) -> Document | None:
    with store.db.reading() as session:
        return session.scalars(select(Document).where(Document.sha256 == _hash(data))).first()


def _hash(data: bytes) -> str:
    import hashlib

    return hashlib.sha256(data).hexdigest()


def bring(store: Store, state: str, limited_to: tuple[str, ...]) -> Document:
    """The paper in this state, limited so."""
    sha256 = content_store.put_original(store, PAPER)
    receipt = records.receive(store, sha256, "a.txt", "text/plain", len(PAPER), "x", limited_to=limited_to)
    if state in ("review", "withdrawn"):
        source = SourceFile("a.txt", sha256, "text/plain", 1, len(PAPER))
        subject = Field("Việc ngoclambian", "Việc ngoclambian", 0.99, page=1)
        reading = Reading(source, (Page(1, "text", PAPER.decode()),), Fields(subject=subject))
        records.propose(store, receipt.document_id, reading)
    if state == "withdrawn":
        records.withdraw(store, receipt.document_id, "phải giới hạn", "x")
    if state == "failed":
        records.refuse(store, receipt.document_id, Problem("reader_crashed", name="a.txt"))
    if state == "refused":
        records.refuse(store, receipt.document_id, Problem("truncated", name="a.txt"))
    indexer.sync(store)
    found = held(store)
    assert found is not None and found.status == state
    return found


def limits(session: Session, document: Document) -> tuple[bool, tuple[str, ...]]:
    return session.get_one(Document, document.id).limited, groups.names_of(session, document.id)


# Who sends the paper again, with which limit → what he hears, and how it stands afterwards.
AGAIN: list[tuple[str, tuple[str, ...], str, tuple[str, ...], str, str, tuple[str, ...], str]] = [
    ("withdrawn", (), "in-a", (A,), "queued", "queued", (A,), "to limit is why it was withdrawn"),
    ("failed", (), "in-a", (A,), "queued", "queued", (A,), "read again, for those only"),
    ("refused", (), "in-a", (A,), "queued", "queued", (A,), "read again, for those only"),
    ("withdrawn", (A,), "in-a", (), "queued", "queued", (A,), "a limit never falls off"),
    ("withdrawn", (A,), "in-a", (A,), "queued", "queued", (A,), "the same limit"),
    ("withdrawn", (), "in-a", (), "queued", "queued", (), "as before"),
    ("withdrawn", (A,), "in-b", (), "duplicate", "withdrawn", (A,), "hidden: nothing is changed by a stranger"),
    ("withdrawn", (A,), "in-b", (B,), "duplicate", "withdrawn", (A,),
     "hidden: not even by one with a limit of his own"),
    ("failed", (A,), "clerk", (), "duplicate", "failed", (A,), "hidden: it isn't read again for a stranger"),
    ("refused", (A,), "in-b", (), "duplicate", "refused", (A,), "hidden"),
    ("review", (A,), "in-b", (B,), "duplicate", "review", (A,), "hidden: nor told that its limit is another"),
    ("review", (), "in-a", (A,), "limit_differs", "review", (), "he would believe that only A sees it"),
    ("queued", (), "in-a", (A,), "limit_differs", "queued", (), "as long as it waits too"),
    ("review", (A,), "in-a", (A,), "duplicate", "review", (A,), "the same limit"),
    ("review", (A,), "in-a", (), "duplicate", "review", (A,), "no limit asked: the stricter stays"),
    ("review", (A, B), "in-a", (A,), "limit_differs", "review", (A, B), "wider than he asks for"),
    ("review", (A,), "admin", (B,), "limit_differs", "review", (A,), "another one than he asks for"),
    ("withdrawn", (A,), "admin", (B,), "queued", "queued", (B,), "he hands out all groups"),
]  # fmt: skip
IDS = [f"{row[0]} {'+'.join(row[1]) or 'open'}: {row[2]} for {'+'.join(row[3]) or 'all'}" for row in AGAIN]


@pytest.mark.parametrize("way", ["page", "api"])
@pytest.mark.parametrize(("state", "was", "sender", "to", "told", "then", "now", "reason"), AGAIN, ids=IDS)
def test_sent_again(
    way: str, state: str, was: tuple[str, ...], sender: str, to: tuple[str, ...], told: str, then: str,
    now: tuple[str, ...], reason: str, two: Store, sign_in: SignIn, post: Post,
) -> None:  # fmt: skip
    document = bring(two, state, was)
    client = sign_in(sender)
    form = {"file": (io.BytesIO(PAPER), "b.txt"), "group": list(to)}
    path = "/tai-len" if way == "page" else "/api/documents"
    more: dict[str, Any] = {"content_type": "multipart/form-data"}
    if way == "page":
        csrf = client.get("/dang-nhap").text.split('name="csrf" content="')[1].split('"')[0]
        answer = client.post(path, data=form, headers={"X-CSRFToken": csrf, "X-Vanban": "1"}, **more)
    else:
        answer = post(client, path, form, **more)
    one = answer.json["files"][0]
    hidden = bool(was) and sender != "admin" and sender[-1].upper() not in {name[-1] for name in was}
    assert (one["code"] or one["status"]) == told, reason
    assert one["document"] == (None if hidden else document.id), reason
    if told == "limit_differs":
        assert "Giới hạn người xem" in one["message"] and one["url"] == f"/van-ban/{document.id}"
    with two.db.reading() as session:
        assert session.get_one(Document, document.id).status == then, reason
        assert limits(session, document) == (bool(now), now), reason
    assert content_store.has_original(two, document.sha256)


@pytest.mark.parametrize(("state", "code", "then"), [("withdrawn", "", (A,)), ("review", "limit_differs", ())])
def test_the_command_limits_what_was_here_before_too(
    state: str, code: str, then: tuple[str, ...], two: Store
) -> None:
    document = bring(two, state, ())
    folder = two.settings.home.parent / "in"
    folder.mkdir()
    (folder / "b.txt").write_bytes(PAPER)
    env = {"VANBAN_HOME": str(two.settings.home)}
    answer = CliRunner().invoke(vanban, ["ingest", "--json", "--group", A, "-j", "1", str(folder)], env=env)
    line = json.loads(answer.stdout.splitlines()[-1])
    assert (line["code"] or "", answer.exit_code) == (code, int(bool(code))), answer.output
    with two.db.reading() as session:
        assert limits(session, document) == (bool(then), then)


GROUPS = [
    ("in-a", B, "not his"),
    ("clerk", A, "he is of none"),
    ("in-a", "Nhóm Ă", "mistyped"),
    ("admin", "không có", "there is no such group"),
]


@pytest.mark.parametrize(("sender", "group", "reason"), GROUPS, ids=[row[2] for row in GROUPS])
@pytest.mark.parametrize("packed", [False, True], ids=["alone", "in a ZIP"])
def test_a_file_for_a_group_that_isnt_the_senders_leaves_no_byte(
    packed: bool, sender: str, group: str, reason: str, two: Store, sign_in: SignIn, post: Post
) -> None:
    data = _zip(PAPER) if packed else PAPER
    name = "b.zip" if packed else "b.txt"
    before = set(content_store.all_originals(two))
    form = {"file": (io.BytesIO(data), name), "group": group}
    answer = post(sign_in(sender), "/api/documents", form, content_type="multipart/form-data")
    assert (answer.status_code, answer.json["files"][0]["code"]) == (422, "not_found"), reason
    assert set(content_store.all_originals(two)) == before and held(two) is None
    assert _words_on_disk(two) == []


def test_a_group_that_ends_while_the_file_comes_in_leaves_no_byte(
    two: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The groups are looked at before the first byte and again with the row; between the two this one goes."""
    put = content_store.put_original

    def slow(*args: Any, **more: Any) -> str:
        sha256 = put(*args, **more)
        records.remove_group(two, A, "admin")
        return sha256

    monkeypatch.setattr(reception.content_store, "put_original", slow)
    [outcome] = reception.take(two, io.BytesIO(PAPER), "a.txt", reception.UploadOptions("admin", limited_to=(A,)))
    assert outcome.problem is not None and outcome.problem.code == "not_found"
    assert held(two) is None and not content_store.has_original(two, _hash(PAPER))


def test_bytes_that_another_senders_refusal_takes_out_are_asked_for_again(
    two: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two send the same bytes; the first is refused and drops them just before the second one's row is there."""
    receive = intake.receive

    def late(*args: Any, **more: Any) -> Any:
        content_store.remove_original(two, _hash(PAPER))
        return receive(*args, **more)

    with monkeypatch.context() as forced:
        forced.setattr(intake, "receive", late)
        with pytest.raises(Problem) as caught:
            reception.take(two, io.BytesIO(PAPER), "a.txt", reception.UploadOptions("clerk"))
    assert caught.value.code == "store_busy"
    [outcome] = reception.take(two, io.BytesIO(PAPER), "a.txt", reception.UploadOptions("clerk"))
    assert outcome.receipt is not None and content_store.has_original(two, _hash(PAPER))
    supervisor.run(two, once=True)
    document = held(two)
    assert document is not None and document.status == "review"


def test_bytes_of_another_document_stay_when_a_sender_is_refused(two: Store) -> None:
    document = bring(two, "review", ())
    assert not records.drop_unclaimed(two, document.sha256) and content_store.has_original(two, document.sha256)


def test_an_original_that_nobody_sent_is_for_administrators_until_one_of_them_says_who_sees_it(
    two: Store, sign_in: SignIn, post: Post
) -> None:
    path = content_store.address(two, content_store.put_original(two, PAPER))
    os.utime(path, (time.time() - 7200,) * 2)
    health.repair(two, health.look(two))
    document = held(two)
    assert document is not None and (document.limited, document.status) == (True, "queued")
    supervisor.run(two, once=True)
    indexer.sync(two)
    assert finder.find(two, "ngoclambian").total == 0 and finder.find(two, "ngoclambian", viewer=None).total == 1
    for caller in ("reader", "clerk", "in-a", "auditor"):
        assert sign_in(caller).get(f"/van-ban/{document.id}").status_code == 404, caller
    page = sign_in("admin").get(f"/van-ban/{document.id}", follow_redirects=True).text
    assert "Chỉ quản trị thấy" in page and f"/van-ban/{document.id}/gioi-han" in page
    assert post(sign_in("admin"), f"/van-ban/{document.id}/gioi-han", {"group": A}).status_code == 303
    assert sign_in("in-a").get(f"/van-ban/{document.id}", follow_redirects=True).status_code == 200
    assert sign_in("clerk").get(f"/van-ban/{document.id}").status_code == 404
    post(sign_in("admin"), f"/van-ban/{document.id}/gioi-han", {})
    assert sign_in("clerk").get(f"/van-ban/{document.id}", follow_redirects=True).status_code == 200


def test_an_original_that_nobody_sent_goes_through_the_gate(two: Store) -> None:
    secret = "TUYỆT MẬT\n\nỦY BAN NHÂN DÂN TỈNH KIÊN GIANG\nSố: 8/KH-UBND\nngoclambian".encode()
    path = content_store.address(two, content_store.put_original(two, secret))
    os.utime(path, (time.time() - 7200,) * 2)
    health.repair(two, health.look(two))
    supervisor.run(two, once=True)
    document = held(two, secret)
    assert (
        document is not None
        and intake.is_classified(document)
        and not content_store.has_original(two, _hash(secret))
    )


@pytest.mark.parametrize("role", ["reader", "in-a", "auditor", "admin"])
def test_the_page_of_a_document_whose_limit_was_set_and_lifted_opens(
    role: str, two: Store, sign_in: SignIn
) -> None:
    """Its history tells the limits in words; the history of the API stays one of fields."""
    records.correct(two, 1, {"place": "Rạch Giá"}, "clerk", None)
    records.add_user(two, "mem", "clerk", "-")
    for member in (*(("mem", role) if role in ("reader", "auditor") else ("mem",)),):
        records.join_group(two, A, member, "admin")
    desk = role in ("in-a", "admin")
    staff = desk or role == "auditor"
    for to, line in (
        ((A,), "<del>Mọi người</del> → <ins>Nhóm A</ins>"),
        ((), "<del>Nhóm A</del> → <ins>Mọi người</ins>"),
    ):
        records.limit(two, 1, to, "admin")
        answer = sign_in(role).get("/van-ban/1", follow_redirects=True)
        assert answer.status_code == 200 and (line in answer.text) == staff
        assert answer.text.count("/hoan-tac/") == int(desk), "a limit is not undone as a correction is"
        if staff:
            told = sign_in(role).get("/api/documents/1/history").json["history"]
            assert [one["action"] for one in told] == ["correct"] and isinstance(told[0]["before"], dict)
    with two.db.reading() as session:
        row = session.scalars(select(AuditRow.id).where(AuditRow.action == "limit")).first()
    with pytest.raises(Problem) as caught:
        records.undo(two, 1, row or 0, "clerk", None)
    assert caught.value.code == "not_found"


def _zip(data: bytes) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("b.txt", data)
    return out.getvalue()


def _words_on_disk(store: Store) -> list[Path]:
    every = (path for path in store.settings.home.rglob("*") if path.is_file())
    return [path for path in every if b"ngoclambian" in path.read_bytes()]
