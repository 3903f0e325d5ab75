"""`vanban mail`: takes the mails of an IMAP folder, their attachments as documents."""

from __future__ import annotations

import time

import click

from ingest import receive
from ingest.mailbox import imap
from ingest.mailbox.mailbox_round import MailWatcher
from web.cli import language
from web.commands import context


@click.group()
def mail() -> None:
    """Nhận văn bản từ hộp thư (IMAP) theo các thiết lập VANBAN_MAIL_…"""


@mail.command("watch")
@click.option("--accept", is_flag=True, help="Đưa ngay vào kho những văn bản không còn điểm phải xem.")
@click.option("--group", "groups", multiple=True, help="Chỉ nhóm này được thấy (dùng nhiều lần cho nhiều nhóm).")
@click.option("--every", default=30.0, type=click.FloatRange(0.1, 3600), help="Số giây giữa hai lần nhìn.")
@click.option("--once", is_flag=True, help="Nhận những thư chưa đọc rồi dừng.")
def watch(accept: bool, groups: tuple[str, ...], every: float, once: bool) -> None:
    """Nhận từng thư chưa đọc; thư chỉ được đánh dấu đã đọc khi kho đã giữ nó."""
    store = context.store(create=True)
    terms = receive.UploadOptions(context.actor(), auto_accept=accept, limited_to=groups)
    watcher = MailWatcher(store, terms, language())
    while True:
        well = True
        for line in watcher.round():
            click.echo(f"{context.printable(line.name)}: {context.printable(line.words)}", err=not line.well)
            well = well and line.well
        if once:
            raise SystemExit(0 if well else 1)
        time.sleep(every)


@mail.command("check")
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
def check(as_json: bool) -> None:
    """Thử đăng nhập hộp thư và đếm thư chưa đọc; không nhận, không đánh dấu gì."""
    settings = context.settings()
    with imap.opened(settings) as box:
        unseen = len(box.unseen())
    if as_json:
        context.print_json({"host": settings.mail_host, "folder": settings.mail_folder, "unseen": unseen})
    else:
        words = "thư chưa đọc" if language() == "vi" else "unseen mails"
        click.echo(f"{settings.mail_host} {settings.mail_folder}: {unseen} {words}")
