"""A folder of files with a list of them: CSV, or the workbook (XLSX) of an older office program."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path

from corpus.config import Settings
from corpus.errors import Language, Problem
from ingest.importing.items import FILE, Item, Listed, claims_of, field_of, inside, missing, names_in
from ingest.importing.workbook import cells_of
from ingest.sandbox.child import Limits, run_in_child

_MOST_BYTES = 50 << 20
_MOST_ROWS = 200_000
_HEAD_WITHIN = 20
"""Rows among which the heads of the columns are looked for: programs print titles above them."""
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
"""Without its mark any even number of bytes would be some text in UTF-16."""
_OLD_WORKBOOKS = (b"\xd0\xcf\x11\xe0", b"<")
"""First bytes of what programs call .xls: a workbook of Excel 97, or a table of a web page."""


def read_list(listed: Path, folder: Path, settings: Settings) -> Listed:
    """The files of a folder with what a list says of them; those that no row names come last, without claims.

    Raises Problem("too_large"), ("truncated"), ("bad_request") for a list without a column of files.
    """
    if listed.stat().st_size > _MOST_BYTES:
        raise Problem("too_large", name=listed.name, limit=f"{_MOST_BYTES >> 20} MB")
    if listed.suffix.lower() == ".xlsx":
        cells = run_in_child(cells_of, listed, listed.name, limits=Limits.of(settings), name=listed.name)
    else:
        cells = _csv_cells(listed)
    return _of_cells(cells, listed, folder, settings.lang)


def _csv_cells(path: Path) -> tuple[tuple[str, ...], ...]:
    data = path.read_bytes()
    if data.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(_OLD_WORKBOOKS):
        raise Problem("bad_request", why=f"«{path.name}»: mở bằng Excel hay LibreOffice rồi lưu lại thành XLSX")
    for encoding in ("utf-16",) if data.startswith(_UTF_16) else ("utf-8-sig", "cp1258"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise Problem("truncated", name=path.name)
    head = text[:4096]
    sign = max(",;\t", key=head.count)
    try:
        rows = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=sign)
        return tuple(tuple(cell.strip() for cell in row) for row, _ in zip(rows, range(_MOST_ROWS), strict=False))
    except csv.Error as error:
        raise Problem("truncated", name=path.name) from error


def _of_cells(cells: tuple[tuple[str, ...], ...], listed: Path, folder: Path, lang: Language) -> Listed:
    at, columns = _heads(cells)
    if FILE not in columns.values():
        why = f"«{listed.name}»: không thấy cột tên tệp (Tệp, Tên tệp, File đính kèm …)"
        raise Problem("bad_request", why=why)
    items: dict[Path, Item] = {}
    notes: list[str] = []
    for number, row in enumerate(cells[at + 1 :], start=at + 2):
        values = {field: _plain(row[column]) for column, field in columns.items() if column < len(row)}
        if not any(values.values()):
            continue
        where = f"{listed.name}:{number}"
        claims, wrong = claims_of(values, listed.name, where, lang, independent=True)
        notes += wrong
        files = list(names_in(values.get(FILE, "")))
        if not files:
            notes.append(f"{where}: {missing('', lang)}")
        # A row is about one paper: a second file of it is an enclosure, of which the row says nothing.
        for first, name in ((name == files[0], name) for name in files):
            path = inside(folder, name)
            if path is None or not path.is_file():
                notes.append(f"{where}: {missing(name, lang)}")
            elif path in items:
                notes.append(f"{where}: {Problem('bad_request', why=f'«{name}» đã có ở dòng trên').message(lang)}")
            else:
                items[path] = Item(path, claims if first else ())
    rest = (path for path in _files(folder) if path not in items and path != listed)
    return Listed((*items.values(), *(Item(path) for path in rest)), tuple(notes))


def _heads(cells: tuple[tuple[str, ...], ...]) -> tuple[int, dict[int, str]]:
    """Row of the heads, the one of the first rows that names most fields, and column → field."""
    best: tuple[int, dict[int, str]] = (0, {})
    for at, row in enumerate(cells[:_HEAD_WITHIN]):
        found: dict[int, str] = {}
        for column, cell in enumerate(row):
            field = field_of(cell) if cell else None
            if field is not None and field not in found.values():
                found[column] = field
        if len(found) > len(best[1]):
            best = (at, found)
    return best


def _plain(cell: str) -> str:
    """A cell without the apostrophe that keeps a spreadsheet from running it."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in ("=", "+", "-", "@") else cell


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder by name; hidden ones and links are left out."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place) / name
            if not name.startswith(".") and not path.is_symlink():
                yield path
