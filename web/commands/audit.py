"""`vanban audit`: the tamper-evident trail and its seals."""

from __future__ import annotations

import sys

import click

from corpus import records
from corpus.audit import seals, trail_check
from corpus.audit.trail_check import TrailCheck
from corpus.errors import Problem
from web.cli import language
from web.commands import context
from web.commands.cites import named
from web.present.trail_state import heads, standing, to_json


@click.group()
def audit() -> None:
    """Nhật ký kiểm toán."""


@audit.command()
@click.option(
    "--against",
    multiple=True,
    metavar="DÒNG:MÃ",
    help="Mã băm của một dòng đã in hoặc đã xuất ra ngoài, để đối chiếu; nhắc lại được.",
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
def verify(against: tuple[str, ...], as_json: bool) -> None:
    """Kiểm tra chuỗi băm, dấu niêm và bản ghi đã niêm; thoát 1 và mỗi lỗi một câu khi có gì bị sửa, xóa,
    chèn hay cắt.
    """
    found = trail_check.check(context.store(), tuple(one for text in against for one in heads(text)))
    if as_json:
        context.print_json(to_json(found, language()))
    else:
        _say(found)
    sys.exit(1 if found.faults else 0)


@audit.command()
def seal() -> None:
    """Niêm dòng cuối của nhật ký ngay bây giờ và in mã băm của dòng ấy."""
    store = context.store()
    try:
        last = seals.seal_now(store)
    except OSError as error:
        raise Problem("seal_unwritable", name=store.settings.audit_seal_file or "audit.seals") from error
    click.echo(f"{last.row}:{last.hash}" if last else context.say("Nhật ký chưa có dòng nào."))


@audit.command()
@click.argument("ref")
@click.option("--reason", required=True, help="Đã kiểm tra gì, vì sao bản ghi như hiện nay là đúng.")
def reseal(ref: str, reason: str) -> None:
    """Niêm lại bản ghi của một văn bản (số ký hiệu hoặc mã) sau khi đã xem xét; lý do được ghi vào nhật ký."""
    store = context.store()
    document_id = int(ref) if ref.isascii() and ref.isdigit() and len(ref) < 16 else named(store, ref).id
    records.reseal(store, document_id, reason, context.actor())
    click.echo(context.say("Đã niêm lại bản ghi của văn bản {}.", document_id))


def _say(found: TrailCheck) -> None:
    for fault in found.faults:
        click.echo(trail_check.message(fault, language()))
    if not found.faults:
        click.echo(context.say("Nhật ký nguyên vẹn."))
    for line in standing(found, language()):
        click.echo(line)
    for code in found.advice:
        vi, en = trail_check.ADVICE[code]
        click.echo(vi if language() == "vi" else en, err=True)
