"""Every way in which a document is written keeps its seal,
and none seals over a change behind the program's back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from corpus import audit, records
from corpus.audit import trail_check
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.document import Field, Fields, Page, Reading, SourceFile, Warning
from corpus.errors import Problem
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store
from tests.corpus.audit.test_record_seals import document, found, tamper
from tests.scenes import Scenes

GROUP, ONE = "Nhóm A", 1
CHANGED = "UPDATE documents SET signer = 'Trần B' WHERE id = 1"


@dataclass(frozen=True, slots=True)
class Write:
    """One way in which document 1 is written, after what brings it there."""

    name: str
    act: Callable[[Store], object]
    before: Callable[[Store], object] = lambda _store: None


def _send(store: Store, *groups: str, auto_accept: bool = False) -> object:
    data = b"5/KH-SYT"
    content_store.put_original(store, data)
    sha256 = _sha256(store)
    return records.receive(
        store, sha256, "b.txt", "text/plain", len(data), "lan", limited_to=groups, auto_accept=auto_accept
    )


def _sha256(store: Store) -> str:
    with store.db.reading() as session:
        return session.get_one(Document, ONE).sha256


def _reading(store: Store, subject: str = "Tiêm chủng", *, unread: bool = False) -> Reading:
    source = SourceFile("a.txt", _sha256(store), "text/plain", 1, 8)
    fields = Fields(
        number=Field("5/KH-SYT", "5/KH-SYT", 0.9, page=1), subject=Field(subject, subject, 0.9, page=1)
    )
    warnings = (Warning("page_unreadable", "Trang 1 không đọc được.", 1),) if unread else ()
    return Reading(source, (Page(1, "text", "" if unread else "Số: 5/KH-SYT"),), fields, warnings=warnings)


def _again(store: Store) -> object:
    return records.retry(store, ONE, "lan")


def _read_again(store: Store, *, unread: bool = False) -> None:
    lease = records.claim(store, "w")
    while lease is not None and lease.document_id != ONE:
        lease = records.claim(store, "w")
    assert lease is not None
    records.propose(store, ONE, _reading(store, "Khác", unread=unread), lease)


def _refuse_again(store: Store, code: str) -> None:
    lease = records.claim(store, "w")
    assert lease is not None and lease.document_id == ONE
    records.refuse(store, ONE, Problem(code, name="a.txt", mark="MẬT"), lease)


def _withdraw(store: Store) -> None:
    records.withdraw(store, ONE, "nhầm", "lan")


def _withdrawn_and_queued(store: Store) -> None:
    _withdraw(store)
    _again(store)


def _classify(store: Store) -> None:
    records.classify(store, ONE, "dấu MẬT", "lan")


def _overrule(store: Store) -> None:
    content_store.put_original(store, b"5/KH-SYT")
    records.overrule_mark(store, ONE, "a.txt", "không có dấu", "lan")


def _undo(store: Store) -> None:
    records.undo(store, ONE, None, "lan", None, confirm=ASKED)


def _correct(store: Store) -> None:
    records.correct(store, ONE, {"place": "Hà Tiên"}, "lan", None)


def _strand(store: Store) -> None:
    _withdrawn_and_queued(store)
    tamper(store, "DELETE FROM jobs WHERE document_id = 1")


def _poison(store: Store) -> None:
    _withdrawn_and_queued(store)
    tamper(store, "UPDATE jobs SET attempts = 99 WHERE document_id = 1 AND state = 'queued'")


def _index(store: Store) -> None:
    records.mark_index(store, "k", "whoosh", "", "", 99)
    records.mark_verified(store, [ONE, 3], {2: "missing"})


WRITES = [
    Write("limit", lambda s: records.limit(s, ONE, [GROUP], "admin")),
    Write("limit lifted", lambda s: records.limit(s, ONE, [], "admin"), lambda s: records.limit(s, ONE, [GROUP],
    "admin")),
    Write("sent again: a duplicate", _send),
    Write("sent again after a withdrawal", _send, _withdraw),
    Write("sent again after a withdrawal, to be accepted", lambda s: _send(s, auto_accept=True), _withdraw),
    Write("sent again after a withdrawal, with a limit", lambda s: _send(s, GROUP), _withdraw),
    Write("correct", _correct),
    Write("correct all", lambda s: records.correct_all(s, [ONE, 2, 3], {"place": "Hà Tiên"}, "lan")),
    Write("undo of a correction", _undo, _correct),
    Write("undo of an acceptance", _undo),
    Write("accept", lambda s: records.accept(s, ONE, {}, "lan", None, confirm=ASKED), _undo),
    Write("withdraw", _withdraw),
    Write("reinstate", lambda s: records.reinstate(s, ONE, "lan"), _withdraw),
    Write("settle a citation", lambda s: records.settle_citation(s, 1, 2, "lan")),
    Write("settle a conflict", lambda s: records.settle_conflict(s, ONE, "f" * 16, "gõ nhầm", "lan")),
    Write("asked to be read again", _again),
    Write("asked to be read again, a page", lambda s: records.retry(s, ONE, "lan", 1)),
    Write("read again", _read_again, _again),
    Write("read again, kept: a page is lost", lambda s: _read_again(s, unread=True), _again),
    Write("read again, kept: it failed", lambda s: _refuse_again(s, "reader_timeout"), _again),
    Write("read again: a mark is seen", lambda s: _refuse_again(s, "classified"), _again),
    Write("queued after a withdrawal", _again, _withdraw),
    Write("refused after a withdrawal", lambda s: _refuse_again(s, "truncated"), _withdrawn_and_queued),
    Write("claimed", lambda s: records.claim(s, "w"), _withdrawn_and_queued),
    Write("without a job", lambda s: records.requeue_stranded(s), _strand),
    Write("its readers died", lambda s: records.claim(s, "w"), _poison),
    Write("a person says it is classified", _classify),
    Write("a mark overruled", _overrule, _classify),
    Write("index and fixity marks", _index),
    Write("a view", lambda s: records.note(s, "lan", "view", ONE)),
    Write("a purge taken up again", records.purge_pending),
]  # fmt: skip


@pytest.fixture
def office(store: Store, scenes: Scenes) -> Store:
    """Three documents on record, and a group."""
    return scenes.of(store, "three_documents", _three_documents)


def _three_documents(store: Store) -> None:
    for number in ("5/KH-SYT", "6/KH-SYT", "7/KH-SYT"):
        document(store, number)
    records.add_group(store, GROUP, "admin")


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_the_seals_fit_after_each_write(office: Store, write: Write) -> None:
    write.before(office)
    write.act(office)
    assert found(office) == []
    with office.db.reading() as session:
        assert audit.verify(session) == []


@pytest.mark.parametrize("write", WRITES, ids=lambda write: write.name)
def test_no_write_seals_a_change_over(office: Store, write: Write) -> None:
    """Somebody changed the record in the database before: it is told after the write as it was before it."""
    write.before(office)
    tamper(office, CHANGED)
    assert found(office) == [("record_changed", ONE)]
    write.act(office)
    told = [fault.code for fault in trail_check.check(office).faults if fault.document == ONE]
    assert told in (["record_changed"], ["record_changed_before"]), (
        "the row of the write says so, or carries no seal"
    )
