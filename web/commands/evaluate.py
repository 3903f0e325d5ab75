"""`vanban evaluate`: scores the reading of a folder of scans that has gold records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from corpus.document import Fields, Reading, SourceFile
from corpus.errors import Problem
from ingest.evaluation import Gold, Scores
from ingest.pipeline import read_safely
from web.cli import language
from web.commands import context


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In điểm bằng JSON.")
@click.option("--misses", is_flag=True, help="In từng chỗ đọc sai.")
def evaluate(folder: Path, as_json: bool, misses: bool) -> None:
    """Chấm điểm việc đọc: FOLDER có pdf/<mã>.pdf, gold/<mã>.json và có thể text/<mã>.txt."""
    pairs = list(_pairs(folder))
    if not pairs:
        raise Problem("not_found", what=str(folder / "gold"))
    settings, scores = context.settings(), Scores()
    for scan, gold, page_1 in context.progress(pairs, len(pairs), context.say("Chấm")):
        try:
            reading = read_safely(scan, scan.name, settings)
        except Problem as problem:
            click.echo(problem.message(language()), err=True)
            scores.misses.append(f"{scan.stem} {problem.code}")
            reading = _unread(scan)
        scores.asked["read"] += 1
        scores.right["read"] += bool(reading.pages)
        scores.take(scan.stem, reading, gold, page_1)
    _print(scores, as_json, misses)


def _pairs(folder: Path) -> Iterator[tuple[Path, Gold, str | None]]:
    """Scan, gold record and the transcription of page 1, if there is one."""
    for record in sorted((folder / "gold").glob("*.json")):
        scan = next(iter(sorted((folder / "pdf").glob(f"{record.stem}.*"))), None)
        if scan is not None:
            text = folder / "text" / f"{record.stem}.txt"
            yield scan, json.loads(record.read_text("utf-8")), text.read_text("utf-8") if text.exists() else None


def _unread(scan: Path) -> Reading:
    """Empty reading, which counts for a refused file."""
    return Reading(SourceFile(scan.name, "", "", 0), (), Fields())


def _print(scores: Scores, as_json: bool, misses: bool) -> None:
    figures = scores.figures()
    if as_json:
        context.print_json({**figures, "misses": scores.misses} if misses else figures)
        return
    for name, value in figures.items():
        click.echo(f"{name:26} {value}")
    for miss in scores.misses if misses else ():
        click.echo(miss)
