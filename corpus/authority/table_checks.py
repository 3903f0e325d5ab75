"""Checks of the tables of knowledge, an office's own rows included: columns, keys, days in order, successors,
overlaps.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from corpus.authority.laws import LAW_TYPES, law_title_key
from corpus.errors import Language
from corpus.tables import read_table, row_key, shipped_columns, shipped_rows, table_names

Row = dict[str, str]

WORDS: dict[str, tuple[str, str]] = {
    "unknown_table": ("không có bảng tên này", "there is no table of this name"),
    "unreadable": ("tệp không đọc được như văn bản UTF-8", "the file is no UTF-8 text"),
    "unknown_column": ("cột «{what}» không có trong bảng", "the table has no column “{what}”"),
    "missing_column": ("thiếu cột «{what}»", "column “{what}” is missing"),
    "too_many_cells": ("dòng có nhiều ô hơn số cột", "the row has more cells than there are columns"),
    "twice": ("ghi hai lần", "is there twice"),
    "bad_day": ("«{what}» không phải ngày dạng NĂM-THÁNG-NGÀY", "“{what}” is no day as YEAR-MONTH-DAY"),
    "days_out_of_order": ("các ngày không theo thứ tự: {what}", "the days are out of order: {what}"),
    "no_successor": ("không có «{what}» trong bảng", "“{what}” is not in the table"),
    "overlap": ("cùng tên và cùng thời gian với {what}", "has name and time in common with {what}"),
    "bad_type": ("loại «{what}» không biết", "type “{what}” is unknown"),
    "bad_rule": ("quy tắc «{what}» không biết", "rule “{what}” is unknown"),
    "bad_retention": ("số năm bảo quản «{what}» không phải số năm hay «permanent»", "retention “{what}” is neither years nor “permanent”"),
    "bad_year": ("năm trong số khác năm ban hành {what}", "the year in the number is not that of its passing, {what}"),
}  # fmt: skip
"""Code → description of the fault, in Vietnamese and English."""


@dataclass(frozen=True, slots=True)
class TableFault:
    """One thing wrong in a table; `row` names the row, empty for the whole table."""

    table: str
    row: str
    code: str
    what: str = ""

    def message(self, language: Language = "vi") -> str:
        """The fault in words: `laws · Luật 12/2030/QH16: …`."""
        told = WORDS[self.code][0 if language == "vi" else 1].format(what=self.what)
        return f"{self.table}{' · ' + self.row if self.row else ''}: {told}"


def check(home: Path | None = None) -> list[TableFault]:
    """All that is wrong in the shipped tables and in `home`/data/*.tsv, table by table."""
    own = {path.stem: path for path in sorted((home / "data").glob("*.tsv"))} if home else {}
    faults = [TableFault(name, "", "unknown_table") for name in own if name not in table_names()]
    for name in table_names():
        added, wrong = _own_rows(name, own[name]) if name in own else ([], [])
        taken = {row_key(name, row) for row in added}
        rows = [row for row in shipped_rows(name) if row_key(name, row) not in taken] + added
        faults += [
            *wrong,
            *_twice(name, shipped_rows(name)),
            *_twice(name, added),
            *_CHECKS.get(name, _eras)(name, rows),
        ]
    return faults


def _own_rows(name: str, path: Path) -> tuple[list[Row], list[TableFault]]:
    """An office's rows of a table, with all columns, and the faults of the file."""
    try:
        columns, rows = read_table(path)
    except (OSError, UnicodeDecodeError):
        return [], [TableFault(name, "", "unreadable")]
    known = shipped_columns(name)
    faults = [TableFault(name, "", "unknown_column", column) for column in columns if column not in known]
    needed = _NEEDED.get(name, known[:1])
    faults += [TableFault(name, "", "missing_column", column) for column in needed if column not in columns]
    lines = [line for line in path.read_text(encoding="utf-8-sig").split("\n") if line.strip() and line[0] != "#"]
    faults += [
        TableFault(name, line.split("\t")[0], "too_many_cells")
        for line in lines[1:]
        if len(line.rstrip("\t\r").split("\t")) > len(columns)
    ]
    return [dict.fromkeys(known, "") | row for row in rows], faults


_NEEDED = {
    "laws": ("type", "number"),
    "communes": ("code", "name", "province"),
    "bodies": ("code", "name"),
    "retention": ("code", "title", "years"),
}


def _twice(name: str, rows: Iterable[Row]) -> Iterator[TableFault]:
    seen: set[tuple[str, ...]] = set()
    for row in rows:
        key = row_key(name, row)
        if key in seen:
            yield TableFault(name, _label(row), "twice")
        seen.add(key)


def _label(row: Row) -> str:
    """Text by which a person finds the row."""
    if "number" in row:
        return f"{row.get('type', '')} {row['number']}".strip()
    return " ".join(filter(None, (row.get("code"), row.get("name")))) or next(iter(row.values()), "")


def _days(
    name: str, row: Row, columns: tuple[str, ...], *, apart: tuple[str, str] | None = None
) -> Iterator[TableFault]:
    """Each filled cell a day, none before the one on its left; the two columns `apart` not on one day."""
    days = [row[column] for column in columns if row.get(column)]
    for day in days:
        try:
            datetime.date.fromisoformat(day)
        except ValueError:
            yield TableFault(name, _label(row), "bad_day", day)
    if days != sorted(days) or (apart and row.get(apart[0]) and row[apart[0]] == row.get(apart[1])):
        yield TableFault(name, _label(row), "days_out_of_order", " > ".join(days))


def _eras(name: str, rows: list[Row]) -> Iterator[TableFault]:
    for row in rows:
        yield from _days(name, row, ("valid_from", "valid_to"))


def _laws(name: str, rows: list[Row]) -> Iterator[TableFault]:
    numbers = {row["number"] for row in rows}
    types = {row["type"] for row in shipped_rows(name)}
    for row in rows:
        yield from _days(name, row, ("passed", "effective", "ended"), apart=("effective", "ended"))
        if row["type"] not in types:
            yield TableFault(name, _label(row), "bad_type", row["type"])
        year = row["number"].split("/")[1] if row["number"].count("/") == 2 else ""
        if year.isdigit() and row["passed"] and row["passed"][:4] != year:
            yield TableFault(name, _label(row), "bad_year", row["passed"])
        for other in filter(None, f"{row['ended_by']}|{row['amends']}".split("|")):
            if other.strip() not in numbers:
                yield TableFault(name, _label(row), "no_successor", other.strip())
    yield from _overlaps(name, [row for row in rows if row["type"] in LAW_TYPES and row["title"]])


def _overlaps(name: str, laws: list[Row]) -> Iterator[TableFault]:
    """Laws of one name in force at once; amending laws may be."""
    named: dict[str, list[Row]] = {}
    for row in laws:
        if "sửa đổi" not in row["title"] and (row["effective"] or row["passed"]):
            named.setdefault(law_title_key(row["title"]), []).append(row)
    for same in named.values():
        same.sort(key=lambda row: row["effective"] or row["passed"])
        for before, after in pairwise(same):
            if not before["ended"] or before["ended"] > (after["effective"] or after["passed"]):
                yield TableFault(name, _label(before), "overlap", _label(after))


def _check_successors(name: str, rows: list[Row]) -> Iterator[TableFault]:
    yield from _eras(name, rows)
    there = {row["code" if name == "bodies" else "name"] for row in rows}
    for row in rows:
        for successor in filter(None, (part.strip() for part in row["successor"].split(","))):
            if successor not in there:
                yield TableFault(name, _label(row), "no_successor", successor)


def _provinces(name: str, rows: list[Row]) -> Iterator[TableFault]:
    yield from _check_successors(name, rows)
    named: dict[str, list[Row]] = {}
    for row in rows:
        named.setdefault(row["name"], []).append(row)
    for same in named.values():
        for before, after in pairwise(sorted(same, key=lambda row: row["valid_from"])):
            if not before["valid_to"] or before["valid_to"] >= after["valid_from"]:
                yield TableFault(name, _label(before), "overlap", _label(after))


def _communes(name: str, rows: list[Row]) -> Iterator[TableFault]:
    yield from _eras(name, rows)
    there = {row["name"] for row in shipped_rows("provinces")}
    for row in rows:
        if row["province"] not in there:
            yield TableFault(name, _label(row), "no_successor", row["province"])


_SIGNING_RULES = ("deputy", "own_stead", "by_order")
"""Rules that the conflicts have a sentence for."""


def _signing_rules(name: str, rows: list[Row]) -> Iterator[TableFault]:
    yield from _eras(name, rows)
    for row in rows:
        if row["rule"] not in _SIGNING_RULES:
            yield TableFault(name, _label(row), "bad_rule", row["rule"])


def _retention(name: str, rows: list[Row]) -> Iterator[TableFault]:
    yield from _eras(name, rows)
    for row in rows:
        years = row["years"]
        if years != "permanent" and not (years.isascii() and years.isdigit() and 0 < int(years[:4]) <= 200):
            yield TableFault(name, _label(row), "bad_retention", years)


_DIRECTIONS = ("", "incoming", "outgoing", "internal")


def _mail_senders(name: str, rows: list[Row]) -> Iterator[TableFault]:
    for row in rows:
        if row["direction"] not in _DIRECTIONS:
            yield TableFault(name, row["sender"], "bad_rule", row["direction"])


_CHECKS: dict[str, Callable[[str, list[Row]], Iterator[TableFault]]] = {
    "laws": _laws, "bodies": _check_successors, "provinces": _provinces, "communes": _communes,
    "signing_rules": _signing_rules, "retention": _retention, "mail_senders": _mail_senders,
}  # fmt: skip
