"""`vanban version`: a better file put in, listed, written out and put back, by command alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from corpus import records
from corpus.config import Settings
from corpus.database.store import Store
from corpus.errors import Problem
from tests.web.conftest import PLAN, png
from tests.web.test_versions import BETTER, claim, reading
from web.cli import vanban

Run = Callable[..., Result]


@pytest.fixture
def run(filled: Store, settings: Settings) -> Run:
    """Runs a command on the store; a problem is given as the result's exception."""

    def ran(*args: str) -> Result:
        return CliRunner().invoke(vanban, ["version", *args], env={"VANBAN_HOME": str(settings.home)})

    return ran


def test_from_one_file_to_the_next_and_back(run: Run, filled: Store, tmp_path: Path) -> None:
    path, out = tmp_path / "ro-hon.png", tmp_path / "cu.png"
    path.write_bytes(BETTER)
    added = run("add", "31/KH-UBND", str(path), "--values", "keep", "--reason", "quét lại")
    assert (added.exit_code, added.output) == (0, "Phiên bản 2: đang chờ đọc\n")
    records.propose(filled, PLAN, reading(), claim(filled))
    lines = [json.loads(line) for line in run("list", str(PLAN), "--json").output.splitlines()]
    assert [(one["number"], one["state"], one["reason"]) for one in lines] == [
        (2, "shown", "quét lại"),
        (1, "kept", ""),
    ]
    assert "quét lại" in run("list", str(PLAN)).output and "đã thay, còn giữ" in run("list", str(PLAN)).output
    assert run("get", str(PLAN), "1", "--output", str(out)).exit_code == 0
    assert out.read_bytes() == png("31/KH-UBND")
    again = run("restore", str(PLAN), "1", "--values", "read", "--reason", "nhầm")
    assert again.output == "Phiên bản 3: đang chờ đọc\n"


FAULTS = [
    (("get", "1", "1", "--output", "x.png"), "not_found", "a document with one file has no versions"),
    (("list", "404/QĐ-UBND"), "not_found", "no such document"),
    (("restore", "1", "7", "--values", "keep", "--reason", "x"), "not_found", "no such version"),
]


@pytest.mark.parametrize(("args", "code", "why"), FAULTS, ids=[row[2] for row in FAULTS])
def test_faults(args: tuple[str, ...], code: str, why: str, run: Run) -> None:
    problem = run(*args).exception
    assert isinstance(problem, Problem) and problem.code == code, why
