"""`vanban file` and `vanban copy`: a file from its making to its end, by command alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from corpus import records
from corpus.config import Settings
from corpus.database.file_tables import CaseFile
from corpus.database.store import Store
from corpus.errors import Problem
from tests.web.conftest import PASSWORD
from web.cli import vanban

Run = Callable[..., Result]


@pytest.fixture
def run(filled: Store, settings: Settings) -> Run:
    """Runs a command on the store; a problem is given as the result's exception."""

    def ran(*args: str, given: str = "") -> Result:
        return CliRunner().invoke(vanban, list(args), env={"VANBAN_HOME": str(settings.home)}, input=given)

    return ran


def done(result: Result) -> str:
    assert result.exit_code == 0, result.exception
    return result.stdout


def problem(result: Result) -> str:
    assert isinstance(result.exception, Problem), result.output
    return result.exception.code


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_file_from_its_making_to_its_end(run: Run, filled: Store, tmp_path: Path) -> None:
    made = lines(done(run("file", "add", "2022", "01.TĐKT", "Thi đua", "--retention", "TD03", "--json")))[0]
    assert (made["year"], made["years"], made["state"]) == (2022, 10, "open")
    assert problem(run("file", "add", "2022", "01. tđkt", "x")) == "file_exists_already"
    assert done(run("file", "put", "2022/01.TĐKT", "31/KH-UBND", "2")).strip() == "2"
    done(run("file", "arrange", "01.TĐKT"))
    shown = lines(done(run("file", "show", "#1", "--json")))
    assert shown[0]["papers"] == 2 and [one["document"] for one in shown[1:]] == [2, 1]
    out = tmp_path / "muc-luc.csv"
    done(run("file", "show", "01.TĐKT", "--output", str(out)))
    assert "Tác giả văn bản" in out.read_text("utf-8-sig")
    assert problem(run("file", "list", "--output", str(tmp_path / "x.txt"))) == "bad_request"
    done(run("file", "close", "01.TĐKT", "--day", "31/12/2022"))
    assert problem(run("file", "take-out", "1")) == "file_not_open"
    assert [one["id"] for one in lines(done(run("file", "handover", "--json")))] == [1]
    assert done(run("file", "submit", "01.TĐKT", "--to", "Lưu trữ cơ quan")).strip() == "1"
    assert problem(run("file", "propose", "01.TĐKT", "--reason", "x")) == "not_due"
    with filled.db.writing() as session:
        session.get_one(CaseFile, 1).kept_until = "2023-12-31"
    assert done(run("file", "propose", "01.TĐKT", "--reason", "hết thời hạn")).strip() == "1"
    assert problem(run("file", "destroy", "1", "--yes")) == "consent_missing"
    assert problem(run("file", "consent", "1", "--user", "auditor", given="sai\n")) == "sign_in_failed"
    for name in ("auditor", "admin"):
        done(run("file", "consent", "1", "--user", name, given=f"{PASSWORD}\n"))
    assert problem(run("file", "destroy", "1")) == "bad_request", "not without --yes"
    assert done(run("file", "destroy", "1", "--yes")).strip() == "1"
    assert lines(done(run("file", "list", "--json")))[0]["state"] == "destroyed"
    assert lines(done(run("file", "proposals", "--json")))[0]["state"] == "done"


def test_rules_and_copies(run: Run, filled: Store) -> None:
    done(run("file", "add", "2022", "01.A", "Kế hoạch"))
    assert "Kế hoạch · thi dua" in done(run("file", "rule", "01.A", "--type", "Kế hoạch", "--words", "thi đua"))
    assert done(run("file", "rule", "01.A", "--apply")).splitlines()[0] == "1"
    assert done(run("file", "rule", "01.A", "--remove", "1")) == ""
    assert problem(run("copy", "make", "1", "--kind", "SY")) == "no_own_body"
    records.add_own_body(filled, "Ủy ban nhân dân tỉnh Kiên Giang", "UBND", "admin")
    made = lines(done(run("copy", "make", "1", "--kind", "TrS", "--excerpt-stdin", "--json", given="Điều 1\n")))[0]
    assert made["number"] == "01/TrS-UBND"
    done(run("copy", "cancel", "1", "--reason", "sai"))
    assert "đã hủy: sai" in done(run("copy", "list"))
    assert problem(run("copy", "cancel", "9", "--reason", "x")) == "not_found"
