"""Citations without a number: laws by name, resolutions of a Party plenum or congress, charter,
constitution, named plans.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

from corpus.authority.doc_types import reference_words, types_with
from corpus.authority.laws import law_keys, law_name, law_title_key, subordinate_keys
from corpus.numbering.dates import find as find_dates
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import beginnings, fold
from ingest.citations.abbreviations import expand
from ingest.citations.doc_types import numbers_amended
from ingest.citations.law_titles import TITLE_TOKEN, known_end, longer_end, unknown_end
from ingest.citations.mention import Mention
from ingest.citations.scope import CitationText


@cache
def _law() -> re.Pattern[str]:
    """The type word of a law cited by name,
    for example the `Luật ` of `Luật Lưu trữ`; no `Luật này`, no `Luật sư`.
    """
    named = any_of(sorted(types_with("named")))
    types = any_of(word for name in sorted(types_with("named")) for word in (name, name.replace(" luật", " Luật")))
    back = any_of(word.split()[0] for word in (*reference_words("self"), *reference_words("recalled")))
    return re.compile(rf"{types}\s(?!{back}|đó|số\s|sư\b|gia\b|{named})")


_AMENDING = re.compile(
    r"sua d[a-z]{1,2}[^;.\n]{0,24}? mot so (?:dieu|dieu khoan|dieu, khoan)? ?cua "
    r"(?:cac |[0-9]{1,2} )?(?:luat|bo luat|phap lenh)?[^;.\n(]{2,260}"
)
_AMEND_STOP = re.compile(r"_|\s(?:số\s\d|ngày\s\d|năm\s\d{4})|[;.\n(]")
_AFTER = re.compile(
    r"\s?,?\s?(?:số\s(?P<number>\d{1,3}/\d{4}/\w+)\s?)?,?\s?(?:được Quốc hội[^;.\n]{0,60}thông qua\s)?"
)
_YEAR = re.compile(r"\s?,?\s?năm\s(?P<year>(?:19|20)\d\d)\b")

_ROMAN = r"(?:[ivxl]{1,6}|\d{1,2})"
_NTH = r"(?:\d{1,2}|nhat|hai|ba|tu|bon|nam|sau|bay|tam|chin|muoi(?: mot| hai| ba| bon| lam)?)"
_PLENUM = (
    rf"(?:\s(?:hoi nghi|so))?\s?(?:lan thu\s(?P<n2>{_NTH})\s)?"
    rf"(?:(?:trung uong|tw|bchtw|bch trung uong|ban chap hanh trung uong)(?:\sdang)?)?\s?"
    rf"(?:lan thu\s)?(?P<n>{_NTH})?"
    rf"\s?(?:,?\s?(?:ban chap hanh|bch)\s?(?:trung uong|tw)(?:\sdang)?)?\s?[,(]?\s?"
    rf"\(?khoa\s(?P<term>{_ROMAN})\)?(?!\w)"
)
# One pattern for each first word: a pattern that opens with letters is searched many times faster than one with
# a choice.
_PARTY = tuple(re.compile(rf"(?P<type>{word}){_PLENUM}") for word in ("nghi quyet", "ket luan", "nqtw", "nq tw"))
_CONGRESS = re.compile(
    rf"""
    nghi[ ]quyet\s(?:cua\s)?dai[ ]hoi\s  # nghị quyết Đại hội
    (?P<what>  # đảng bộ tỉnh, toàn quốc
        (?:dai[ ]bieu\s)?
        (?:toan[ ]quoc\s|dang[ ]toan[ ]quoc\s
            |dang[ ]bo\s(?:tinh|thanh[ ]pho|huyen|khoi|quan|xa|phuong)?[^;.,\n]{{0,40}}?|dang\s)?
    )
    (?:cua[ ]dang\s)?(?:lan[ ]thu\s)?(?P<n>{_ROMAN})(?!\w)  # lần thứ XIII
    (?:\scua[ ]dang(?:[ ]cong[ ]san[ ]viet[ ]nam)?)?  # của Đảng
    (?:,?\s(?:\(\s?)?nhiem[ ]ky\s\d{{4}}\s?-\s?\d{{4}}\)?)?  # nhiệm kỳ 2020 - 2025
    """,
    re.VERBOSE,
)
_NAMED = {
    "constitution": re.compile(
        r"hien phap(?:\snuoc cong hoa xa hoi chu nghia viet nam)?(?:\s(?:nam\s)?\d{4})?(?!\w)"
    ),
    "charter": re.compile(
        r"dieu le (?:dang(?: cong san viet nam)?|cong doan viet nam|doan(?: tncs ho chi minh)?)(?!\w)"
    ),
    "plan": re.compile(r"ke hoach (?:5|05|nam) nam \(?\d{4}\s?-\s?\d{4}\)?(?!\w)"),
    "scheme": re.compile(r"de an 06(?:/cp)?(?!\w)"),
}


@cache
def _title_beginnings() -> frozenset[str]:
    return beginnings(law_keys())


def named(scope: CitationText, short: dict[str, str]) -> list[Mention]:
    """Every citation by name in the scope's zones; `short` are the text's own abbreviations."""
    found = [
        *_laws(scope, short),
        *_subordinates(scope, short),
        *_party(scope),
        *_congress(scope),
        *_others(scope),
    ]
    kept: list[Mention] = []
    for mention in sorted(found, key=lambda mention: (mention.start, -mention.end)):
        if scope.searched(mention.start) and not (kept and mention.start < kept[-1].end):
            kept.append(mention)
    return kept


def _by_name(start: int, end: int, doc_type: str, issuer: str | None, title: str) -> Mention:
    return Mention(start=start, end=end, lead=start, kind="name", doc_type=doc_type, issuer=issuer, title=title)


_NO_LAW = ("du thao ", "du an ", "hoc ", "khoa ", "vien ", "nganh ", "cong ty ", "hang ")
"""Words before `luật` that give it another meaning: a draft, a university of law, a firm."""


def _laws(scope: CitationText, short: dict[str, str]) -> Iterator[Mention]:
    for match in _law().finditer(scope.flat):
        if fold(scope.flat[max(0, match.start() - 10) : match.start()]).endswith(_NO_LAW):
            continue
        if _is_own(scope, match.start()):
            continue
        amending = _amending_end(scope, match)
        if amending is not None and numbers_amended(scope, amending):
            of = scope.flat.rfind(" của ", match.start(), amending)
            title = " ".join(scope.flat[match.start() : amending].split())
            yield _by_name(match.start(), of, "Luật", "Quốc hội", title)
            continue
        end = amending or known_end(scope, match.start(), short, law_keys(), _title_beginnings())
        longer = longer_end(scope, end) if end is not None and amending is None else None
        end = longer or end or unknown_end(scope, match)
        if end is None:
            continue
        printed = " ".join(expand(scope.flat[match.start() : end], short).split())
        title = law_name(law_title_key(printed)) or printed
        doc_type = "Bộ luật" if match.group().startswith("Bộ") else match.group().strip()
        yield _with_date(scope, _by_name(match.start(), end, doc_type, "Quốc hội", title))


_SUBORDINATE = re.compile(r"Nghị định\s(?=(?:về|quy định|hướng dẫn|[A-ZĐ][^\W\d_]+\s[^\W\d_])\s?)")


def _subordinates(scope: CitationText, short: dict[str, str]) -> Iterator[Mention]:
    """Decrees of the table cited by name alone: `Nghị định quy định chi tiết một số điều của Luật Lưu trữ`.

    Circulars are not: those of several ministries share one name.
    """
    for match in _SUBORDINATE.finditer(scope.flat):
        stop = _SENTENCE_STOP.search(scope.flat, match.end(), match.end() + 260)
        limit = stop.start() if stop else min(len(scope.flat), match.end() + 260)
        end = _subordinate_end(scope, match.start(), limit, short)
        if end is None:
            continue
        title = " ".join(scope.flat[match.start() : end].split())
        yield _with_date(scope, _by_name(match.start(), end, "Nghị định", "Chính phủ", title))


_SENTENCE_STOP = re.compile(r"[;:.()“”\"\n_]|\s(?:số|ngày)\s\d|\snày(?!\w)")


def _subordinate_end(scope: CitationText, begin: int, limit: int, short: dict[str, str]) -> int | None:
    """The end of the longest stretch that is the name of a decree or circular of the table; None for none."""
    ends = [token.end() for token in TITLE_TOKEN.finditer(scope.folded, begin, limit)]
    for end in reversed(ends[3:]):
        if law_title_key(expand(scope.flat[begin:end], short)) in subordinate_keys():
            return end if longer_end(scope, end) is None else None
    return None


def _is_own(scope: CitationText, start: int) -> bool:
    """True if a law names itself: `Quốc hội ban hành Luật …`."""
    return (
        scope.folded[max(0, start - 30) : start]
        .rstrip()
        .endswith(("quoc hoi ban hanh", "ban hanh phap lenh", "quoc hoi ban hanh bo"))
    )


def _amending_end(scope: CitationText, match: re.Match[str]) -> int | None:
    """The end of `Luật sửa đổi, bổ sung một số điều của Luật A và Luật B`,
    one law whose title names two others.
    """
    amending = _AMENDING.match(scope.folded, match.end())
    if amending is None:
        return None
    stop = _AMEND_STOP.search(scope.flat, amending.start(), amending.end())
    return stop.start() if stop else amending.end()


def _with_date(scope: CitationText, mention: Mention) -> Mention:
    """The mention with the day or year printed behind the name."""
    year = _YEAR.match(scope.flat, mention.end)
    if year:
        return replace(mention, end=year.end(), title=f"{mention.title} năm {year['year']}")
    after = _AFTER.match(scope.flat, mention.end)
    at = after.end() if after else mention.end
    if "ng" not in scope.folded[at : at + 6]:
        return mention
    for date in find_dates(scope.flat[at : at + 40]):
        if date.iso and re.fullmatch(r"\s?(?:ngay\s*)?", fold(scope.flat[at : at + date.start])):
            return replace(mention, end=at + date.end, date=date.iso)
        break
    return mention


def _capital(scope: CitationText, start: int) -> bool:
    return scope.flat[start].isupper()


def _party(scope: CitationText) -> Iterator[Mention]:
    for match in chain.from_iterable(pattern.finditer(scope.folded) for pattern in _PARTY):
        if not _capital(scope, match.start()) or not (match["n"] or match["n2"]):
            continue
        kind = "Kết luận" if match["type"] == "ket luan" else "Nghị quyết"
        title = " ".join(scope.flat[match.start() : match.end()].split())
        yield _by_name(match.start(), match.end(), kind, "Ban Chấp hành Trung ương Đảng", title)


def _congress(scope: CitationText) -> Iterator[Mention]:
    for match in _CONGRESS.finditer(scope.folded):
        if not _capital(scope, match.start()):
            continue
        title = " ".join(scope.flat[match.start() : match.end()].split())
        issuer = _congress_name(scope, match)
        yield _by_name(match.start(), match.end(), "Nghị quyết", issuer, title)


def _congress_name(scope: CitationText, match: re.Match[str]) -> str:
    number = scope.flat[match.start("n") : match.end("n")].upper()
    what = " ".join(scope.flat[match.start("what") : match.end("what")].split())
    if "đảng bộ" in what.lower():
        local = re.sub(r"^đại biểu ", "", what)
        return f"Đại hội {local[:1].upper()}{local[1:].removesuffix(' lần thứ')} lần thứ {number}"
    return f"Đại hội đại biểu toàn quốc lần thứ {number} của Đảng"


_ISSUERS = {"constitution": "Quốc hội", "charter": "Đại hội Đảng", "scheme": "Thủ tướng Chính phủ"}
_TYPES = {
    "constitution": "Hiến pháp",
    "charter": "Điều lệ",
    "plan": "Kế hoạch",
    "scheme": "Đề án",
}


def _others(scope: CitationText) -> Iterator[Mention]:
    for kind, pattern in _NAMED.items():
        for match in pattern.finditer(scope.folded):
            if _capital(scope, match.start()):
                title = " ".join(scope.flat[match.start() : match.end()].split())
                yield _by_name(match.start(), match.end(), _TYPES[kind], _ISSUERS.get(kind), title)
