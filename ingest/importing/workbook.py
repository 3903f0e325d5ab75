"""Cells of a workbook (XLSX) as text, read in the confined child."""

from __future__ import annotations

import datetime
import zipfile
from itertools import islice
from pathlib import Path
from typing import Any

import openpyxl

from corpus.errors import Problem
from ingest.sandbox.child import Progress

_MOST_ROWS = 200_000
_MOST_COLUMNS = 100


def cells_of(path: Path, name: str, progress: Progress | None = None) -> tuple[tuple[str, ...], ...]:
    """The rows of the first sheet that has any; days as dd/mm/yyyy. Raises Problem("truncated")."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        for sheet in book.worksheets:
            rows = sheet.iter_rows(max_col=_MOST_COLUMNS, values_only=True)
            found = tuple(tuple(map(_text, row)) for row in islice(rows, _MOST_ROWS))
            if any(any(row) for row in found):
                return found
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError) as error:
        raise Problem("truncated", name=name) from error
    return ()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.datetime | datetime.date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
