"""The command line in either language: help, refusals and sentences, wholly Vietnamese or wholly English."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from corpus import reasons
from corpus.errors import _CAUTIONS, _ROWS, STATUS_LABELS, Problem, caution_in, caution_message
from web.cli import COMMANDS, vanban
from web.present.click_words import CLICK_VIETNAMESE
from web.present.command_words import COMMANDS_ENGLISH, HELP_ENGLISH, in_english

ROOT = Path(__file__).parents[3]
VIETNAMESE = re.compile("[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]", re.IGNORECASE)
OUR_OWN_WORDS = re.compile(r"“vĩnh viễn”|Tệp, Tên tệp, File đính kèm …")
"""Vietnamese that an English sentence quotes: values that are typed so."""


def run(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}
    return subprocess.run(
        [sys.executable, "-m", "vanban", *arguments], env=environment, capture_output=True, text=True, check=False
    )


def every(command: click.Command, path: str = "vanban") -> Iterator[tuple[str, click.Command]]:
    """Each command and subcommand with the words that call it."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            below = command.get_command(context, name)
            assert below is not None
            yield from every(below, f"{path} {name}")


def texts(command: click.Command) -> list[str]:
    """Texts of a command that people read."""
    found = [command.help, command.short_help, command.epilog]
    for one in command.params:
        found += [getattr(one, "help", None), one.metavar]
    return [text for text in found if text]


ALL = list(every(vanban))


def test_every_command_is_looked_at() -> None:
    assert len(ALL) > 100 and {path.split()[1] for path, _ in ALL[1:]} == set(COMMANDS)


@pytest.mark.parametrize(("path", "command"), ALL, ids=[path for path, _ in ALL])
def test_help_has_an_english_form(path: str, command: click.Command) -> None:
    missing = [text for text in texts(in_english(command)) if VIETNAMESE.search(OUR_OWN_WORDS.sub("", text))]
    assert missing == [], "a row of HELP_ENGLISH is wanting"


@pytest.mark.parametrize(("path", "command"), ALL, ids=[path for path, _ in ALL])
def test_help_is_vietnamese_at_home(path: str, command: click.Command) -> None:
    own = {words for pair in HELP_ENGLISH.items() for words in pair[1:]}
    assert [text for text in texts(command) if " ".join(text.split()) in own] == []
    assert command.help and VIETNAMESE.search(command.help)


def test_no_row_of_help_is_left_over() -> None:
    """What no command says any more goes."""
    said = {" ".join(text.split()) for _, command in ALL for text in texts(command)}
    assert set(HELP_ENGLISH) - said == set()


SENTENCES = [
    path
    for room in ("web/commands", "corpus", "ingest", "search", "web")
    for path in sorted((ROOT / room).rglob("*.py"))
]


def _texts_of(node: ast.expr) -> list[str]:
    """Texts that an expression may be, with {} for what is filled in; names and calls are none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.JoinedStr):
        return ["".join(str(one.value) if isinstance(one, ast.Constant) else "{}" for one in node.values)]
    if isinstance(node, ast.IfExp):
        return _texts_of(node.body) + _texts_of(node.orelse)
    return []


def _reasons_in(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.keyword) and node.arg in ("why", "what", "found", "state"):
            yield from _texts_of(node.value)
        if isinstance(node, ast.Assign) and any(
            isinstance(one, ast.Name) and one.id == "why" for one in node.targets
        ):
            yield from _texts_of(node.value)


def test_every_reason_of_a_failure_has_an_english_form() -> None:
    found = {text for path in SENTENCES for text in _reasons_in(path) if VIETNAMESE.search(text)}
    assert len(found) > 80
    assert sorted(text for text in found if text not in reasons.REASONS) == []


@pytest.mark.parametrize(
    ("reason", "english", "why"),
    [
        ("cần có tên", "a name is needed", "as raised"),
        ("từ 1 đến 90 ngày", "from 1 to 90 days", "the longer pattern first"),
        ("từ 1 đến 90", "from 1 to 90", "the shorter one alone"),
        ("không có thư mục «/tmp/Thư mục»", "there is no folder “/tmp/Thư mục”", "a name stays as it is"),
        ("Connection refused", "Connection refused", "a library's words"),
    ],
)
def test_a_reason_in_english(reason: str, english: str, why: str) -> None:
    assert reasons.english(reason) == english, why
    assert Problem("bad_request", why=reason).message("en") == f"Bad request: {english}"
    assert Problem("bad_request", why=reason).message("vi") == f"Yêu cầu không hợp lệ: {reason}"


@pytest.mark.parametrize("fault", _ROWS, ids=lambda fault: fault.code)
def test_a_failure_is_in_one_language_alone(fault: object) -> None:
    code = fault.code  # type: ignore[attr-defined]
    assert not VIETNAMESE.search(Problem(code).message("en")), "English has no Vietnamese word"
    assert VIETNAMESE.search(Problem(code).message("vi"))


@pytest.mark.parametrize("caution", _CAUTIONS, ids=lambda caution: caution.code)
def test_a_warning_that_was_kept_is_said_in_english(caution: object) -> None:
    code, vi = caution.code, caution.vi  # type: ignore[attr-defined]
    facts = {name: f"<{name}>" for name in re.findall(r"\{(\w+)\}", vi)}
    kept = caution_message(code, "vi", **facts)
    told = caution_in(code, kept, "en")
    assert caution_in(code, kept, "vi") == kept
    assert not VIETNAMESE.search(told) and told != kept
    assert told == caution_message(code, "en", **facts)


def test_sentences_of_commands_are_said_somewhere() -> None:
    whole = "".join(path.read_text("utf-8") for path in (ROOT / "web/commands").glob("*.py"))
    assert [text for text in COMMANDS_ENGLISH if f'"{text}"' not in whole and f"'{text}'" not in whole] == []
    assert [text for text in COMMANDS_ENGLISH.values() if VIETNAMESE.search(text)] == []
    assert [text for text in COMMANDS_ENGLISH if text.count("{}") != COMMANDS_ENGLISH[text].count("{}")] == []


def _printed(path: Path) -> Iterator[str]:
    """Texts of `click.echo` that no `say` translates."""
    tree = ast.parse(path.read_text("utf-8"))
    saying = {
        id(below)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("say")
        for below in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "click.echo":
            for below in ast.walk(node):
                if isinstance(below, ast.Constant) and isinstance(below.value, str) and id(below) not in saying:
                    yield below.value


@pytest.mark.parametrize("path", sorted((ROOT / "web/commands").glob("*.py")), ids=lambda path: path.stem)
def test_what_a_command_prints_goes_through_the_catalogue(path: Path) -> None:
    assert [text for text in _printed(path) if VIETNAMESE.search(text)] == []


REFUSED = [
    (("raed",), "Không có lệnh «raed».", "No such command 'raed'.", "no such command"),
    (("search", "--nope"), "Không có tùy chọn «--nope».", "No such option '--nope'", "no such option"),
    (("search", "--limit", "x"), "không phải một số", "not a valid integer", "no number"),
    (("read",), "Thiếu đối số", "Missing argument", "nothing to read"),
    (("cite", "settle", "1"), "cần TARGET hoặc --none", "TARGET or --none is needed", "our own refusal"),
]


@pytest.mark.parametrize(("arguments", "vi", "en", "reason"), REFUSED, ids=[one[-1] for one in REFUSED])
def test_a_wrong_call_is_refused_in_its_language(
    arguments: tuple[str, ...], vi: str, en: str, reason: str, tmp_path: Path
) -> None:
    home = {"VANBAN_HOME": str(tmp_path)}
    at_home, abroad = run(*arguments, VANBAN_LANG="vi", **home), run(*arguments, VANBAN_LANG="en", **home)
    assert (at_home.returncode, abroad.returncode) == (2, 2), reason
    assert vi in at_home.stderr and "Lỗi:" in at_home.stderr and "Error" not in at_home.stderr, reason
    assert en in abroad.stderr and not VIETNAMESE.search(abroad.stderr), reason


def test_the_help_of_the_whole_is_in_one_language() -> None:
    at_home, abroad = run("--help", VANBAN_LANG="vi").stdout, run("--help", VANBAN_LANG="en").stdout
    assert not VIETNAMESE.search(abroad) and "Usage:" in abroad and "Show this message" in abroad
    assert "Cách dùng:" in at_home and "Lệnh:" in at_home and "Hiện hướng dẫn này" in at_home
    english = ("Usage", "Options", "Commands", "Show this", "Show the version")
    assert [words for words in english if words in at_home] == []
    assert not VIETNAMESE.search(run("manual", VANBAN_LANG="en").stdout.replace("“vĩnh viễn”", ""))


def test_click_knows_the_texts_that_are_translated() -> None:
    """A new click may word something anew: its English would stand alone."""
    known = "".join(path.read_text("utf-8") for path in Path(click.__file__).parent.glob("*.py"))
    assert [text for text in CLICK_VIETNAMESE if repr(text)[1:-1] not in known.replace("\\'", "'")] == []


def test_labels_of_states_are_vietnamese() -> None:
    assert all(VIETNAMESE.search(label) for label in STATUS_LABELS.values())
