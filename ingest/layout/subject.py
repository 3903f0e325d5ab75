"""The rows of a subject: under the type (ô 5a) down to the body,
or of a công văn's `V/v` under its number (ô 5b).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from corpus.authority.bodies import leaders
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.layout.incoming_stamp import is_stamp
from ingest.layout.letterhead import Letterhead
from ingest.layout.opening_words import BODY, SENTENCE_END, TO, VV
from ingest.text.rows import Row, same_height

_DAMAGED_VV = re.compile(r"^\W{0,3}[vmy][^\s\w]{1,2}\w?\W{0,2}\s")
"""`V/v` with one of its letters misread: `V/w`, `.-M/.`."""
_ABOUT = re.compile(r"^\W{0,3}ve\s?viec\b")
_OPENS_SUBJECT = re.compile(r"^\W{0,3}(?:ve\s|v/v\b)")
_OPENS = re.compile(r"^\W*(?:can cu|thuc hien|xet|theo|nham|de |ngay |de co|trong |sau khi|so |uy ban|duoc su)")
_WHOSE = re.compile(r"^\W*cua ")
"""A Party paper names the body under the type: `CHỈ THỊ` / `CỦA BAN THƯỜNG VỤ TỈNH ỦY`."""
_GOES_ON = (",", "-", "–", " va", " cua", " ve", " cho", " tai", " voi", " do", " nam", " tinh", " so", " la")
"""Ends of a line of a subject after which its paragraph continues; folded."""
_CAPITALS = 0.8
"""Share of capitals from which a row continues a subject that is printed in capitals."""
_FEW_CAPITALS, _LINE_LEFT = 0.4, 0.28
"""Largest share of capitals of a line of text, and its rightmost beginning (share of the page's width)."""
_LONGEST_LINE, _PRINTED_LINE = 160, 100
"""Letters of a paragraph, and of a printed line, both longer than a centred line of a subject."""
_MOST_LINES = 8
"""Lines of a subject."""
_FEW_LETTERS, _DOUBTED = 7, 0.45
"""Specks: rows with at most this number of letters and less than this confidence."""
_SHORT, _BESIDE = 0.25, 0.15
"""A stamp's words: their greatest width, and the least distance of their middle from the type's;
of the page's width.
"""
_MARGIN, _INDENT = 0.84, 0.02
"""A full line ends beyond the first; a paragraph's first line is indented by at least the second;
of the page's width.
"""


@cache
def _acting() -> re.Pattern[str]:
    """The person or body that acts by the document, in capitals below its subject: `GIÁM ĐỐC SỞ Y TẾ`, `ỦY BAN
    NHÂN DÂN TỈNH`; folded.
    """
    return re.compile(rf"^\W*(?:pho )?{any_of(map(fold, leaders('subject')))}\b")


def subject_rows(below: Sequence[Row], kind: Row, start: int) -> tuple[Row, ...]:
    """The rows under the type down to the first wide gap, the acting body in capitals,
    or the body's first words.
    """
    taken: list[Row] = [kind] if kind.end - start > 3 else []
    before = kind
    under = _under(below, kind)
    for at, row in enumerate(under):
        if taken and taken[-1] is not kind and _opens_paragraph(row, under[at + 1 :]):
            break
        if len(taken) >= _MOST_LINES or _ends_subject(row, before, taken, kind):
            break
        if row.box is None or 0.2 < row.middle < 0.8:
            if not _WHOSE.match(row.folded) or row.capitals < 0.9:
                taken.append(row)
            before = row
    return tuple(taken[1:] if _is_longer_type(kind, start, taken) else taken)


def _is_longer_type(kind: Row, start: int, taken: Sequence[Row]) -> bool:
    """True if what the type's row has behind the type belongs to it (`KẾT LUẬN THANH TRA`):
    the subject opens below it by `Về việc`, in small letters.
    """
    if len(taken) < 2 or taken[0] is not kind or not kind.text[start - kind.start :].strip().isupper():
        return False
    return _OPENS_SUBJECT.match(taken[1].folded) is not None and taken[1].capitals < _CAPITALS


def _under(below: Sequence[Row], kind: Row) -> list[Row]:
    """The rows under the type that are no specks; one that a stamp put before it in reading order comes first."""
    if kind.box is None:
        return [row for row in below if row.index > kind.index and not _is_speck(row)]
    limit = kind.box.top + 0.4 * kind.height
    found = [row for row in below if row is not kind and row.box and row.box.top >= limit and not _is_speck(row)]
    found = [row for row in found if not _is_at_margin(row, kind, found)]
    earlier = [row for row in found if row.index < kind.index and 0.3 < row.middle < 0.72]
    return [*earlier, *(row for row in found if row.index > kind.index)]


def _is_at_margin(row: Row, kind: Row, others: Sequence[Row]) -> bool:
    """True if a short row is a stamp's at the margin: not under the type, and alone on its line."""
    if row.box is None or row.box.right - row.box.left > _SHORT or abs(row.middle - kind.middle) < _BESIDE:
        return False
    if row.capitals < 0.9:
        return False
    return not any(same_height(row, other) for other in others if other is not row)


def _is_speck(row: Row) -> bool:
    """True if a row is a remnant of a stamp or the scanner:
    fewer than two letters or figures, or a few that OCR doubts.
    """
    return sum(char.isalnum() for char in row.text) < 2 or (
        len(row.text) <= _FEW_LETTERS and row.confidence < _DOUBTED and row.box is not None
    )


def _opens_paragraph(row: Row, after: Sequence[Row]) -> bool:
    """True if a row is the first of a justified paragraph: indented, and as far to the right as the row under it.

    A subject's lines are centred, so one that begins further left also ends further right.
    """
    under = next((other for other in after if not _is_speck(other)), None)
    if row.box is None or under is None or under.box is None or row.box.right < _MARGIN:
        return False
    return under.box.left < row.box.left - _INDENT and abs(under.box.right - row.box.right) < _INDENT / 2


def _ends_subject(row: Row, before: Row, taken: list[Row], kind: Row) -> bool:
    if BODY.match(row.folded) or TO.match(row.folded):
        return True
    own = [other for other in taken if other is not kind]
    if own and row.capitals > 0.8 and before.capitals < 0.6 and len(row.text) > 6:
        return True
    if row.capitals > 0.9 and _acting().match(row.folded):
        return True
    if own and _opens_under_capitals(row, own):
        return True
    if row.box is None or before.box is None:
        ended = row.loose or SENTENCE_END.search(before.text) is not None or len(row.text) > _LONGEST_LINE
        return bool(taken) and (ended or (bool(own) and _is_sentence(row, before)))
    if same_height(row, before):
        return False
    gap = row.box.top - before.box.bottom
    if not own:
        return gap > 2.6 * before.height
    if gap > 1.15 * max(before.height, row.height) + 0.001:
        return True
    return bool(_OPENS.match(row.folded)) and row.box.right > 0.84 and gap > 0.6 * row.height


def _opens_under_capitals(row: Row, own: Sequence[Row]) -> bool:
    """True if a full line of small letters follows a subject in capitals:
    the body (`Học viện … thông báo … như sau:`).
    """
    if row.box is None or row.capitals > _FEW_CAPITALS or any(other.capitals < _CAPITALS for other in own):
        return False
    return row.box.right > _MARGIN and row.box.left < _LINE_LEFT


def _is_sentence(row: Row, before: Row) -> bool:
    """True if a row without a place opens the body: a new sentence, by its first words or by its end."""
    text = row.text.strip()
    if not text[:1].isupper() or row.capitals > _CAPITALS or before.folded.rstrip().endswith(_GOES_ON):
        return False
    return bool(_OPENS.match(row.folded)) or text.endswith((".", ":", ";", ",")) or len(text) > _PRINTED_LINE


def about_rows(below: Sequence[Row], head: Letterhead) -> tuple[Row, ...]:
    """The rows of a công văn's `V/v …` under its number, in the left half."""
    left = [row for row in below if row.box is None or (row.middle < 0.5 and row.box.left < 0.4)]
    first = next((row for row in left if about_length(row) and not _far(row, head)), None)
    if first is None:
        return ()
    taken, before = [first], first
    pitch = 0.0
    for row in left:
        if row.index <= first.index or len(taken) >= _MOST_LINES:
            continue
        if (
            TO.search(row.folded)
            or BODY.match(row.folded)
            or _leaves_column(row, taken)
            or _is_stamped(row, taken)
        ):
            break
        if row.box and before.box:
            step = row.box.top - before.box.top
            if step > max(2.1 * before.height, 1.45 * pitch or 0.0, 0.026) or (
                row.capitals > 0.9 and step > 0.022
            ):
                break
            pitch = step
        elif row.loose or row.index > before.index + 1:
            # The rows between are a part of the head.
            break
        taken.append(row)
        before = row
    return tuple(taken)


def _is_stamped(row: Row, taken: Sequence[Row]) -> bool:
    """True if a row under a `V/v` is a stamp's: capitals with marks, or `CÔNG VĂN ĐẾN`, below small letters."""
    if is_stamp(row):
        return True
    if row.capitals < 0.9 or taken[0].capitals > 0.5:
        return False
    return any(not word.isascii() for word in row.text.replace("Đ", "D").split())


def _leaves_column(row: Row, taken: Sequence[Row]) -> bool:
    """True if a row is wider than the narrow column of a `V/v`, as the body's first line is."""
    return row.box is not None and row.box.right > max(other.box.right for other in taken if other.box) + 0.12


def _far(row: Row, head: Letterhead) -> bool:
    if row.box is None:
        return row.index > head.last + 6
    return head.bottom > 0 and row.box.top > head.bottom + 0.09


def about_length(row: Row) -> int:
    """Length of `V/v` or `Về việc` at the row's start; 0 for none."""
    found = VV.match(row.folded) or _ABOUT.match(row.folded) or _DAMAGED_VV.match(row.folded)
    return found.end() if found else 0
