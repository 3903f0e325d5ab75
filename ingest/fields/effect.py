"""Period of a document's effect (hiệu lực), as its closing article gives it."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace
from functools import cache

from corpus.authority.doc_types import reference_words, type_words
from corpus.document import Effective, Field
from corpus.numbering.dates import find as find_dates
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.text.document_text import Text
from ingest.text.evidence import field_at


@cache
def _own() -> re.Pattern[str]:
    """`Thông tư này có hiệu lực thi hành kể từ …`: a paper's own effect; for other papers it prints no `này`."""
    return re.compile(
        rf"""
        \b{any_of(map(fold, type_words()))} (?: \s+{any_of(map(fold, reference_words("kind")))} )?
        \s+{any_of(map(fold, reference_words("self")))}
        \s+(?:bat[ ]dau\s+)?co\s+hieu\s+luc(?:\s+thi\s+hanh)?,?\s*
        (?P<said> (?:ke\s+)?tu\s+(?=ngay\b)
            | sau\s+(?P<days> \d{{1,3}} )\s+(?:\([^)]{{1,30}}\)\s+)?ngay,?\s+(?:ke\s+)?tu\s+(?=ngay\b) )
        """,
        re.VERBOSE,
    )


_SIGNING = re.compile(r"ngay\s+(?:duoc\s+)?(?:ky|ban hanh|thong qua|cong bo)(?:\s+ban hanh)?")
_UNTIL = re.compile(
    r"""
    [^.;\n]{0,90}?\b(?P<how>(?:cho\s+)?den\s+het\s+(?=ngay\b)|(?:cho\s+)?den\s+(?=ngay\b)  # đến hết ngày
    |het\s+hieu\s+luc(?:\s+thi\s+hanh)?\s+(?:ke\s+)?(?:tu|vao)\s+(?:het\s+)?(?=ngay\b))  # hết hiệu lực kể từ ngày
    """,
    re.VERBOSE,
)
_NEAR = 40
"""Letters within which the day follows the words that introduce it."""


def read_effect(text: Text, date: Field | None) -> Effective:
    """First and last day in force; `ngày ký` is the paper's own day.
    Days that disagree, or a counted day, go to review.
    """
    folded = fold(text.value)
    if len(folded) != len(text.value):
        return Effective()
    said = [(match, since) for match in _own().finditer(folded) if (since := _since(text, folded, match, date))]
    if not said:
        return Effective()
    match, first = said[0]
    doubt = len({since.value for _, since in said}) > 1
    return Effective(replace(first, review=first.review or doubt), _until(text, folded, match.end(), first))


def _since(text: Text, folded: str, match: re.Match[str], date: Field | None) -> Field | None:
    signing = _SIGNING.match(folded, match.end())
    if signing is not None:
        day = _add_days(date.value, int(match["days"] or 0)) if date is not None else None
        if date is None or day is None:
            return None
        review = date.review or match["days"] is not None
        return field_at(text, day, (match.start(), signing.end()), "effective.signing", review=review)
    found = _day_at(text, match.end())
    if found is None or match["days"] is not None:
        return None
    day_read, end = found
    early = date is not None and day_read < date.value
    return field_at(text, day_read, (match.start(), end), "effective.closing", review=early)


def _until(text: Text, folded: str, start: int, since: Field) -> Field | None:
    match = _UNTIL.match(folded, start)
    found = _day_at(text, match.end()) if match is not None else None
    if match is None or found is None:
        return None
    last, end = found
    first_without = match["how"].startswith("het") and " het " not in match["how"][3:]
    day = _add_days(last, -1) if first_without else last
    if day is None:
        return None
    return field_at(text, day, (match.start("how"), end), "effective.closing", review=day < since.value)


def _add_days(day: str, by: int) -> str | None:
    """The day `by` days later; None for a text that is no whole day."""
    try:
        return (datetime.date.fromisoformat(day) + datetime.timedelta(days=by)).isoformat()
    except (ValueError, OverflowError):
        return None


def _day_at(text: Text, start: int) -> tuple[str, int] | None:
    """The day printed at `start` and the offset behind it; None for none."""
    for date in find_dates(text.value[start : start + _NEAR + 20]):
        return (date.iso, start + date.end) if date.iso and date.start <= 8 else None
    return None
