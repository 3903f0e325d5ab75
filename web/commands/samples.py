"""`vanban samples`: sample documents and a first account, for a new store."""

from __future__ import annotations

import os
from importlib.resources import as_file, files
from pathlib import Path

import click
from sqlalchemy import func, select

from corpus import records
from corpus.access import first_sign_in
from corpus.database.account_tables import User
from corpus.database.models import Document
from corpus.database.store import Store
from ingest import receive
from web.access import passwords
from web.commands import context
from web.commands.ingest import take_and_read


@click.command()
@click.option("--sign-in", is_flag=True, help="Chỉ in tài khoản đầu tiên.")
def samples(sign_in: bool) -> None:
    """Nạp văn bản mẫu (tỉnh không có thật) và tạo tài khoản quản trị đầu tiên; chạy lại không nạp hai lần."""
    store = context.store(create=True)
    if not sign_in:
        load(store)
    _first_account(store)
    if sign_in and (note := first_sign_in.read(store)):
        click.echo(note)


def load(store: Store) -> None:
    """Take in the sample documents and have them read, unless they are there."""
    with store.db.reading() as session:
        if session.scalar(select(func.count()).select_from(Document).where(Document.sample)):
            return
    terms = receive.UploadOptions("cli:samples", auto_accept=True, sample=True)
    with as_file(files("corpus") / "samples") as folder:
        paths = sorted(path for path in Path(folder).iterdir() if path.suffix not in (".md", ".py"))
        click.echo(context.say("Đọc {} văn bản mẫu…", len(paths)), err=True)
        take_and_read(store, paths, terms, os.cpu_count() or 1)


def _first_account(store: Store) -> None:
    """Add an administrator with a random password, written for its owner alone, unless there is an account."""
    with store.db.reading() as session:
        if session.scalar(select(func.count()).select_from(User)):
            return
    password = passwords.made()
    hashed = passwords.hash_password(password)
    records.add_user(store, "admin", "admin", hashed, actor="cli:samples", must_change=True)
    first_sign_in.write(store, "admin", password)
