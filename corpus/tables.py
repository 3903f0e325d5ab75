"""Reading of the tables in corpus/data and of an office's own rows: tab-separated, column names first,
`#` starts a comment.
"""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("data")

KEYS: dict[str, tuple[str, ...]] = {
    "abbreviations": ("short",), "bodies": ("code", "name", "valid_from"), "communes": ("code",),
    "communes_before": ("code", "kind", "name", "of"),
    "laws": ("type", "number"), "provinces": ("name", "kind", "valid_from"), "seats": ("province", "valid_from"),
    "holidays": ("day",),
    "surnames": ("surname",), "given_names": ("name",), "positions": ("title",), "body_leaders": ("title",),
    "body_heads": ("head",),
    "retention": ("code", "valid_from"),
    "organ_ids": ("organ_id",), "edxml_types": ("name",), "edxml_statuses": ("code",), "mail_senders": ("sender",),
}  # fmt: skip
"""Table → the columns that identify a row; without an entry the whole row is its own key."""

_office: Path | None = None


def table_names() -> tuple[str, ...]:
    """The tables that the program ships, in order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.tsv")))


def use_office_rows(home: Path) -> None:
    """Add the rows of `home`/data/*.tsv, an office's own, to the tables from now on.

    A row with the key of a shipped one takes its place. What this process has worked out from other rows is
    forgotten.
    """
    global _office
    folder = home / "data"
    chosen = folder if any(folder.glob("*.tsv")) else None
    if chosen != _office:
        _office = chosen
        _forget()


def _forget() -> None:
    """Empty every cache of the packages that work with tables."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] in ("corpus", "ingest", "search"):
            for value in list(vars(module).values()):
                if callable(clear := getattr(value, "cache_clear", None)):
                    clear()


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the table, the office's own last;
    a cell that is missing at the end of a row is an empty string.
    """
    columns, shipped = _read_shipped(name)
    own = office_rows(name)
    if not own:
        return shipped
    taken = {row_key(name, row) for row in own}
    complete = [dict.fromkeys(columns, "") | row for row in own]
    return (*(row for row in shipped if row_key(name, row) not in taken), *complete)


@cache
def _read_shipped(name: str) -> tuple[tuple[str, ...], tuple[dict[str, str], ...]]:
    columns, found = read_table(_FOLDER / f"{name}.tsv")
    return tuple(columns), tuple(found)


def shipped_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of the program's own table, without an office's."""
    return _read_shipped(name)[1]


def shipped_columns(name: str) -> tuple[str, ...]:
    """The columns of the program's own table."""
    return _read_shipped(name)[0]


def office_rows(name: str) -> list[dict[str, str]]:
    """The rows an office has added to a table; none for a file that can't be read as text (`vanban data check`
    says so).
    """
    path = _office / f"{name}.tsv" if _office else None
    try:
        return read_table(path)[1] if path is not None and path.is_file() else []
    except (OSError, UnicodeDecodeError):
        return []


def read_table(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    """The columns and rows of one file; raises OSError, UnicodeDecodeError."""
    lines = [
        line.rstrip("\r")
        for line in path.read_text(encoding="utf-8-sig").split("\n")
        if line.strip() and not line.startswith("#")
    ]
    if not lines:
        return [], []
    columns = [column.strip() for column in lines[0].split("\t")]
    return columns, [_row(columns, line.split("\t")) for line in lines[1:]]


def row_key(name: str, row: dict[str, str]) -> tuple[str, ...]:
    """Key that identifies a row within its table."""
    return tuple(row.get(column, "") for column in KEYS.get(name, tuple(row)))


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
    return dict(zip(columns, padded, strict=False))


def in_force(row: dict[str, str], date: str | None) -> bool:
    """True if `date` (ISO 8601) lies in the row's `valid_from`…`valid_to`;
    True if a bound or the date is missing.
    """
    if date is None:
        return True
    return row.get("valid_from", "") <= date and (not row.get("valid_to") or date <= row["valid_to"])
