"""A whole result list as rows, for CSV and XLSX."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import BinaryIO

from corpus.store import Store
from search import service
from search.engine import EVERYONE, Sort

COLUMNS = ("id", "number", "date", "doc_type", "issuer", "subject", "file")
MOST = 10_000
"""Rows of one list at most."""
_PAGE = 500

Row = tuple[object, ...]


def rows(
    store: Store,
    text: str,
    *,
    sort: Sort = "relevance",
    viewer: tuple[str, ...] | None = (EVERYONE,),
    filters: dict[str, str] | None = None,
) -> Iterator[Row]:
    """Every document that answers a query, in order, in the order of COLUMNS; raises as `service.find`."""
    for offset in range(0, MOST, _PAGE):
        found = service.find(
            store, text, limit=_PAGE, offset=offset, sort=sort, viewer=viewer, filters=filters, snippet=False
        )
        for hit in found.hits:
            yield tuple(getattr(hit, name) for name in COLUMNS)
        if offset + _PAGE >= found.total:
            return


def write_xlsx(columns: tuple[str, ...], lines: Iterable[Row], out: BinaryIO | Path) -> None:
    """A workbook of one sheet; every cell is text or a number, never a formula or a link."""
    import xlsxwriter

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet()
        sheet.freeze_panes(1, 0)
        for at, line in enumerate(chain([columns], lines)):
            for column, value in enumerate(line):
                if isinstance(value, int):
                    sheet.write_number(at, column, value)
                else:
                    sheet.write_string(at, column, "" if value is None else str(value)[:32_000])
