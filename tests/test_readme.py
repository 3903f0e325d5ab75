"""README is the contract with newcomers: every command, setting and error code stands in it."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from corpus.config import Settings
from corpus.errors import CATALOGUE, CAUTIONS
from web.cli import COMMANDS, vanban

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"`vanban {name}" in README


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_explains_itself(name: str) -> None:
    command = vanban.get_command(click.Context(vanban), name)
    assert command is not None and command.help
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in commands:
        assert one.help, one.name
        assert all(option.help for option in one.params if isinstance(option, click.Option)), one.name


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_readme_with_its_default(name: str) -> None:
    row = next((line for line in README.splitlines() if line.startswith(f"| `VANBAN_{name.upper()}` |")), None)
    assert row is not None
    field = Settings.model_fields[name]
    assert field.description in row
    shown = str(field.default)
    assert f"`{shown}`" in row or not shown.strip("*")


@pytest.mark.parametrize("code", [*CATALOGUE, *CAUTIONS])
def test_every_code_is_in_the_readme(code: str) -> None:
    assert f"| `{code}` |" in README


def test_every_sentence_exists_in_both_languages() -> None:
    for row in (*CATALOGUE.values(), *CAUTIONS.values()):
        assert row.vi and row.en and row.vi != row.en


def test_pictures_and_files_that_the_readme_names_are_there() -> None:
    import re

    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / path).exists(), path
