"""`vanban check`: it finds each thing that can be wrong, says it in one line,
and puts right what can be put right.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from corpus import records
from corpus.config import Settings
from corpus.database import migrations
from corpus.database.connection import Database
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.upkeep import fixity
from search.index import indexer
from web.cli import vanban
from web.services import health


def run(store: Store, *args: str) -> Result:
    return CliRunner().invoke(vanban, args, env={"VANBAN_HOME": str(store.settings.home)})


def codes(store: Store) -> set[str]:
    return {fault.code for fault in health.look(store).faults}


def raw(store: Store, statement: str) -> None:
    """What somebody with the database's password may do behind the program's back."""
    with store.db.engine.execution_options(vanban_writes=True).begin() as connection:
        connection.execute(text(statement))


def original(store: Store, document_id: int) -> Path:
    with store.db.reading() as session:
        return content_store.address(store, session.get_one(Document, document_id).sha256)


def change_original(store: Store) -> None:
    path = original(store, 1)
    path.chmod(0o600)
    path.write_bytes(b"X" + path.read_bytes()[1:])


def leave_an_original_without_a_row(store: Store) -> None:
    path = content_store.address(store, content_store.put_original(store, "Số: 8/KH-SYT".encode()))
    os.utime(path, (time.time() - 7200,) * 2)


def lose_a_job(store: Store) -> None:
    sha256 = content_store.put_original(store, b"%PDF-1.7 x")
    receipt = records.receive(store, sha256, "x.pdf", "application/pdf", 10, "lan")
    raw(store, f"DELETE FROM jobs WHERE document_id = {receipt.document_id}")


def leave_secret_bytes(store: Store) -> None:
    """As a crash between the tombstone and the removal of the bytes leaves it."""
    data = b"%PDF-1.7 mat"
    receipt = records.receive(
        store, content_store.put_original(store, data), "m.pdf", "application/pdf", len(data), "lan"
    )
    records.refuse(store, receipt.document_id, Problem("classified", name="m.pdf", mark="MẬT"))
    content_store.put_original(store, data)


def break_the_index(store: Store) -> None:
    indexer.forget(store)
    (store.index_folder / "current").write_text("{")


FAULTS: list[tuple[str, Callable[[Store], Any], bool]] = [
    # code, what brings it about, whether --repair puts it right
    ("original_missing", lambda store: original(store, 1).unlink(), False),
    ("original_changed", change_original, False),
    ("original_unknown", leave_an_original_without_a_row, True),
    ("stranded", lose_a_job, True),
    ("purge_pending", leave_secret_bytes, True),
    ("index_unusable", break_the_index, True),
    ("index_differs", lambda store: records.correct(store, 1, {"subject": "Sửa"}, "lan", None), True),
    ("audit_broken", lambda store: raw(store, "UPDATE audit SET actor = 'ai đó' WHERE id = 2"), False),
    ("record_broken", lambda store: raw(store, "UPDATE documents SET signer = 'ai đó' WHERE id = 2"), False),
    ("schema_old", lambda store: raw(store, "DELETE FROM alembic_version"), False),
]


@pytest.mark.parametrize(("code", "spoil", "_repaired"), FAULTS, ids=[row[0] for row in FAULTS])
def test_each_fault_is_found_and_said_in_one_line(
    code: str, spoil: Callable[[Store], Any], _repaired: bool, filled: Store
) -> None:
    assert codes(filled) == set()
    spoil(filled)
    answer = run(filled, "check")
    assert answer.exit_code == 1, answer.output
    vi, _ = health.SENTENCES[code]
    lines = answer.stdout.splitlines()
    assert len(lines) == 1 and lines[0].startswith(vi.partition("{")[0])
    told = json.loads(run(filled, "check", "--json").stdout)
    assert [one["code"] for one in told["faults"]] == [code] and told["ok"] is False


@pytest.mark.parametrize(
    ("spoil", "code"), [(row[1], row[0]) for row in FAULTS if row[2]], ids=[row[0] for row in FAULTS if row[2]]
)
def test_repair_puts_right_what_the_store_knows_how(
    spoil: Callable[[Store], Any], code: str, filled: Store
) -> None:
    spoil(filled)
    answer = run(filled, "check", "--repair")
    assert answer.exit_code == 0, answer.output
    indexer.forget(filled)
    assert codes(filled) == set()


def test_what_can_not_be_put_right_stays_a_fault(filled: Store) -> None:
    original(filled, 1).unlink()
    answer = run(filled, "check", "--repair")
    assert answer.exit_code == 1 and "sao lưu" in answer.stdout


def test_a_store_of_the_first_schema_is_told_and_upgraded(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, home=tmp_path / "old")
    settings.home.mkdir()
    db = Database(settings.database_url)
    migrations.upgrade(db, to="0001")
    store = Store(settings, db)
    assert [fault.code for fault in health.look(store).faults] == ["schema_old"]
    assert run(store, "check").exit_code == 1 and migrations.version(db) == "0001"
    answer = run(store, "upgrade")
    assert answer.exit_code == 0 and migrations.version(db) == migrations.HEAD, answer.output
    assert run(store, "check").exit_code == 0


def test_an_upload_that_is_just_coming_in_is_no_fault(filled: Store) -> None:
    content_store.put_original(filled, b"%PDF-1.7 y")
    assert codes(filled) == set()


def test_a_missing_tesseract_is_a_fault(filled: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("TESSDATA_PREFIX", str(tmp_path))
    settings = filled.settings.model_copy(update={"ocr_engine": "pytesseract"})
    assert codes(Store(settings, filled.db)) == {"ocr_missing"}


def test_no_store_is_made_by_looking_for_one(tmp_path: Path) -> None:
    home = tmp_path / "none"
    answer = CliRunner().invoke(vanban, ["check"], env={"VANBAN_HOME": str(home)})
    assert isinstance(answer.exception, Problem) and answer.exception.code == "store_missing"
    assert not home.exists()


def test_another_engine_is_advised_for_a_large_store(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert health.look(filled).advice == ("seal_at_home",), "the store's own folder holds its seals, without a key"
    monkeypatch.setattr(health, "MANY", 3)
    indexer.rebuild(filled, "whoosh")
    assert health.look(filled).advice == ("engine_slow", "seal_at_home"), "a person asked for it"
    answer = run(filled, "check")
    assert answer.exit_code == 0 and "Tantivy" in answer.stderr


def test_it_tells_how_many_documents_wait_to_be_segmented(filled: Store) -> None:
    waiting = health.look(filled).waiting
    answer = run(filled, "check", "--json")
    assert waiting > 0 and json.loads(answer.stdout)["compounds_waiting"] == waiting
    assert run(filled, "work", "--once", "-j", "1").exit_code == 0
    assert health.look(filled).waiting == 0 and codes(filled) == set()


def test_what_was_compared_is_due_again_only_after_the_cycle(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert fixity.due(filled, 10) == [], "what has just come in was hashed on its way"
    raw(filled, "UPDATE documents SET received_at = '2020-01-01 00:00:00'")
    due = fixity.due(filled, 2)
    assert [number for number, _ in due] == [1, 2]
    health.note(filled, fixity.look_at(filled, due))
    assert [number for number, _ in fixity.due(filled, 10)] == [3, 4]


def test_a_changed_original_leaves_a_row_in_the_trail(filled: Store) -> None:
    change_original(filled)
    run(filled, "check")
    with filled.db.reading() as session:
        rows = session.execute(text("SELECT document_id FROM audit WHERE action = 'original_faulty'")).all()
    assert [row[0] for row in rows] == [1]


def test_backup_and_restore_from_the_command_line(filled: Store, tmp_path: Path) -> None:
    archive, home = tmp_path / "kho.tar", tmp_path / "moi"
    assert run(filled, "backup", str(archive)).exit_code == 0
    other = Store(Settings(_env_file=None, home=home), filled.db)
    answer = run(other, "restore", str(archive))
    assert answer.exit_code == 0, answer.output
    assert run(other, "check").exit_code == 0
    found = json.loads(run(other, "search", "31/KH-UBND", "--json").stdout)
    assert found["total"] == 1
    open_store(other.settings).close()
