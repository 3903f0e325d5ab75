"""Citations by number: the number with its type word, date, issuer and provision, groups taken apart.

A number is the anchor; only the words around one are looked at, so the cost grows with the citations, not the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import replace

from corpus.numbering.dates import DatePrinted
from corpus.numbering.dates import find as find_dates
from corpus.numbering.number import Found, Number, parse
from corpus.numbering.number import find as find_numbers
from corpus.numbering.patterns import DATED
from ingest.citations.doc_types import type_before, type_further_left, type_name, with_type
from ingest.citations.issuers import body_at, issuer_before, printed_issuer
from ingest.citations.mention import Kind, Mention
from ingest.citations.scope import Scope

_SAID = re.compile(
    r"(?:\bcac\s+)?(?:\b|(?<=oach)|(?<=dinh)|(?<=van))(?:so|s6|só)\s*[:._]?\s*(?:[^\W\d](?=\s)|[^\w\s/])?\s*\Z"
)
_AROUND = 300
"""Letters on each side of a number within which its date stands."""
_GAP_TO_DATE = re.compile(
    r"[\s,]*(?:(?:tinh|huyen)\s)?(?:cung\s)?(?:(?:ban hanh|ky|lap|de|duoc ban hanh)\s+)?(?:(?:hoi\s)?\d[\d§o]?\s?(?:gio|h|g)\s?(?:\d{1,2}\s?(?:phut)?)?,?\s?)?(?:ngay\s*)?\Z"
)
_BEFORE = re.compile(
    r"(?:\bngay |(?<![\w/])(?=\d{1,2}/\d{1,2}/\d{4}\s))(?P<gap>[^;.\n]{0,90}?)(?:co )?(?:ban hanh|ky|gui|co)\s+(?:kem theo )?\Z"
)
_LINK = re.compile(r"(?:\s*[,;]?\s*(?:va|hoac|cung|voi|dong thoi)?\s*(?:voi\s+)?(?:cac\s+)?)\Z")
_ORDINALS = re.compile(r"(?:(?:\d{1,5}[a-zđ]?)(?:\s*,\s*|\s+(?:và|va)\s+(?:số\s+)?)){1,12}\Z")
_POINTER = re.compile(
    r"(?:các\s+)?(?:[Đđ]iểm|[Kk]hoản|[Đđ]iều|[Mm]ục|[Cc]hương|[Pp]hần|[Pp]hụ lục(?:\s+số)?|[Tt]iết|[Đđ]oạn|[Mm]ẫu số)\s+"
    r"(?:\d{1,3}[a-zđ]?(?:\.\d{1,2})*|[IVXLC]{1,6}|[a-zđ]{1,2}\d?)(?![\w])"
    r"(?:\s?(?:,|và|hoặc|đến|[-–])\s?(?:\d{1,3}[a-zđ]?|[IVXLC]{1,6}|[a-zđ])(?![\w])(?!\s?/)){0,12}"
)
_POINTER_WORDS = ("iều ", "hoản ", "iểm ", "ục ", "hương ", "hần ", "hụ lục", "iết ", "oạn ", "ẫu số ")
_BETWEEN_POINTERS = re.compile(r"\s?(?:,|;|và|hoặc|của|đến|tới|[-–])?\s?(?:hết\s)?(?:các\s)?\Z")
_FROM = re.compile(r"[Tt]ừ\s(?=\Z)")
_AFTER_POINTER = re.compile(r"\s?(?:,\s?)?(?:của\s|tại\s|(?:(?:được\s)?ban hành\s)?kèm theo\s)?(?:các\s)?\Z")


_INTAKE = ("TLST", "TLPT")
"""A court's intake numbers (số thụ lý) are of cases, not of documents."""


def numbered(scope: Scope) -> list[Mention]:
    """Every citation by number in the scope's zones, in order, with what belongs to each."""
    numbers = [found for found in find_numbers(scope.flat) if scope.searched(found.start)]
    dates = _dates_near(scope, numbers)
    starts = [date.start for date in dates]
    mentions: list[Mention] = []
    for found in numbers:
        mentions.extend(_mentions_of(scope, found, dates, starts, mentions[-1] if mentions else None))
    return _shared(scope, mentions)


def _dates_near(scope: Scope, numbers: list[Found]) -> list[DatePrinted]:
    """The dates around the numbers, in order; stretches that touch are searched as one, so none is searched twice."""
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


def _mentions_of(
    scope: Scope, found: Found, dates: list[DatePrinted], starts: list[int], previous: Mention | None
) -> Iterator[Mention]:
    if found.number.symbol.startswith(_INTAKE):
        return
    said = _SAID.search(scope.folded, max(0, found.start - 16), found.start)
    anchor = said.start() if said else found.start
    anchor, ordinals = _listed(scope, anchor, found)
    linked = previous is not None and _links(scope, previous.end, anchor)
    word = type_before(scope, anchor) or (
        None if linked else type_further_left(scope, anchor, previous.end if previous else 0)
    )
    if word is None and said and scope.flat[anchor] == "S" and scope.flat[anchor - 1 : anchor] in ("", "\n"):
        return
    if (
        word is None
        and not linked
        and not said
        and found.number.family != "standard"
        and not _dated_at_once(scope, found)
    ):
        return
    number = with_type(found.number, word.name if word else previous.doc_type if previous and linked else None)
    named = type_name(word.name if word else None, number, previous.doc_type if previous and linked else None)
    start = word.start if word else anchor
    date, behind = _date_after(scope, found.end, dates, starts)
    issuer, end = printed_issuer(scope, behind)
    if date is None and issuer:
        date, end = _date_after(scope, end, dates, starts)
    elif date is None:
        end = max(end, found.end)
    if date is None and word is not None and word.end < anchor:
        date = _date_between(scope, word.end, anchor, dates, starts)
    if date is None and issuer is None:
        date, issuer = _said_before(scope, start, dates, starts)
    lead, provision = _provision(scope, start)
    if issuer is None and word is not None and word.end < anchor:
        issuer, _ = printed_issuer(scope, word.end)
    issuer = issuer or issuer_before(scope, lead)
    kind: Kind = "blank" if number.family == "blank" else "number"
    linked = linked or (previous is not None and _links(scope, previous.end, lead))
    mention = Mention(start, end, lead, kind, named, number, date, issuer, None, provision, linked)
    for text in ordinals:
        if (other := parse(f"{text}{_tail(number)}", type_word=named)) is not None:
            yield replace(mention, number=other, linked=mention.linked, end=found.end)
            mention = replace(mention, linked=True)
    yield mention


def _dated_at_once(scope: Scope, found: Found) -> bool:
    """Whether the number's own day follows: a citation whose type word and `số` were lost on the scan."""
    return DATED.match(scope.flat, found.end) is not None


def _tail(number: Number) -> str:
    """All of a number behind its ordinal: `/KH-UBND`, `-NQ/TW`."""
    return number.canonical[len(number.ordinal_text + number.suffix + number.sub) :]


def _listed(scope: Scope, anchor: int, found: Found) -> tuple[int, tuple[str, ...]]:
    """Bare ordinals that share the number's symbol (`số 15, 16/KH-UBND`) and where the list begins."""
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


def _links(scope: Scope, start: int, end: int) -> bool:
    return (
        0 <= end - start <= 24
        and _LINK.match(scope.folded, start, end) is not None
        and "\n" not in scope.flat[start:end]
    )


def _date_after(scope: Scope, offset: int, dates: list[DatePrinted], starts: list[int]) -> tuple[str | None, int]:
    """The date that follows at once, and the offset behind it; a half blank one is passed over."""
    place = bisect_left(starts, offset)
    if place == len(dates) or dates[place].start - offset > 28:
        return None, offset
    date = dates[place]
    if not _GAP_TO_DATE.match(scope.folded, offset, date.start):
        return None, offset
    return (None if "lunar" in date.flags else date.iso), date.end


def _date_between(scope: Scope, start: int, end: int, dates: list[DatePrinted], starts: list[int]) -> str | None:
    """The day between type word and number: `Kế hoạch ngày 15/3/2024 số 112/KH-UBND`."""
    date, behind = _date_after(scope, start, dates, starts)
    return date if behind <= end else None


def _said_before(
    scope: Scope, start: int, dates: list[DatePrinted], starts: list[int]
) -> tuple[str | None, str | None]:
    """Date and issuer that stand before the type word: `Ngày 17/4/2018 Sở Y tế có ban hành Công văn số …`."""
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


def _provision(scope: Scope, start: int) -> tuple[int, str | None]:
    """Where the provision before the type word begins and its words: `khoản 2 Điều 5`."""
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
    r",?\s?(?:“(?P<quote>[^”\n]{8,400})”|(?:[Vv]ề việc|V/v|v/v|[Vv]ề)\s(?P<clause>[^;.\n“”]{8,300})|(?P<rule>(?:[Qq]uy định|[Hh]ướng dẫn|[Bb]an hành|[Pp]hê duyệt|[Ss]ửa đổi, bổ sung)\s[^;.\n“”]{8,300}))"
)


_SPEAKER = re.compile(
    r",\s(?=(?:Sở|Chủ tịch|Phó Chủ tịch|Ủy ban|UBND|Bộ|Ban|Phòng|Văn phòng|Cục|Chi cục|Công an|Tỉnh ủy|Giám đốc|Thủ tướng)\s[^,;.]{0,80}?"
    r"(?:đề nghị|yêu cầu|báo cáo|thông báo|ban hành|xây dựng|có ý kiến|hướng dẫn|giao|tổ chức)\s)"
)
"""Where the cited subject ends and the citing body begins to speak: `…, Sở Nội vụ đề nghị các đơn vị`."""


def subject_after(scope: Scope, start: int, end: int) -> str | None:
    """The cited document's subject (trích yếu) that follows at `start`, without `về việc`; cut at `end`, where the next citation begins."""
    found = _SUBJECT.match(scope.flat, start, end)
    if found is None:
        return None
    clause = (found["quote"] or found["clause"] or found["rule"]).split("__")[0]
    clause = _SPEAKER.split(clause)[0]
    clause = re.split(r"\s(?:hết hiệu lực|có hiệu lực|được sửa đổi|đã được sửa đổi)\b", clause)[0]
    return re.sub(r"[\s,(]*(?:\bvà|,)?\s*$", "", " ".join(clause.split())) or None


def _shared(scope: Scope, mentions: list[Mention]) -> list[Mention]:
    """A date and issuer at the end of a group given to the members that lack them (`các Nghị định số A và B của …`)."""
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
    """Whether what is printed once behind a group is meant for both: one type, or one body's symbol."""
    if here.number is None or after.number is None:
        return False
    return here.doc_type == after.doc_type or here.number.issuer_codes == after.number.issuer_codes


def _dated_together(scope: Scope, after: Mention) -> bool:
    """`Công văn số A và Kế hoạch số B, ngày …`: outside the Party's style a comma before the date says it is of both."""
    party = after.number is None or after.number.family == "party"
    return not party and re.search(r"[^\s,]/[^\s,]+,\sngày", scope.flat[after.start : after.end]) is not None
