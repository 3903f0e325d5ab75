"""A result list as a workbook: every cell is text or a number, whatever the text looks like to a spreadsheet."""

from __future__ import annotations

import io
import zipfile

from search import listing


def test_a_workbook_holds_no_formula() -> None:
    out = io.BytesIO()
    listing.write_xlsx(("id", "subject"), [(7, "=1+1"), (8, None), (9, "http://a.example & <b>")], out)
    with zipfile.ZipFile(out) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert sheet.count("<row ") == 4 and ">=1+1<" in sheet and "<v>7</v>" in sheet
    assert "http://a.example &amp; &lt;b&gt;" in sheet
