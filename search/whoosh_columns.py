"""What the Whoosh engine knows of each document besides its words: id, date, facets, who may see it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from search.engine import FACETS, Entry, Plan

_NO_DATE = 0
_GONE: list[Any] = [0, 0, None, None, None, [], []]


@dataclass(frozen=True, slots=True)
class _Values:
    """One facet of all documents: pairs of a document and the position of its value in `names`."""

    names: list[str]
    owners: Any
    codes: Any


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one segment, which never changes but for what is deleted from it."""

    rows: list[list[Any]]
    dates: Any
    facets: dict[str, _Values]


class Columns:
    """The columns of an index as one searcher sees it, documents by Whoosh's numbers."""

    def __init__(self, parts: Sequence[_Part], live: Any) -> None:
        self._rows = list(chain.from_iterable(part.rows for part in parts))
        self._live = live
        self._all_live = bool(live.all())
        self._dates = np.concatenate([np.zeros(0, np.int64), *(part.dates for part in parts)])
        self._facets = {name: _joined([part.facets[name] for part in parts], parts) for name in (*FACETS, "group")}

    def __len__(self) -> int:
        return len(self._rows)

    def count(self) -> int:
        """How many documents there are, those taken out left out."""
        return int(self._live.sum())

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
    def of(cls, segments: Sequence[Any], readers: Sequence[Any]) -> Columns:
        """The columns of these segments; a reader may be older than its segment, which knows what is deleted now."""
        live: list[Any] = [np.ones(0, dtype=bool)]
        for segment, reader in zip(segments, readers, strict=True):
            mask = np.ones(reader.doc_count_all(), dtype=bool)
            mask[list(segment.deleted_docs())] = False
            live.append(mask)
        return cls([_part(reader) for reader in readers], np.concatenate(live))

    def id(self, number: int) -> int:
        return int(self._rows[number][0])

    def numbers(self) -> dict[int, int]:
        """Document → its number here, those taken out left out."""
        live = np.flatnonzero(self._live).tolist()
        return {self._rows[number][0]: number for number in live}

    def revisions(self) -> dict[int, int]:
        return {row[0]: row[1] for row, live in zip(self._rows, self._live, strict=True) if live}

    def allowed(self, plan: Plan) -> Any:
        """A mask of the documents within the plan's dates and facets that the reader may see; None: all."""
        masks = [] if self._all_live else [self._live]
        if plan.start is not None:
            masks.append(self._dates >= _date_number(plan.start))
        if plan.end is not None:
            masks.append((self._dates <= _date_number(plan.end)) & (self._dates != _NO_DATE))
        if plan.groups is not None:
            masks.append(self._having("group", plan.groups))
        if plan.hidden:
            masks.append(~np.isin(np.fromiter((row[0] for row in self._rows), np.int64), plan.hidden))
        masks += [self._having(name, (value,)) for name, value in plan.facets]
        masks = [mask for mask in masks if mask is not None]
        return np.logical_and.reduce(masks) if masks else None

    def by_date(self, numbers: Any, *, newest: bool) -> Any:
        """Positions in `numbers` by date, documents without one last."""
        dates = self._dates[numbers]
        return np.lexsort((numbers, -dates if newest else dates, dates == _NO_DATE))

    def facets(self, numbers: Any, most: int) -> dict[str, dict[str, int]]:
        """How often each value stands among these documents, most frequent first."""
        chosen = np.zeros(len(self._rows), dtype=bool)
        chosen[numbers] = True
        found = {}
        for name in FACETS:
            values = self._facets[name]
            counts = np.bincount(values.codes[chosen[values.owners]], minlength=len(values.names)).tolist()
            ranked = sorted((-count, value) for count, value in zip(counts, values.names, strict=True) if count)
            found[name] = {value: -count for count, value in ranked[:most]}
        return found

    def _having(self, name: str, wanted: Sequence[str]) -> Any:
        values = self._facets.get(name)
        mask = np.zeros(len(self._rows), dtype=bool)
        if values is not None:
            codes = [values.names.index(value) for value in wanted if value in values.names]
            if len(codes) == len(values.names) == 1 and len(values.owners) == len(mask):
                return None
            mask[values.owners[np.isin(values.codes, codes)]] = True
        return mask


_read: dict[str, _Part] = {}
_MOST_READ = 64


def _part(reader: Any) -> _Part:
    """The columns of a segment, read once in a process."""
    segment = reader.segment().segment_id()
    kept = _read.get(segment)
    if kept is None:
        count = reader.doc_count_all()
        column = reader.column_reader("row") if reader.has_column("row") else None
        rows = [_GONE if column is None else json.loads(column[number]) for number in range(count)]
        dates = np.fromiter((_date_number(row[2]) for row in rows), np.int64, count)
        kept = _Part(rows, dates, {name: _values(rows, name) for name in (*FACETS, "group")})
        if len(_read) >= _MOST_READ:
            _read.clear()
        _read[segment] = kept
    return kept


def _joined(values: Sequence[_Values], parts: Sequence[_Part]) -> _Values:
    """One facet of all segments: their values under common positions, their documents under common numbers."""
    codes: dict[str, int] = {}
    owners, held, offset = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for one, part in zip(values, parts, strict=True):
        here = np.array([codes.setdefault(name, len(codes)) for name in one.names], dtype=np.int64)
        owners.append(one.owners + offset)
        held.append(here[one.codes])
        offset += len(part.rows)
    return _Values(list(codes), np.concatenate(owners), np.concatenate(held))


def _values(rows: list[list[Any]], name: str) -> _Values:
    codes: dict[str, int] = {}
    owners: list[int] = []
    held: list[int] = []
    for number, row in enumerate(rows):
        for value in _facet_values(row, name):
            owners.append(number)
            held.append(codes.setdefault(value, len(codes)))
    return _Values(list(codes), np.array(owners, dtype=np.int64), np.array(held, dtype=np.int64))


def _facet_values(row: list[Any], name: str) -> Sequence[str]:
    match name:
        case "doc_type":
            return (row[3],) if row[3] else ()
        case "issuer":
            return (row[4],) if row[4] else ()
        case "year":
            return (row[2][:4],) if row[2] else ()
        case "recipient":
            return tuple(dict.fromkeys(row[5]))
        case _:
            return tuple(row[6])


def _date_number(date: str | None) -> int:
    return int(date.replace("-", "")) if date else _NO_DATE
