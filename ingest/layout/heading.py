"""The parts between the head and the body: type and subject (ô 5a), or `V/v` (ô 5b), and `Kính gửi` (ô 9a)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from corpus.authority.doc_types import doc_types
from corpus.document import UNPRINTED, Box
from corpus.vietnamese.fold import fold
from ingest.layout.addressees import addressee_rows, unlabelled
from ingest.layout.closing import is_label
from ingest.layout.letterhead import Letterhead, is_part
from ingest.layout.opening_words import BODY
from ingest.layout.subject import about_length, about_rows, subject_rows
from ingest.text.rows import Row

_LEAST_LIKENESS = 84.0
"""Similarity (0 to 100) of a misread type."""
_ASKEW = 0.04
"""Distance of a line's middle from the type's from which on it is not centred under it;
share of the page's width.
"""


@dataclass(frozen=True, slots=True)
class Heading:
    """Rows and spans: `kind` is the type's row (`KẾ HOẠCH`) with its name in `doc_type`; `subject` begins at
    `subject_start` in the text if its first row has the type or `V/v` too; `last` is the index of the last row.
    """

    kind: Row | None = None
    doc_type: str | None = None
    sure: bool = True
    letter: bool = False
    """True if a công văn's `V/v` is in the place of its subject."""
    subject: tuple[Row, ...] = ()
    subject_start: int = 0
    to: Row | None = None
    to_start: int = 0
    addressees: tuple[Row, ...] = ()
    last: int = -1


def heading_of(rows: Sequence[Row], head: Letterhead) -> Heading:
    """Type, subject and addressees of the document whose head is `head`."""
    page = rows[0].page if rows else 1
    # Without boxes a page may be the whole file: what an annex's form says is not the letter's.
    closing = next((row.index for row in rows if row.box is None and is_label(row)), len(rows) + 1)
    below = [row for row in rows if row.page == page and _below(row, head) and row.index < closing]
    kind, name, sure, subject_start = _kind(below)
    about = about_rows(_behind_number(rows, below, head), head) if kind is None else ()
    subject = about or (subject_rows(below, kind, subject_start) if kind else ())
    to, to_start, addressees = addressee_rows(below)
    if to is None and about:
        to, to_start, addressees = unlabelled(below, about[-1])
    if to is not None and kind is not None and to.index < kind.index:
        to, to_start, addressees = None, 0, ()
    subject = tuple(row for row in subject if to is None or row.index < to.index or about)
    if about:
        subject_start = about[0].start + about_length(about[0])
    last = max((row.index for row in (*subject, *addressees, *filter(None, (kind, to)))), default=head.last)
    return Heading(kind, name, sure, bool(about), subject, subject_start, to, to_start, addressees, last)


def _below(row: Row, head: Letterhead) -> bool:
    if row.box is None:
        return row.index > head.last
    return (
        row.box.top > head.bottom - 0.012
        and row.box.top < 0.62
        and not is_part(row, head.number)
        and not is_part(row, head.date)
    )


def _behind_number(rows: Sequence[Row], below: Sequence[Row], head: Letterhead) -> Sequence[Row]:
    """The rows that may be a `V/v`: without boxes also those between number and date,
    as Decree 30 has them in order.
    """
    if head.number is None or head.number.box is not None:
        return below
    parts = {row.index for row in (*head.issuer, *head.motto, *filter(None, (head.number, head.date)))}
    after = (row for row in rows if row.page == head.number.page and row.index > head.number.index)
    return [row for row in after if row.box is None and row.index not in parts]


@cache
def _folded_types() -> tuple[tuple[str, str], ...]:
    """Folded type names with the names, longest first."""
    return tuple(
        sorted(
            ((fold(name), name) for name in doc_types() if name not in UNPRINTED), key=lambda pair: -len(pair[0])
        )
    )


def _kind(below: Sequence[Row]) -> tuple[Row | None, str | None, bool, int]:
    """The type's row, the type, whether all its letters were read, and the start of the text behind it."""
    for row in below:
        if BODY.match(row.folded) or (row.box and row.box.top > 0.5):
            break
        if row.box is not None and not 0.3 < row.middle < 0.72:
            continue
        if (found := _type_in(row)) is not None:
            return row, *found
    return None, None, True, 0


def _type_in(row: Row) -> tuple[str, bool, int] | None:
    """The type that a row of capitals is or begins with."""
    lead = len(row.text) - len(row.text.lstrip(" -–—_.,;:'\"“”‘’`~|*^"))
    text, folded = row.text[lead:], row.folded[lead:]
    for key, name in _folded_types():
        if folded.startswith(key) and text[: len(key)].isupper() and not folded[len(key) : len(key) + 1].isalpha():
            behind = row.start + lead + len(key)
            rest = text[len(key) :].strip(" :.-_")
            if not rest or rest.isupper() or rest[:1].isupper() or len(rest) > 8:
                return name, True, behind
    return _type_near(row, text, folded)


def _type_near(row: Row, text: str, folded: str) -> tuple[str, bool, int] | None:
    """The type of a short row of capitals that OCR left a letter or two away from it."""
    from rapidfuzz import fuzz

    bare = re.sub(r"[^a-z ]", "", folded).strip()
    if row.capitals < 0.75 or not 5 <= len(bare) <= 24:
        return None
    scored = sorted(((fuzz.ratio(bare, key), name) for key, name in _folded_types()), reverse=True)
    if scored[0][0] < _LEAST_LIKENESS or scored[0][0] - scored[1][0] < 4:
        return None
    return scored[0][1], False, row.end


def is_lopsided(heading: Heading) -> bool:
    """True if a line under the type is not centred as the type is: text at one end of it was not read."""
    kind = heading.kind
    if kind is None or kind.box is None:
        return False
    lines: list[Box] = []
    for row in heading.subject:
        if row.box is None or row is kind:
            continue
        if lines and row.box.top < lines[-1].bottom - 0.5 * kind.height:
            lines[-1] = lines[-1].union(row.box)
        else:
            lines.append(row.box)
    return any(abs((box.left + box.right) / 2 - kind.middle) > _ASKEW for box in lines)
