"""`vanban export`: the list of documents and the citation graph as files for other programs."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO, Literal

import click
from sqlalchemy.orm import Session

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import citations
from web.commands import context, sip_export
from web.commands.exchange import message_bytes
from web.formats import citation_export, handed_on, tables

Format = Literal["csv", "xlsx", "graphml", "jsonl", "edxml", "sip", "folder", "eoffice", "paperless"]
What = Literal["citations", "documents", "wanted"]

_WANTED = ("label", "doc_type", "date", "issuer", "count")
_NAMES: dict[What, str] = {"citations": "Viện dẫn", "documents": "Văn bản", "wanted": "Văn bản còn thiếu"}


@click.command()
@click.argument("refs", nargs=-1, metavar="[ID…]")
@click.option(
    "--format",
    "form",
    required=True,
    type=click.Choice(["csv", "xlsx", "graphml", "jsonl", "edxml", "sip", *handed_on.SHAPES]),
    help="Dạng của tệp ra; folder, eoffice, paperless: cả kho kèm bản gốc, vào một thư mục trống.",
)
@click.option(
    "--what", default="citations", type=click.Choice(["citations", "documents", "wanted"]),
    help="csv, jsonl: viện dẫn (mặc định), văn bản, hay văn bản còn thiếu. xlsx có cả ba, mỗi thứ một trang.",
)  # fmt: skip
@click.option("--document", "ref", help="edxml: số ký hiệu hoặc mã của văn bản (như REFS).")
@click.option(
    "--status", help="edxml: thay vì văn bản, xuất thông điệp trạng thái mang mã này (01–06, 13, 15, 16)."
)
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Tệp hay thư mục ra (tệp: mặc định là stdout)."
)
def export(
    refs: tuple[str, ...],
    form: Format,
    what: What,
    ref: str | None,
    status: str | None,
    output: Path | None,
) -> None:
    """Xuất danh sách văn bản và đồ thị viện dẫn.

    csv, jsonl: mỗi dòng một viện dẫn (hoặc văn bản, văn bản còn thiếu). xlsx: sổ tính. graphml: đồ thị mở bằng
    Gephi.
    edxml: văn bản REFS cùng tệp của nó thành thông điệp theo QCVN 102:2016/BTTTT; nhiều văn bản: một gói ZIP.
    sip ID…: gói nộp lưu của hồ sơ ID (2026/01.TCCB), cần --output; nhiều hồ sơ: một ZIP chứa các gói.
    folder, eoffice, paperless: cả kho sang phần mềm khác, bản gốc y nguyên kèm danh sách CSV, XLSX hay
    manifest.json.
    """
    refs = (*refs, ref) if ref is not None else refs
    if form == "sip":
        sip_export.write(refs, output)
        return
    if form in handed_on.SHAPES:
        _whole_archive(form, output)
        return
    if (form == "edxml") != bool(refs) or (status is not None and form != "edxml"):
        raise Problem("bad_request", why="edxml cần mã hoặc số ký hiệu của văn bản, các dạng khác không dùng")
    if output is not None:
        context.writable(output, replace=True)
    store = context.store()
    message = message_bytes(store, refs, status, output) if form == "edxml" else b""
    pieces = _pieces(store, form, what)
    with output.open("wb") if output else nullcontext(sys.stdout.buffer) as file:
        file.write(message)
        if form == "xlsx":
            _workbook(store, file)
        for piece in pieces:
            file.write(piece.encode())
    for one in refs or (None,):
        records.note(store, context.actor(), "export", None, {"format": form, "what": what, "ref": one})


def _whole_archive(shape: handed_on.Shape, folder: Path | None) -> None:
    if folder is None:
        raise Problem("bad_request", why=f"{shape} cần --output THƯ_MỤC")
    store = context.store()
    count, left = handed_on.hand_on(store, folder, shape)
    records.note(store, context.actor(), "export", None, {"format": shape, "documents": count, "left_out": left})
    click.echo(context.say("{}: {} văn bản.", folder, count))
    if left:
        click.echo(context.say("Thiếu bản gốc, không xuất được: {}.", ", ".join(map(str, left))), err=True)
        sys.exit(1)


def _pieces(store: Store, form: Format, what: What) -> Iterator[str]:
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
