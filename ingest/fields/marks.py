"""Marks on the paper apart from its text:
urgency (độ khẩn, ô 10b) and the receiver's ĐẾN stamp (số đến, ngày đến).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from corpus.document import Field, Incoming
from corpus.numbering import dates
from corpus.tables import rows as table
from corpus.vietnamese.fold import fold
from ingest.layout.incoming_stamp import is_stamp
from ingest.text.document_text import Text
from ingest.text.evidence import field_at
from ingest.text.rows import Row

_TOP = 0.55
"""Share of the page's height in which marks and stamps are looked for."""
_NUMBER = re.compile(r"\bso\s?[:.]?\s?(\d{1,6})\b|\bden so\s?[:.]?\s?(\d{1,6})")
_STAMP = re.compile(r"(?:cong van |cv |van ban )?den(?: so\b.*)?")
_FRAME = " .,:;*'\"“”‘’`~=_-–—·•[](){}|!"
_ALIKE = 75.0
"""Similarity (0 to 100) of a misread mark."""


@cache
def _marks() -> tuple[tuple[str, str], ...]:
    return tuple((fold(row["mark"]), row["mark"]) for row in table("urgency"))


def read_urgency(text: Text, rows: Sequence[Row], stamped: Iterable[str] = ()) -> Field | None:
    """The mark of urgency: a short row of its own on page 1, or in `stamped`,
    the texts read in stamp-like frames of it.
    """
    for row in rows:
        if row.page == rows[0].page and (row.box is None or row.box.top < _TOP) and (row.box or row.index < 30):
            mark = _mark_of(row.text)
            if mark is not None and (row.box is None or row.middle < 0.5):
                return field_at(text, mark, (row.start, row.end), "urgency.row")
    for said in stamped:
        mark = _mark_of(said)
        if mark is not None:
            return Field(mark, said.strip(), 0.85, False, rows[0].page if rows else 1, (), "urgency.stamp")
    return None


def _mark_of(printed: str) -> str | None:
    """The mark that a few letters are, also with one or two misread; None for none."""
    from rapidfuzz import fuzz

    bare = " ".join(re.sub(r"[^a-z ]", " ", fold(printed.strip(_FRAME))).split())
    capitals = sum(char.isupper() for char in printed)
    if not 4 <= len(bare) <= 18 or capitals < 2:
        return None
    for key, mark in _marks():
        if bare == key or (len(key) > 5 and fuzz.ratio(bare, key) >= _ALIKE):
            return mark
    return None


def read_incoming(text: Text, rows: Sequence[Row]) -> Incoming:
    """Number and date of the ĐẾN stamp; they are never the document's own."""
    head = (
        [row for row in rows if row.page == rows[0].page and (row.box is None or row.box.top < _TOP)]
        if rows
        else []
    )
    stamp = next((row for row in head if is_stamp(row)), None)
    if stamp is None:
        return Incoming()
    near = [row for row in head if stamp.index <= row.index <= stamp.index + 3]
    number = next((found for row in near if (found := _number(text, row))), None)
    return Incoming(number, next((found for row in near if (found := _date(text, row))), None))


def read_arrival(text: Text, rows: Sequence[Row], incoming: Incoming) -> Field | None:
    """Direction `incoming`, if the paper bears an arrival stamp; its head or its figures are the evidence.

    A row that only ends in the stamp's word (`… PHÁT TRIỂN ĐẾN`) is none without figures below it.
    """
    head = [row for row in rows if row.page == rows[0].page and (row.box is None or row.box.top < _TOP)]
    stamp = next((row for row in head if is_stamp(row)), None)
    if stamp is None or not (_STAMP.fullmatch(stamp.folded.strip(_FRAME)) or incoming.number):
        return None
    return field_at(text, "incoming", (stamp.start, stamp.end), "direction.stamp", sure=0.97)


def _number(text: Text, row: Row) -> Field | None:
    found = _NUMBER.search(row.folded)
    if found is None:
        return None
    group = 1 if found[1] else 2
    span = (row.start + found.start(group), row.start + found.end(group))
    return field_at(text, found[group], span, "incoming.number", review=True)


def _date(text: Text, row: Row) -> Field | None:
    date = next((date for date in dates.find(row.text) if date.iso), None)
    if date is None or date.iso is None:
        return None
    return field_at(text, date.iso, (row.start + date.start, row.start + date.end), "incoming.date", review=True)
