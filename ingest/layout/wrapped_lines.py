"""Lines of a head that wrap in a narrow cell: a number's symbol, and the year of place and date."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.text.rows import Row

_LONE_LABEL = re.compile(r"\W*s[o0]\s*[:.]?\s*")
_NUMBER = re.compile(r"\s*\d{1,5}\s*[/-]\s*[\dA-ZĐ]")
"""A number whose label is in a row or cell of its own."""
_UNFINISHED = re.compile(r"\d\s*[/-].*[-–/&]\s*$|\d\s*/\s*$")
"""A number whose symbol ends with a joint and continues in the next row."""
_CONTINUED = re.compile(r"\s*[-–/&]\s*[A-ZĐ]")
_REST = re.compile(r"['‘’`\".,:|\s]*[-–/&]?\s*[A-ZĐ][\w&()]*(?:[-–/&][\w&()]+){0,3}\s*")
"""The rest of a symbol: one word that begins with a capital."""
_YEARLESS = re.compile(r"\bnga[yv]\b.{0,12}\bthang\b[^\d]{0,6}\d{0,2}\W*(?:nam)?\W*")
_YEAR_ALONE = re.compile(r"\W*(?:nam\s*)?(?:19|20)\d\d\W*")


def with_rest(row: Row, head: Sequence[Row]) -> Row:
    """The number row with the rest of a symbol that continues in the row below it (`47/QĐ-UBND-` / `NC`)."""
    below = next((other for other in head if other.index == row.index + 1), None)
    if below is None:
        return row
    lone = bool(_LONE_LABEL.fullmatch(row.folded)) and bool(_NUMBER.match(below.text))
    goes_on = bool(_UNFINISHED.search(row.text) or _CONTINUED.match(below.text)) and bool(
        _REST.fullmatch(below.text)
    )
    if not (lone or goes_on) or (below.box is not None and not _is_under(below, row)):
        return row
    rest = below.text.lstrip("'‘’`\".,:| ")
    text = row.text.rstrip() + " " * (below.end - row.start - len(row.text.rstrip()) - len(rest)) + rest
    box = row.box.union(below.box) if row.box and below.box else None
    sure = min(row.confidence, below.confidence)
    return Row(text, row.start, below.end, row.page, below.index, box, sure, row.loose)


def with_year(row: Row, head: Sequence[Row]) -> Row:
    """A line of place and date with the year that wrapped into the line under it in a narrow cell."""
    found = _YEARLESS.search(row.folded)
    below = next((other for other in head if other.index == row.index + 1), None)
    if found is None or found.end() < len(row.folded) or below is None or not _YEAR_ALONE.fullmatch(below.folded):
        return row
    if below.box is not None and not _is_under(below, row):
        return row
    text = row.text + " " * (below.start - row.end) + below.text
    box = row.box.union(below.box) if row.box and below.box else None
    return Row(
        text, row.start, below.end, row.page, below.index, box, min(row.confidence, below.confidence), row.loose
    )


def _is_under(below: Row, row: Row) -> bool:
    """True if a row starts the next line of the same cell."""
    if below.box is None or row.box is None:
        return True
    gap = below.box.top - row.box.bottom
    return gap < row.height and below.box.left < row.box.right and below.box.right > row.box.left - 0.02
