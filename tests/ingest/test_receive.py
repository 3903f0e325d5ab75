"""The door: what comes in is kept once and whole, what is refused leaves nothing behind."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from sqlalchemy import func, select

from corpus import audit
from corpus.config import Settings
from corpus.database.models import AuditRow, Document, Job
from corpus.database.store import Store, open_store
from corpus.originals import content_store
from ingest import receive

TERMS = receive.UploadOptions("tester")
TEXT = "Số: 31/KH-STTTT\n\nKiên Giang, ngày 27 tháng 4 năm 2022\n".encode()


def take(store: Store, data: bytes, name: str) -> list[receive.Outcome]:
    return receive.take(store, io.BytesIO(data), name, TERMS)


def count(store: Store, table: type) -> int:
    with store.db.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def leftovers(store: Store) -> list[Path]:
    """Files of the store that are neither originals at their address nor the database or the trail's seals."""
    return [
        path
        for path in store.settings.home.rglob("*")
        if path.is_file()
        and not path.name.startswith("vanban.sqlite3")
        and path != audit.seal_file(store.settings)
        and path.name != path.parent.name + path.name[2:]
    ]


def test_a_file_is_kept_whole_with_its_row_its_job_and_its_trail(store: Store) -> None:
    [outcome] = take(store, TEXT, "a.txt")
    assert outcome.receipt is not None and outcome.receipt.status == "queued"
    with store.db.reading() as session:
        document = session.get_one(Document, outcome.receipt.document_id)
        assert content_store.original_path(store, document.sha256).read_bytes() == TEXT
        assert (document.name, document.size, document.media_type) == ("a.txt", len(TEXT), "text/plain")
    assert count(store, Job) == 1 and count(store, AuditRow) == 1


def test_more_than_one_block_comes_in_unchanged(store: Store) -> None:
    data = TEXT * 40_000
    [outcome] = take(store, data, "dai.txt")
    assert outcome.receipt is not None
    with store.db.reading() as session:
        sha256 = session.get_one(Document, outcome.receipt.document_id).sha256
    assert content_store.original_path(store, sha256).read_bytes() == data


def test_the_same_bytes_twice_are_one_document(store: Store) -> None:
    first, second = take(store, TEXT, "a.txt")[0].receipt, take(store, TEXT, "b.txt")[0].receipt
    assert first is not None and second is not None
    assert (second.status, second.document_id) == ("duplicate", first.document_id)
    assert count(store, Document) == 1


@pytest.mark.parametrize(
    ("data", "name", "code"),
    [
        (b"", "rong.pdf", "empty_file"),
        (b"MZ\x90\x00" + bytes(400), "phan-mem.exe", "unknown_type"),
        (b"%PDF-1.7\n", "anh.png", "type_mismatch"),
    ],
)
def test_what_is_refused_leaves_nothing(store: Store, data: bytes, name: str, code: str) -> None:
    [outcome] = take(store, data, name)
    assert outcome.receipt is None and outcome.problem is not None
    assert outcome.problem.code == code and name in outcome.problem.message()
    assert count(store, Document) == 0 and leftovers(store) == []


def test_a_file_over_the_limit_is_refused_while_it_streams(settings: Settings) -> None:
    store = open_store(settings.model_copy(update={"max_upload_bytes": 100_000}))
    [outcome] = take(store, TEXT * 5000, "dai.txt")
    assert outcome.problem is not None and outcome.problem.code == "too_large"
    assert count(store, Document) == 0 and leftovers(store) == []


def test_each_member_of_a_zip_gets_its_own_outcome(store: Store) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mot.txt", TEXT)
        archive.writestr("thu muc/hai.txt", TEXT + b"2")
        archive.writestr("rong.txt", b"")
    outcomes = take(store, packed.getvalue(), "goi.zip")
    assert [o.problem.code if o.problem else "taken" for o in outcomes] == ["taken", "taken", "empty_file"]
    assert count(store, Document) == 2 and leftovers(store) == []
