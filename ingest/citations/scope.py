"""The text for the search for citations: lines joined to sentences, a folded copy, and the parts that may cite.

The two strings have one length, so one offset fits both; `Scope.origin` maps it to the text as given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache

from corpus.authority.doc_types import types_with
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold_composed
from corpus.vietnamese.lookalikes import Plain, plain

# A pattern that opens with a class of letters is searched for about twice as fast as one that opens with a choice.
_RUN = re.compile(r"[ \n](?:(?<=\n)|(?=[ \n]))[ \n]*(?:(?<=\n)-?[ ]?\d{1,3}[ ]?-?[ ]*\n[ \n]*)?")
"""A line end or several blanks, with a page number alone on a line between them."""
_ITEM = re.compile(
    r"""
    (?:[-–+•*·]\s|\(?[0-9]{1,2}[.)]\s?\S|[a-zđ]\)\s|[IVX]{1,5}\s?[.\-)]\s
        |Điều[ ][0-9]|ĐIỀU  # - , 1. , a) , IV. , Điều 1
    |Căn[ ]cứ|CĂN[ ]CỨ|Xét[ ]|Theo[ ]đề[ ]nghị|QUYẾT[ ]|Kính[ ]gửi
        |Nơi[ ]nhận|PHỤ[ ]LỤC|\((?:Ban[ ]hành[ ])?[Kk]èm[ ]theo)  # words that open a part
    """,
    re.VERBOSE,
)
_SENTENCE = re.compile(r"[\n.!?](?:(?<=\n)|(?<=[^A-ZĐ\s].)(?<!cứ.)(?<!cứ..)(?<!cứ...)\s+(?=[A-ZÀ-ỸĐ“\"(]))")


@cache
def _header() -> re.Pattern[str]:
    """The line of a document's own number, for example `Số: 31/KH-STTTT`, `LUẬT số: 33/2024/QH15`."""
    types = any_of(word for name in types_with("headed") for word in (name, name.upper()))
    return re.compile(
        rf"""
        ^[ ]*
        (?: {types}[ ]+(?:số|Số|SỐ)[ ]{{0,4}}[:.]?[ ]?[^\n ]{{3,24}}
          | (?:S[ốôồoóòỗổõ6]|SỐ)[ ]{{0,4}}[:.]?[^\n]{{0,80}} )
        [ ]*$
        """,
        re.MULTILINE | re.VERBOSE,
    )


_RECIPIENTS = re.compile(r"^[ ]*N[ơo]i nh[ậa]n\b", re.MULTILINE)
_NATION = re.compile(r"CỘNG H[ÒOỌ][ÀA]? ?X[ÃAÁ] H|ĐẢNG CỘNG SẢN VIỆT NAM")
_NEXT = re.compile(
    rf"^[ ]*(?:PHỤ LỤC|Phụ lục|DANH SÁCH|DANH MỤC|\((?:Ban hành )?[Kk]èm theo)|(?P<nation>{_NATION.pattern})",
    re.MULTILINE,
)
_NOTE_MARK = re.compile(r"(?<=[A-ZĐ0-9]) ?(?:\(\d{1,2}\)|\[\d{1,2}\])(?= +ngày)")
"""A footnote's mark between a number and its date (`112/KH-UBND (1) ngày …`)."""
_NOTES = re.compile(
    r"^[ ]*(?:[(\[]?\d{1,2}[)\]]?|[\u00b9\u00b2\u00b3\u2070-\u2079]{1,2}|\*{1,3}) ?(?=[A-ZÀ-ỸĐ“\"])[^\n]{24}",
    re.MULTILINE,
)
"""A footnote or endnote below the recipients and the signature:
its mark, then a line longer than an item of the list.
"""
_LONGEST = 2500
"""Letters of a sentence looked at on each side of an offset: no clause of a real paper reaches further."""
_HEAD_SIZE = 1600
"""Letters within which a document's own number and date line are."""


@dataclass(frozen=True, slots=True)
class CitationText:
    r"""`flat`: blanks are single, soft line ends are blanks, `\n` is a hard one;
    `folded`: its fold, letter by letter.

    `zones` (offsets in `flat`) are the parts that may cite.
    """

    flat: str
    folded: str
    zones: tuple[tuple[int, int], ...]
    _breaks: tuple[int, ...]
    _plain: Plain
    _flat_at: tuple[int, ...]
    _shifts: tuple[int, ...]

    def sentence(self, offset: int) -> tuple[int, int]:
        """Start and end of the sentence at the offset."""
        place = bisect_right(self._breaks, offset)
        start = self._breaks[place - 1] if place else 0
        end = self._breaks[place] if place < len(self._breaks) else len(self.flat)
        return max(start, offset - _LONGEST), min(end, offset + _LONGEST)

    def searched(self, offset: int) -> bool:
        """True if the offset lies in a zone that may cite."""
        return any(start <= offset < end for start, end in self.zones)

    def origin(self, offset: int) -> int:
        """The offset in the given text of the character at `offset` of `flat`."""
        place = bisect_right(self._flat_at, offset)
        return self._plain.origin(offset + (self._shifts[place - 1] if place else 0))


def scope_of(value: str, body: tuple[int, int] | None) -> CitationText:
    """The scope of a text; `body` are offsets in `value`, None:
    header, recipients (nơi nhận) and signature are left out.
    """
    cleaned = plain(value)
    cleaned = replace(cleaned, text=_NOTE_MARK.sub(lambda mark: " " * len(mark.group()), cleaned.text))
    flat, flat_at, shifts = _flatten(cleaned.text)
    zones = (_inward(cleaned, body),) if body else _zones(cleaned.text)
    clean_at = [at + shift for at, shift in zip(flat_at, shifts, strict=True)]

    def to_flat(offset: int) -> int:
        place = bisect_right(clean_at, offset)
        return offset - (shifts[place - 1] if place else 0)

    return CitationText(
        flat=flat,
        folded=fold_composed(flat).replace("_", " "),
        zones=tuple((to_flat(start), to_flat(end)) for start, end in zones),
        _breaks=tuple(found.end() for found in _SENTENCE.finditer(flat)),
        _plain=cleaned,
        _flat_at=flat_at,
        _shifts=shifts,
    )


def _inward(cleaned: Plain, body: tuple[int, int]) -> tuple[int, int]:
    """Offsets of the given text mapped to the cleaned one; the few dropped characters only widen the zone."""
    lost = cleaned.shifts[-1] if cleaned.shifts else 0
    return max(0, body[0] - lost), body[1]


def _flatten(text: str) -> tuple[str, tuple[int, ...], tuple[int, ...]]:
    """`text` with every run of blanks and line ends replaced by one character, and the shifts that map back."""
    out: list[str] = []
    flat_at: list[int] = []
    shifts: list[int] = []
    position = shift = 0
    for run in _RUN.finditer(text):
        start, end = run.span()
        out += text[position:start], _joint(text, start, end)
        position = end
        if end - start > 1:
            shift += end - start - 1
            flat_at.append(end - shift)
            shifts.append(shift)
    out.append(text[position:])
    return "".join(out), tuple(flat_at), tuple(shifts)


def _joint(text: str, start: int, end: int) -> str:
    """A blank if a sentence continues over the line end (page breaks too), else a line end."""
    lines = text.count("\n", start, end)
    if not lines:
        return " "
    if start == 0 or end == len(text) or text[start - 1] in ".;:!?" or _ITEM.match(text, end):
        return "\n"
    first = text[end]
    if first.islower() or (first.isdigit() and lines == 1):
        return " "
    if text.endswith(_HANGING, max(0, start - 8), start):
        return " "
    line_start = text.rfind("\n", max(0, start - 60), start) + 1 or max(0, start - 60)
    return "\n" if lines > 1 or start - line_start <= 24 or _is_heading(text[line_start:start]) else " "


_HANGING = (",", "/", "-", " số", " ngày", " của", " và")
"""Ends of a line after which a sentence continues."""


def _is_heading(line: str) -> bool:
    letters = sum(map(str.isalpha, line))
    return letters > 0 and sum(map(str.isupper, line)) > 0.8 * letters


def _zones(text: str) -> tuple[tuple[int, int], ...]:
    """The zones: from each header to its recipients, the notes behind the signature,
    then the same for an annex or an attached document.
    """
    zones: list[tuple[int, int]] = []
    start = _after_header(text, 0)
    while start < len(text):
        recipients = _RECIPIENTS.search(text, start)
        zones.append((start, recipients.start() if recipients else len(text)))
        if recipients is None:
            break
        following = _NEXT.search(text, recipients.end())
        until = following.start() if following else len(text)
        if (notes := _NOTES.search(text, recipients.end(), until)) is not None:
            zones.append((notes.start(), until))
        if following is None:
            break
        attached = _NATION.match(text, following.start("nation")) if following["nation"] else None
        start = _after_header(text, following.end()) if attached else following.start()
    return tuple(zones)


def _after_header(text: str, start: int) -> int:
    """The end of the own number's line; the rest of the header behind it (place, date, motto) names no
    document.
    """
    number = _header().search(text, start, start + _HEAD_SIZE)
    if number is None or not re.search(r"[:.]|\d\s?[/-]|/", number.group()):
        return start
    return number.end()
