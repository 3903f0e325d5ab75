"""Completion, man page, version, and settings with a slip: made from the commands, never kept by hand."""

from __future__ import annotations

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
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
            [groff, "-man", "-K", "utf8", "-T", "utf8", "-ww", "-z", "-rLL=80n"],
            input=done.stdout, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert checked.returncode == 0 and "not defined" not in checked.stderr and "error" not in checked.stderr
        assert "adjust" not in checked.stderr, "lists of choices are longer than a terminal's line"


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


@pytest.mark.parametrize(
    ("shell", "setup", "reason"),
    [
        (["bash", "--norc", "-i"], 'eval "$(vanban completion bash)"', "as the docs say it for .bashrc"),
        (["zsh", "-f", "-i"], 'autoload -Uz compinit; compinit -u -D; eval "$(vanban completion zsh)"', ".zshrc"),
        (["fish", "--no-config", "-i"], "vanban completion fish | source", "config.fish"),
    ],
    ids=["bash", "zsh", "fish"],
)
def test_a_real_shell_completes_a_command(shell: list[str], setup: str, reason: str, tmp_path: Path) -> None:
    """Typed on a terminal, with Tab; a shell that is not installed is named as skipped."""
    if shutil.which(shell[0]) is None:
        pytest.skip(f"{shell[0]} is not installed")
    vanban = tmp_path / "vanban"
    vanban.write_text(
        f"#!{sys.executable}\nimport sys\nsys.argv[0] = 'vanban'\nfrom web.cli import main\nmain()\n"
    )
    vanban.chmod(0o755)
    environment = {
        "PATH": f"{tmp_path}:/usr/bin:/bin", "HOME": str(tmp_path), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8", "TERM": "dumb", "PS1": "> ",
    }  # fmt: skip
    child, terminal = pty.fork()
    if child == 0:
        os.execvpe(shell[0], shell, environment)  # pragma: no cover - another program from here on
    try:
        assert typed(terminal, f"{setup}; echo rea''dy\r", "ready"), "the script of completion loads"
        assert typed(terminal, "vanban comple\t", "vanban completion"), reason
        assert typed(terminal, "fis\t", "fish"), "arguments too"
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def typed(terminal: int, keys: str, expected: str) -> bool:
    """True if a terminal shows the words after these keys, within two minutes (a busy machine)."""
    os.write(terminal, keys.encode())
    shown, until = "", time.monotonic() + 120
    while time.monotonic() < until:
        if select.select([terminal], [], [], 1)[0]:
            shown += os.read(terminal, 65536).decode("utf-8", "replace")
        if expected in re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|[\r\n\x08]", "", shown):
            return True
    raise AssertionError(shown)


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
