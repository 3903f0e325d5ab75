"""The contract with newcomers: every command, setting and error code is in the docs; both READMEs are short."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from corpus.config import Settings
from corpus.errors import CATALOGUE, CAUTIONS
from script import tables
from web.cli import COMMANDS, vanban

ROOT = Path(__file__).parent.parent
READMES = ("README.md", "README.en.md")
COMMANDS_PAGE = (ROOT / "docs/commands.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_docs(name: str) -> None:
    assert f"`vanban {name}" in COMMANDS_PAGE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_of_every_command_explains_itself(name: str) -> None:
    command = vanban.get_command(click.Context(vanban), name)
    assert command is not None and command.help
    commands = command.commands.values() if isinstance(command, click.Group) else [command]
    for one in commands:
        assert one.help, one.name
        assert all(option.help for option in one.params if isinstance(option, click.Option)), one.name


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_in_the_docs_with_its_default(name: str) -> None:
    page = (ROOT / "docs/settings.md").read_text("utf-8")
    row = next((line for line in page.splitlines() if line.startswith(f"| `VANBAN_{name.upper()}` |")), None)
    assert row is not None
    field = Settings.model_fields[name]
    assert field.description in row
    shown = "" if field.default_factory is not None else str(field.default)
    assert f"`{shown}`" in row or not shown.strip("*")


@pytest.mark.parametrize("code", [*CATALOGUE, *CAUTIONS])
def test_every_code_is_in_the_docs(code: str) -> None:
    assert f"| `{code}` |" in (ROOT / "docs/errors.md").read_text("utf-8")


@pytest.mark.parametrize("page", tables.PAGES)
def test_a_table_is_as_the_code_has_it(page: str) -> None:
    """`python -m script.tables` writes it again."""
    assert tables.written(page) == (ROOT / page).read_text("utf-8")


def test_every_sentence_exists_in_both_languages() -> None:
    for row in (*CATALOGUE.values(), *CAUTIONS.values()):
        assert row.vi and row.en and row.vi != row.en


@pytest.mark.parametrize("name", READMES)
def test_a_readme_is_short_and_names_what_is_there(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert len(text.splitlines()) < 150 and "| `VANBAN_" not in text
    for path in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
        assert (ROOT / path).exists(), path
    assert any(other in text for other in READMES if other != name), "the other one is named"
