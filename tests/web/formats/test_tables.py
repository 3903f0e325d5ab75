"""A table as a workbook: every cell is text or a number, whatever the text looks like to a spreadsheet."""

from __future__ import annotations

import io
import zipfile

import pytest

from web.formats import tables


def test_a_workbook_holds_no_formula() -> None:
    out = io.BytesIO()
    rows = [(7, "=1+1"), (8, None), (9, "http://a.example & <b>")]
    tables.write_xlsx([("kết quả", ("id", "subject"), rows)], out)
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert sheet.count("<row ") == 4 and ">=1+1<" in sheet and "<v>7</v>" in sheet
    assert "http://a.example &amp; &lt;b&gt;" in sheet


def test_what_a_sheet_does_not_hold_goes_to_another(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "_SHEET_ROWS", 2)
    out = io.BytesIO()
    tables.write_xlsx([("một", ("a",), [(n,) for n in range(5)]), ("hai", ("b",), [])], out)
    with zipfile.ZipFile(out) as book:
        counts = [book.read(f"xl/worksheets/sheet{n}.xml").decode().count("<row ") for n in (1, 2, 3, 4)]
        names = book.read("xl/workbook.xml").decode()
    assert counts == [3, 3, 2, 1] and all(f'name="{name}"' in names for name in ("một", "một 2", "một 3", "hai"))
