"""A Field from a span of the document's text: the printed text, its place, and the confidence of the reading."""

from __future__ import annotations

from corpus.document import Box, Candidate, Field
from ingest.text.document_text import Text, words_in
from ingest.text.rows import Row

SURE = 0.99
"""Confidence of text that no engine had to read."""
DISPUTED = 0.05
"""Confidence (0 to 1) up to which a word is an open question by itself: two readers read it differently."""
_LOST = "\ufffd"
"""Placeholder for a letter lost to bad bytes."""


def field_at(
    text: Text,
    value: str,
    span: tuple[int, int],
    rule: str,
    *,
    sure: float | None = None,
    review: bool = False,
    candidates: tuple[Candidate, ...] = (),
) -> Field:
    """A Field whose evidence is `text.value[span]`; `sure` is the mean confidence of its words unless given.

    A value with a letter that was lost to bad bytes always goes to review.
    """
    start, end = span
    review = review or _LOST in value
    page, boxes = text.locate(start, end)
    confidence = confidence_at(text, start, end) if sure is None else sure
    return Field(value, text.value[start:end], confidence, review, page, boxes, rule, candidates)


def line_box(row: Row, pen: Box) -> tuple[Box]:
    """The place of a line that is partly print and partly written by hand: its printed words and the pen's ink."""
    same_line = row.box is not None and row.box.same_line(pen, 0.3)
    return (row.box.union(pen) if row.box is not None and same_line else pen,)


def confidence_at(text: Text, start: int, end: int) -> float:
    """Mean confidence of the words of a span, SURE for text that was never recognised."""
    for page, base in zip(text.pages, text.starts, strict=True):
        if base <= start <= base + len(page.text):
            found = [word.confidence for word in words_in(page, start - base, end - base)]
            return min(SURE, sum(found) / len(found)) if found else SURE
    return SURE


def is_disputed(text: Text, start: int, end: int) -> bool:
    """True if a word of a span is next to unread, or the second reader read another one."""
    for page, base in zip(text.pages, text.starts, strict=True):
        if base <= start <= base + len(page.text):
            return any(word.confidence <= DISPUTED for word in words_in(page, start - base, end - base))
    return False


def trimmed(text: Text, start: int, end: int, drop: str = " \t\n.;:,_-–—~|*'\"“”‘’`^") -> tuple[int, int]:
    """The span without the signs of `drop` at its ends."""
    value = text.value
    while start < end and value[start] in drop:
        start += 1
    while end > start and value[end - 1] in drop:
        end -= 1
    return start, end
