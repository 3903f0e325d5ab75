"""`vanban read`: files into Readings, printed; nothing is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus.document import Field, Reading
from corpus.errors import Problem, caution_in
from corpus.field_labels import named
from corpus.file_types import READABLE
from corpus.json_shapes import reading_to_json
from corpus.numbering.typed_days import day_text
from corpus.record_fields import RECORD_FIELDS, RecordField
from ingest.pipeline import read_safely
from web.cli import language
from web.commands import context
from web.present.signed import SPOILED, sentence


@click.command(help=f"Đọc tệp ({READABLE}) thành bản ghi và in ra; không lưu gì.")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In bản ghi JSON, mỗi tệp một dòng.")
@click.option("--use-name", is_flag=True, help="Dùng tên tệp làm gợi ý cho số văn bản.")
def read(files: tuple[Path, ...], as_json: bool, use_name: bool) -> None:
    """Read each file and print its record; store nothing."""
    settings = context.settings()
    refused = 0
    for path in context.progress(files, len(files), context.say("Đọc")):
        try:
            reading = read_safely(_existing(path), path.name, settings, use_name=use_name)
        except Problem as problem:
            refused += 1
            click.echo(problem.message(language()), err=True)
            if as_json:
                context.print_json(
                    {"name": path.name, "code": problem.code, "message": problem.message(language())}
                )
            continue
        if as_json:
            context.print_json(reading_to_json(reading))
        else:
            _print(reading)
    sys.exit(1 if refused else 0)


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Problem("not_found", what=str(path))
    return path


def _print(reading: Reading) -> None:
    """Print a record for people; `?` marks doubtful values."""
    english = language() == "en"
    click.echo(f"── {reading.source.name}")
    for known in RECORD_FIELDS:
        value = known.of(reading.fields)
        for field in value if known.kind == "many" else (value,):
            _line(known, known.english if english else known.label, field)
    for citation in reading.citations:
        date = f" ({day_text(citation.date)})" if citation.date else ""
        named = (
            f"{citation.doc_type or ''} {citation.number}"
            if citation.number
            else citation.title or citation.printed
        )
        click.echo(f"  → {citation.relation:12} {named.strip()}{date}")
    for signature in reading.signatures:
        click.echo(f"  {'✗' if signature.state in SPOILED else '✓'} {sentence(signature, language())}")
    for warning in reading.warnings:
        click.echo(f"  ! {caution_in(warning.code, warning.message, language())}")


def _line(known: RecordField, label: str, field: Field | None) -> None:
    if field is not None:
        value = day_text(field.value) if known.is_day else named(known.name, field.value)
        click.echo(f"  {label:18} {'? ' if field.review else ''}{value}")
