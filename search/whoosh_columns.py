"""What the Whoosh engine knows of each document besides its words: id, date, facets, who may see it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from search.engine import FACETS, Entry, Plan

_NO_DATE = 0


@dataclass(frozen=True, slots=True)
class _Segment:
    """The columns of one segment; a segment never changes but for what is deleted from it."""

    rows: list[list[Any]]


_SEGMENTS: dict[str, _Segment] = {}


class Columns:
    """The columns of an index as one searcher sees it, documents by Whoosh's numbers."""

    def __init__(self, rows: list[list[Any]], live: Any) -> None:
        self._rows = rows
        self._live = live
        self._dates = np.fromiter((_date_number(row[2]) for row in rows), np.int64, len(rows))

    @staticmethod
    def row(entry: Entry) -> bytes:
        """What is kept of an entry."""
        values = [
            entry.id,
            entry.revision,
            entry.date,
            entry.doc_type,
            entry.issuer_name,
            entry.recipients,
            entry.groups,
        ]
        return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def of(cls, searcher: Any) -> Columns:
        """The columns a searcher sees; kept with the searcher."""
        kept = getattr(searcher, "vanban_columns", None)
        if kept is None:
            rows: list[list[Any]] = []
            live: list[bool] = []
            for leaf, _offset in searcher.leaf_searchers():
                reader = leaf.reader()
                count = reader.doc_count_all()
                rows += _rows(reader, count)
                live += [not reader.is_deleted(number) for number in range(count)]
            kept = cls(rows, np.array(live, dtype=bool))
            searcher.vanban_columns = kept
        return kept

    def id(self, number: int) -> int:
        return int(self._rows[number][0])

    def revisions(self) -> dict[int, int]:
        return {row[0]: row[1] for row, live in zip(self._rows, self._live, strict=True) if live}

    def allowed(self, plan: Plan) -> Any:
        """A mask of the documents within the plan's dates and facets that the reader may see."""
        mask = self._live.copy()
        if plan.start is not None:
            mask &= self._dates >= _date_number(plan.start)
        if plan.end is not None:
            mask &= (self._dates <= _date_number(plan.end)) & (self._dates != _NO_DATE)
        if plan.groups is not None:
            seen = set(plan.groups)
            mask &= self._mask(lambda row: not seen.isdisjoint(row[6]))
        for name, value in plan.facets:
            mask &= self._mask(lambda row, name=name, value=value: value in _facet_values(row, name))
        return mask

    def _mask(self, holds: Callable[[list[Any]], bool]) -> Any:
        return np.fromiter((holds(row) for row in self._rows), bool, len(self._rows))

    def by_date(self, numbers: list[int], *, newest: bool) -> list[int]:
        """Documents by date, those without one last."""
        dates = self._dates

        def key(number: int) -> tuple[bool, int, int]:
            date = int(dates[number])
            return (date == _NO_DATE, -date if newest else date, number)

        return sorted(numbers, key=key)

    def facets(self, numbers: Sequence[int], most: int) -> dict[str, dict[str, int]]:
        """How often each value stands among these documents."""
        counts: dict[str, dict[str, int]] = {name: {} for name in FACETS}
        for number in numbers:
            row = self._rows[number]
            for name, seen in counts.items():
                for value in _facet_values(row, name):
                    seen[value] = seen.get(value, 0) + 1
        return {name: dict(sorted(c.items(), key=lambda i: (-i[1], i[0]))[:most]) for name, c in counts.items()}


def _rows(reader: Any, count: int) -> list[list[Any]]:
    if not reader.has_column("row"):
        return [[0, 0, None, None, None, [], []] for _ in range(count)]
    column = reader.column_reader("row")
    return [json.loads(column[number]) for number in range(count)]


def _date_number(date: str | None) -> int:
    return int(date.replace("-", "")) if date else _NO_DATE


def _facet_values(row: list[Any], name: str) -> Sequence[str]:
    match name:
        case "doc_type":
            return (row[3],) if row[3] else ()
        case "issuer":
            return (row[4],) if row[4] else ()
        case "year":
            return (row[2][:4],) if row[2] else ()
        case _:
            return row[5]  # type: ignore[no-any-return]
