"""`vanban completion` and `vanban manual`: completion for a shell and the man page, made from the commands."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import version

import click
from click.shell_completion import get_completion_class

from web.cli import COMMANDS, language, vanban
from web.present.command_words import helped

_HEADS = {
    "vi": ("TÊN", "CÚ PHÁP", "LỆNH", "MÃ KẾT THÚC", "THIẾT ĐẶT"),
    "en": ("NAME", "SYNOPSIS", "COMMANDS", "EXIT STATUS", "SETTINGS"),
}
_EXITS = {
    "vi": "0: xong cả; 1: có đầu vào bị từ chối; 2: gọi sai; 3: kho thuộc phiên bản mới hơn.",
    "en": "0: all went well; 1: some inputs were refused; 2: the call was wrong; 3: the store is newer.",
}
_SETTINGS = {
    "vi": "Biến môi trường VANBAN_… hoặc tệp .env; xem docs/settings.md.",
    "en": "Variables VANBAN_… of the environment or of a file .env; see docs/settings.md.",
}


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """In đoạn lệnh gõ tắt cho bash, zsh hay fish; nạp bằng eval hoặc ghi vào tệp."""
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 - click has all three
    click.echo(kind(vanban, {}, "vanban", "_VANBAN_COMPLETE").source())


@click.command()
def manual() -> None:
    """In trang hướng dẫn (man): vanban manual | man -l -, hoặc ghi vào vanban.1."""
    click.echo("\n".join(page()))


def page() -> Iterator[str]:
    """Lines of the man page in the language of messages (roff, man macros)."""
    lang = language()
    name, synopsis, commands, exits, settings = _HEADS[lang]
    yield f'.TH VANBAN 1 "" "vanban {version("vanban")}"'
    # Choices of an option are one word, which no justified line of a terminal can hold.
    yield ".ad l"
    yield from (f".SH {name}", f"vanban \\- {_safe((helped(vanban.help) if lang == 'en' else vanban.help) or '')}")
    yield from (f".SH {synopsis}", ".B vanban", "[\\-\\-help] [\\-\\-version] COMMAND ...", f".SH {commands}")
    for called, command in _commands():
        yield from (f".SS {called}", _safe(" ".join((command.help or "").split())))
        with click.Context(command) as context:
            for known in command.get_params(context):
                record = known.get_help_record(context)
                if record is not None and "--help" not in known.opts:
                    yield from (".TP", f".B {_safe(record[0])}", _safe(record[1]))
    yield from (f".SH {exits}", _safe(_EXITS[lang]), f".SH {settings}", _safe(_SETTINGS[lang]))


def _commands() -> Iterator[tuple[str, click.Command]]:
    """Each command and subcommand with the words that call it, in the order of `--help`."""
    context = click.Context(vanban)
    for name in COMMANDS:
        command = vanban.get_command(context, name)
        if isinstance(command, click.Group):
            for below in sorted(command.commands):
                yield f"vanban {name} {below}", command.commands[below]
        elif command is not None:
            usage = " ".join(command.collect_usage_pieces(click.Context(command)))
            yield f"vanban {name} {_safe(usage)}", command


def _safe(text: str) -> str:
    """Text as roff takes it: no command of its own, no hyphen that breaks an option."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text.startswith((".", "'")) else text
