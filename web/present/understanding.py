"""Chips that say what the words of a question were taken for, each with the address that takes them as words."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.numbering.typed_days import day_text
from search.query.clauses import Understood
from search.query.understanding import quoted
from web.present.search_address import SearchRequest

LABELS = {
    "type": "Loại", "body": "Cơ quan", "signer": "Người ký", "day": "Ngày", "month": "Tháng", "quarter": "Quý",
    "year": "Năm", "range": "Khoảng ngày",
}  # fmt: skip
"""Kind of a value → its label."""


@dataclass(frozen=True, slots=True)
class Chip:
    """One value: label of its kind, itself, and the address of the same search with its words as words."""

    label: str
    value: str
    without: str


def chip(meant: Understood, search: SearchRequest, read_as: str | None = None) -> Chip:
    """The chip of a value that was understood in a search, or in what its keys were read as."""
    words = quoted(read_as or search.text, meant)
    return Chip(LABELS[meant.kind], _value(meant), search.address(q=words, page=None))


def _value(meant: Understood) -> str:
    start, end = meant.dates.start, meant.dates.end
    match meant.kind:
        case "type" | "body" | "signer":
            return meant.label
        case "day":
            return day_text(start)
        case "month":
            return f"{(start or '')[5:7]}/{(start or '')[:4]}"
        case "quarter":
            return f"{(int((start or '')[5:7]) + 2) // 3}/{(start or '')[:4]}"
        case "year":
            return (start or "")[:4]
        case "range":
            return f"{_day(start)} – {_day(end)}"


def _day(iso: str | None) -> str:
    return day_text(iso) or "…"
