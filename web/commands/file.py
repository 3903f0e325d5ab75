"""`vanban file`: files (hồ sơ): the year's list, their papers, closing, hand-over."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from corpus import records
from corpus.errors import Problem
from corpus.numbering.typed_days import day_text
from corpus.queries import files
from corpus.queries.citations import EVERYTHING
from corpus.queries.files import FileLine, FilesWanted
from web.commands import context
from web.commands.cites import named
from web.formats import tables
from web.present import file_rows

_json = click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")
_MOST = 100_000


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options for what is written about a file."""
    for name, text in (
        ("--description", "Ghi chú."),
        ("--language", "Ngôn ngữ."),
        ("--rights", "Chế độ sử dụng."),
        ("--organ-id", "Mã cơ quan, ví dụ H01.151."),
        ("--years", "Số năm bảo quản, hoặc «vĩnh viễn»."),
        ("--retention", "Mã dòng của bảng thời hạn bảo quản, ví dụ TC04."),
        ("--keeper", "Người lập hồ sơ."),
        ("--heading", "Đề mục."),
    ):
        command = click.option(name, default=None, help=text)(command)
    return command


@click.group()
def file() -> None:
    """Hồ sơ. CODE là số và ký hiệu (01.TCCB), có thể kèm năm (2026/01.TCCB), hoặc mã (#12)."""


@file.command("add")
@click.argument("year", type=click.IntRange(1900, 2999))
@click.argument("code")
@click.argument("title")
@_fields
@_json
def add(year: int, code: str, title: str, as_json: bool, **fields: str | None) -> None:
    """Lập hồ sơ CODE của năm YEAR."""
    store, values = context.store(), {"code": code, "title": title, **_given(fields)}
    made = records.add_file(store, year, values, context.actor())
    _print(files.one(store, made, EVERYTHING), as_json)


@file.command("list")
@click.option("--year", type=int, help="Năm (mặc định: mọi năm).")
@click.option("--state", type=click.Choice(files.STATES), help="Tình trạng.")
@click.option("--words", default="", help="Từ trong số, tiêu đề, đề mục, người lập.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Ghi danh mục ra tệp .csv hoặc .xlsx.")
@_json
def list_files(year: int | None, state: str | None, words: str, output: Path | None, as_json: bool) -> None:
    """Danh mục hồ sơ."""
    lines, _ = files.catalogue(context.store(), FilesWanted(year, state or "", words), EVERYTHING, _MOST)
    if output is not None:
        write_table(output, "danh-muc-ho-so", file_rows.CATALOGUE, file_rows.catalogue_rows(lines))
        return
    for one in lines:
        _print(one, as_json)


@file.command("show")
@click.argument("code")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Ghi mục lục văn bản ra tệp .csv hoặc .xlsx."
)
@_json
def show(code: str, output: Path | None, as_json: bool) -> None:
    """Mục lục văn bản của hồ sơ CODE."""
    store = context.store()
    file_id = files.named(store, code)
    papers = files.papers(store, file_id, EVERYTHING)
    if output is not None:
        write_table(output, "muc-luc-van-ban", file_rows.CONTENTS, file_rows.contents_rows(papers))
        return
    _print(files.one(store, file_id, EVERYTHING), as_json)
    for one in papers:
        if as_json:
            told = {"place": one.place, "document": one.document_id, "number": one.number, "date": one.date}
            context.print_json(told | {"subject": one.subject, "sheet": one.sheet})
        else:
            click.echo(f"{one.place:>5}  {one.number or one.name:24} {day_text(one.date):10}  {one.subject or ''}")


@file.command("edit")
@click.argument("code")
@click.option("--code", "new_code", default=None, help="Số và ký hiệu mới.")
@click.option("--title", default=None, help="Tiêu đề mới.")
@_fields
def edit(code: str, new_code: str | None, title: str | None, **fields: str | None) -> None:
    """Sửa hồ sơ đang mở."""
    values = _given({"code": new_code, "title": title, **fields})
    _act(code, lambda store, file_id: records.change_file(store, file_id, values, context.actor(), None))


@file.command("put")
@click.argument("code")
@click.argument("refs", nargs=-1, required=True)
@click.option("--move", is_flag=True, help="Chuyển từ hồ sơ khác đang mở.")
def put(code: str, refs: tuple[str, ...], move: bool) -> None:
    """Đưa các văn bản REFS (số ký hiệu hoặc mã) vào hồ sơ CODE."""
    store = context.store()
    ids = [named(store, ref).id for ref in refs]
    click.echo(records.put_papers(store, files.named(store, code), ids, context.actor(), move=move))


@file.command("take-out")
@click.argument("ref")
def take_out(ref: str) -> None:
    """Bỏ văn bản REF khỏi hồ sơ đang mở của nó."""
    store = context.store()
    records.take_out_paper(store, named(store, ref).id, context.actor())


@file.command("arrange")
@click.argument("code")
def arrange(code: str) -> None:
    """Xếp văn bản của hồ sơ theo ngày."""
    _act(code, lambda store, file_id: records.arrange_file(store, file_id, context.actor()))


@file.command("close")
@click.argument("code")
@click.option("--day", default="", help="Ngày công việc kết thúc (mặc định: hôm nay).")
def close(code: str, day: str) -> None:
    """Kết thúc hồ sơ."""
    _act(code, lambda store, file_id: records.close_file(store, file_id, day, context.actor()))


@file.command("reopen")
@click.argument("code")
@click.option("--reason", required=True, help="Lý do.")
def reopen(code: str, reason: str) -> None:
    """Mở lại hồ sơ đã kết thúc."""
    _act(code, lambda store, file_id: records.reopen_file(store, file_id, reason, context.actor()))


@file.command("retain")
@click.argument("code")
@click.argument("years")
@click.option("--reason", required=True, help="Lý do.")
def retain(code: str, years: str, reason: str) -> None:
    """Đổi thời hạn bảo quản của hồ sơ đã kết thúc thành YEARS năm, hoặc «vĩnh viễn»."""
    _act(code, lambda store, file_id: records.retain_file(store, file_id, years, reason, context.actor()))


@file.command("handover")
@click.option("--year", type=int, help="Năm của danh mục.")
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Ghi ra tệp .csv hoặc .xlsx.")
@_json
def handover(year: int | None, output: Path | None, as_json: bool) -> None:
    """Mục lục hồ sơ nộp lưu: hồ sơ đã kết thúc, bảo quản từ 5 năm trở lên."""
    lines, _ = files.to_submit(context.store(), FilesWanted(year), EVERYTHING, _MOST)
    if output is not None:
        write_table(output, "muc-luc-nop-luu", file_rows.HANDOVER, file_rows.handover_rows(lines))
        return
    for one in lines:
        _print(one, as_json)


@file.command("submit")
@click.argument("codes", nargs=-1, required=True)
@click.option("--to", "receiver", required=True, help="Nơi nhận, ví dụ «Lưu trữ cơ quan».")
@click.option("--day", default="", help="Ngày nộp (mặc định: hôm nay).")
def submit(codes: tuple[str, ...], receiver: str, day: str) -> None:
    """Ghi các hồ sơ CODES đã nộp lưu; tất cả hoặc không hồ sơ nào."""
    store = context.store()
    ids = [files.named(store, code) for code in codes]
    click.echo(records.submit_files(store, ids, day, receiver, context.actor()))


@file.command("rule")
@click.argument("code")
@click.option("--type", "doc_type", default="", help="Loại văn bản.")
@click.option("--issuer", default="", help="Cơ quan ban hành.")
@click.option("--words", default="", help="Từ trong trích yếu.")
@click.option("--remove", type=int, help="Bỏ quy tắc có mã này.")
@click.option("--apply", "applied", is_flag=True, help="Đưa văn bản đã có vào hồ sơ theo quy tắc.")
def rule(code: str, doc_type: str, issuer: str, words: str, remove: int | None, applied: bool) -> None:
    """Quy tắc đưa văn bản vào hồ sơ CODE: thêm, bỏ, thực hiện; không nêu gì: liệt kê."""
    store = context.store()
    file_id = files.named(store, code)
    if remove is not None:
        if files.rule_file(store, remove) != file_id:
            raise Problem("not_found", what=remove)
        records.remove_file_rule(store, remove, context.actor())
    if doc_type or issuer or words:
        records.add_file_rule(store, file_id, doc_type, issuer, words, context.actor())
    if applied:
        click.echo(records.apply_file_rules(store, file_id, context.actor(), None))
    for one in files.rules(store, file_id):
        click.echo(f"{one.id:>5}  {' · '.join(part for part in (one.doc_type, one.issuer, one.words) if part)}")


def write_table(output: Path, name: str, columns: tables.Columns, rows: Any) -> None:
    """Write a table to a .csv or .xlsx file; raises Problem("bad_request") for another ending."""
    form = output.suffix.lower().lstrip(".")
    if form not in tables.FORMS:
        raise Problem("bad_request", why="tệp ra cần đuôi .csv hoặc .xlsx")
    context.writable(output, replace=True)
    output.write_bytes(tables.whole(form, name, columns, rows))


def shown(line: FileLine) -> dict[str, Any]:
    """A file as JSON."""
    names = (
        "id", "year", "code", "heading", "title", "keeper", "organ_id", "retention", "years", "state", "ended_on",
        "kept_until", "submitted_on", "submitted_to",
    )  # fmt: skip
    told = {name: getattr(line, name) for name in names}
    return told | {"papers": line.held.papers, "pages": line.held.pages}


def _print(line: FileLine, as_json: bool) -> None:
    if as_json:
        context.print_json(shown(line))
        return
    years = file_rows.retention_words(line.years)
    click.echo(f"{line.full:20} {line.held.papers:>6}  {line.state:10} {years:10}  {line.title}")


def _act(code: str, act: Callable[[Any, int], object]) -> None:
    store = context.store()
    act(store, files.named(store, code))


def _given(fields: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in fields.items() if value is not None}
