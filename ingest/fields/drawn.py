"""Number and date that form fields and annotations draw over a page: their figures are known, not read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.document import Box, Candidate, Field
from ingest.files.page import DrawnWord, Pen
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.reading import DigitReading, HandwrittenFields
from ingest.layout.letterhead import Letterhead
from ingest.text.document_text import Text
from ingest.text.rows import Row

_FIGURES = re.compile(r"\d{1,6}")
_MONTH = re.compile(r"t?ha[nm]g?")
_YEAR = re.compile(r"\bna[mn]\b")
_PENS: tuple[Pen, ...] = ("signed", "form_field", "annotation")


def with_given(
    hand: HandwrittenFields, text: Text, head: Letterhead, drawn: Sequence[tuple[int, DrawnWord]]
) -> HandwrittenFields:
    """Replace what was read of a scan's number, day and month by the figures that form fields draw there.

    A page with text of its own needs none of it: the figures are letters of its text.
    """
    if not text.pages or text.pages[0].origin != "ocr":
        return hand
    numbers, dates = _on_row(head.number, drawn), _on_row(head.date, drawn)
    if numbers:
        hand = replace(hand, number=_given("number", numbers[0]), number_line=None)
    if not dates:
        return hand
    if not all(_FIGURES.fullmatch(one.text) for one in dates) or head.date is None:
        # The field draws the date in words: the line's text has it.
        return replace(hand, day=None, month=None, date_line=None)
    for one in dates:
        part = _part(one, text, head.date)
        if part == "day":
            hand = replace(hand, day=_given("day", one))
        elif part == "month":
            hand = replace(hand, month=_given("month", one))
    return hand


def _given(kind: Kind, drawn: DrawnWord) -> DigitReading | None:
    """The figures of a field; None for a text with more than figures, which is read with its line."""
    if not _FIGURES.fullmatch(drawn.text):
        return None
    value = drawn.text if kind == "number" else str(int(drawn.text))
    return DigitReading(kind, (Candidate(value, 1.0),), drawn.box, printed=True, sure=True, given=True)


def _on_row(row: Row | None, drawn: Sequence[tuple[int, DrawnWord]]) -> list[DrawnWord]:
    """DrawnWord texts with a figure on a row, from left to right."""
    if row is None or row.box is None:
        return []
    mine = [one for page, one in drawn if page == row.page and _has_figure(one.text) and row.box.overlaps(one.box)]
    return sorted(mine, key=lambda one: one.box.left)


def _has_figure(text: str) -> bool:
    return any(letter.isdigit() for letter in text)


def _part(drawn: DrawnWord, text: Text, row: Row) -> Kind | None:
    """Day or month, by the words of the line before which the figures are; None for a year."""
    page = text.pages[0]
    at = next((word.start - row.start for word in page.words if word.box == drawn.box), None)
    if at is None:
        return None
    month = _MONTH.search(row.folded)
    year = _YEAR.search(row.folded, month.end() if month else 0)
    if month is not None and at < month.start():
        return "day"
    return "month" if month is not None and (year is None or at < year.start()) else None


def drawn_by(field: Field | None, drawn: Sequence[tuple[int, DrawnWord]], name: str) -> Field | None:
    """The field with the drawn figures as its evidence and rule (`number.signed`); unchanged without any.

    A signed field is certain; figures of another kind keep the confidence of their line. Figures read beneath
    that differ are asked.
    """
    if field is None:
        return None
    mine = [
        one for page, one in drawn if page == field.page and _has_figure(one.text) and _touches(field.boxes, one)
    ]
    if not mine:
        return field
    pen = min((one.pen for one in mine), key=_PENS.index)
    review = field.review or any(one.contested for one in mine)
    confidence = 1.0 if pen == "signed" and not review else field.confidence
    boxes = tuple(one.box for one in mine)
    return replace(field, rule=f"{name}.{pen}", confidence=confidence, review=review, boxes=boxes)


def _touches(boxes: Sequence[Box], drawn: DrawnWord) -> bool:
    return any(drawn.box.overlaps(box) for box in boxes)
