"""What docs/operations.md promises when the machine fails: a locked database, a broken Tesseract,
a clock set back.
"""

from __future__ import annotations

import io
import os
import secrets
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image, ImageDraw, ImageFont
from sqlalchemy import func, select, text, update

from corpus import audit, records
from corpus.access import accounts
from corpus.config import Settings
from corpus.database import connection as database
from corpus.database.account_tables import User
from corpus.database.connection import WRITERS_LOCK
from corpus.database.models import AuditRow, Document, Job
from corpus.database.store import Store, open_store
from corpus.document import Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.lifecycle import holds
from corpus.originals import content_store
from ingest.pipeline import read_safely
from ingest.worker import reader_process, supervisor
from web import access
from web.access import passwords
from web.app import create_app

PLAN = "SỞ Y TẾ TỈNH KIÊN GIANG\nSố: 31/KH-SYT\nKế hoạch thi đua năm 2022".encode()


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of an empty store on either database; nobody waits long."""
    address = request.getfixturevalue("postgresql")() if request.param == "postgresql" else ""
    return Settings(_env_file=None, home=tmp_path / "home", database=address, database_seconds=0.3)


@contextmanager
def _signed_in(settings: Settings) -> Iterator[tuple[Store, FlaskClient, dict[str, str]]]:
    """A store, a clerk's program, and its headers."""
    store = open_store(settings)
    user = records.add_user(store, "lan", "clerk", passwords.hash_password("mot-mat-khau-dai"))
    token = "vb_" + secrets.token_urlsafe(16)
    records.add_token(store, user, access.token_hash(token), "thử", True, "lan")
    app = create_app(settings)
    app.testing = False
    yield store, app.test_client(), {"Authorization": f"Bearer {token}"}
    app.extensions["vanban_store"].close()
    store.close()


@contextmanager
def _locked(store: Store) -> Iterator[None]:
    """Another program holds the lock that every writer needs, for as long as the block runs."""
    with store.db.engine.connect() as connection:
        if store.db.is_sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITERS_LOCK})
        yield
        connection.exec_driver_sql("ROLLBACK")


def _send(client: FlaskClient, headers: dict[str, str]) -> Any:
    return client.post("/api/documents", data={"file": (io.BytesIO(PLAN), "31.txt")}, headers=headers)


def test_a_locked_database_is_said_to_be_busy_and_nothing_is_lost(anywhere: Settings) -> None:
    with _signed_in(anywhere) as (store, client, headers):
        with _locked(store):
            answer = _send(client, headers)
            assert (answer.status_code, answer.json["code"]) == (503, "store_busy")
            assert answer.headers["Retry-After"] == "10"
            assert client.get("/api/documents", headers=headers).status_code == 200, "who only reads goes on"
            assert list((store.originals / ".staging").iterdir()) == []
        assert _send(client, headers).json["files"][0]["status"] == "queued"
        assert _send(client, headers).json["files"][0]["status"] == "duplicate"
        with store.db.reading() as session:
            assert session.scalar(select(func.count()).select_from(Document)) == 1
            assert audit.verify(session) == []


def test_a_worker_waits_for_a_locked_database_and_goes_on(anywhere: Settings) -> None:
    with _signed_in(anywhere) as (store, client, headers):
        _send(client, headers)
        lease = records.claim(store, "hand")
        assert lease is not None
        with _locked(store):
            reader_process.do(store, lease, _read_plain)
        assert len(_open_jobs(store)) == 1, "what could not be written down is tried again"
        _make_due(store)
        again = records.claim(store, "other hand")
        assert again is not None
        reader_process.do(store, again, _read_plain)
        assert _open_jobs(store) == [] and _status(store) == ["review"]


def _read_plain(path: Path, name: str, settings: Settings, /, **_: Any) -> Reading:
    source = SourceFile(name, "0" * 64, "text/plain", 1, 1)
    return Reading(source, (Page(1, "text", path.read_text()),), Fields())


def _make_due(store: Store) -> None:
    """Time goes by: leases and delays are over."""
    records.expire_leases(store, lambda _: True)
    with store.db.writing() as session:
        session.execute(update(Job).values(run_at=datetime(2020, 1, 1)))


def _open_jobs(store: Store) -> list[str]:
    with store.db.reading() as session:
        return list(session.scalars(select(Job.state).where(Job.state.in_(("queued", "running")))))


def _status(store: Store) -> list[str]:
    with store.db.reading() as session:
        return list(session.scalars(select(Document.status)))


# A broken Tesseract.

ASKED = """#!/bin/sh
case "$*" in
  *--list-langs*) printf 'List of available languages (1):\\nvie\\n'; exit 0;;
  *--version*) printf 'tesseract 5.3.0\\n'; exit 0;;
esac
for one in "$@"; do case "$one" in /*) last="$one";; esac; done
"""
BROKEN: list[tuple[str, str]] = [
    ("hangs and does not end when told to", "trap '' TERM; sleep 300 & sleep 300"),
    ("crashes", "kill -SEGV $$"),
    ("fails", "echo 'Error opening data file' >&2; exit 1"),
    ("says nothing and is content", "exit 0"),
    ("prints noise", "head -c 5000 /dev/urandom > \"$2.tsv\""),
    ("prints a table of nonsense",
     r"""printf '5\t1\tx\ty\tz\t1\tnan\tinf\t-5\tabc\tq\t31/KH-SYT\n' > "$2.tsv" """),
    ("prints boxes off the page",
     r"""printf '5\t1\t1\t1\t1\t1\t-99999\t99999999\t1\t1\t96\tS\303\255:31/KH\n' > "$2.tsv" """),
    ("prints a table cut off in the middle",
     r"""printf 'level\tpage_num\tblock_num\n5\t1\t1\t1\t1\t1\t10\t20' > "$2.tsv" """),
]  # fmt: skip


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    """A page of print."""
    page = Image.new("L", (1240, 1754), 250)
    font = ImageFont.truetype("DejaVuSerif.ttf", 30)
    for at in range(8):
        ImageDraw.Draw(page).text((120, 120 + 60 * at), "Số: 31/KH-SYT thi đua khen thưởng", fill=10, font=font)
    page.save(tmp_path / "quet.png")
    return tmp_path / "quet.png"


def _instead(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> None:
    """A program of that name before the real one on the path."""
    program = folder / "bin" / "tesseract"
    program.parent.mkdir()
    program.write_text(f"{ASKED}{does}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")


def _processes_of(folder: Path) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and str(folder).encode() in (entry / "cmdline").read_bytes():
                found.append(entry.name)
        except OSError:
            continue
    return found


@pytest.mark.parametrize(("what", "does"), BROKEN, ids=[row[0] for row in BROKEN])
def test_a_tesseract_that_is_broken_costs_words_and_never_a_wrong_number(
    what: str, does: str, scan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    _instead(monkeypatch, tmp_path, does)
    settings = Settings(
        _env_file=None, home=tmp_path / "home", ocr_engine="pytesseract", page_seconds=1, child_wall_seconds=120
    )
    reading = read_safely(scan, "quet.png", settings)
    number = reading.fields.number
    assert number is None or number.review, "nothing goes on record unseen"
    assert len(reading.pages) == 1 and {one.code for one in reading.warnings} & {
        "page_unreadable", "number_missing", "low_confidence", "page_blank",
    }  # fmt: skip
    assert _processes_of(tmp_path / "bin") == [], "no process is left behind"


def test_a_missing_tesseract_keeps_uploads_waiting_until_it_is_there(
    scan: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "home", ocr_engine="pytesseract")
    store = open_store(settings)
    data = scan.read_bytes()
    sha256 = content_store.put_original(store, data)
    records.receive(store, sha256, "quet.png", "image/png", len(data), "lan")
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))
        supervisor.run(store, once=True, read=read_safely)
    assert _status(store) == ["queued"], "neither refused nor failed"
    with store.db.reading() as session:
        job = session.scalars(select(Job)).one()
        assert (job.state, job.error, job.attempts) == ("queued", "ocr_missing", 0)
    store.close()


# A clock that is set back.


@pytest.fixture
def set_back(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """Sets the clock of everything of ours back by an hour."""
    real = database.utc_now

    def earlier() -> datetime:
        return real() - timedelta(hours=1)

    def turn() -> None:
        for module in list(sys.modules.values()):
            if getattr(module, "utc_now", None) is real:
                monkeypatch.setattr(module, "utc_now", earlier)

    return turn


def _waiting(store: Store) -> int:
    data = secrets.token_bytes(20)
    receipt = records.receive(store, content_store.put_original(store, data), "a.txt", "text/plain", 20, "lan")
    return receipt.document_id


def test_a_job_is_read_once_though_the_clock_was_set_back_meanwhile(
    store: Store, set_back: Callable[[], None]
) -> None:
    document_id = _waiting(store)
    first = records.claim(store, "a")
    assert first is not None
    set_back()
    second = records.claim(store, "b")
    assert second is not None, "a lease an hour ahead holds nobody up"
    reading = Reading(SourceFile("a.txt", "0" * 64, "text/plain", 1, 20), (Page(1, "text", "a"),), Fields())
    assert not records.heartbeat(store, first)
    assert records.propose(store, document_id, reading, first) is None
    assert records.propose(store, document_id, reading, second) == "review"
    with store.db.reading() as session:
        assert session.scalar(select(func.count()).where(AuditRow.action == "read")) == 1
    later = _waiting(store)
    assert records.claim(store, "c").document_id == later  # type: ignore[union-attr]


def test_the_trail_is_whole_and_in_order_though_its_clock_was_set_back(
    store: Store, set_back: Callable[[], None]
) -> None:
    records.note(store, "lan", "view", 1)
    set_back()
    records.note(store, "lan", "view", 2)
    with store.db.reading() as session:
        rows = session.scalars(select(AuditRow).order_by(AuditRow.id)).all()
        assert [row.document_id for row in rows] == [1, 2] and rows[1].at < rows[0].at
        assert audit.verify(session) == []


def test_sessions_last_and_end_though_the_clock_was_set_back(store: Store, set_back: Callable[[], None]) -> None:
    user = records.add_user(store, "lan", "clerk", "-")
    records.start_session(store, user, "t", lifetime=timedelta(hours=12))
    set_back()
    records.start_session(store, user, "u")
    with store.db.reading() as session:
        assert all(accounts.user_of_session(session, token) is not None for token in ("t", "u"))
    records.end_session(store, "t", "lan")
    with store.db.reading() as session:
        assert accounts.user_of_session(session, "t") is None
        assert session.get_one(User, user).active


def test_tries_to_sign_in_are_still_counted_after_the_clock_was_set_back(
    store: Store, set_back: Callable[[], None]
) -> None:
    for _ in range(3):
        records.begin_attempt(store, "lan", "10.0.0.1")
    set_back()
    records.begin_attempt(store, "lan", "10.0.0.1")
    records.begin_attempt(store, "lan", "10.0.0.1")
    with pytest.raises(Problem) as caught:
        records.begin_attempt(store, "lan", "10.0.0.1")
    assert caught.value.code == "too_many_attempts", "five failures, two of them in a past that is still to come"


def test_a_document_that_was_open_at_the_desk_is_offered_again(store: Store, set_back: Callable[[], None]) -> None:
    document_id = _waiting(store)
    lease = records.claim(store, "a")
    reading = Reading(SourceFile("a.txt", "0" * 64, "text/plain", 1, 20), (Page(1, "text", "a"),), Fields())
    records.propose(store, document_id, reading, lease)
    assert records.hold_next(store, "lan") == document_id
    assert records.hold_next(store, "hoa") is None
    set_back()
    assert records.hold_next(store, "hoa") == document_id
    with store.db.reading() as session:
        assert holds.held(session)[document_id][0] == "hoa"
