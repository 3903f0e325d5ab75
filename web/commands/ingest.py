"""`vanban ingest`: files, folders and ZIPs into the store, read and indexed before it returns."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import FrameType
from typing import Never

import click
from sqlalchemy import select

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.claims import Claim
from corpus.originals import content_store
from ingest import receive
from ingest.files import member_names
from ingest.watching import files as watched_files
from ingest.worker import supervisor
from search.index import indexer
from web.cli import language
from web.commands import context
from web.services import uploads


@dataclass(frozen=True, slots=True)
class Result:
    """One line of the outcome, in the contract's shape."""

    name: str
    sha256: str | None
    status: str
    document: int | None = None
    code: str | None = None
    message: str | None = None

    def to_json(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON, mỗi tệp một dòng.")
@click.option("--accept", is_flag=True, help="Đưa ngay vào kho những văn bản không còn điểm phải xem.")
@click.option("--group", "groups", multiple=True, help="Chỉ nhóm này được thấy (dùng nhiều lần cho nhiều nhóm).")
@click.option("-j", "--jobs", type=click.IntRange(1, 64), help="Số tiến trình đọc (mặc định: số lõi).")
def ingest(
    paths: tuple[Path, ...], as_json: bool, accept: bool, groups: tuple[str, ...], jobs: int | None
) -> None:
    """Nhận tệp, thư mục, gói ZIP vào kho, đọc và đánh chỉ mục; trùng tệp thì không nhận hai lần."""
    store = context.store(create=True)
    terms = receive.UploadOptions(context.actor(), auto_accept=accept, limited_to=groups)
    found = [one for path in paths for one in _files(path)]
    signal.signal(signal.SIGTERM, stop)
    results = take_and_read(store, found, terms, jobs or os.cpu_count() or 1, given=frozenset(paths))
    for result in results:
        if as_json:
            context.print_json(result.to_json())
        else:
            click.echo(context.printable(f"{result.status:10} {result.document or '':>6}  {result.name}"))
        if result.message:
            click.echo(context.printable(result.message), err=True)
    sys.exit(1 if any(result.status in ("refused", "failed") for result in results) else 0)


def take_and_read(
    store: Store,
    paths: list[Path],
    terms: receive.UploadOptions,
    jobs: int,
    *,
    given: frozenset[Path] = frozenset(),
    claims: Mapping[Path, tuple[Claim, ...]] | None = None,
) -> list[Result]:
    """Take files, have them read here and indexed; return the outcome of each.

    given: paths named on the command line, which may be links. claims: what came along with a path.
    Raises Problem("readers_failing"), KeyboardInterrupt.
    """
    outcomes = [
        (outcome, _hash(path))
        for path in context.progress(paths, len(paths), context.say("Nhận"))
        for outcome in _take(store, path, replace(terms, claims=(claims or {}).get(path, ())), top=path in given)
    ]
    waiting = {o.receipt.document_id for o, _ in outcomes if o.receipt is not None}
    while _unread(store, waiting):
        if supervisor.run(store, jobs=jobs, once=True, after=lambda: _index(store)):
            # A signal has ended the workers: what was taken waits in the store for the next.
            raise KeyboardInterrupt
        if _unread(store, waiting):
            time.sleep(0.2)
    _index(store)
    return [_result(store, outcome, sha256) for outcome, sha256 in outcomes]


def _files(path: Path) -> Iterator[Path]:
    """The path itself, or all files below the folder by name; links are not followed,
    but yielded to be reported.
    """
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        links = [name for name in folders if Path(folder, name).is_symlink()]
        yield from (Path(folder) / name for name in sorted(names + links))


def _take(store: Store, path: Path, terms: receive.UploadOptions, *, top: bool) -> list[receive.Outcome]:
    """Take one path and return its outcomes; a pipe, device or link in a folder is refused by its kind and never
    waited for.
    """
    name = member_names.shown(path.name)
    try:
        if (kind := _odd(path, top)) is not None:
            return [receive.Outcome(name, None, Problem("not_a_file", name=name, what=kind))]
        with path.open("rb") as stream:
            return receive.take(store, stream, name, terms)
    except FileNotFoundError:
        problem = Problem("not_found", what=str(path))
    except OSError as error:
        problem = Problem("file_unreadable", name=name, why=watched_files.reason_of(error))
    return [receive.Outcome(name, None, problem)]


def _odd(path: Path, top: bool) -> str | None:
    """Kind of a path that is no file, else None. A path named on the command line may be a link to a file."""
    mode = path.stat().st_mode if top else path.lstat().st_mode
    return watched_files.kind_of(mode)


def _hash(path: Path) -> str | None:
    try:
        return content_store.hash_of(path) if path.is_file() and not path.is_symlink() else None
    except OSError:
        return None


def stop(_signal: int, _frame: FrameType | None) -> Never:
    """Handle SIGTERM as Ctrl-C: what was taken waits in the store."""
    raise KeyboardInterrupt


def _unread(store: Store, documents: set[int]) -> bool:
    with store.db.reading() as session:
        wanted = select(Document.id).where(Document.status.in_(("queued", "reading")))
        return not documents.isdisjoint(session.scalars(wanted))


def _index(store: Store) -> None:
    indexer.follow(store)


def _result(store: Store, outcome: receive.Outcome, sha256: str | None) -> Result:
    if outcome.receipt is None:
        problem = outcome.problem or Problem("internal", id="?")
        return Result(outcome.name, sha256, "refused", None, problem.code, problem.message(language()))
    with store.db.reading() as session:
        document = session.get_one(Document, outcome.receipt.document_id)
        if outcome.receipt.status == "duplicate":
            return Result(outcome.name, document.sha256, "duplicate", document.id)
        fault, back = document.fault, outcome.receipt.withdrawn
        if not fault:
            note = uploads.withdrawal_note(back, language()) if back else None
            return Result(outcome.name, document.sha256, document.status, document.id, message=note)
        problem = Problem(fault["code"], **{**fault["facts"], "name": outcome.name})
        kept = None if problem.code == "classified" else document.id
        return Result(
            outcome.name, document.sha256, document.status, kept, problem.code, problem.message(language())
        )
