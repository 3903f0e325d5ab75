"""`vanban import`: archives of other programs; values of their lists are compared with the papers."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

import click

from corpus.errors import Problem
from ingest import receive
from ingest.importing.items import Listed
from ingest.importing.lists import read_list
from ingest.importing.paperless import read_export
from web.commands import context
from web.commands.ingest import stop, take_and_read

_FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)
_LIST = click.Path(path_type=Path, exists=True, dir_okay=False)
_accept = click.option("--accept", is_flag=True, help="Đưa ngay vào kho những văn bản không còn điểm phải xem.")
_groups = click.option("--group", "groups", multiple=True, help="Chỉ nhóm này được thấy (dùng nhiều lần).")
_json = click.option("--json", "as_json", is_flag=True, help="In kết quả JSON, mỗi tệp một dòng.")
_dry = click.option("--dry-run", is_flag=True, help="Chỉ kiểm tra danh sách, không nhận gì.")


@click.group(name="import")
def import_() -> None:
    """Chuyển kho của phần mềm khác sang; thông tin đi kèm được đối chiếu với bản giấy, không thay bản giấy."""


@import_.command()
@click.argument("folder", type=_FOLDER)
@_accept
@_groups
@_json
@_dry
def paperless(folder: Path, accept: bool, groups: tuple[str, ...], as_json: bool, dry_run: bool) -> None:
    """Thư mục do paperless-ngx xuất ra (document_exporter), có manifest.json."""
    settings = context.settings()
    _take(read_export(folder, settings.lang), accept, groups, as_json, dry_run)


@import_.command()
@click.argument("folder", type=_FOLDER)
@click.option(
    "--list", "listed", type=_LIST, help="Danh sách CSV hay XLSX (mặc định: tệp CSV, XLSX duy nhất ở đó)."
)
@_accept
@_groups
@_json
@_dry
def folder(
    folder: Path, listed: Path | None, accept: bool, groups: tuple[str, ...], as_json: bool, dry_run: bool
) -> None:
    """Thư mục tệp quét kèm danh sách CSV hay XLSX (sổ của phần mềm văn phòng cũ): mỗi dòng một văn bản."""
    settings = context.settings()
    _take(read_list(listed or _only_list(folder), folder, settings), accept, groups, as_json, dry_run)


def _only_list(folder: Path) -> Path:
    found = sorted(
        path for path in folder.iterdir() if path.suffix.lower() in (".csv", ".xlsx") and path.is_file()
    )
    if len(found) != 1:
        raise Problem("bad_request", why=f"có {len(found)} tệp CSV, XLSX ở «{folder}»; nêu một tệp bằng --list")
    return found[0]


def _take(found: Listed, accept: bool, groups: tuple[str, ...], as_json: bool, dry_run: bool) -> None:
    for note in found.notes:
        click.echo(context.printable(note), err=True)
    if dry_run:
        told = sum(bool(item.claims) for item in found.items)
        counts = len(found.items), told, len(found.notes)
        click.echo(context.say("{} tệp, {} tệp có thông tin đi kèm; {} điểm cần biết.", *counts))
        return
    store = context.store(create=True)
    terms = receive.UploadOptions(context.actor(), auto_accept=accept, limited_to=groups)
    signal.signal(signal.SIGTERM, stop)
    paths = [item.path for item in found.items]
    claims = {item.path: item.claims for item in found.items}
    results = take_and_read(store, paths, terms, os.cpu_count() or 1, given=frozenset(paths), claims=claims)
    for result in results:
        if as_json:
            context.print_json(result.to_json())
        else:
            click.echo(context.printable(f"{result.status:10} {result.document or '':>6}  {result.name}"))
        if result.message:
            click.echo(context.printable(result.message), err=True)
    failed = any(result.status in ("refused", "failed") for result in results)
    sys.exit(1 if failed or found.notes else 0)
