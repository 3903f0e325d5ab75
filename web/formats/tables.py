"""A table as a file: CSV, XLSX or JSON Lines; cells that a spreadsheet would run become text."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

Row = tuple[object, ...]
Columns = tuple[str, ...]

FORMS = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Formats of lists → media type."""
_SHEET_ROWS = 1_048_575
"""Rows of a sheet below its head; further rows go to another sheet."""
_CELL = 32_000
"""Most characters of a cell; a spreadsheet opens 32,767."""


_FIRST = re.compile(r"\s*[=+\-@]|[\t\r\n]")
"""The start of a cell that a spreadsheet would run."""
_LATER = re.compile(r"(?<=.)[;\t\r\n]\s*(?=[=+\-@])", re.DOTALL)
"""Start of a later cell that a spreadsheet would run, if its list sign is `;` or a tab."""


def neutral(value: object) -> str:
    """A cell as text, with an apostrophe before `=`, `+`, `-`, `@` wherever a cell may begin with it."""
    text = "" if value is None else str(value)
    first = "'" if _FIRST.match(text) else ""
    start = len(text) - len(text.lstrip())
    return first + text[:start] + _LATER.sub(lambda found: f"{found[0]}'", text[start:])


def csv_lines(columns: Columns, rows: Iterable[Row]) -> Iterator[str]:
    """CSV line by line, with the mark that spreadsheets know UTF-8 by."""
    yield "\ufeff"
    for row in chain([columns], rows):
        line = io.StringIO()
        csv.writer(line, quoting=csv.QUOTE_ALL).writerow([neutral(cell) for cell in row])
        yield line.getvalue()


def json_lines(columns: Columns, rows: Iterable[Row]) -> Iterator[str]:
    """One JSON object per row."""
    for row in rows:
        yield json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False) + "\n"


def write_xlsx(tables: Iterable[tuple[str, Columns, Iterable[Row]]], out: BinaryIO | Path) -> None:
    """Write a workbook of named tables, a sheet each and more where one is full; cells are text or numbers.

    xlsxwriter is imported here: it takes longer than all of a command that writes no workbook.
    """
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        for name, columns, rows in tables:
            sheet = _sheet(book, name, columns)
            for number, row in enumerate(rows):
                page, line = divmod(number, _SHEET_ROWS)
                if page and line == 0:
                    sheet = _sheet(book, f"{name} {page + 1}", columns)
                _write(sheet, line + 1, row)


def _sheet(book: Any, name: str, columns: Columns) -> Any:
    sheet = book.add_worksheet(name)
    sheet.freeze_panes(1, 0)
    _write(sheet, 0, columns)
    return sheet


def _write(sheet: Any, line: int, row: Row) -> None:
    for column, value in enumerate(row):
        if isinstance(value, int):
            sheet.write_number(line, column, value)
        else:
            sheet.write_string(line, column, "" if value is None else str(value)[:_CELL])


def whole(form: str, name: str, columns: Columns, rows: Iterable[Row]) -> bytes:
    """The file of one table in one of FORMS."""
    if form == "csv":
        return "".join(csv_lines(columns, rows)).encode()
    out = io.BytesIO()
    write_xlsx([(name, columns, rows)], out)
    return out.getvalue()
