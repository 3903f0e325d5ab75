"""Dates as printed: words, figures, blanks, stamps; periods and halves are none."""

from __future__ import annotations

import csv
import datetime
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.numbering.dates import find, parse

_TABLE = Path(__file__).parents[2] / "tables" / "dates.tsv"


def _rows() -> list[dict[str, str]]:
    lines = [line for line in _TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [row | {"raw": json.loads(f'"{row["raw"]}"')} for row in rows]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row["raw"])
def test_a_printed_date_is_read(row: dict[str, str]) -> None:
    date = parse(row["raw"])
    if not row["iso"]:
        assert date is None, row["reason"]
        return
    assert date is not None, row["reason"]
    assert (date.pattern, date.form) == (row["iso"], row["form"]), row["reason"]
    assert date.iso == (None if "?" in row["iso"] else row["iso"])


@pytest.mark.parametrize(
    ("text", "iso", "reason"),
    [
        ("ngày 03\ntháng 8 năm 2021", "2021-08-03", "broken over lines"),
        ("ngày 0] tháng I1 năm 2017", "2017-11-01", "1 read as a bracket"),
        ("ngày 10/ 10/2017của Sở", "2017-10-10", "no blank behind it"),
        ("ngày 12/4/22", "2022-04-12", "two-digit year behind `ngày`"),
        ("ngày 31/02/2022", None, "no such day"),
        ("ngày 29/02/2021", None, "no leap year"),
        ("từ ngày 01/7 đến ngày 30/9/2022", "2022-09-30", "only the whole one"),
        ("12/4/22", None, "two-digit year without `ngày`"),
    ],
)
def test_edges(text: str, iso: str | None, reason: str) -> None:
    dates = [date.iso for date in find(text) if date.iso]
    assert dates == ([iso] if iso else []), reason


def test_lunar_months_and_short_years_are_flagged() -> None:
    lunar, short = parse("ngày 10 tháng Chạp năm 2021"), parse("ngày 12/4/22")
    assert lunar is not None and lunar.flags == ("lunar",)
    assert short is not None and short.flags == ("short_year",)


_FORMS = [
    "ngày {d:02d} tháng {m} năm {y}",
    "ngày {d}/{m}/{y}",
    "ngày {d:02d}-{m:02d}-{y}",
    "{d:02d}.{m:02d}.{y}",
    "ngay {d} thang {m} nam {y}",
]


@given(st.dates(datetime.date(1945, 1, 1), datetime.date(2099, 12, 31)), st.sampled_from(_FORMS))
def test_any_date_survives_printing(day: datetime.date, form: str) -> None:
    date = parse(form.format(d=day.day, m=day.month, y=day.year))
    assert date is not None and date.iso == day.isoformat()


@given(st.text(alphabet="ngàythángăm 0123456789/-.\n:+TOlI…_", max_size=120))
def test_find_is_total_and_offsets_hold(text: str) -> None:
    for date in find(text):
        assert date.printed == text[date.start : date.end]
        assert date.iso is None or datetime.date.fromisoformat(date.iso)
