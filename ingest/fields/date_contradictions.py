"""Contradictory days: a paper that cites a later one, an arrival stamp from before the paper's day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from corpus.document import Citation, Fields, Warning
from ingest.cautions import make_warning


def held_against(fields: Fields, citations: Iterable[Citation]) -> tuple[Fields, tuple[Warning, ...]]:
    """The record with its date as an open question if the paper cites a document of a later day.

    One of the two days is misread or misprinted. An arrival stamp from before the paper's day is a question about
    the stamp, whose digits are the hardest on the page.
    """
    day = fields.date
    if day is None:
        return fields, ()
    arrived = fields.incoming.date
    if arrived is not None and arrived.value < day.value:
        fields = replace(fields, incoming=replace(fields.incoming, date=replace(arrived, review=True)))
    later = max((one for one in citations if one.date and one.date > day.value), key=_day, default=None)
    if later is None:
        return fields, ()
    said = make_warning("date_suspect", cited=later.number or later.printed[:80], day=later.date or "")
    return replace(fields, date=replace(day, review=True)), (said,)


def _day(citation: Citation) -> str:
    return citation.date or ""
