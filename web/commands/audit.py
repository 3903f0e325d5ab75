"""`vanban audit`: the trail that can't be changed unnoticed."""

from __future__ import annotations

import sys

import click

from corpus import audit as trail
from web.commands import opening


@click.group()
def audit() -> None:
    """Nhật ký kiểm toán."""


@audit.command()
def verify() -> None:
    """Kiểm tra chuỗi băm của nhật ký; thoát 1 và in từng lỗi nếu có dòng bị sửa, xoá, chèn hay cắt đuôi."""
    store = opening.store()
    seals = trail.read_seals(trail.seal_file(store.settings))
    with store.db.reading() as session:
        faults = trail.verify(session, seals)
    for fault in faults:
        click.echo(str(fault))
    if not faults:
        click.echo("Nhật ký nguyên vẹn.")
    sys.exit(1 if faults else 0)
