"""What the Whoosh engine knows of each document besides its words: id, date, facets, who may see it."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from whoosh import columns

from search.engines.base import FACETS, Entry, Plan

_NO_DATE = 0
_RECORD = struct.Struct(">qii")
_RECORD_TYPE = np.dtype([("id", ">i8"), ("revision", ">i4"), ("date", ">i4")])
_LISTS = {"doc_type": "of_type", "issuer": "of_issuer", "recipient": "of_recipient", "group": "of_group"}
"""Facet → the column that keeps its values, each different list of them once."""
COLUMNS: dict[str, Any] = {
    "record": columns.FixedBytesColumn(_RECORD.size),
    **{name: columns.RefBytesColumn() for name in _LISTS.values()},
}
"""The columns of a segment: id, revision and date as numbers, then the lists."""


def values(entry: Entry) -> dict[str, bytes]:
    """What is kept of an entry, column by column; an empty list is not kept."""
    lists: dict[str, Iterable[str | None]] = {
        "doc_type": (entry.doc_type,),
        "issuer": (entry.issuer_name,),
        "recipient": entry.recipients,
        "group": entry.groups,
    }
    kept = {"record": _RECORD.pack(entry.id, entry.revision, _date_number(entry.date))}
    for name, held in lists.items():
        if different := list(dict.fromkeys(filter(None, held))):
            kept[_LISTS[name]] = json.dumps(different, ensure_ascii=False).encode()
    return kept


@dataclass(frozen=True, slots=True)
class _Values:
    """One facet of all documents: pairs of a document and the position of its value in `names`."""

    names: list[str]
    owners: Any
    codes: Any


@dataclass(frozen=True, slots=True)
class _Part:
    """The columns of one segment, which never changes but for what is deleted from it."""

    records: Any
    facets: dict[str, _Values]


class Columns:
    """The columns of an index as one searcher sees it, documents by Whoosh's numbers."""

    def __init__(self, parts: Sequence[_Part], live: Any) -> None:
        records = np.concatenate([np.zeros(0, _RECORD_TYPE), *(part.records for part in parts)])
        self._ids = records["id"].astype(np.int64)
        self._revisions = records["revision"].astype(np.int64)
        self._dates = records["date"].astype(np.int64)
        self._live = live
        self._all_live = bool(live.all())
        self._facets = {name: _joined([part.facets[name] for part in parts], parts) for name in (*FACETS, "group")}

    def __len__(self) -> int:
        return len(self._ids)

    def count(self) -> int:
        """How many documents there are, those taken out left out."""
        return int(self._live.sum())

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
        return int(self._ids[number])

    def numbers(self) -> dict[int, int]:
        """Document → its number here, those taken out left out."""
        live = np.flatnonzero(self._live)
        return dict(zip(self._ids[live].tolist(), live.tolist(), strict=True))

    def revisions(self) -> dict[int, int]:
        live = np.flatnonzero(self._live)
        return dict(zip(self._ids[live].tolist(), self._revisions[live].tolist(), strict=True))

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
            masks.append(~np.isin(self._ids, plan.hidden))
        masks += [self._having(name, (value,)) for name, value in plan.facets]
        masks = [mask for mask in masks if mask is not None]
        return np.logical_and.reduce(masks) if masks else None

    def by_date(self, numbers: Any, *, newest: bool) -> Any:
        """Positions in `numbers` by date, documents without one last."""
        dates = self._dates[numbers]
        return np.lexsort((numbers, -dates if newest else dates, dates == _NO_DATE))

    def facets(self, numbers: Any, most: int) -> dict[str, dict[str, int]]:
        """How often each value stands among these documents, most frequent first."""
        chosen = np.zeros(len(self), dtype=bool)
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
        mask = np.zeros(len(self), dtype=bool)
        if values is not None:
            codes = [values.names.index(value) for value in wanted if value in values.names]
            if len(codes) == len(values.names) == 1 and len(values.owners) == len(mask):
                return None
            mask[values.owners[np.isin(values.codes, codes)]] = True
        return mask


_read: WeakKeyDictionary[Any, _Part] = WeakKeyDictionary()
"""By reader and not by the segment's name, which two indexes may share."""


def _part(reader: Any) -> _Part:
    """The columns of a segment, read once by each reader, which lasts as long as its segment."""
    kept = _read.get(reader)
    if kept is None:
        count = reader.doc_count_all()
        data = _column(reader, "record")._dbfile.get(0, count * _RECORD.size)
        records = np.zeros(count, _RECORD_TYPE)
        records[: len(data) // _RECORD.size] = np.frombuffer(data, _RECORD_TYPE)
        facets = {name: _values(reader, column, count) for name, column in _LISTS.items()}
        kept = _Part(records, facets | {"year": _years(records["date"])})
        _read[reader] = kept
    return kept


def _column(reader: Any, name: str) -> Any:
    """A column as it lies in its file: what a segment hands out otherwise goes through a call for each value."""
    return reader._perdoc.column_reader(name, COLUMNS[name])


def _joined(values: Sequence[_Values], parts: Sequence[_Part]) -> _Values:
    """One facet of all segments: their values under common positions, their documents under common numbers."""
    codes: dict[str, int] = {}
    owners, held, offset = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)], 0
    for one, part in zip(values, parts, strict=True):
        here = np.array([codes.setdefault(name, len(codes)) for name in one.names], dtype=np.int64)
        owners.append(one.owners + offset)
        held.append(here[one.codes])
        offset += len(part.records)
    return _Values(list(codes), np.concatenate(owners), np.concatenate(held))


def _values(reader: Any, column: str, count: int) -> _Values:
    """The lists of a column taken apart."""
    if not reader.has_column(column):
        return _Values([], np.zeros(0, np.int64), np.zeros(0, np.int64))
    kept = _column(reader, column)
    packed = kept._dbfile.get(0, count * kept._itemsize)
    of = np.frombuffer(packed, f">u{kept._itemsize}").astype(np.int64)
    codes: dict[str, int] = {}
    lists = [json.loads(one) if one else () for one in kept._uniques]
    coded = [[codes.setdefault(value, len(codes)) for value in values] for values in lists]
    lengths = np.array([len(each) for each in coded], np.int64)
    flat = np.array([code for each in coded for code in each], np.int64)
    each = lengths[of]
    starts = (np.cumsum(lengths) - lengths)[of] - (np.cumsum(each) - each)
    return _Values(
        list(codes), np.repeat(np.arange(count), each), flat[np.repeat(starts, each) + np.arange(each.sum())]
    )


def _years(dates: Any) -> _Values:
    owners = np.flatnonzero(dates != _NO_DATE)
    years, codes = np.unique(dates[owners] // 10_000, return_inverse=True)
    return _Values([f"{year:04}" for year in years.tolist()], owners, codes)


def _date_number(date: str | None) -> int:
    return int(date.replace("-", "")) if date else _NO_DATE
