"""Tables of knowledge: the shipped ones are sound,
an office's own rows count and are checked before they mislead.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from corpus import tables
from corpus.authority import laws, table_checks
from web.cli import vanban

HEAD = "title\tnumber\ttype\tpassed\teffective\tended\tended_by"


@pytest.fixture(autouse=True)
def _shipped_again(tmp_path: Path):
    yield
    tables.use_office_rows(tmp_path / "none")


def office(home: Path, name: str, *lines: str) -> Path:
    (home / "data").mkdir(exist_ok=True)
    (home / "data" / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return home


def test_the_shipped_tables_are_sound() -> None:
    assert [fault.message("en") for fault in table_checks.check()] == []


def test_an_offices_row_counts_and_takes_the_place_of_ours(tmp_path: Path) -> None:
    key = laws.law_title_key("Luật Thử nghiệm")
    assert laws.law_meant(key, "2027-01-01").law is None
    office(tmp_path, "laws", "# ours", HEAD,
           "Luật Thử nghiệm\t99/2026/QH16\tLuật\t2026-10-01\t2026-12-01",
           "Luật Lưu trữ\t33/2024/QH15\tLuật\t2024-06-21\t2025-07-01\t2026-12-01\t99/2026/QH16")  # fmt: skip
    tables.use_office_rows(tmp_path)
    assert table_checks.check(tmp_path) == []
    assert laws.law_meant(key, "2027-01-01").law.number == "99/2026/QH16"
    assert laws.law_numbered("33/2024/QH15", "Luật").had_ended("2026-12-01")
    tables.use_office_rows(tmp_path / "none")
    assert laws.law_meant(key, "2027-01-01").law is None, "and is gone with its store"


@pytest.mark.parametrize(
    ("name", "lines", "code", "reason"),
    [
        ("signing_rules", ("rule\tauthority\ttitle", "on_leave\tTL\t"), "bad_rule", "no sentence for it"),
        ("lows", ("a",), "unknown_table", "a slip in the file's name"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t2026-02-30"), "bad_day", "no such day"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t2026-05-01\t2026-04-01"), "days_out_of_order",
         "in force before it was passed"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t2026-05-01\t2026-06-01\t2026-06-01"), "days_out_of_order",
         "ended on its first day"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t2026-05-01\t2026-06-01\t2027-01-01\t5/2099/QH20"), "no_successor",
         "ended by what nobody knows"),
        ("laws", (HEAD, "Luật Lưu trữ\t90/2026/QH16\tLuật\t2026-05-01\t2026-06-01"), "overlap",
         "the law before it has no end"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuạt\t2026-05-01"), "bad_type", "a slip in the type"),
        ("laws", (HEAD, "A\t1/2025/QH16\tLuật\t2026-05-01"), "bad_year", "a slip in the number"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t2026-05-01", "B\t1/2026/QH16\tLuật"), "twice", "one key, two rows"),
        ("laws", (HEAD + "\tending", "A\t1/2026/QH16\tLuật"), "unknown_column", "a slip in a column's name"),
        ("laws", ("title\tnumber", "A\t1/2026/QH16"), "missing_column", "the key is not whole"),
        ("laws", (HEAD, "A\t1/2026/QH16\tLuật\t\t\t\t\tmore"), "too_many_cells", "a tab too many"),
        ("communes", ("code\tname\tprovince", "99999\tMới\tTỉnh Không Có"), "no_successor", "no such province"),
        ("provinces", ("name\tkind\tvalid_from", "Đồng Nai\ttỉnh\t2026-01-01"), "overlap",
         "two kinds at one time"),
    ],
)  # fmt: skip
def test_faults_of_an_offices_rows(
    tmp_path: Path, name: str, lines: tuple[str, ...], code: str, reason: str
) -> None:
    found = table_checks.check(office(tmp_path, name, *lines))
    assert code in [fault.code for fault in found], reason
    assert all(fault.message() and fault.message("en") for fault in found)


def test_a_file_that_is_no_text_is_told_and_never_stops_the_reading(tmp_path: Path) -> None:
    office(tmp_path, "laws", HEAD)
    (tmp_path / "data" / "laws.tsv").write_bytes(b"\xff\xfe\x00\x81")
    tables.use_office_rows(tmp_path)
    assert [fault.code for fault in table_checks.check(tmp_path)] == ["unreadable"]
    assert laws.law_numbered("33/2024/QH15", "Luật") is not None


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VANBAN_HOME", str(tmp_path))
    well = CliRunner().invoke(vanban, ["data", "check"])
    assert well.exit_code == 0 and "hợp lệ" in well.output
    office(tmp_path, "laws", HEAD, "A\t1/2026/QH16\tLuật\t2026-02-30")
    ill = CliRunner().invoke(vanban, ["data", "check", "--json"])
    assert ill.exit_code == 1 and "bad_day" in ill.output
