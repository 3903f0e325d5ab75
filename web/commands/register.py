"""`vanban register`: numbers of the registers, given and listed, and the register's page as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

import click

from corpus import records
from corpus.errors import Problem
from corpus.queries import registers
from corpus.queries.registers import BookLine
from corpus.records import GivenNumber
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import KINDS, Kind, RegisterLine, RegisterNumber, number_of
from web.commands import context
from web.commands.cites import named
from web.formats import register_book
from web.present import register_words
from web.present.fields import day
from web.services import registers as service

_KIND = click.option("--kind", required=True, type=click.Choice(KINDS), help="Sổ: đến, đi hay nội bộ.")
_JSON = click.option("--json", "as_json", is_flag=True, help="In JSON.")
_YEAR = click.option("--year", type=click.IntRange(1945, 2200), help="Năm của sổ (mặc định: năm nay).")


@click.group()
def register() -> None:
    """Sổ văn bản đến, đi, nội bộ: cấp số, giữ số, chèn, hủy, liệt kê, in."""


@register.command()
@click.argument("ref", metavar="ID")
@_KIND
@_JSON
def give(ref: str, kind: str, as_json: bool) -> None:
    """Cấp số tiếp theo của sổ năm nay cho văn bản ID; văn bản đã có số thì giữ số đó."""
    store = context.store()
    _print(records.give_number(store, named(store, ref).id, cast("Kind", kind), context.actor()), as_json)


@register.command("list")
@_KIND
@_YEAR
@click.option("--from", "since", default="", help="Từ ngày (ngày/tháng/năm).")
@click.option("--to", "until", default="", help="Đến ngày.")
@click.option("--body", default="", help="Cơ quan ban hành.")
@click.option("--urgency", default="", help="Mức độ khẩn.")
@click.option("--state", type=click.Choice(("", *register_words.STATES)), default="", help="Tình trạng của số.")
@_JSON
def list_lines(kind: str, year: int | None, as_json: bool, **filters: str) -> None:
    """Liệt kê sổ theo thứ tự, kể cả số đã hủy kèm lý do."""
    store, wanted = context.store(), _filters(kind, year, **filters)
    for line in registers.every(store, wanted, registers.EVERYTHING, service.MOST_LINES):
        if as_json:
            context.print_json(service.as_json(line))
        else:
            click.echo(_words(line))


@register.command("print")
@_KIND
@_YEAR
@click.option("--from", "since", default="", help="Từ ngày (ngày/tháng/năm).")
@click.option("--to", "until", default="", help="Đến ngày.")
@click.option("--body", default="", help="Cơ quan ban hành.")
@click.option("--urgency", default="", help="Mức độ khẩn.")
@click.option("--state", type=click.Choice(("", *register_words.STATES)), default="", help="Tình trạng của số.")
@click.option(
    "--what", "output_kind", type=click.Choice(service.OUTPUTS), default="so", help="Sổ, báo cáo, mục lục."
)
@click.option("--output", "-o", type=click.Path(path_type=Path), help="Tệp ra: .pdf (mặc định), .xlsx hoặc .csv.")
def print_book(kind: str, year: int | None, output_kind: str, output: Path | None, **filters: str) -> None:
    """In sổ theo mẫu Phụ lục IV, Nghị định 30/2020/NĐ-CP; không nêu --output: PDF ra stdout."""
    form = output.suffix.lower().lstrip(".") if output is not None else "pdf"
    if form not in register_book.FORMS:
        raise Problem("bad_request", why="tệp ra cần đuôi .pdf, .xlsx hoặc .csv")
    if output is not None:
        context.writable(output, replace=True)
    store, wanted = context.store(), _filters(kind, year, **filters)
    data = service.whole(form, service.sheet(store, wanted, registers.EVERYTHING, output_kind))
    told = {"what": "register", "kind": kind, "format": form, "form": output_kind, "year": wanted.year}
    records.note(store, context.actor(), "export", None, told)
    if output is not None:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


@register.command()
@click.argument("ref", metavar="ID")
@_KIND
@click.option("--after", required=True, help="Số đứng trước, ví dụ 12: văn bản được số 12a.")
@_YEAR
@click.option("--note", default="", help="Ghi chú.")
@_JSON
def insert(ref: str, kind: str, after: str, year: int | None, note: str, as_json: bool) -> None:
    """Vào sổ muộn văn bản ID, chèn sau một số đã có."""
    store = context.store()
    place = LatePlace(year or service.this_year(), _number(after))
    _print(
        records.insert_number(store, named(store, ref).id, cast("Kind", kind), place, note, context.actor()),
        as_json,
    )


@register.command()
@_KIND
@click.option("--count", default=1, help="Bao nhiêu số.")
@click.option("--purpose", required=True, help="Để làm gì.")
@_JSON
def reserve(kind: str, count: int, purpose: str, as_json: bool) -> None:
    """Giữ các số tiếp theo cho văn bản sẽ đến sau."""
    for one in records.reserve_numbers(context.store(), cast("Kind", kind), count, purpose, context.actor()):
        _print(one, as_json)


@register.command()
@click.argument("number")
@click.argument("ref", metavar="ID")
@_KIND
@_YEAR
@_JSON
def fill(number: str, ref: str, kind: str, year: int | None, as_json: bool) -> None:
    """Điền văn bản ID vào số NUMBER đang giữ."""
    store = context.store()
    line = _line(kind, year, number)
    _print(records.fill_number(store, line, named(store, ref).id, context.actor()), as_json)


@register.command()
@click.argument("number")
@_KIND
@_YEAR
@click.option("--reason", required=True, help="Lý do; còn mãi trong sổ.")
@_JSON
def cancel(number: str, kind: str, year: int | None, reason: str, as_json: bool) -> None:
    """Hủy số NUMBER; số đó vẫn ở trong sổ và không cấp lại."""
    _print(records.cancel_number(context.store(), _line(kind, year, number), reason, context.actor()), as_json)


@register.command()
@click.argument("number")
@_KIND
@_YEAR
@click.option("--unit", default="", help="Đơn vị, người nhận (đến) hoặc nơi lưu (đi).")
@click.option("--copies", type=int, help="Số lượng bản.")
@click.option("--note", default="", help="Ghi chú.")
@_JSON
def note(number: str, kind: str, year: int | None, as_json: bool, **said: object) -> None:
    """Ghi đơn vị, số bản, ghi chú vào dòng của số NUMBER."""
    remarks = Remarks(**said)  # type: ignore[arg-type]
    _print(records.remark_number(context.store(), _line(kind, year, number), remarks, context.actor()), as_json)


def _words(line: BookLine) -> str:
    paper = line.paper
    what = " ".join(part for part in (paper.doc_type, paper.number, paper.subject) if part) if paper else ""
    state = "" if line.state == "given" else f"[{register_words.STATES[line.state]}] "
    reason = f" ({line.reason})" if line.reason else ""
    return f"{line.number!s:>6}  {day(line.day):>10}  {state}{what}{reason}".rstrip()


def _print(given: GivenNumber, as_json: bool) -> None:
    if as_json:
        told = {"kind": given.kind, "year": given.year, "number": given.number, "document": given.document}
        context.print_json(told if given.state == "given" else {**told, "state": given.state})
    else:
        click.echo(f"{register_words.NUMBERS[given.kind]}: {given.number}/{given.year}")


def _filters(kind: str, year: int | None, **filters: str) -> registers.RegisterAsked:
    told = {"from": filters.get("since", ""), "to": filters.get("until", "")}
    return service.asked(cast("Kind", kind), {**filters, **told, "year": str(year or service.this_year())})


def _line(kind: str, year: int | None, number: str) -> RegisterLine:
    return RegisterLine(cast("Kind", kind), year or service.this_year(), _number(number))


def _number(text: str) -> RegisterNumber:
    found = number_of(text[:20])
    if found is None:
        raise Problem("not_found", what=text[:20])
    return found
