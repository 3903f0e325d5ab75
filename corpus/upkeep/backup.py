"""Backup of a running store in one archive, and restore into an empty one; every byte is verified.

A plain tar: `tables/<name>.jsonl.gz` (the rows of one moment, so that SQLite and PostgreSQL read each other's),
`originals/<sha256>`, `audit.seals`, and last `manifest.json` with the schema's revision and the hash of every
other member; an archive without a manifest is incomplete. Left out are the index, which is rebuilt from the store,
sessions, since nobody is signed in after a restore, and mails that wait, since they may have been sent meanwhile.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import tarfile
import tempfile
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy import (
    Connection,
    DateTime,
    LargeBinary,
    MetaData,
    Table,
    func,
    insert,
    select,
    update,
)

from corpus import audit
from corpus.config import Settings, office_head, office_weights
from corpus.database import migrations
from corpus.database.connection import utc_now
from corpus.database.schema import METADATA
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.lifecycle.intake import PURGED_CODES
from corpus.lifecycle.versions import ALIVE
from corpus.originals import content_store

FORMAT = 1
"""Version of the archive's format; an archive of a later one is refused."""
_LEFT_OUT = frozenset(
    {"sign_ins", "wrong_shares", "holds", "notices", "alembic_version", "search_indexes", "store_identity"}
)
"""Tables that are not of the archive: a restored store has no index of the first, and another name on clusters."""
_MEMBER = re.compile(
    r"tables/[a-z_]{1,60}\.jsonl\.gz|originals/[0-9a-f]{64}|audit\.seals|learned(?:_head)?\.npz|manifest\.json"
)
_BATCH = 500
"""Rows read or inserted at a time."""

Progress = Callable[[int, int], None]
"""Callback with the members done and their total (0 if unknown)."""


@dataclass(frozen=True, slots=True)
class Summary:
    """Contents of an archive."""

    documents: int
    originals: int
    """Sound ones: those of classified documents are not there, and not missing."""
    missing: tuple[str, ...] = ()
    """Hashes of originals that were missing or damaged when the backup was taken."""


def backup(store: Store, path: Path, progress: Progress | None = None) -> Summary:
    """Write the archive under a temporary name and rename it when it is whole and on disk; the service may run
    meanwhile.

    Raises Problem("disk_full").
    """
    part = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryDirectory(dir=store.settings.home) as folder, _private(part) as out:
            with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
                summary = _write(store, _Writer(archive), Path(folder), progress)
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
        content_store.sync_folder(path.absolute().parent)
    except OSError as error:
        raise content_store.disk_problem(error, path.name) from error
    finally:
        part.unlink(missing_ok=True)
    return summary


def restore(settings: Settings, path: Path, progress: Progress | None = None) -> Summary:
    """Fill an empty store from an archive of this or an earlier version of the program.

    Everything is verified before the first row is written. Raises Problem("store_not_empty"), ("bad_backup"),
    ("store_newer"), ("disk_full"); the store is as empty as before then.
    """
    store = open_store(settings)
    if not _is_empty(store):
        raise Problem("store_not_empty", home=settings.home)
    put: list[str] = []
    try:
        with tempfile.TemporaryDirectory(dir=settings.home) as folder:
            manifest = _unpack(store, path, Path(folder), put, progress)
            documents = _fill(store, manifest, Path(folder))
            seals = Path(folder) / "audit.seals"
            # A seal file that is there, on another machine say, knows more than the archive: it is kept.
            if seals.exists() and not audit.seal_file(settings).exists():
                shutil.copyfile(seals, audit.seal_file(settings))
            for name, weights in _taught_files(settings).items():
                if (learned := Path(folder) / name).exists():
                    weights.parent.mkdir(exist_ok=True, mode=0o700)
                    shutil.copyfile(learned, weights)
    except BaseException:
        for sha256 in put:
            content_store.remove_original(store, sha256)
        raise
    finally:
        store.close()
    return Summary(documents, len(put), tuple(manifest["missing"]))


def _private(path: Path) -> BinaryIO:
    """New file that only this account may read: it has all documents and the hashes of all passwords."""
    path.unlink(missing_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@dataclass(slots=True)
class _Writer:
    """Adds members and remembers their hashes."""

    archive: tarfile.TarFile
    hashes: dict[str, str]

    def __init__(self, archive: tarfile.TarFile) -> None:
        self.archive, self.hashes = archive, {}

    def add(self, path: Path, name: str) -> None:
        self.archive.add(path, name, recursive=False, filter=_plain)
        self.hashes[name] = content_store.hash_of(path)


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _write(store: Store, writer: _Writer, folder: Path, progress: Progress | None) -> Summary:
    with _snapshot(store) as connection:
        for table in _tables(METADATA):
            path = folder / "table"
            _dump(connection, table, path)
            writer.add(path, f"tables/{table.name}.jsonl.gz")
        documents = METADATA.tables["documents"]
        hashes = list(connection.scalars(select(documents.c.sha256).order_by(documents.c.id)))
        count, versions = len(hashes), METADATA.tables["file_versions"]
        kept_versions = select(versions.c.sha256).where(versions.c.state.in_(ALIVE)).order_by(versions.c.id)
        hashes = list(dict.fromkeys([*hashes, *connection.scalars(kept_versions)]))
        purged = {
            row.sha256
            for row in connection.execute(select(documents))
            if (row.fault or {}).get("code") in PURGED_CODES
        }
    missing, kept, place = [], 0, content_store.place(store)
    for done, sha256 in enumerate(hashes, 1):
        # Bytes of a classified document that are about to be purged are not carried away first.
        lent = None if sha256 in purged else place.lend(sha256, folder)
        if lent is not None:
            writer.add(lent, f"originals/{sha256}")
            if writer.hashes[f"originals/{sha256}"] != sha256:
                missing.append(sha256)
            else:
                kept += 1
            if lent.parent == folder:
                lent.unlink()
        elif sha256 not in purged:
            missing.append(sha256)
        if progress is not None:
            progress(done, len(hashes))
    if audit.seal_file(store.settings).exists():
        writer.add(audit.seal_file(store.settings), "audit.seals")
    for name, weights in _taught_files(store.settings).items():
        if weights.exists():
            writer.add(weights, name)
    _write_manifest(writer, folder, missing)
    return Summary(count, kept, tuple(missing))


def _taught_files(settings: Settings) -> dict[str, Path]:
    """Files of what an office taught the readers of its hands, by their names in the archive."""
    return {"learned.npz": office_weights(settings.home), "learned_head.npz": office_head(settings.home)}


def _write_manifest(writer: _Writer, folder: Path, missing: list[str]) -> None:
    path = folder / "manifest.json"
    manifest = {
        "format": FORMAT,
        "schema": migrations.HEAD,
        "made_at": utc_now().isoformat(timespec="seconds") + "Z",
        "missing": missing,
        "members": writer.hashes,
    }
    path.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
    writer.add(path, "manifest.json")


def _snapshot(store: Store) -> Connection:
    """A connection that sees one moment, whatever is written meanwhile."""
    engine = store.db.engine
    return (
        engine if store.db.is_sqlite else engine.execution_options(isolation_level="REPEATABLE READ")
    ).connect()


def _tables(metadata: MetaData) -> list[Table]:
    """Tables of the backup in the order of their references, targets first."""
    return [table for table in metadata.sorted_tables if table.name not in _LEFT_OUT]


def _dump(connection: Connection, table: Table, path: Path) -> None:
    with gzip.GzipFile(path, "wb", mtime=0) as out:
        for row in connection.execution_options(yield_per=_BATCH).execute(select(table)).mappings():
            line = {name: _plain_value(value) for name, value in row.items()}
            out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


def _plain_value(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode()
    return value.isoformat() if isinstance(value, datetime) else value


def _is_empty(store: Store) -> bool:
    with store.db.engine.connect() as connection:
        counted = (connection.scalar(select(func.count()).select_from(table)) for table in _tables(METADATA))
        return not any(counted) and not any(content_store.all_originals(store))


def _unpack(store: Store, path: Path, folder: Path, put: list[str], progress: Progress | None) -> dict[str, Any]:
    """Unpack originals to their place and the rest into the folder; return the verified manifest."""
    hashes: dict[str, str] = {}
    try:
        with tarfile.open(path, "r:") as archive:
            for done, member in enumerate(archive, 1):
                stream = archive.extractfile(member)
                if stream is None or not _MEMBER.fullmatch(member.name) or member.name in hashes:
                    raise _bad(path, member.name[:80])
                if member.name.startswith("originals/"):
                    hashes[member.name] = content_store.put_original(store, stream, limit=member.size)  # type: ignore[arg-type]
                    put.append(hashes[member.name])
                else:
                    target = folder / member.name.replace("/", "-")
                    with target.open("wb") as out:
                        shutil.copyfileobj(stream, out)
                    hashes[member.name] = content_store.hash_of(target)
                if progress is not None:
                    progress(done, 0)
    except (tarfile.TarError, EOFError) as error:
        raise _bad(path, str(error)[:80]) from error
    return _checked_manifest(path, folder, hashes)


def _checked_manifest(path: Path, folder: Path, hashes: dict[str, str]) -> dict[str, Any]:
    if hashes.pop("manifest.json", None) is None:
        raise _bad(path, "manifest.json")
    try:
        manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        members, schema, known = manifest["members"], manifest["schema"], manifest["format"] <= FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise _bad(path, "manifest.json") from error
    if not known or schema > migrations.HEAD:
        raise Problem("store_newer", home=path.name, version=schema)
    if wrong := sorted(name for name in {*hashes, *members} if hashes.get(name) != members.get(name)):
        raise _bad(path, wrong[0])
    return manifest


def _fill(store: Store, manifest: dict[str, Any], folder: Path) -> int:
    """Make the schema of the archive, insert its rows and upgrade it, all in one transaction."""
    with migrations.remade(store.db, manifest["schema"]) as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for table in _tables(metadata):
            path = folder / f"tables-{table.name}.jsonl.gz"
            if path.exists():
                _load(connection, table, path)
        documents = metadata.tables["documents"]
        if "indexed_revision" in documents.c:
            # An archive of an earlier schema: no index has anything of this store.
            connection.execute(update(documents).values(indexed_revision=0))
        return connection.scalar(select(func.count()).select_from(documents)) or 0


def _load(connection: Connection, table: Table, path: Path) -> None:
    batch: list[dict[str, Any]] = []
    with gzip.open(path, "rb") as lines:
        for line in lines:
            batch.append(_row(table, json.loads(line)))
            if len(batch) == _BATCH:
                connection.execute(insert(table), batch)
                batch.clear()
    if batch:
        connection.execute(insert(table), batch)
    if connection.dialect.name == "postgresql" and "id" in table.c:
        last = connection.scalar(select(func.max(table.c.id)))
        sequence = connection.scalar(select(func.pg_get_serial_sequence(table.name, "id")))
        if last is not None and sequence is not None:
            connection.execute(select(func.setval(sequence, last)))


def _row(table: Table, line: dict[str, Any]) -> dict[str, Any]:
    return {column.name: _value_of(column.type, line.get(column.name)) for column in table.c}


def _value_of(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, DateTime):
        return datetime.fromisoformat(value)
    return b64decode(value) if isinstance(kind, LargeBinary) else value


def _bad(path: Path, what: str) -> Problem:
    return Problem("bad_backup", name=path.name, what=what)
