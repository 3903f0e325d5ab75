"""`vanban copy`: copies of documents (sao y, sao lục, trích sao) with numbers of their own."""

from __future__ import annotations

import sys

import click

from corpus import records
from corpus.numbering.typed_days import day_text
from corpus.queries import file_lists
from corpus.queries.citations import EVERYTHING
from web.commands import context
from web.commands.cites import named

_json = click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")


@click.group()
def copy() -> None:
    """Bản sao văn bản: sao y (SY), sao lục (SL), trích sao (TrS)."""


@copy.command("make")
@click.argument("ref")
@click.option("--kind", required=True, type=click.Choice(["SY", "SL", "TrS"]), help="Hình thức sao.")
@click.option("--medium", default="", help="giay-giay, dt-giay, giay-dt hoặc dt-dt (mặc định: giay-giay).")
@click.option("--body", default="", help="Cơ quan sao (mặc định: cơ quan đầu tiên của kho).")
@click.option("--day", default="", help="Ngày sao (mặc định: hôm nay).")
@click.option("--place", default="", help="Địa danh.")
@click.option("--signer", default="", help="Họ tên người ký bản sao.")
@click.option("--title", default="", help="Quyền hạn, chức vụ người ký.")
@click.option("--recipient", "recipients", multiple=True, help="Nơi nhận; nêu nhiều lần được.")
@click.option("--amount", default=1, type=click.IntRange(1, 10_000), help="Số bản.")
@click.option("--of", type=int, help="SL: mã của bản sao y đã dùng để sao.")
@click.option("--excerpt-stdin", is_flag=True, help="TrS: lấy phần được trích từ stdin.")
@_json
def make(
    ref: str,
    kind: str,
    medium: str,
    body: str,
    day: str,
    place: str,
    signer: str,
    title: str,
    recipients: tuple[str, ...],
    amount: int,
    of: int | None,
    excerpt_stdin: bool,
    as_json: bool,
) -> None:
    """Cấp số và lập bản sao của văn bản REF (số ký hiệu hoặc mã)."""
    store = context.store()
    values = {
        "kind": kind,
        "medium": medium,
        "body": body,
        "made_on": day,
        "place": place,
        "signer": signer,
        "title": title,
        "recipients": "\n".join(recipients),
        "amount": amount,
        "of": of,
        "excerpt": sys.stdin.read(60_000) if excerpt_stdin else "",
    }
    made = records.make_copy(store, named(store, ref).id, values, context.actor())
    _print(file_lists.copy(store, made), as_json)


@copy.command("list")
@click.option("--year", type=int, help="Năm (mặc định: mọi năm).")
@_json
def list_copies(year: int | None, as_json: bool) -> None:
    """Sổ bản sao, mới nhất trước."""
    for one in file_lists.copies_in(context.store(), year, EVERYTHING, 100_000)[0]:
        _print(one, as_json)


@copy.command("cancel")
@click.argument("copy_id", type=click.IntRange(1, 2**53))
@click.option("--reason", required=True, help="Lý do.")
def cancel(copy_id: int, reason: str) -> None:
    """Hủy bản sao có mã COPY_ID; số của nó không cấp lại."""
    records.cancel_copy(context.store(), copy_id, reason, context.actor())


def _print(one: file_lists.CopyLine, as_json: bool) -> None:
    if as_json:
        told = {"id": one.id, "number": one.number, "kind": one.kind, "document": one.document_id}
        context.print_json(told | {"made_on": one.made_on, "cancelled": one.cancelled})
    else:
        note = f"  ({context.say('đã hủy')}: {one.cancelled})" if one.cancelled else ""
        click.echo(f"{one.id:>5}  {one.number:16} {day_text(one.made_on)}  {one.original or ''}{note}")
