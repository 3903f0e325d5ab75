"""How a command gets its settings, its store and its output right."""

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

from corpus.config import Settings
from corpus.database.store import Store, open_store
from corpus.errors import Problem
from corpus.tables import use_office_rows
from web import logs

T = TypeVar("T")
_SURROGATES = re.compile("[\ud800-\udfff]")


def settings() -> Settings:
    """The settings in force; a command's log tells of what went wrong only, a service's of everything (`serve`, `work`).

    Raises Problem("bad_value") that names the first setting that is not valid.
    """
    try:
        made = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "VANBAN_" + str(first["loc"][0]).upper()
        raise Problem("bad_value", field=name, value=first.get("input"), why=first["msg"]) from error
    use_office_rows(made.home)
    logs.configure("error" if made.log_level == "error" else "warning")
    return made


def store(*, create: bool = False) -> Store:
    """The store of the settings in force; raises Problem("store_missing") unless it may be created."""
    return open_store(settings(), create=create)


def writable(path: Path, *, replace: bool) -> None:
    """Raises Problem("not_writable") for a file that can't be made there, Problem("file_exists") for one that is there."""
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


def actor() -> str:
    """Who the trail names for what is done from the command line."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli"


def print_json(data: dict[str, Any]) -> None:
    """One object on one line of stdout, UTF-8 whatever the terminal's, at once: a reader need not wait for the last."""
    click.echo(printable(json.dumps(data, ensure_ascii=False)).encode())
    sys.stdout.flush()


def printable(text: str) -> str:
    """The text with `�` for each byte of a file's name that is no UTF-8: python lends these surrogates."""
    return _SURROGATES.sub("\ufffd", text)


def progress(items: Iterable[T], length: int, label: str) -> Iterator[T]:
    """The items, with a bar on stderr when that is a terminal."""
    if not sys.stderr.isatty() or length < 2:
        yield from items
        return
    with click.progressbar(items, length=length, label=label, file=sys.stderr, show_pos=True) as bar:
        yield from bar


@contextmanager
def bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A function that is told how many of how many are done (0 for unknown), drawn on stderr when that is a terminal."""
    shown = sys.stderr.isatty()
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True, hidden=not shown) as drawn:

        def tell(done: int, of: int) -> None:
            drawn.length = of or None
            drawn.update(done - drawn.pos)

        yield tell
