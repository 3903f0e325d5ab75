"""`vanban export`: the list of documents and the citation graph as files for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, Literal

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import records
from corpus.database.models import CitationRow
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import citations
from web.commands import context
from web.commands.cites import named
from web.formats import citation_export, edxml, tables

Format = Literal["csv", "xlsx", "graphml", "jsonl", "edxml"]
What = Literal["citations", "documents", "wanted"]

_WANTED = ("label", "doc_type", "date", "issuer", "count")
_NAMES: dict[What, str] = {"citations": "Viện dẫn", "documents": "Văn bản", "wanted": "Cần tìm"}


@click.command()
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["csv", "xlsx", "graphml", "jsonl", "edxml"]),
    help="Dạng của tệp ra.",
)
@click.option(
    "--what", default="citations", type=click.Choice(["citations", "documents", "wanted"]),
    help="csv, jsonl: viện dẫn (mặc định), văn bản, hay văn bản cần tìm. xlsx có cả ba, mỗi thứ một trang.",
)  # fmt: skip
@click.option("--document", "ref", help="edxml: số ký hiệu hoặc mã của văn bản.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Tệp ra (mặc định: stdout).")
def export(form: Format, what: What, ref: str | None, output: Path | None) -> None:
    """Xuất danh sách văn bản và đồ thị viện dẫn.

    csv, jsonl: mỗi dòng một viện dẫn (hoặc văn bản, văn bản cần tìm). xlsx: sổ tính. graphml: đồ thị mở bằng Gephi.
    edxml: hồ sơ một văn bản theo QCVN 102:2016/BTTTT.
    """
    if (form == "edxml") != (ref is not None):
        raise Problem("bad_request", why="edxml cần --document, các dạng khác không dùng --document")
    if output is not None:
        context.writable(output, replace=True)
    store = context.store()
    pieces = _pieces(store, form, what, ref)
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as file:
        if form == "xlsx":
            _workbook(store, file)
        for piece in pieces:
            file.write(piece.encode())
    records.note(store, context.actor(), "export", None, {"format": form, "what": what, "ref": ref})


def _pieces(store: Store, form: Format, what: What, ref: str | None) -> Iterator[str]:
    if form == "edxml":
        yield _envelope(store, ref or "")
        return
    with store.db.reading() as session:
        if form == "graphml":
            yield from citation_export.graphml(session)
        elif form == "csv":
            yield from tables.csv_lines(*_table(store, session, what))
        elif form == "jsonl":
            yield from tables.json_lines(*_table(store, session, what))


def _table(store: Store, session: Session, what: What) -> tuple[tuple[str, ...], Iterator[tables.Row]]:
    if what == "documents":
        return citation_export.DOCUMENT_COLUMNS, citation_export.documents(session)
    if what == "wanted":
        rows = citations.wanted(store, 1_000_000)
        return _WANTED, (tuple(getattr(row, name) for name in _WANTED) for row in rows)
    return citation_export.COLUMNS, citation_export.edges(session)


def _workbook(store: Store, file: BinaryIO) -> None:
    with store.db.reading() as session:
        tables.write_xlsx(((name, *_table(store, session, what)) for what, name in _NAMES.items()), file)


def _envelope(store: Store, ref: str) -> str:
    document = named(store, ref)
    with store.db.reading() as session:
        answers = session.scalars(
            select(CitationRow)
            .where(CitationRow.document_id == document.id, CitationRow.relation == "replies")
            .order_by(CitationRow.position)
        ).all()
    return edxml.envelope(document, list(answers))
