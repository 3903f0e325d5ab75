"""Laws by name: which law a name meant on a date, its number and day of passing."""

from __future__ import annotations

from functools import cache

from corpus.tables import rows
from corpus.vietnamese.fold import words


def law_title_key(title: str) -> str:
    """The key of a law's name: `Luật Thi đua, khen thưởng` and `Luật thi đua khen thưởng` → `luat thi dua khen thuong`."""
    return words(title)


@cache
def _versions() -> dict[str, tuple[dict[str, str], ...]]:
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows("laws"):
        for title in (row["title"], *filter(None, row["also"].split("|"))):
            found.setdefault(law_title_key(title), []).append(row)
    return {key: tuple(sorted(versions, key=_passed)) for key, versions in found.items()}


def _passed(row: dict[str, str]) -> str:
    """The day of passing; where the table has none, the last day of the year in the number."""
    return row["passed"] or f"{row['number'].split('/')[1]}-12-31"


@cache
def law_keys() -> frozenset[str]:
    """Every known law's key."""
    return frozenset(_versions())


def laws_named(title_key: str, as_of_date: str | None) -> list[tuple[str, str]]:
    """(number, date of passing) of the versions a name may mean on a date, likeliest first.

    A version is out of the question before it was passed; the latest one passed by then comes first.
    Without a date: all versions, latest first.
    """
    passed = [row for row in _versions().get(title_key, ()) if not as_of_date or _passed(row) <= as_of_date]
    return [(row["number"], row["passed"]) for row in reversed(passed)]


def law_name(title_key: str) -> str | None:
    """A law's name as its table writes it; None for a key no table knows."""
    versions = _versions().get(title_key)
    return versions[-1]["title"] if versions else None


def law_title(number: str) -> str | None:
    """The name of the law with this number: `15/2003/QH11` → `Luật Thi đua, khen thưởng`."""
    return next((row["title"] for row in rows("laws") if row["number"] == number), None)


def law_numbers_keys(number: str) -> tuple[str, ...]:
    """The keys of all names that a law with this number goes by; none for what is no known law."""
    return tuple(key for key, versions in _versions().items() if any(row["number"] == number for row in versions))
