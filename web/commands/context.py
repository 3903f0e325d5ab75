"""Settings, store and output of a command."""

from __future__ import annotations

import getpass
import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click
from pydantic import ValidationError

from corpus import plugins
from corpus.config import Settings, unknown_names
from corpus.database.store import Store, open_store
from corpus.errors import Language, Problem
from corpus.tables import use_office_rows
from web import logs
from web.cli import language
from web.present import validation_words
from web.present.catalogue import ENGLISH
from web.present.command_words import COMMANDS_ENGLISH

T = TypeVar("T")
_IN_ENV_FILE = re.compile(r"(?mi)^\s*(?:export\s+)?(VANBAN_\w+)\s*=")
_UNKNOWN_SETTING = {
    "vi": "Không có thiết đặt nào tên {name}; bỏ qua.{hint}",
    "en": "There is no setting {name}; it is ignored.{hint}",
}
_SURROGATES = re.compile("[\ud800-\udfff]")


def settings() -> Settings:
    """The settings in force; the log of a command has errors only, that of a service everything (`serve`, `work`).

    Raises Problem("bad_value") that names the first invalid setting.
    """
    try:
        made = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "VANBAN_" + str(first["loc"][0]).upper()
        raise Problem(
            "bad_value", field=name, value=first.get("input"), why=validation_words.words(first, language())
        ) from error
    plugins.demand(made.plugins)
    _name_unknown_settings(made.lang)
    use_office_rows(made.home)
    logs.configure("error" if made.log_level == "error" else "warning")
    return made


def _name_unknown_settings(lang: Language) -> None:
    """Name on stderr each variable of the environment or of `.env` that looks like a setting and is none."""
    try:
        written = _IN_ENV_FILE.findall(Path(".env").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        written = []
    for name, meant in unknown_names({*os.environ, *written}).items():
        hint = f" {meant}?" if meant else ""
        click.echo(_UNKNOWN_SETTING[lang].format(name=name, hint=hint), err=True)


def store(*, create: bool = False) -> Store:
    """The store of the settings in force; raises Problem("store_missing") unless it may be created."""
    return open_store(settings(), create=create)


def writable(path: Path, *, replace: bool) -> None:
    """Raise Problem("not_writable") for a file that can't be made there, Problem("file_exists") for an existing
    one.
    """
    folder = path.absolute().parent
    try:
        present, there = path.exists() or path.is_symlink(), folder.is_dir()
    except OSError as error:
        raise Problem("not_writable", name=path.name, why="tên không dùng được") from error
    if path.is_dir():
        raise Problem("not_writable", name=path.name, why="đó là một thư mục")
    if not there:
        raise Problem("not_writable", name=path.name, why=f"không có thư mục «{folder}»")
    if present and not replace:
        raise Problem("file_exists", name=str(path))
    if not os.access(path if present else folder, os.W_OK):
        raise Problem("not_writable", name=path.name, why="không có quyền ghi")


def say(text: str, *parts: object) -> str:
    """A sentence of a command in the language of messages, its {} filled with the parts in order."""
    words = COMMANDS_ENGLISH.get(text) or ENGLISH.get(text, text) if language() == "en" else text
    return words.format(*parts)


def actor() -> str:
    """Actor in the trail for acts from the command line."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"


def print_json(data: dict[str, Any]) -> None:
    """Print one object on one line of stdout, in UTF-8 whatever the terminal's encoding, and flush."""
    click.echo(printable(json.dumps(data, ensure_ascii=False)).encode())
    sys.stdout.flush()


def printable(text: str) -> str:
    """Return the text with `�` for each byte of a file name that is no UTF-8 (surrogates in Python)."""
    return _SURROGATES.sub("\ufffd", text)


def progress(items: Iterable[T], length: int, label: str) -> Iterator[T]:
    """Yield the items, with a progress bar on stderr if that is a terminal."""
    if not sys.stderr.isatty() or length < 2:
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """Callback of the numbers done and in all (0 for unknown), drawn as a bar on stderr if that is a terminal."""
    shown = sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True, hidden=not shown) as drawn:

        def tell(done: int, of: int) -> None:
            drawn.length = of or None
            drawn.update(done - drawn.pos)

        yield tell
