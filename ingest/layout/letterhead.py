"""The head of page 1: issuer's lines, motto, number line,
place-and-date line (NĐ 30/2020/NĐ-CP, Phụ lục I, ô 1–4).

State, Party and older families share the places: issuer at the left, motto at the right, number below the issuer,
date below the motto. Rows without boxes are recognised by their words and their order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from corpus.authority.doc_types import types_with
from corpus.numbering import dates
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.layout.wrapped_lines import with_rest, with_year
from ingest.text.rows import Row, same_height
from ingest.text.syllables import is_syllable

_TOP = 0.42
"""Share of the height of page 1 in which the head lies."""
_MOST_ROWS = 40
"""Rows of page 1 that are looked at."""
_MOTTO_HIGH = 0.06
"""Distance of the motto's lines from its first, at most; share of the page's height."""
_LEAST_LETTERS = 4
"""Letters of an issuer's row; rows with fewer are specks, unless they wrap."""
_ASIDE = 0.03
"""Distance between the middles of lines of a centred cell, at most; share of the page's width."""
_MOTTO = "cong hoa xa hoi chu nghia viet nam"
_SLOGAN = "doc lap - tu do - hanh phuc"
_PARTY = ("dang cong san viet nam", "doan tncs ho chi minh")


@cache
def _label() -> re.Pattern[str]:
    """`Số:` as OCR may leave it, also behind a type (`LUẬT số:`);
    without a colon only before a figure, since `SỞ` reads the same.
    """
    types = any_of(map(fold, sorted(types_with("headed") | types_with("labelled"))))
    return re.compile(
        rf"^\W{{0,3}}(?:{types}\s)?"
        r"(?:s[o06](?![a-z])\s?(?:[:;.,]|(?=[\d/-])|$)|[§5$][o06]\s?[:;]|s[a-z0-9]?\s?:)"
    )


_SYMBOL = re.compile(r"[/⁄|\\lI1!-]\s?[A-ZĐÐ][A-ZĐÐa-zđ0-9&]{0,8}\s?[-–—/.]\s?[A-ZĐÐ][\w&]*|/\s?[A-ZĐÐ]{2,}")
_DATE = re.compile(
    r"\b(?:n[gqpe]a[yv]|gay)\b.*\bt?h[aáàâă]?n?[gq]\b|\bt?han[gq]\b.{1,12}\bna[mn]\b|n[gq]a[yv].{1,22}\bna[mn]\b"
)
_PLACE = re.compile(r"\W*(?:(?:[A-ZĐÀ-Ỹ][\w.]*\s*){1,5}[,;]\s*(?:ngày\s*:?\s*)?|[Nn]gày\s*:?\s*)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b|\b20[\d.… ]{1,6}$")
_BODY = re.compile(r"^\W*(?:can cu|thuc hien|theo |xet |kinh gui|dieu \d|noi nhan|i\s?[.)]|1\s?[.)])")


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The head's rows; `bottom` is its lower edge (share of the page's height),
    `last` the index of its last row.
    """

    issuer: tuple[Row, ...] = ()
    motto: tuple[Row, ...] = ()
    number: Row | None = None
    date: Row | None = None
    party: bool = False
    top: float = 0.0
    bottom: float = 0.0
    last: int = -1


def letterhead_of(rows: Sequence[Row]) -> Letterhead:
    """The head of a document; missing parts are None or empty."""
    head = _without_copy_block(list(_above_body(rows))[:_MOST_ROWS])
    motto = _motto_of(head)
    date = _date_row(head, motto)
    number = _number_row(head, date, motto)
    date = _whole(date, head, left=False) if date is not None else None
    top = min((row.box.top for row in motto if row.box), default=0.0)
    issuer = _issuer_rows(head, motto, number, date, top)
    parts = [*issuer, *motto, *(row for row in (number, date) if row is not None)]
    bottom = max((row.box.bottom for row in parts if row.box), default=0.0)
    last = max((row.index for row in parts), default=-1)
    return Letterhead(issuer, motto, number, date, any(_is_like(row, _PARTY) for row in motto), top, bottom, last)


def _above_body(rows: Sequence[Row]) -> Iterator[Row]:
    """The rows of page 1 where a head may be:
    its upper part, or without boxes all before the body's first words.
    """
    for row in rows:
        if row.page != rows[0].page or (row.box is None and _BODY.match(row.folded)):
            return
        if row.box is None or row.box.top < _TOP:
            yield row


_COPY_NUMBER = re.compile(r"\b\d{1,5}\s?/\s?(?:sy|sl|trs)\b")
_COPY_HEADING = re.compile(r"\W*(?:sao y|sao luc|trich sao)\b[^/\d]{0,30}\Z")
_NUMBER_SAID = re.compile(r"\bso\s?[:.]?\s?\d{0,5}\s?[a-z]?[/-]")


def _without_copy_block(head: list[Row]) -> list[Row]:
    """The rows without a copy's block (khối sao y) that is printed above the head of what was copied.

    If the head has no other number the copy is the document, and keeps its rows.
    """
    block = [row for row in head if _COPY_NUMBER.search(row.folded)]
    if not block or not any(_NUMBER_SAID.search(row.folded) for row in head if row not in block):
        return head
    return [row for row in head if row not in block and not _COPY_HEADING.match(row.folded)]


def _motto_of(head: Sequence[Row]) -> tuple[Row, ...]:
    """The rows of the motto; the same words further down belong to the subject (`… nước Cộng hòa xã hội chủ nghĩa
    …`).
    """
    found = [row for row in head if _is_motto(row)]
    first = next((row.box.top for row in found if row.box), None)
    if first is None:
        return tuple(found)
    return tuple(row for row in found if row.box is None or row.box.top - first < _MOTTO_HIGH)


def _is_motto(row: Row) -> bool:
    if len(row.text) <= 12 or (row.box is not None and row.middle <= 0.45):
        return False
    return _is_like(row, (_SLOGAN,)) or (row.capitals > 0.6 and _is_like(row, (_MOTTO, *_PARTY)))


def _is_like(row: Row, phrases: Sequence[str]) -> bool:
    text = " ".join(row.folded.split())
    return any(SequenceMatcher(None, text, phrase).ratio() > 0.72 for phrase in phrases)


def _date_row(head: Sequence[Row], motto: Sequence[Row]) -> Row | None:
    """The place-and-date line: at the right below the motto, or the first short row that is a place and a date."""
    lines = [with_year(row, head) for row in head]
    found = [row for row in lines if len(row.text) < 75 and not _BODY.match(row.folded) and _has_date(row)]
    right = [row for row in found if row.box is None or row.middle > 0.5]
    below = [row for row in right if not motto or _follows(row, motto[0])]
    return next(iter(below or right), None)


def _has_date(row: Row) -> bool:
    if _DATE.search(row.folded) and _YEAR.search(row.text):
        return True
    found = list(dates.find_behind_place(row.text))
    if _DATE.search(row.folded) and any(date.form in ("WORDS", "PARTIAL") for date in found):
        return True
    return any(
        date.iso and _is_place(row.text[: date.start]) and not row.text[date.end :].strip(" .,;") for date in found
    )


def _is_place(printed: str) -> bool:
    """True if the text before a date in figures on its line is a place in few words, `ngày`, or both."""
    return bool(_PLACE.fullmatch(printed))


def _follows(row: Row, other: Row) -> bool:
    if row.box is None or other.box is None:
        return row.index > other.index
    return row.box.top > other.box.top


def _number_row(head: Sequence[Row], date: Row | None, motto: Sequence[Row]) -> Row | None:
    """The row of `Số: …/…`: at the left near the date's height; by its label, its symbol, or both."""
    aside = [row for row in head if len(row.text) < 60 and (row.box is None or row.box.left < 0.47)]
    aside = [row for row in aside if not _is_motto(row) and not _BODY.match(row.folded)]
    if date is not None and date.box is not None:
        at = date.box.top
        aside = [row for row in aside if row.box and -0.05 < row.box.top - at < 0.07 and row is not date]
    elif motto and motto[0].box is not None:
        at = motto[0].box.top
        aside = [row for row in aside if row.box and 0.02 < row.box.top - at < 0.14]
    whole = [_whole(row, aside, left=True) for row in aside]
    scored = [(_score(row, date), -row.index, row) for row in whole if len(row.text) < 60]
    best = max(scored, default=None, key=lambda item: item[:2])
    return with_rest(best[2], head) if best and best[0] > 0 else None


def _whole(row: Row, head: Sequence[Row], *, left: bool) -> Row:
    """The row joined with its parts behind wide blanks on its side of the page:
    handwriting leaves gaps that are no columns.
    """
    if row.box is None:
        return row
    around = [other for other in head if same_height(other, row) and (other.middle < 0.5) is left]
    first = last = next((at for at, other in enumerate(around) if other.index == row.index), 0)
    while first > 0 and around[first - 1].index == around[first].index - 1:
        first -= 1
    while last + 1 < len(around) and around[last + 1].index == around[last].index + 1:
        last += 1
    for other in around[first : last + 1]:
        row = _join(row, other)
    return row


def _join(row: Row, other: Row) -> Row:
    """Two rows of one printed line as one, with the blanks of the text between them."""
    if row.box is None or other.box is None or (row.start <= other.start and other.end <= row.end):
        return row
    one, two = (row, other) if row.start < other.start else (other, row)
    text = one.text + " " * (two.start - one.end) + two.text
    box, sure = row.box.union(other.box), min(row.confidence, other.confidence)
    return Row(text, one.start, two.end, row.page, two.index, box, sure, one.loose)


def is_part(row: Row, whole: Row | None) -> bool:
    """True if a row lies in another that was joined from several."""
    return whole is not None and whole.start <= row.start and row.end <= whole.end


def _score(row: Row, date: Row | None) -> int:
    label, symbol = bool(_label().match(row.folded)), bool(_SYMBOL.search(row.text))
    near = date is not None and same_height(row, date)
    if not (label or symbol):
        return 0
    return 3 * label + 3 * symbol + near


def _issuer_rows(
    head: Sequence[Row], motto: Sequence[Row], number: Row | None, date: Row | None, top: float
) -> tuple[Row, ...]:
    """The rows at the left above the number, in capitals, not higher than the motto by more than a line."""
    end = number or date
    if end is None and not motto:
        return ()
    found = [row for row in head if row not in motto and not is_part(row, number) and not is_part(row, date)]
    if end is not None and end.box is not None:
        limit = end.box.top if end is number else end.box.top - 0.005
        found = [row for row in found if row.box and row.box.bottom < limit + 0.012 and row.middle < 0.5]
        found = [row for row in found if row.box and row.box.top > top - 0.022] if motto else found
    elif end is not None:
        found = [row for row in found if row.index < end.index]
    else:
        found = [row for row in found if row.box and top - 0.022 < row.box.top < top + 0.05 and row.middle < 0.45]
    return _name_rows(found)


def _name_rows(rows: Sequence[Row]) -> tuple[Row, ...]:
    """The rows in capitals that are words;
    a name's last syllable may be alone on a line (`… TỈNH QUẢNG` / `ĐỨC`).
    """
    kept: list[Row] = []
    for row in rows:
        long = row.capitals > 0.6 and sum(char.isalpha() for char in row.text) >= _LEAST_LETTERS
        if long or (kept and _wraps(row, kept[-1])):
            kept.append(row)
    return tuple(kept)


def _wraps(row: Row, above: Row) -> bool:
    """True if a row is one syllable in capitals, right under the middle of the row above it and as high."""
    word = row.text.strip(" .,;:-–*'")
    if not (len(word) > 1 and word.isupper() and word.isalpha() and is_syllable(word)):
        return False
    if row.box is None or above.box is None:
        return row.index == above.index + 1
    gap = row.box.top - above.box.bottom
    return gap < 0.7 * above.height and abs(row.middle - above.middle) < _ASIDE and row.height > 0.6 * above.height
