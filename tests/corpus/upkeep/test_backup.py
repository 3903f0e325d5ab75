"""Backups: what went in comes out, on either database; nothing is restored from an archive that is not whole."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from corpus import audit, records
from corpus.audit import trail_check
from corpus.config import Settings, office_head, office_weights
from corpus.database import migrations
from corpus.database.account_tables import User
from corpus.database.models import AuditRow, CitationRow, Compounds, Document, PageText
from corpus.database.store import Store, open_store
from corpus.document import Citation, Field, Fields, Page, Reading, SourceFile
from corpus.errors import Problem
from corpus.lifecycle.doubts import ASKED
from corpus.originals import content_store
from corpus.queue import compounds
from corpus.upkeep import backup, fixity
from tests.scenes import Scenes


def _document(store: Store, number: int) -> int:
    data = f"văn bản {number}".encode()
    sha256 = content_store.put_original(store, data)
    receipt = records.receive(store, sha256, f"{number}.txt", "text/plain", len(data), "lan")
    source = SourceFile(f"{number}.txt", sha256, "text/plain", 1, len(data))
    fields = Fields(number=Field(f"{number}/KH-SYT", f"{number}/KH-SYT", 1.0))
    cites = (Citation("Kế hoạch số 1/KH-SYT", "implements", "Kế hoạch", "1/KH-SYT"),) if number > 1 else ()
    records.propose(
        store, receipt.document_id, Reading(source, (Page(1, "text", f"Trang {number}"),), fields, cites)
    )
    return receipt.document_id


@pytest.fixture
def filled(store: Store, scenes: Scenes) -> Store:
    return scenes.of(store, "backed_up", _fill)


def _fill(store: Store) -> None:
    for number in range(1, 6):
        _document(store, number)
    records.add_user(store, "lan", "clerk", "x" * 20)
    records.accept(store, 1, {"subject": "Đã xem"}, "lan", None, confirm=ASKED)
    _segment(store, 2)


def _segment(store: Store, most: int) -> None:
    lease = records.claim_segmenting(store, "a", most)
    assert lease is not None
    with store.db.reading() as session:
        waiting = compounds.waiting(session, lease.args["documents"])
    assert records.keep_compounds(store, lease, [(one, "văn_bản") for one in waiting])


@pytest.fixture
def archive(filled: Store, tmp_path: Path) -> Path:
    path = tmp_path / "sao-luu.tar"
    assert backup.backup(filled, path) == backup.Summary(5, 5)
    return path


def _empty(tmp_path: Path) -> Settings:
    return Settings(_env_file=None, home=tmp_path / "other")


def _rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store.db.reading() as session:
        return {
            model.__tablename__: [
                tuple(row)
                for row in session.execute(select(*model.__table__.c).order_by(*model.__table__.primary_key))
            ]
            for model in (Document, PageText, Compounds, CitationRow, User, AuditRow)
        }


def _same(left: Store, right: Store) -> bool:
    return _rows(left) == _rows(right)


def test_what_went_in_comes_out_in_an_empty_store(filled: Store, archive: Path, tmp_path: Path) -> None:
    assert backup.restore(_empty(tmp_path), archive) == backup.Summary(5, 5)
    other = open_store(_empty(tmp_path))
    assert _same(filled, other)
    assert {one.state for one in fixity.compare_all(other)} == {"sound"}
    with other.db.reading() as session:
        assert audit.verify(session) == []
    assert trail_check.check(other).faults == (), "seals and sealed records come along"
    other.close()


def test_what_was_kept_on_one_database_is_restored_on_the_other(
    filled: Store, archive: Path, tmp_path: Path, postgresql: Callable[[], str]
) -> None:
    other = Settings(_env_file=None, home=tmp_path / "other", database=postgresql() if filled.db.is_sqlite else "")
    backup.restore(other, archive)
    opened = open_store(other)
    assert _same(filled, opened)
    assert _document(opened, 9) == 6, "numbering goes on after the highest"
    opened.close()


def test_it_goes_on_after_a_restore_as_before(archive: Path, tmp_path: Path) -> None:
    backup.restore(_empty(tmp_path), archive)
    store = open_store(_empty(tmp_path))
    records.correct(store, 1, {"subject": "Sửa sau khi phục hồi"}, "lan", None)
    again = content_store.put_original(store, b"v\xc4\x83n b\xe1\xba\xa3n 1")
    assert records.receive(store, again, "1.txt", "text/plain", 11, "lan").status == "duplicate"
    store.close()


def test_a_store_of_the_first_schema_comes_out_as_one_of_this_version(archive: Path, tmp_path: Path) -> None:
    def older(name: str, data: bytes) -> bytes:
        import gzip

        if name != "tables/documents.jsonl.gz":
            return data
        rows = [json.loads(line) for line in gzip.decompress(data).splitlines()]
        kept = [
            json.dumps(
                {key: value for key, value in row.items() if key not in ("verified_at", "change")}
                | {"indexed_revision": row["revision"]}
            )
            for row in rows
        ]
        return gzip.compress("".join(line + "\n" for line in kept).encode())

    old = tmp_path / "old.tar"
    _rewritten(archive, old, older, schema="0001")
    assert backup.restore(_empty(tmp_path), old).documents == 5
    store = open_store(_empty(tmp_path))
    assert migrations.version(store.db) == migrations.HEAD
    assert len(_rows(store)["documents"]) == 5
    with store.db.reading() as session:
        assert compounds.count_waiting(session) == 5, "what was kept before there were compounds waits for them"
    store.close()


def test_nothing_is_put_into_a_store_that_holds_anything(filled: Store, archive: Path) -> None:
    before = _rows(filled)
    with pytest.raises(Problem) as caught:
        backup.restore(filled.settings, archive)
    assert caught.value.code == "store_not_empty" and _rows(filled) == before


def test_an_original_that_is_gone_is_told_and_the_rest_is_kept(filled: Store, tmp_path: Path) -> None:
    with filled.db.reading() as session:
        sha256 = session.get_one(Document, 3).sha256
    content_store.remove_original(filled, sha256)
    path = tmp_path / "b.tar"
    assert backup.backup(filled, path) == backup.Summary(5, 4, (sha256,))
    assert backup.restore(_empty(tmp_path), path) == backup.Summary(5, 4, (sha256,))


def test_what_is_purged_is_neither_carried_away_nor_counted(filled: Store, tmp_path: Path) -> None:
    records.classify(filled, 3, "dấu MẬT", "lan")
    with filled.db.reading() as session:
        sha256 = session.get_one(Document, 3).sha256
    path = tmp_path / "b.tar"
    assert backup.backup(filled, path) == backup.Summary(5, 4)
    assert content_store.put_original(filled, "văn bản 3".encode()) == sha256, "as if the purge had been cut short"
    assert backup.backup(filled, path) == backup.Summary(5, 4)
    with tarfile.open(path) as archive:
        assert f"originals/{sha256}" not in archive.getnames()
    assert backup.restore(_empty(tmp_path), path) == backup.Summary(5, 4)


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_a_backup_is_for_its_owner_alone_whatever_the_umask(umask: int, filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    (tmp_path / "b.tar.part").write_bytes(b"left by a backup that was killed, open to all")
    (tmp_path / "b.tar.part").chmod(0o666)
    before = os.umask(umask)
    try:
        backup.backup(filled, path)
    finally:
        os.umask(before)
    assert path.stat().st_mode & 0o777 == 0o600


def test_uploads_go_on_while_a_backup_is_taken(filled: Store, tmp_path: Path) -> None:
    """The archive holds one moment: each of its documents with its pages, its job and its original."""
    stop = threading.Event()
    sent: list[int] = []

    def upload() -> None:
        while not stop.is_set():
            sent.append(_document(filled, 100 + len(sent)))

    thread = threading.Thread(target=upload)
    thread.start()
    try:
        paths = [tmp_path / f"{n}.tar" for n in range(4)]
        summaries = [backup.backup(filled, path) for path in paths]
    finally:
        stop.set()
        thread.join()
    assert sent and all(one.missing == () for one in summaries)
    for n, (path, summary) in enumerate(zip(paths, summaries, strict=True)):
        settings = Settings(_env_file=None, home=tmp_path / f"home{n}")
        assert backup.restore(settings, path) == summary
        store = open_store(settings)
        rows = _rows(store)
        assert [row[0] for row in rows["documents"]] == list(range(1, summary.documents + 1))
        with store.db.reading() as session:
            assert audit.verify(session) == []
        store.close()


def _rewritten(
    source: Path, target: Path, change: Callable[[str, bytes], bytes | None], schema: str | None = None
) -> None:
    """The archive with members changed (None leaves one out) and the manifest made to agree."""
    with tarfile.open(source) as archive:
        members = {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]
    manifest = json.loads(members.pop("manifest.json"))
    changed = {name: data for name in members if (data := change(name, members[name])) is not None}
    manifest["members"] = {name: hashlib.sha256(data).hexdigest() for name, data in changed.items()}
    manifest["schema"] = schema or manifest["schema"]
    _write(target, {**changed, "manifest.json": json.dumps(manifest).encode()})


def _write(target: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(target, "w") as archive:
        for name, data in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))


def _members(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as archive:
        return {m.name: archive.extractfile(m).read() for m in archive}  # type: ignore[union-attr]


BROKEN: list[tuple[str, Callable[[Path], None]]] = [
    ("empty", lambda path: path.write_bytes(b"") and None),
    ("no archive at all", lambda path: path.write_bytes(b"x" * 5000) and None),
    ("cut in the middle", lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]) and None),
    ("cut before the manifest", lambda path: _write(path, {n: d for n,
     d in _members(path).items() if n != "manifest.json"})),
    ("a manifest that is no JSON", lambda path: _write(path, {**_members(path), "manifest.json": b"{"})),
    ("a manifest without its parts", lambda path: _write(path, {**_members(path), "manifest.json": b"{}"})),
    ("a table's bytes turned", lambda path: _write(path,
     {n: (d[:-9] + bytes([d[-9] ^ 1]) + d[-8:] if n.startswith("tables/d") else d) for n,
         d in _members(path).items()})),
    ("an original's bytes turned", lambda path: _write(path,
     {n: (b"X" + d[1:] if n.startswith("originals") else d) for n, d in _members(path).items()})),
    ("a member too many", lambda path: _write(path, {"originals/" + "0" * 64: b"x", **_members(path)})),
    ("a member that is missing", lambda path: _write(path, dict(list(_members(path).items())[1:]))),
    ("a path that leads out", lambda path: _write(path, {"originals/../../out": b"x", **_members(path)})),
    ("an absolute path", lambda path: _write(path, {"/tmp/out": b"x", **_members(path)})),
]  # fmt: skip


@pytest.mark.parametrize(("name", "spoil"), BROKEN, ids=[name for name, _ in BROKEN])
def test_what_is_not_whole_is_refused_and_leaves_the_store_empty(
    name: str, spoil: Callable[[Path], None], archive: Path, tmp_path: Path
) -> None:
    spoil(archive)
    with pytest.raises(Problem) as caught:
        backup.restore(_empty(tmp_path), archive)
    assert caught.value.code == "bad_backup"
    store = open_store(_empty(tmp_path))
    assert list(content_store.all_originals(store)) == [] and _rows(store)["documents"] == []
    assert not (tmp_path / "out").exists()
    store.close()


def test_every_cut_is_noticed(archive: Path, tmp_path: Path) -> None:
    """A copy that broke off anywhere is never taken for a whole one."""
    whole = archive.read_bytes()
    end = whole.rindex(b"manifest.json")
    for at in [*range(0, end, max(end // 12, 1)), end]:
        archive.write_bytes(whole[:at])
        with pytest.raises(Problem):
            backup.restore(_empty(tmp_path), archive)


def test_one_of_a_later_version_is_not_guessed_at(archive: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer.tar"
    _rewritten(archive, newer, lambda _, data: data, schema="9999")
    with pytest.raises(Problem) as caught:
        backup.restore(_empty(tmp_path), newer)
    assert caught.value.code == "store_newer"


def test_a_backup_that_fails_leaves_the_one_before(
    filled: Store, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import errno

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "full")

    before = archive.read_bytes()
    monkeypatch.setattr("corpus.upkeep.backup.os.fsync", full)
    with pytest.raises(Problem) as caught:
        backup.backup(filled, archive)
    assert caught.value.code == "disk_full"
    assert archive.read_bytes() == before and not list(archive.parent.glob("*.part"))


def test_what_an_office_taught_the_net_comes_along(filled: Store, tmp_path: Path) -> None:
    taught = (office_weights, office_head)
    for file in taught:
        file(filled.settings.home).parent.mkdir(exist_ok=True)
        file(filled.settings.home).write_bytes(f"weights of our own hands, {file.__name__}".encode())
    backup.backup(filled, tmp_path / "learned.tar")
    backup.restore(_empty(tmp_path), tmp_path / "learned.tar")
    for file in taught:
        assert file(_empty(tmp_path).home).read_bytes() == file(filled.settings.home).read_bytes()
