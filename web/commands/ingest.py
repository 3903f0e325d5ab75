"""`vanban ingest`: files, folders and ZIPs into the store, read and indexed before it returns."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from sqlalchemy import select

from corpus import files
from corpus.errors import Problem
from corpus.models import Document
from corpus.store import Store
from ingest import worker
from search import indexer
from web import intake, reception
from web.cli import language
from web.commands import opening


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
    store = opening.store(create=True)
    terms = reception.Terms(opening.actor(), auto_accept=accept, limited_to=groups)
    found = [path for given in paths for path in _files(given)]
    results = take_and_read(store, found, terms, jobs or os.cpu_count() or 1)
    for result in results:
        if as_json:
            opening.print_json(result.to_json())
        else:
            click.echo(f"{result.status:10} {result.document or '':>6}  {result.name}")
        if result.message:
            click.echo(result.message, err=True)
    sys.exit(1 if any(result.status in ("refused", "failed") for result in results) else 0)


def take_and_read(store: Store, paths: list[Path], terms: reception.Terms, jobs: int) -> list[Result]:
    """Takes the files, has them read here and indexed, and says what became of each."""
    outcomes = [
        (outcome, _hash(path))
        for path in opening.progress(paths, len(paths), "Nhận")
        for outcome in _take(store, path, terms)
    ]
    waiting = {o.receipt.document_id for o, _ in outcomes if o.receipt is not None}
    while _unread(store, waiting):
        worker.run(store, jobs=jobs, once=True, after=lambda: _index(store))
        if _unread(store, waiting):
            time.sleep(0.2)
    _index(store)
    return [_result(store, outcome, sha256) for outcome, sha256 in outcomes]


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or every file below the folder in the order of their names; links are not followed."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if (file := Path(folder) / name).is_file() and not file.is_symlink():
                yield file


def _take(store: Store, path: Path, terms: reception.Terms) -> list[reception.Outcome]:
    try:
        with path.open("rb") as stream:
            return reception.take(store, stream, path.name, terms)
    except OSError:
        return [reception.Outcome(path.name, None, Problem("not_found", what=str(path)))]


def _hash(path: Path) -> str | None:
    return files.hash_of(path) if path.is_file() else None


def _unread(store: Store, documents: set[int]) -> bool:
    with store.db.reading() as session:
        wanted = select(Document.id).where(Document.status.in_(("queued", "reading")))
        return not documents.isdisjoint(session.scalars(wanted))


def _index(store: Store) -> None:
    indexer.sync(store)


def _result(store: Store, outcome: reception.Outcome, sha256: str | None) -> Result:
    if outcome.receipt is None:
        problem = outcome.problem or Problem("internal", id="?")
        return Result(outcome.name, sha256, "refused", None, problem.code, problem.message(language()))
    with store.db.reading() as session:
        document = session.get_one(Document, outcome.receipt.document_id)
        if outcome.receipt.status == "duplicate":
            return Result(outcome.name, document.sha256, "duplicate", document.id)
        fault, back = document.fault, outcome.receipt.withdrawn
        if not fault:
            note = intake.withdrawal_note(back, language()) if back else None
            return Result(outcome.name, document.sha256, document.status, document.id, message=note)
        problem = Problem(fault["code"], **{**fault["facts"], "name": outcome.name})
        kept = None if problem.code == "classified" else document.id
        return Result(
            outcome.name, document.sha256, document.status, kept, problem.code, problem.message(language())
        )
