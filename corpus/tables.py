"""Reading of the tables in corpus/data: tab-separated, first row the column names, `#` starts a comment line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).with_name("data")


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `corpus/data/<name>.tsv`; a cell that is missing at the end of a row is an empty string."""
    lines = [
        line.rstrip("\r")
        for line in (_FOLDER / f"{name}.tsv").read_text(encoding="utf-8").split("\n")
        if line.strip() and not line.startswith("#")
    ]
    columns = lines[0].split("\t")
    return tuple(_row(columns, line.split("\t")) for line in lines[1:])


def _row(columns: list[str], cells: list[str]) -> dict[str, str]:
    padded = [cell.strip() for cell in cells] + [""] * (len(columns) - len(cells))
    return dict(zip(columns, padded, strict=False))


def in_force(row: dict[str, str], date: str | None) -> bool:
    """Whether `date` (ISO 8601) lies in the row's `valid_from`…`valid_to`; an open end or no date says yes."""
    if date is None:
        return True
    return row.get("valid_from", "") <= date and (not row.get("valid_to") or date <= row["valid_to"])
