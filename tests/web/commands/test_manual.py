"""Completion, man page, version, and settings with a slip: made from the commands, never kept by hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.config import Settings, standard_home, unknown_names
from web.cli import COMMANDS

ROOT = Path(__file__).parents[3]


def run(*arguments: str, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **more}
    return subprocess.run(
        [sys.executable, "-m", "vanban", *arguments],
        env=environment, cwd=cwd, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_man_page_has_every_command_and_is_sound_roff(lang: str) -> None:
    done = run("manual", VANBAN_LANG=lang)
    assert done.returncode == 0, done.stderr
    assert [name for name in COMMANDS if f".SS vanban {name}" not in done.stdout] == []
    if groff := shutil.which("groff"):
        checked = subprocess.run(
            [groff, "-man", "-K", "utf8", "-T", "utf8", "-ww", "-z"],
            input=done.stdout, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0 and "not defined" not in checked.stderr and "error" not in checked.stderr


def test_completion_completes(tmp_path: Path) -> None:
    script = run("completion", "bash")
    assert "complete" in script.stdout and "_VANBAN_COMPLETE" in script.stdout
    assert script.returncode == 0
    called = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'vanban'; from web.cli import main; main()"],
        env={**os.environ, "_VANBAN_COMPLETE": "bash_complete", "COMP_WORDS": "vanban comp", "COMP_CWORD": "1"},
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert called.stdout.split() == ["plain,completion"], called.stderr


def test_the_version_is_that_of_the_package() -> None:
    assert run("--version").stdout == f"vanban {__import__('vanban').__version__}\n"


def test_a_setting_with_a_slip_is_named_with_the_one_that_is_meant(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("VANBAN_PORTT=9000\n# VANBAN_NOTE=1\n", encoding="utf-8")
    done = run(
        "user", "list", cwd=tmp_path, VANBAN_HOME=str(tmp_path), VANBAN_SEARCH_ENGIN="tantivy", VANBAN_LANG="en"
    )
    assert "VANBAN_SEARCH_ENGIN; it is ignored. VANBAN_SEARCH_ENGINE?" in done.stderr
    assert "VANBAN_PORTT; it is ignored. VANBAN_PORT?" in done.stderr and "VANBAN_NOTE" not in done.stderr


def test_names_of_settings_and_of_tests_are_none_of_these() -> None:
    known = [f"VANBAN_{name.upper()}" for name in Settings.model_fields]
    assert unknown_names([*known, "VANBAN_TEST_OPENSEARCH", "PATH", "_VANBAN_COMPLETE"]) == {}
    assert unknown_names(["VANBAN_NOTHING_LIKE_IT"]) == {"VANBAN_NOTHING_LIKE_IT": ""}


@pytest.mark.parametrize(
    ("given", "expected", "reason"),
    [
        ("/data/me", "/data/me/vanban", "the user's data folder"),
        ("", "/home/me/.local/share/vanban", "not set: the standard place"),
        ("relative", "/home/me/.local/share/vanban", "the XDG specification has relative ones ignored"),
    ],
)
def test_outside_a_checkout_the_store_is_in_the_data_folder(
    given: str, expected: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_DATA_HOME", given)
    monkeypatch.setenv("HOME", "/home/me")
    monkeypatch.delenv("VANBAN_HOME", raising=False)
    assert str(standard_home()) == str(Settings(_env_file=None).home) == expected, reason
    monkeypatch.chdir(ROOT)
    assert Settings(_env_file=None).home == ROOT / "var", "in a checkout"
