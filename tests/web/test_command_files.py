"""Commands that write files: a folder that isn't there, a file that is, an output without Vietnamese letters."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from corpus.database.store import Store

VANBAN = Path(sys.executable).with_name("vanban")


def run(store: Store, *args: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    home = {"VANBAN_HOME": str(store.settings.home)}
    return subprocess.run(
        [VANBAN, *args], capture_output=True, env=os.environ | home | more, check=False, timeout=600
    )


@pytest.mark.parametrize(
    ("command", "target", "says"),
    [
        (("backup",), "none/a.tar", "không có thư mục"),
        (("export", "--format", "csv", "-o"), "none/a.csv", "không có thư mục"),
        (("backup",), "folder", "đó là một thư mục"),
        (("export", "--format", "xlsx", "-o"), "folder", "đó là một thư mục"),
        (("backup",), "n" * 300, "tên không dùng được"),
    ],
)
def test_what_cannot_be_written_is_said(
    filled: Store, tmp_path: Path, command: tuple[str, ...], target: str, says: str
) -> None:
    (tmp_path / "folder").mkdir()
    answer = run(filled, *command, str(tmp_path / target))
    assert answer.returncode == 2 and says in answer.stderr.decode(), answer.stderr.decode()
    assert b"Traceback" not in answer.stderr and not list((tmp_path / "folder").iterdir())


def test_a_backup_replaces_nothing_unless_told(filled: Store, tmp_path: Path) -> None:
    path = tmp_path / "b.tar"
    path.write_text("bản cũ")
    answer = run(filled, "backup", str(path))
    assert answer.returncode == 2 and "--replace" in answer.stderr.decode() and path.read_text() == "bản cũ"
    assert run(filled, "backup", str(path), "--replace").returncode == 0 and path.stat().st_size > 10_000


@pytest.mark.parametrize(
    ("encoding", "written"),
    [("latin-1", "latin-1"), ("cp1252", "cp1252"), ("utf-8", "utf-8"), ("ascii", "utf-8")],
)
def test_an_output_without_vietnamese_letters_loses_nothing(filled: Store, encoding: str, written: str) -> None:
    """JSON is UTF-8 whatever the terminal's (RFC 8259); words have escapes for the letters that it lacks.

    ASCII is what a machine without any locale says; click writes UTF-8 then.
    """
    subject = "Phát động thi đua <b>chuyển đổi số</b>"
    answer = run(filled, "search", "thi đua", "--json", PYTHONIOENCODING=encoding)
    assert answer.returncode == 0, answer.stderr
    assert json.loads(answer.stdout)["hits"][0]["subject"] == subject
    words = run(filled, "search", "thi đua", PYTHONIOENCODING=encoding)
    assert words.returncode == 0, words.stderr
    said = re.sub(r"\\u([0-9a-f]{4})", lambda one: chr(int(one[1], 16)), words.stdout.decode(written))
    assert subject in said
    seals = run(filled, "audit", "verify", PYTHONIOENCODING=encoding)
    assert seals.returncode == 0 and b"Traceback" not in seals.stderr
