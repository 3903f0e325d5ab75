"""`vanban version`: a better scan or a corrected file of a document on file; the one before is kept."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import click

from corpus import records
from corpus.originals import content_store
from corpus.queries import file_versions
from ingest import receive
from web.cli import language
from web.commands import context
from web.commands.cites import named
from web.present import fields
from web.present.version_words import VERSION_STATES

_values = click.option(
    "--values",
    required=True,
    type=click.Choice(["keep", "read"]),
    help="keep: giữ nguyên giá trị đã có; read: đọc lại, chỗ nào khác thì hỏi.",
)
_reason = click.option("--reason", required=True, help="Lý do.")


@click.group()
def version() -> None:
    """Phiên bản tệp của một văn bản: bản quét rõ hơn, tệp đã sửa lỗi; tệp cũ được giữ."""


@version.command("add")
@click.argument("ref")
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@_values
@_reason
@click.option("--released", help="Vì sao dấu mật thấy trên đúng tệp này là báo nhầm.")
def add(ref: str, path: Path, values: str, reason: str, released: str | None) -> None:
    """Thay tệp của văn bản REF bằng PATH, khi tệp mới đã qua kiểm tra dấu mật và đọc xong."""
    store = context.store()
    word = receive.VersionWord(reason, values == "keep", released)
    with path.open("rb") as source:
        number = receive.take_version(
            store, io.BufferedReader(source.raw), path.name, named(store, ref).id, word, context.actor()
        )
    click.echo(f"{context.say('Phiên bản')} {number}: {context.say(VERSION_STATES['waiting'])}")


@version.command("restore")
@click.argument("ref")
@click.argument("number", type=click.IntRange(1))
@_values
@_reason
def restore(ref: str, number: int, values: str, reason: str) -> None:
    """Dùng lại phiên bản NUMBER của văn bản REF."""
    store = context.store()
    found = named(store, ref)
    one = file_versions.with_file(store, found.id, number)
    released = file_versions.released_word(store, found.id, number)
    new = records.NewVersion(one.sha256, one.name, one.media_type, one.size, reason, values == "keep", released)
    made = records.put_version(store, found.id, new, context.actor())
    click.echo(f"{context.say('Phiên bản')} {made}: {context.say(VERSION_STATES['waiting'])}")


@version.command("list")
@click.argument("ref")
@click.option("--json", "as_json", is_flag=True, help="In JSON, mỗi dòng một mục.")
def list_versions(ref: str, as_json: bool) -> None:
    """Các phiên bản tệp của văn bản REF, mới nhất trước."""
    store = context.store()
    for one in file_versions.of_document(store, named(store, ref).id, language()):
        if as_json:
            told = {"number": one.number, "state": one.state, "sha256": one.sha256, "name": one.name}
            context.print_json(told | {"by": one.by, "at": one.at.isoformat() + "Z", "reason": one.reason})
        else:
            state, when = context.say(VERSION_STATES[one.state]), fields.moment(one.at)
            click.echo(f"{one.number:>3}  {state:22} {when}  {one.by}  {one.name}  {one.reason}".rstrip())


@version.command("get")
@click.argument("ref")
@click.argument("number", type=click.IntRange(1))
@click.option("--output", required=True, type=click.Path(path_type=Path), help="Ghi vào tệp này.")
@click.option("--replace", is_flag=True, help="Ghi đè tệp đã có tên ấy; không có tùy chọn này thì dừng lại.")
def get(ref: str, number: int, output: Path, replace: bool) -> None:
    """Ghi tệp của phiên bản NUMBER của văn bản REF ra OUTPUT."""
    store = context.store()
    found = named(store, ref)
    one = file_versions.with_file(store, found.id, number)
    context.writable(output, replace=replace)
    shutil.copyfile(content_store.original_path(store, one.sha256, document=found.id), output)
    records.note(store, context.actor(), "download", found.id, {"version": one.number})
