"""Lines of number and date of page 1 by the second reader, which is independent of OCR and digit net."""

from __future__ import annotations

from dataclasses import replace

from ingest.handwriting.locate import Places
from ingest.handwriting.reading import HandwrittenFields
from ingest.secondreader.reader import SecondReader


def with_second_reader(hand: HandwrittenFields, places: Places, second: SecondReader | None) -> HandwrittenFields:
    """Add both lines as the second reader sees them; unchanged without a second reader."""
    if second is None:
        return hand
    number, date = places.number_line, places.date_line
    return replace(
        hand,
        number_line=None if number is None else second.look(number.image, number=True),
        date_line=None if date is None else second.look(date.image),
    )
