"""A Field made from a span of the document's text: what was printed, where, and how sure the reading is."""

from __future__ import annotations

from corpus.document import Candidate, Field
from ingest.text.document_text import Text, words_in

SURE = 0.99
"""Confidence of what no engine had to read."""
_LOST = "\ufffd"
"""What stands for a letter that no bytes tell."""


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

    A value with a letter that was lost to bad bytes is always for a person to see.
    """
    start, end = span
    review = review or _LOST in value
    page, boxes = text.locate(start, end)
    confidence = confidence_at(text, start, end) if sure is None else sure
    return Field(value, text.value[start:end], confidence, review, page, boxes, rule, candidates)


def confidence_at(text: Text, start: int, end: int) -> float:
    """Mean confidence of the words of a span, SURE for text that was never recognised."""
    for page, base in zip(text.pages, text.starts, strict=True):
        if base <= start <= base + len(page.text):
            found = [word.confidence for word in words_in(page, start - base, end - base)]
            return min(SURE, sum(found) / len(found)) if found else SURE
    return SURE


def trimmed(text: Text, start: int, end: int, drop: str = " \t\n.;:,_-–—~|*'\"“”‘’`^") -> tuple[int, int]:
    """The span without the signs of `drop` at its ends."""
    value = text.value
    while start < end and value[start] in drop:
        start += 1
    while end > start and value[end - 1] in drop:
        end -= 1
    return start, end
