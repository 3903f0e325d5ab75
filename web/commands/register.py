"""`vanban register`: numbers of the registers, given and listed, and the register's page as a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import click

from corpus import records
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.queries import register_books, registers
from corpus.queries.registers import BookLine
from corpus.records import GivenNumber
from corpus.registers.books import BookTyped
from corpus.registers.entries import LatePlace, Remarks
from corpus.registers.numbers import KINDS, Kind, RegisterLine, RegisterName, RegisterNumber, number_of
from web.commands import context
from web.commands.cites import named
from web.formats import register_book
from web.present import register_words
from web.present.fields import day
from web.services import registers as service

_DIRECTION = click.option("--kind", required=True, type=click.Choice(KINDS), help="Sổ: đến, đi hay nội bộ.")
_KIND = click.option(
    "--kind", required=True, metavar="incoming|outgoing|internal|CODE", help="Sổ: đến, đi, nội bộ, hay mã của sổ."
)
_JSON = click.option("--json", "as_json", is_flag=True, help="In JSON.")
_YEAR = click.option("--year", type=click.IntRange(1945, 2200), help="Năm của sổ (mặc định: năm nay).")
_BODY = click.option("--body", default="", help="Cơ quan của kho giữ sổ này; không nêu: cả cơ quan.")
_TYPES = click.option("--types", default="", help="Loại văn bản tự vào sổ, cách nhau bằng dấu chấm phẩy.")
_SENDERS = click.option("--senders", default="", help="Cơ quan gửi tự vào sổ, cách nhau bằng dấu chấm phẩy.")
_FIRST = click.option("--first-year", type=int, help="Năm đầu mở sổ.")
_LAST = click.option("--last-year", type=int, help="Năm cuối mở sổ.")


@click.group()
def register() -> None:
    """Sổ văn bản đến, đi, nội bộ: cấp số, giữ số, chèn, hủy, liệt kê, in."""


@register.command()
@click.argument("ref", metavar="ID")
@_DIRECTION
@click.option("--register", "code", help="Mã của sổ; không nêu: sổ hợp nhất với văn bản.")
@_JSON
def give(ref: str, kind: str, code: str | None, as_json: bool) -> None:
    """Cấp số tiếp theo của sổ năm nay cho văn bản ID; văn bản đã có số thì giữ số đó."""
    store = context.store()
    chosen = service.named(code, store).code if code else None
    document = named(store, ref).id
    made = records.give_number(store, document, cast("Kind", kind), context.actor(), register=chosen)
    _print(made, as_json)


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
    store = context.store()
    wanted = _filters(service.named(kind, store), year, **filters)
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
    store = context.store()
    wanted = _filters(service.named(kind, store), year, **filters)
    data = service.whole(form, service.sheet(store, wanted, registers.EVERYTHING, output_kind))
    told = {"what": "register", "kind": wanted.kind, "format": form, "form": output_kind, "year": wanted.year}
    told |= {"register": wanted.register} if wanted.register else {}
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
    place, which = LatePlace(year or service.this_year(), _number(after)), service.named(kind, store)
    document, actor = named(store, ref).id, context.actor()
    made = records.insert_number(store, document, which.kind, place, note, actor, register=which.code)
    _print(made, as_json)


@register.command()
@_KIND
@click.option("--count", default=1, help="Bao nhiêu số.")
@click.option("--purpose", required=True, help="Để làm gì.")
@_JSON
def reserve(kind: str, count: int, purpose: str, as_json: bool) -> None:
    """Giữ các số tiếp theo cho văn bản sẽ đến sau."""
    store = context.store()
    which = service.named(kind, store)
    actor = context.actor()
    for one in records.reserve_numbers(store, which.kind, count, purpose, actor, register=which.code):
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
    line = _line(store, kind, year, number)
    _print(records.fill_number(store, line, named(store, ref).id, context.actor()), as_json)


@register.command()
@click.argument("number")
@_KIND
@_YEAR
@click.option("--reason", required=True, help="Lý do; còn mãi trong sổ.")
@_JSON
def cancel(number: str, kind: str, year: int | None, reason: str, as_json: bool) -> None:
    """Hủy số NUMBER; số đó vẫn ở trong sổ và không cấp lại."""
    store = context.store()
    line = _line(store, kind, year, number)
    _print(records.cancel_number(store, line, reason, context.actor()), as_json)


@register.command()
@click.argument("number")
@click.argument("to", metavar="CODE")
@_KIND
@_YEAR
@click.option("--reason", required=True, help="Lý do; còn mãi trong sổ.")
@_JSON
def move(number: str, to: str, kind: str, year: int | None, reason: str, as_json: bool) -> None:
    """Chuyển văn bản của số NUMBER sang sổ CODE cùng hướng; chuyển về thì lấy lại số cũ."""
    store = context.store()
    line, there = _line(store, kind, year, number), service.named(to, store)
    if there.kind != line.kind:
        raise Problem("bad_value", field="register", value=to[:40], why="cần một sổ cùng hướng")
    _print(records.move_number(store, line, there.code, reason, context.actor()), as_json)


@register.command()
@click.argument("number")
@_KIND
@_YEAR
@click.option("--reason", required=True, help="Lý do; còn mãi trong sổ.")
@_JSON
def restore(number: str, kind: str, year: int | None, reason: str, as_json: bool) -> None:
    """Phục hồi số NUMBER đã hủy nhầm."""
    store = context.store()
    line = _line(store, kind, year, number)
    _print(records.restore_number(store, line, reason, context.actor()), as_json)


@register.command("books")
@_YEAR
@_JSON
def list_books(year: int | None, as_json: bool) -> None:
    """Liệt kê các sổ của một năm: mã, tên, số cuối, văn bản nào tự vào sổ."""
    for one in register_books.books(context.store(), year or service.this_year()):
        told = service.book_json(one)
        if as_json:
            context.print_json(told)
            continue
        rules = "; ".join([*told["types"], *told["senders"], *([one.body] if one.body else [])])
        shut = f"  {context.say('đã khóa')} {day(one.closed_day)}" if one.closed_day else ""
        name = context.say(told["name"]) if one.book is None else told["name"]
        click.echo(f"{one.which.code or one.which.kind:24} {name}  {one.last}/{one.year}{shut}  {rules}".rstrip())


@register.command("add")
@click.argument("name")
@_DIRECTION
@_BODY
@_TYPES
@_SENDERS
@_FIRST
@_LAST
def add_book(name: str, kind: str, **rules: Any) -> None:
    """Mở sổ NAME; in mã của sổ."""
    click.echo(
        records.add_register(context.store(), cast("Kind", kind), _book_from(name, rules), context.actor()).code
    )


@register.command("change")
@click.argument("code")
@click.option("--name", required=True, help="Tên sổ.")
@_BODY
@_TYPES
@_SENDERS
@_FIRST
@_LAST
def change_book(code: str, name: str, **rules: Any) -> None:
    """Sửa tên, cơ quan, văn bản tự vào và năm của sổ CODE."""
    records.change_register(context.store(), code, _book_from(name, rules), context.actor())


@register.command("remove")
@click.argument("code")
def remove_book(code: str) -> None:
    """Bỏ sổ CODE chưa có số nào."""
    records.remove_register(context.store(), code, context.actor())


@register.command("begin")
@click.argument("first", type=int)
@_KIND
@_YEAR
def begin(first: int, kind: str, year: int | None) -> None:
    """Đặt số đầu năm FIRST cho sổ chưa có số nào trong năm."""
    store = context.store()
    which = service.named(kind, store)
    records.begin_register(store, which, year or service.this_year(), first, context.actor())


@register.command("close")
@_KIND
@_YEAR
def close(kind: str, year: int | None) -> None:
    """Khóa sổ của một năm: không cấp, sửa, hủy số được nữa."""
    store = context.store()
    records.close_register(store, service.named(kind, store), year or service.this_year(), context.actor())


@register.command("reopen")
@_KIND
@_YEAR
@click.option("--reason", required=True, help="Lý do.")
def reopen(kind: str, year: int | None, reason: str) -> None:
    """Mở lại sổ đã khóa."""
    store = context.store()
    which = service.named(kind, store)
    records.reopen_register(store, which, year or service.this_year(), reason, context.actor())


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
    store = context.store()
    line = _line(store, kind, year, number)
    _print(records.remark_number(store, line, remarks, context.actor()), as_json)


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


def _book_from(name: str, rules: dict[str, Any]) -> BookTyped:
    years = rules["first_year"], rules["last_year"]
    return BookTyped(name, rules["body"], rules["types"], rules["senders"], years)


def _filters(which: RegisterName, year: int | None, **filters: str) -> registers.RegisterAsked:
    told = {"from": filters.get("since", ""), "to": filters.get("until", "")}
    return service.asked(which, {**filters, **told, "year": str(year or service.this_year())})


def _line(store: Store, kind: str, year: int | None, number: str) -> RegisterLine:
    which = service.named(kind, store)
    return RegisterLine(which.kind, year or service.this_year(), _number(number), which.code)


def _number(text: str) -> RegisterNumber:
    found = number_of(text[:20])
    if found is None:
        raise Problem("not_found", what=text[:20])
    return found
