"""`vanban read`: files into Readings, printed; nothing is stored."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus.document import Field, Reading
from corpus.errors import Problem
from corpus.json_shapes import reading_to_json
from ingest.pipeline import read_safely
from web.cli import language
from web.commands import context
from web.present.signed import SPOILED, sentence

_LABELS = (
    ("number", "Số, ký hiệu", "Number"),
    ("date", "Ngày ban hành", "Date"),
    ("place", "Địa danh", "Place"),
    ("doc_type", "Loại", "Type"),
    ("subject", "Trích yếu", "Subject"),
    ("issuer", "Cơ quan ban hành", "Issuer"),
    ("superior", "Cơ quan chủ quản", "Superior"),
    ("urgency", "Độ khẩn", "Urgency"),
)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In bản ghi JSON, mỗi tệp một dòng.")
@click.option("--use-name", is_flag=True, help="Dùng tên tệp làm gợi ý cho số văn bản.")
def read(files: tuple[Path, ...], as_json: bool, use_name: bool) -> None:
    """Đọc tệp (PDF, TIFF, PNG, JPEG, DOCX, TXT, MD) thành bản ghi và in ra; không lưu gì."""
    settings = context.settings()
    refused = 0
    for path in context.progress(files, len(files), "Đọc"):
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
    """A record as a person reads it; `?` marks what must be looked at."""
    english = language() == "en"
    click.echo(f"── {reading.source.name}")
    for name, vi, en in _LABELS:
        _line(en if english else vi, getattr(reading.fields, name))
    signer = reading.fields.signer
    _line("Signer" if english else "Người ký", signer.name)
    _line("Title" if english else "Chức vụ", signer.title)
    effective = reading.fields.effective
    _line("In force from" if english else "Có hiệu lực từ", effective.since)
    _line("In force until" if english else "Có hiệu lực đến", effective.until)
    for field in reading.fields.addressees:
        _line("To" if english else "Kính gửi", field)
    for field in reading.fields.recipients:
        _line("Copies to" if english else "Nơi nhận", field)
    for citation in reading.citations:
        date = f" ({citation.date})" if citation.date else ""
        named = (
            f"{citation.doc_type or ''} {citation.number}"
            if citation.number
            else citation.title or citation.printed
        )
        click.echo(f"  → {citation.relation:12} {named.strip()}{date}")
    for signature in reading.signatures:
        click.echo(f"  {'✗' if signature.state in SPOILED else '✓'} {sentence(signature, language())}")
    for warning in reading.warnings:
        click.echo(f"  ! {warning.message}")


def _line(label: str, field: Field | None) -> None:
    if field is not None:
        click.echo(f"  {label:18} {'? ' if field.review else ''}{field.value}")
