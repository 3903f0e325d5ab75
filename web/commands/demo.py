"""The demonstration of `vanban serve --demo`: the samples and an account of each role, read-only, reset."""

from __future__ import annotations

import os
import shutil
import signal
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import click
from sqlalchemy import select

from corpus import records
from corpus.config import Settings
from corpus.database.account_tables import User
from corpus.database.models import Document
from corpus.database.store import Store, open_store
from corpus.handover.acting import Acting
from corpus.handover.orders import Order, Receiver
from search.index import indexer
from web.access import passwords
from web.commands import context
from web.commands.samples import load

PASSWORD = "xem-thu-van-ban"  # noqa: S105 - shown to everybody: the demonstration saves nothing
ROLES = ("reader", "clerk", "leader", "auditor", "admin")
_ACTOR = "cli:demo"
_HANDED_OVER = "31/KH-STTTT"
"""The sample that the demonstration's leader has handed over: the plan that the README tells of."""


def demo_settings(settings: Settings, home: Path) -> Settings:
    """Settings of the demonstration: a store of its own, nothing of the office's, and nothing is saved."""
    return settings.without_secrets().model_copy(
        update={
            "home": home, "database": "", "originals": "", "audit_seal_file": "", "audit_seal_key_file": "",
            "oidc_issuer": "", "signature_roots": "", "search_engine": "auto", "read_only": True,
        }
    )  # fmt: skip


def run(settings: Settings, seconds: float, serve: Callable[[Settings], None]) -> None:
    """Serve a fresh copy of the demonstration, and another one each time the seconds have passed.

    serve: runs the web service until it is ended by SIGTERM; called in a process of its own.
    """
    pristine = settings.home / "demo" / version("vanban")
    present = settings.home / "demo" / "present"
    _prepare(demo_settings(settings, pristine))
    accounts = context.say("tài khoản: {}  mật khẩu: {}", ", ".join(ROLES), PASSWORD)
    click.echo(f"http://{settings.host}:{settings.port}  {accounts}")
    child = 0
    ended = False

    def end(_signal: int, _frame: object) -> None:
        nonlocal ended
        ended = True
        if child:
            os.kill(child, signal.SIGTERM)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while not ended:
        shutil.rmtree(present, ignore_errors=True)
        shutil.copytree(pristine, present)
        child = os.fork()
        if child == 0:
            _serve_and_leave(demo_settings(settings, present), serve)
        if not _wait(child, seconds):
            break
    shutil.rmtree(present, ignore_errors=True)


def _serve_and_leave(settings: Settings, serve: Callable[[Settings], None]) -> None:
    """Serve in the forked process, which never returns to the loop of its parent."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    code = 1
    try:
        serve(settings)
        code = 0
    except SystemExit as left:
        code = left.code if isinstance(left.code, int) else 1
    finally:
        os._exit(code)


def _wait(child: int, seconds: float) -> bool:
    """Wait until the time is over, then end the service; False if it ended before that."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(child, os.WNOHANG)[0]:
            return False
        time.sleep(0.2)
    os.kill(child, signal.SIGTERM)
    os.waitpid(child, 0)
    return True


def _prepare(settings: Settings) -> None:
    """Make the store of the samples once for each version; a half-made one has another name."""
    if settings.home.exists():
        return
    draft = settings.home.with_name(f"{settings.home.name}.part")
    shutil.rmtree(draft, ignore_errors=True)
    store = open_store(settings.model_copy(update={"home": draft}), create=True)
    load(store)
    hashed = passwords.hash_password(PASSWORD)
    for role in ROLES:
        records.add_user(store, role, role, hashed, actor=_ACTOR)
    _hand_over(store)
    indexer.sync(store)
    indexer.forget(store)
    store.close()
    draft.rename(settings.home)


def _hand_over(store: Store) -> None:
    """Hand one sample over in the leader's name, so that every list of the office's day has a row."""
    with store.db.reading() as session:
        handed = session.scalar(select(Document.id).where(Document.number == _HANDED_OVER))
        leader = session.scalar(select(User.id).where(User.name == "leader"))
    if handed is None:
        return
    receivers = (Receiver("lead", "clerk"), Receiver("know", "reader"))
    order = Order(receivers, "Tham mưu văn bản triển khai trong tuần.", "5")
    records.hand_over(store, handed, order, Acting("leader", leader))
