"""Retention (thời hạn bảo quản): rows of retention.tsv, and the last day that a file is kept."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from corpus.tables import in_force, rows

MOST_YEARS = 200
_FOR_EVER = "permanent"


@dataclass(frozen=True, slots=True)
class Retention:
    """A row of retention.tsv; `years` None: for ever (vĩnh viễn)."""

    code: str
    group: str
    title: str
    years: int | None
    source: str


@cache
def _rows() -> tuple[tuple[Retention, dict[str, str]], ...]:
    return tuple(
        (Retention(row["code"], row["group"], row["title"], _years(row["years"]), row["source"]), row)
        for row in rows("retention")
    )


def retentions(day: str | None = None) -> tuple[Retention, ...]:
    """The rows in force on a day (ISO 8601), in the order of the table; None: all of them."""
    return tuple(one for one, row in _rows() if in_force(row, day))


def retention_of(code: str) -> Retention | None:
    """The row with this code; the last one where it has several."""
    return next((one for one, _ in reversed(_rows()) if one.code == code), None)


def kept_until(ended_on: str, years: int | None) -> str | None:
    """Last day (ISO 8601) that a file is kept; None for ever.

    Years count from the end of the year in which the work ended.
    """
    return None if years is None else f"{min(int(ended_on[:4]) + years, 9999):04d}-12-31"


def _years(cell: str) -> int | None:
    """Years of a cell; for ever where it says so or can't be understood: nothing is destroyed on a misprint."""
    plain = cell.isascii() and cell.isdigit() and 0 < int(cell[:4]) <= MOST_YEARS
    return int(cell[:4]) if plain and cell != _FOR_EVER else None
