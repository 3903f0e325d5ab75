"""`vanban learn`: the reading of handwritten numbers fitted to the office's own hands."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from corpus import records
from corpus.config import office_weights
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.handwritten_numbers import HandNumber, hand_numbers
from corpus.originals import content_store
from ingest.handwriting.adapt import Adaptation, Confirmed, adapt
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.training_lines import confirmed_line
from web.cli import language
from web.commands import context


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả bằng JSON.")
@click.option("--forget", is_flag=True, help="Bỏ những gì đã học, dùng lại bộ đọc đi kèm chương trình.")
def learn(as_json: bool, forget: bool) -> None:
    """Học nét chữ số của cơ quan từ các số viết tay mà văn thư đã xác nhận.

    Bộ đọc mới chỉ được dùng khi đọc đúng nhiều hơn trên các số giữ lại để thử và không thêm số nào sai mà không báo.
    """
    store = context.store()
    if forget:
        _forget(store)
        return
    learned = adapt(DigitReader.load(), DigitReader.of_office(store.settings.home), list(_lines(store)))
    if learned.better:
        _keep(learned.learned, office_weights(store.settings.home))
    records.note(store, context.actor(), "learn", None, _figures(learned))
    if as_json:
        context.print_json(_figures(learned))
    else:
        click.echo(_said(learned))


def _lines(store: Store) -> Iterator[Confirmed]:
    """The confirmed lines that can be cut; a document whose original can't be opened any more is told and left out."""
    with store.db.reading() as session:
        numbers = list(hand_numbers(session))
    for number in context.progress(numbers, len(numbers), "Cắt dòng"):
        try:
            line = _line(store, number)
        except Problem as problem:
            click.echo(problem.message(language()), err=True)
            continue
        if line is not None:
            yield line


def _line(store: Store, number: HandNumber) -> Confirmed | None:
    path = content_store.original_path(store, number.sha256, document=number.document_id, verify=False)
    return confirmed_line(path, number.name, number.media_type, store.settings, number.page, number.number)


def _keep(reader: DigitReader, path: Path) -> None:
    """Written beside and put in place at once: a reading that goes on meanwhile sees the old weights or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    os.close(descriptor)
    reader.save(Path(draft))
    with Path(draft).open("rb") as written:
        os.fsync(written.fileno())
    Path(draft).replace(path)


def _forget(store: Store) -> None:
    path = office_weights(store.settings.home)
    had = path.exists()
    path.unlink(missing_ok=True)
    if had:
        records.note(store, context.actor(), "learn", None, {"forgotten": True})
    click.echo("Đã bỏ những gì đã học." if had else "Chưa học gì để bỏ.", file=sys.stderr)


def _figures(learned: Adaptation) -> dict[str, int | bool]:
    return {
        "lines": learned.lines,
        "kept_back": learned.kept_back,
        "right_before": learned.before.right,
        "right_after": learned.after.right,
        "silent_before": learned.before.silent,
        "silent_after": learned.after.silent,
        "taken": learned.better,
    }


def _said(learned: Adaptation) -> str:
    verdict = "Dùng bộ đọc mới." if learned.better else "Giữ bộ đọc đang dùng."
    return (
        f"Học từ {learned.lines} số; {learned.kept_back} số giữ lại để thử: trước đúng {learned.before.right}, "
        f"nay đúng {learned.after.right}; sai mà không báo: trước {learned.before.silent}, nay {learned.after.silent}. "
        f"{verdict}"
    )
