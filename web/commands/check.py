"""`vanban check` and `vanban upgrade`: check of a store's health, repair, upgrade to this version."""

from __future__ import annotations

import sys

import click

from corpus import records
from corpus.audit import seals
from corpus.config import Settings
from corpus.database import migrations
from corpus.database.connection import Database
from corpus.database.store import Store, make_folders, open_store
from corpus.errors import Problem
from ingest.sandbox.confinement import confinement
from search.index import indexer
from web.cli import language
from web.commands import context
from web.present import walls
from web.services import health


@click.command()
@click.option(
    "--repair", is_flag=True, help="Sửa những gì sửa được: cơ sở dữ liệu, hàng đợi, chỉ mục, bản gốc lạc."
)
@click.option("--json", "as_json", is_flag=True, help="In kết quả JSON.")
def check(repair: bool, as_json: bool) -> None:
    """Kiểm tra OCR, cơ sở dữ liệu, bản gốc, hàng đợi, chỉ mục, nhật ký; mỗi lỗi một dòng và thoát 1 khi có lỗi."""
    store = _open_unchanged(context.settings())
    found = _look(store)
    if repair and found.faults:
        for fault in found.faults:
            click.echo(fault.message(language()), err=True)
        health.repair(store, found)
        found = _look(store)
    health.note(store, found.findings, found.standings)
    _say(found, as_json)
    sys.exit(1 if found.faults else 0)


@click.command()
def upgrade() -> None:
    """Nâng cơ sở dữ liệu và chỉ mục của kho lên phiên bản này; chạy lại không hại gì."""
    settings = context.settings()
    before = migrations.version(_open_unchanged(settings).db)
    store = open_store(settings, create=False)
    records.resolve_citations(store)
    seals.seal_head(store)
    count = indexer.follow(store)
    done = context.say(
        "Cơ sở dữ liệu: {} → {}; chỉ mục: cập nhật {} văn bản.", before or "0", migrations.HEAD, count
    )
    click.echo(done)


def _open_unchanged(settings: Settings) -> Store:
    """Open the store without the upgrade that opening usually includes; raises Problem("store_missing")."""
    if not settings.database and not (settings.home / "vanban.sqlite3").exists():
        raise Problem("store_missing", home=settings.home)
    store = Store(settings, Database(settings.database_url))
    make_folders(store)
    found = migrations.version(store.db)
    if found is not None and found > migrations.HEAD:
        raise Problem("store_newer", home=settings.home, version=found)
    return store


def _look(store: Store) -> health.Health:
    with context.bar(context.say("So bản gốc")) as progress:
        return health.look(store, progress)


def _say(found: health.Health, as_json: bool) -> None:
    faults = [(fault, fault.message(language())) for fault in found.faults]
    advice = [health.HealthFault(code).message(language()) for code in found.advice]
    walled = confinement()
    if as_json:
        told = [{"code": f.code, "document": f.document, "what": f.what, "message": m} for f, m in faults]
        context.print_json(
            {
                "ok": not faults,
                "documents": found.documents,
                "originals": len(found.findings),
                "signed": len(found.standings),
                "faults": told,
                "advice": advice,
                "compounds_waiting": found.waiting,
                "confinement": walled.to_json(),
            }
        )
        return
    for _, message in faults:
        click.echo(message)
    if not faults:
        whole = "Kho nguyên vẹn: {} văn bản, {} bản gốc khớp."
        click.echo(context.say(whole, found.documents, len(found.findings)))
    if found.waiting:
        waits = "{} văn bản chờ tách từ ghép: vẫn tìm được, «vanban work» đang làm dần."
        click.echo(context.say(waits, found.waiting), err=True)
    for message in (*advice, *walls.lines(walled, language())):
        click.echo(message, err=True)
