"""Citations by number: the number with its type word, date, issuer and provision, groups taken apart.

A number is the anchor; only the words around one are looked at, so the cost grows with the citations, not the
text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from corpus.authority.bodies import expand, heads_with, known_body, leader_pattern, leaders, tidy
from corpus.numbering.dates import DatePrinted
from corpus.numbering.dates import find as find_dates
from corpus.numbering.number import FoundNumber, Number, parse
from corpus.numbering.number import find as find_numbers
from corpus.numbering.patterns import DATED
from corpus.numbering.symbol import known
from corpus.vietnamese.alternation import any_of
from ingest.citations.doc_types import TypeWord, type_before, type_further_left, type_name, with_type
from ingest.citations.issuers import body_at, is_joint, issuer_before, printed_issuer
from ingest.citations.mention import Mention
from ingest.citations.scope import CitationText

_SAID = re.compile(
    r"(?:\bcac\s+)?(?:\b|(?<=oach)|(?<=dinh)|(?<=van))(?:so|s6|só)\s*[:._]?\s*(?:[^\W\d](?=\s)|[^\w\s/])?\s*\Z"
)
_AROUND = 300
"""Letters on each side of a number within which its date is looked for."""
_GAP_TO_DATE = re.compile(
    r"""
    [\s,]*(?:(?:tinh|huyen)\s)?(?:cung\s)?(?:(?:ban[ ]hanh|ky|lap|de|duoc[ ]ban[ ]hanh)\s+)?  # được ban hành
    (?:(?:hoi\s)?\d[\d§o]?\s?(?:gio|h|g)\s?(?:\d{1,2}\s?(?:phut)?)?,?\s?)?  # hồi 10 giờ 30 phút
    (?:ngay\s*)?\Z  # ngày
    """,
    re.VERBOSE,
)
_BEFORE = re.compile(
    r"(?:\bngay |(?<![\w/])(?=\d{1,2}/\d{1,2}/\d{4}\s))(?P<gap>[^;.\n]{0,90}?)"
    r"(?:co )?(?:ban hanh|ky|gui|co)\s+(?:kem theo )?\Z"
)
_LINK = re.compile(r"(?:\s*[,;]?\s*(?:va|hoac|cung|voi|dong thoi)?\s*(?:voi\s+)?(?:cac\s+)?)\Z")
_ORDINALS = re.compile(r"(?:(?:\d{1,5}[a-zđ]?)(?:\s*,\s*|\s+(?:và|va)\s+(?:số\s+)?)){1,12}\Z")
_POINTER = re.compile(
    r"""
    (?:các\s+)?(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục|[Cc]hương|[Pp]hần
        |[Pp]hụ[ ]lục(?:\s+số)?|[Tt]iết|[Đđ]oạn|[Mm]ẫu[ ]số)\s+(?:từ\s+)?  # khoản, các Điều từ
    (?:\d{1,3}[a-zđ]?(?:\.\d{1,2})*|[IVXLC]{1,6}|[a-zđ]{1,2}\d?)(?![\w])  # 2, 5a, IV
    (?:\s?(?:,|và|hoặc|đến|[-–])\s?(?:\d{1,3}[a-zđ]?|[IVXLC]{1,6}|[a-zđ])(?![\w])(?!\s?/)){0,12}  # , 3 và 4
    """,
    re.VERBOSE,
)
_POINTER_WORDS = ("iều ", "hoản ", "iểm ", "ục ", "hương ", "hần ", "hụ lục", "iết ", "oạn ", "ẫu số ")
_BETWEEN_POINTERS = re.compile(r"\s?(?:,|;|và|hoặc|của|đến|tới|[-–])?\s?(?:hết\s)?(?:các\s)?\Z")
_FROM = re.compile(r"[Tt]ừ\s(?=\Z)")
_AFTER_POINTER = re.compile(r"\s?(?:,\s?)?(?:của\s|tại\s|(?:(?:được\s)?ban hành\s)?kèm theo\s)?(?:các\s)?\Z")


_INTAKE = ("TLST", "TLPT")
"""A court's intake numbers (số thụ lý) are of cases, not of documents."""
_TAKEN_IN = re.compile(r"\bthu ly(?: (?:vu an|vu viec|so tham|phuc tham)){0,2}\s*[:.]?\s*\Z")
_COPY_CODES = frozenset({"SY", "SL", "TRS"})
_COPY_BLOCK = re.compile(r"\s*(?:ban )?(?:(?:sao y|sao luc|trich sao|sao)(?: (?:ban|va) \w+)*)?[\s;:,.-]*\Z")
_COPY_HEADING = re.compile(r"(?<!\w)(?:SAO Y|SAO LỤC|TRÍCH SAO|BẢN SAO)[\s;:,.-]*\Z")
"""A copy's block (khối sao y) up to its number, alone on its line."""


_LEAST_CODE, _SHORT_CODE = 3, 4
"""Least letters of a code that is corrected by its body's name;
letters up to which only one of them may differ.
"""


def numbered(scope: CitationText) -> list[Mention]:
    """Every citation by number in the scope's zones, in order, with what belongs to each."""
    numbers = [found for found in find_numbers(scope.flat) if scope.searched(found.start)]
    dates = _dates_near(scope, numbers)
    starts = [date.start for date in dates]
    mentions: list[Mention] = []
    for found in numbers:
        mentions.extend(_mentions_of(scope, found, dates, starts, mentions[-1] if mentions else None))
    return _share_in_groups(scope, mentions)


def _dates_near(scope: CitationText, numbers: list[FoundNumber]) -> list[DatePrinted]:
    """The dates around the numbers, in order;
    adjoining stretches are searched as one, so none is searched twice.
    """
    stretches: list[list[int]] = []
    for found in numbers:
        start, end = max(0, found.start - _AROUND), found.end + _AROUND
        if stretches and start <= stretches[-1][1]:
            stretches[-1][1] = end
        else:
            stretches.append([start, end])
    return [
        replace(date, start=date.start + start, end=date.end + start)
        for start, end in stretches
        for date in find_dates(scope.flat[start:end])
    ]


@dataclass(frozen=True, slots=True)
class _Anchor:
    """The words before a number: the start of its own (`số`, ordinals that share its symbol),
    and its type word.
    """

    at: int
    said: bool
    ordinals: tuple[str, ...]
    linked: bool
    word: TypeWord | None

    @property
    def start(self) -> int:
        """Offset of the type word, else of the number's own words."""
        return self.word.start if self.word else self.at

    @property
    def between(self) -> tuple[int, int] | None:
        """The stretch from type word to number, where date and issuer may be printed; None if there is none."""
        return (self.word.end, self.at) if self.word is not None and self.word.end < self.at else None


def _anchor_of(scope: CitationText, found: FoundNumber, previous: Mention | None) -> _Anchor:
    said = _SAID.search(scope.folded, max(0, found.start - 16), found.start)
    at, ordinals = _shared_ordinals(scope, said.start() if said else found.start, found)
    linked = previous is not None and _links(scope, previous.end, at)
    word = type_before(scope, at)
    if word is None and not linked:
        word = type_further_left(scope, at, previous.end if previous else 0, found.number)
    return _Anchor(at, said is not None, ordinals, linked, word)


def _is_citation(scope: CitationText, found: FoundNumber, anchor: _Anchor) -> bool:
    """True if the words around a number make it a document's:
    a type word, `số` in a sentence, a list, its own day.
    """
    if found.number.symbol.startswith(_INTAKE):
        return False
    if (found.number.type_code or "").upper() in _COPY_CODES and _in_copy_block(scope, anchor):
        return False
    if anchor.word is not None:
        return True
    if _TAKEN_IN.search(scope.folded, max(0, anchor.at - 40), anchor.at):
        return False
    if anchor.said:
        opens_line = scope.flat[anchor.at - 1 : anchor.at] in ("", "\n")
        return not (opens_line and scope.flat[anchor.at] == "S")
    return anchor.linked or found.number.family == "standard" or _dated_at_once(scope, found)


def _in_copy_block(scope: CitationText, anchor: _Anchor) -> bool:
    """True if a copy's number is in the copy's own block, not in a sentence that cites a copy."""
    begin = max(0, anchor.start - 60)
    line = scope.folded[begin : anchor.start]
    newline = scope.flat.rfind("\n", begin, anchor.start)
    line = scope.folded[newline + 1 : anchor.start] if newline >= 0 else line
    return (
        _COPY_BLOCK.match(line) is not None or _COPY_HEADING.search(scope.flat[begin : anchor.start]) is not None
    )


def _mentions_of(
    scope: CitationText, found: FoundNumber, dates: list[DatePrinted], starts: list[int], previous: Mention | None
) -> Iterator[Mention]:
    """The mention of a number, after those of the ordinals that share its symbol; none if it is no citation."""
    anchor = _anchor_of(scope, found, previous)
    if not _is_citation(scope, found, anchor):
        return
    printed = anchor.word.name if anchor.word else None
    of_list = previous.doc_type if previous is not None and anchor.linked else None
    number = with_type(found.number, printed or of_list)
    named = type_name(printed, number, of_list)
    lead, provision = _provision(scope, anchor.start)
    date, issuer, end = _day_and_issuer(scope, found, anchor, dates, starts)
    issuer = issuer or issuer_before(scope, lead)
    number = _with_code_of(number, issuer, named)
    linked = anchor.linked or (previous is not None and _links(scope, previous.end, lead))
    mention = Mention(
        start=anchor.start, end=end, lead=lead, kind="blank" if number.family == "blank" else "number",
        doc_type=named, number=number, date=date, issuer=issuer, provision=provision, linked=linked,
    )  # fmt: skip
    for text in anchor.ordinals:
        if (other := parse(f"{text}{_tail(number)}", type_word=named)) is not None:
            yield replace(mention, number=other, linked=mention.linked, end=found.end)
            mention = replace(mention, linked=True)
    yield mention


def _day_and_issuer(
    scope: CitationText, found: FoundNumber, anchor: _Anchor, dates: list[DatePrinted], starts: list[int]
) -> tuple[str | None, str | None, int]:
    """Day, printed issuer and end of a citation:
    behind the number first, then between type word and number, then before.
    """
    date, behind = _date_after(scope, found.end, dates, starts)
    joint = is_joint(found.number)
    issuer, end = printed_issuer(scope, behind, joint=joint)
    if date is None and issuer:
        date, end = _date_after(scope, end, dates, starts)
    elif date is None:
        end = max(end, found.end)
    if date is None and anchor.between is not None:
        date = _date_between(scope, *anchor.between, dates, starts)
    if date is None and issuer is None:
        date, issuer = _date_and_issuer_before(scope, anchor.start, dates, starts)
    if issuer is None and anchor.between is not None:
        issuer, _ = printed_issuer(scope, anchor.between[0], joint=joint)
    return date, issuer, end


def _with_code_of(number: Number, issuer: str | None, doc_type: str | None) -> Number:
    """The number with its body's code from the table, if the code read is unknown and a letter or two from it.

    `1747/QĐ-BGTTT của Bộ Giao thông vận tải` → `1747/QĐ-BGTVT`; without a printed body it stays as read.
    """
    from rapidfuzz.distance import Levenshtein

    if issuer is None or len(number.issuer_codes) != 1 or known(number.issuer_codes[0]):
        return number
    read, name = number.issuer_codes[0], expand(tidy(issuer))
    head = leader_pattern().match(name)
    body, _ = known_body(name[head.end() :].strip() if head else name)
    if body is None or len(body.code) < _LEAST_CODE or read[0] != body.code[0] or "&" in read:
        return number
    if not 0 < Levenshtein.distance(read, body.code) <= (1 if len(body.code) <= _SHORT_CODE else 2):
        return number
    spelled = parse(number.canonical.replace(read, body.code, 1), type_word=doc_type)
    return replace(spelled, raw=number.raw) if spelled is not None else number


def _dated_at_once(scope: CitationText, found: FoundNumber) -> bool:
    """True if the number's own day follows: a citation whose type word and `số` were lost on the scan."""
    return DATED.match(scope.flat, found.end) is not None


def _tail(number: Number) -> str:
    """The number without its ordinal: `/KH-UBND`, `-NQ/TW`."""
    return number.canonical[len(number.ordinal_text + number.suffix + number.sub) :]


def _shared_ordinals(scope: CitationText, anchor: int, found: FoundNumber) -> tuple[int, tuple[str, ...]]:
    """The start of the list and the bare ordinals that share the number's symbol (`số 15, 16/KH-UBND`)."""
    if anchor != found.start:
        return anchor, ()
    window = max(0, found.start - 60)
    before = scope.flat[window : found.start]
    listed = _ORDINALS.search(before)
    if listed is None:
        return anchor, ()
    at = window + listed.start()
    said = _SAID.search(scope.folded, max(0, at - 16), at)
    if said is None and type_before(scope, at) is None:
        return anchor, ()
    return (said.start() if said else at), tuple(re.findall(r"\d{1,5}[a-zđ]?", listed.group()))


def _links(scope: CitationText, start: int, end: int) -> bool:
    return (
        0 <= end - start <= 24
        and _LINK.match(scope.folded, start, end) is not None
        and "\n" not in scope.flat[start:end]
    )


def _date_after(
    scope: CitationText, offset: int, dates: list[DatePrinted], starts: list[int]
) -> tuple[str | None, int]:
    """The date that follows at once, and the offset behind it; for a partly blank one no date, but its end."""
    place = bisect_left(starts, offset)
    if place == len(dates) or dates[place].start - offset > 28:
        return None, offset
    date = dates[place]
    if not _GAP_TO_DATE.match(scope.folded, offset, date.start):
        return None, offset
    return (None if "lunar" in date.flags else date.iso), date.end


def _date_between(
    scope: CitationText, start: int, end: int, dates: list[DatePrinted], starts: list[int]
) -> str | None:
    """The day between type word and number: `Kế hoạch ngày 15/3/2024 số 112/KH-UBND`."""
    date, behind = _date_after(scope, start, dates, starts)
    return date if behind <= end else None


def _date_and_issuer_before(
    scope: CitationText, start: int, dates: list[DatePrinted], starts: list[int]
) -> tuple[str | None, str | None]:
    """Date and issuer printed before the type word: `Ngày 17/4/2018 Sở Y tế có ban hành Công văn số …`."""
    window = max(0, start - 120)
    piece = scope.folded[window:start]
    before = _BEFORE.search(scope.folded, window, start) if "ban hanh" in piece or "ngay " in piece else None
    if before is None:
        return None, None
    place = bisect_left(starts, before.start() - 1)
    if place == len(dates) or dates[place].start > before.start() + 8 or dates[place].end > start:
        return None, None
    issuer, _ = body_at(scope, dates[place].end)
    return dates[place].iso, issuer


def _provision(scope: CitationText, start: int) -> tuple[int, str | None]:
    """Start and words of the provision before the type word: `khoản 2 Điều 5`; (start, None) for none."""
    window = max(0, start - 170)
    piece = scope.flat[window:start]
    if not any(word in piece for word in _POINTER_WORDS):
        return start, None
    pointers = list(_POINTER.finditer(piece))
    if not pointers or not _AFTER_POINTER.fullmatch(piece, pointers[-1].end()):
        return start, None
    first = len(pointers) - 1
    while first and _BETWEEN_POINTERS.fullmatch(piece, pointers[first - 1].end(), pointers[first].start()):
        first -= 1
    begin, end = pointers[first].start(), pointers[-1].end()
    if (since := _FROM.search(piece, max(0, begin - 4), begin)) and re.search(r"đến|tới|[-–]", piece[begin:end]):
        begin = since.start()
    return window + begin, " ".join(piece[begin:end].split())


_SUBJECT = re.compile(
    r"""
    ,?\s?(?:
        “(?P<quote>[^”\n]{8,400})”  # “công tác văn thư”
        |(?:[Vv]ề[ ]việc|V/v|v/v|[Vv]ề)\s(?P<clause>[^;.\n“”]{8,300})  # về việc kiện toàn …
        |(?P<rule>(?:[Qq]uy[ ]định|[Hh]ướng[ ]dẫn|[Bb]an[ ]hành|[Pp]hê[ ]duyệt
            |[Ss]ửa[ ]đổi,[ ]bổ[ ]sung)\s[^;.\n“”]{8,300})  # quy định chi tiết …
    )
    """,
    re.VERBOSE,
)


@cache
def _speaker() -> re.Pattern[str]:
    """The end of the cited subject, after which the citing body speaks: `…, Sở Nội vụ đề nghị các đơn vị`."""
    return re.compile(
        rf",\s(?=(?:nay\s)?{any_of((*heads_with('speaks'), *leaders('speaks')))}\s[^,;.]{{0,80}}?"
        r"(?:đề nghị|yêu cầu|báo cáo|thông báo|ban hành|xây dựng|có ý kiến|hướng dẫn|giao|tổ chức)[\s:])"
    )


_LOCAL_NEEDS = re.compile(r",?\svà\s(?:tình hình|điều kiện|yêu cầu|nhu cầu)\s(?:thực tế|cụ thể)\b")
"""Ground of the citing body's own behind a cited subject: `và tình hình thực tế tại địa phương`."""


def subject_after(scope: CitationText, start: int, end: int) -> str | None:
    """The cited document's subject (trích yếu) that follows at `start`, without `về việc`; cut at `end`, the start
    of the next citation. None for none.
    """
    found = _SUBJECT.match(scope.flat, start, end)
    if found is None:
        return None
    clause = (found["quote"] or found["clause"] or found["rule"]).split("__")[0]
    clause = _speaker().split(clause)[0]
    clause = _LOCAL_NEEDS.split(clause)[0]
    clause = re.split(r"\s(?:hết hiệu lực|có hiệu lực|được sửa đổi|đã được sửa đổi)\b", clause)[0]
    return re.sub(r"[\s,(]*(?:\bvà|,)?\s*$", "", " ".join(clause.split())) or None


def _share_in_groups(scope: CitationText, mentions: list[Mention]) -> list[Mention]:
    """Give a date and issuer at the end of a group to its members that lack them (`các Nghị định số A và B của
    …`).
    """
    out = list(mentions)
    for at in range(len(out) - 2, -1, -1):
        here, after = out[at], out[at + 1]
        if not after.linked:
            continue
        alike = _same_series(here, after) or _dated_together(scope, after)
        near = here.issuer is None and after.start - here.end < 12
        date = (
            after.date
            if here.date is None and near and alike and here.number and not here.number.year
            else here.date
        )
        out[at] = replace(here, date=date, issuer=here.issuer or (after.issuer if alike else None))
    return out


def _same_series(here: Mention, after: Mention) -> bool:
    """True if what is printed once behind a group is meant for both members: one type, or one body's symbol."""
    if here.number is None or after.number is None:
        return False
    return here.doc_type == after.doc_type or here.number.issuer_codes == after.number.issuer_codes


def _dated_together(scope: CitationText, after: Mention) -> bool:
    """True if a comma before the date says, outside the Party's style, that it is of both:
    `Công văn số A và Kế hoạch số B, ngày …`.
    """
    party = after.number is None or after.number.family == "party"
    return not party and re.search(r"[^\s,]/[^\s,]+,\sngày", scope.flat[after.start : after.end]) is not None
