"""`vanban report`: one check of an auditor as a file: citations, conflicts, pictures of the evidence."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from corpus import records
from corpus.errors import Problem
from web.commands import context
from web.commands.cites import named
from web.formats import check_report
from web.services import check_reports


@click.command()
@click.argument("refs", nargs=-1, required=True, metavar="ID…")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Tệp ra: .docx (mặc định), .xlsx hoặc .csv.")
def report(refs: tuple[str, ...], output: Path | None) -> None:
    """Báo cáo kiểm tra các văn bản ID (mã hoặc số ký hiệu): viện dẫn, đường lên văn bản gốc, mâu thuẫn.

    DOCX kèm ảnh cắt từ trang làm bằng chứng. Không nêu --output: in CSV ra stdout.
    """
    form = output.suffix.lower().lstrip(".") if output is not None else "csv"
    if form not in check_report.FORMS:
        raise Problem("bad_request", why="tệp ra cần đuôi .docx, .xlsx hoặc .csv")
    if len(refs) > check_reports.MOST_DOCUMENTS:
        raise Problem("bad_request", why=f"một báo cáo tối đa {check_reports.MOST_DOCUMENTS} văn bản")
    if output is not None:
        context.writable(output, replace=True)
    store = context.store()
    found = [named(store, ref) for ref in dict.fromkeys(refs)]
    data = check_reports.made(store, found, form, context.actor(), lambda _: True)
    for one in found:
        records.note(store, context.actor(), "export", one.id, {"what": "report", "format": form})
    if output is not None:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)
