"""`vanban learn`: fits the reading of handwritten numbers to the office's own clerks."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from corpus import records
from corpus.config import office_head, office_weights
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.handwritten_numbers import HandNumber, hand_numbers
from corpus.originals import content_store
from ingest.handwriting.adapt import Adaptation, Confirmed, adapt
from ingest.handwriting.adapt_head import HeadAdaptation, adapt_head
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.training_lines import confirmed_line
from ingest.secondreader.head import HeadWeights
from ingest.secondreader.reader import shipped_reader
from web.cli import language
from web.commands import context


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In kết quả bằng JSON.")
@click.option("--forget", is_flag=True, help="Bỏ những gì đã học, dùng lại bộ đọc đi kèm chương trình.")
def learn(as_json: bool, forget: bool) -> None:
    """Học nét chữ số của cơ quan từ các số viết tay mà văn thư đã xác nhận.

    Bộ đọc mới chỉ được dùng khi đọc đúng nhiều hơn trên các số giữ lại để thử và không thêm số nào sai mà không
    báo.
    """
    store = context.store()
    if forget:
        _forget(store)
        return
    lines = list(_lines(store))
    learned = adapt(DigitReader.load(), DigitReader.of_office(store.settings.home), lines)
    if learned.better:
        _keep(learned.learned, office_weights(store.settings.home))
    second = shipped_reader() if store.settings.second_reader == "auto" else None
    head = None if second is None else adapt_head(second, DigitReader.load(), lines)
    if head is not None and head.better:
        _keep(head.learned, office_head(store.settings.home))
    figures = {**_figures(learned), "head": None if head is None else _head_figures(head)}
    records.note(store, context.actor(), "learn", None, figures)
    if as_json:
        context.print_json(figures)
        return
    click.echo(_verdict(learned))
    if head is not None:
        click.echo(_head_verdict(head))


def _lines(store: Store) -> Iterator[Confirmed]:
    """Yield the confirmed lines that can be cropped; report documents whose original can't be opened any more."""
    with store.db.reading() as session:
        numbers = list(hand_numbers(session))
    for number in context.progress(numbers, len(numbers), context.say("Cắt dòng")):
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


def _keep(reader: DigitReader | HeadWeights, path: Path) -> None:
    """Write the weights to a draft and rename it: a concurrent reading sees the old weights or the new ones."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    descriptor, draft = tempfile.mkstemp(dir=path.parent)
    os.close(descriptor)
    reader.save(Path(draft))
    with Path(draft).open("rb") as written:
        os.fsync(written.fileno())
    Path(draft).replace(path)


def _forget(store: Store) -> None:
    paths = (office_weights(store.settings.home), office_head(store.settings.home))
    had = any(path.exists() for path in paths)
    for path in paths:
        path.unlink(missing_ok=True)
    if had:
        records.note(store, context.actor(), "learn", None, {"forgotten": True})
    click.echo(context.say("Đã bỏ những gì đã học." if had else "Chưa học gì để bỏ."), file=sys.stderr)


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


def _verdict(learned: Adaptation) -> str:
    before, after = learned.before, learned.after
    counts = (learned.lines, learned.kept_back, before.right, after.right, before.silent, after.silent)
    figures = context.say(
        "Học từ {} số; {} số giữ lại để thử: trước đúng {}, nay đúng {}; sai mà không báo: trước {}, nay {}.",
        *counts,
    )
    return f"{figures} {context.say('Dùng bộ đọc mới.' if learned.better else 'Giữ bộ đọc đang dùng.')}"


def _head_figures(head: HeadAdaptation) -> dict[str, int | bool]:
    return {
        "lines": head.lines,
        "right_before": head.before.right,
        "right_after": head.after.right,
        "silent_before": head.before.silent,
        "silent_after": head.after.silent,
        "taken": head.better,
    }


def _head_verdict(head: HeadAdaptation) -> str:
    verdict = "Dùng lớp nhận dạng mới." if head.better else "Giữ lớp nhận dạng đang dùng."
    return (
        f"Bộ đọc thứ hai học từ {head.lines} số, thử chéo: trước đúng {head.before.right}, nay đúng "
        f"{head.after.right}; sai mà không báo: trước {head.before.silent}, nay {head.after.silent}. {verdict}"
    )
