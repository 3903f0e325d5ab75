"""Retention counts from the end of the year in which the work ended; a misprint in the table destroys nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus import tables
from corpus.authority import table_checks
from corpus.files.retention import kept_until, retention_of, retentions

UNTIL = [
    ("2026-03-01", 5, "2031-12-31", "from the end of 2026"),
    ("2026-12-31", 1, "2027-12-31", "the year's last day"),
    ("2026-03-01", None, None, "for ever"),
    ("9990-01-01", 200, "9999-12-31", "no day after the calendar"),
]


@pytest.fixture(autouse=True)
def _shipped_again(tmp_path: Path):
    yield
    tables.use_office_rows(tmp_path / "none")


@pytest.mark.parametrize(("ended", "years", "until", "reason"), UNTIL)
def test_the_last_day_that_a_file_is_kept(ended: str, years: int | None, until: str | None, reason: str) -> None:
    assert kept_until(ended, years) == until, reason


def test_the_shipped_table_names_its_source_in_each_row() -> None:
    found = retentions("2026-01-01")
    assert len(found) > 40 and all(one.source and one.title and one.group for one in found)
    assert [one.years for one in found if one.code in ("TC04", "TC05")] == [10, 5]


def test_an_offices_row_takes_the_place_of_ours_and_a_misprint_keeps_for_ever(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    lines = "code\tgroup\ttitle\tyears\nTC04\tTổ chức\tHồ sơ quy hoạch\t15\nTC05\tTổ chức\tPhiếu\tnăm năm\n"
    (tmp_path / "data" / "retention.tsv").write_text(lines, encoding="utf-8")
    tables.use_office_rows(tmp_path)
    four, five = retention_of("TC04"), retention_of("TC05")
    assert (four and four.years, five and five.years) == (15, None)
    assert [(fault.code, fault.what) for fault in table_checks.check(tmp_path)] == [("bad_retention", "năm năm")]
