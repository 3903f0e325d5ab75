"""Citations without a number: laws by name, resolutions of the Party by plenum or congress, charter, constitution, named plans."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain

from corpus.authority.laws import law_keys, law_name, law_title_key, subordinate_keys
from corpus.numbering.dates import find as find_dates
from corpus.vietnamese.fold import beginnings, fold
from ingest.citations.abbreviations import expand
from ingest.citations.doc_types import numbers_amended
from ingest.citations.law_titles import TITLE_TOKEN, known_end, longer_end, unknown_end
from ingest.citations.mention import Mention
from ingest.citations.scope import Scope

_LAW = re.compile(r"(?:Bộ luật|Bộ Luật|Luật|Pháp lệnh)\s(?!này|số\s|sư\b|gia\b|trên|đó|nêu|Luật|Bộ luật)")
_AMENDING = re.compile(
    r"sua d[a-z]{1,2}[^;.\n]{0,24}? mot so (?:dieu|dieu khoan|dieu, khoan)? ?cua (?:cac |[0-9]{1,2} )?(?:luat|bo luat|phap lenh)?[^;.\n(]{2,260}"
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
    rf"(?:(?:trung uong|tw|bchtw|bch trung uong|ban chap hanh trung uong)(?:\sdang)?)?\s?(?:lan thu\s)?(?P<n>{_NTH})?"
    rf"\s?(?:,?\s?(?:ban chap hanh|bch)\s?(?:trung uong|tw)(?:\sdang)?)?\s?[,(]?\s?\(?khoa\s(?P<term>{_ROMAN})\)?(?!\w)"
)
# One pattern a first word: a pattern that opens with letters is searched for many times faster than one with a choice.
_PARTY = tuple(re.compile(rf"(?P<type>{word}){_PLENUM}") for word in ("nghi quyet", "ket luan", "nqtw", "nq tw"))
_CONGRESS = re.compile(
    rf"nghi quyet\s(?:cua\s)?dai hoi\s(?P<what>(?:dai bieu\s)?(?:toan quoc\s|dang toan quoc\s|dang bo\s(?:tinh|thanh pho|huyen|khoi|quan|xa|phuong)?[^;.,\n]{{0,40}}?|dang\s)?)"
    rf"(?:cua dang\s)?(?:lan thu\s)?(?P<n>{_ROMAN})(?!\w)(?:\scua dang(?: cong san viet nam)?)?(?:,?\s(?:\(\s?)?nhiem ky\s\d{{4}}\s?-\s?\d{{4}}\)?)?"
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


def named(scope: Scope, short: dict[str, str]) -> list[Mention]:
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


_NO_LAW = ("du thao ", "du an ", "hoc ", "khoa ", "vien ", "nganh ", "cong ty ", "hang ")
"""What makes the word another thing: a draft, a university of law, a firm."""


def _laws(scope: Scope, short: dict[str, str]) -> Iterator[Mention]:
    for match in _LAW.finditer(scope.flat):
        if fold(scope.flat[max(0, match.start() - 10) : match.start()]).endswith(_NO_LAW):
            continue
        if _is_own(scope, match.start()):
            continue
        amending = _amending_end(scope, match)
        if amending is not None and numbers_amended(scope, amending):
            of = scope.flat.rfind(" của ", match.start(), amending)
            title = " ".join(scope.flat[match.start() : amending].split())
            yield Mention(match.start(), of, match.start(), "name", "Luật", None, None, "Quốc hội", title)
            continue
        end = amending or known_end(scope, match.start(), short, law_keys(), _title_beginnings())
        longer = longer_end(scope, end) if end is not None and amending is None else None
        end = longer or end or unknown_end(scope, match)
        if end is None:
            continue
        printed = " ".join(expand(scope.flat[match.start() : end], short).split())
        title = law_name(law_title_key(printed)) or printed
        doc_type = "Bộ luật" if match.group().startswith("Bộ") else match.group().strip()
        mention = Mention(match.start(), end, match.start(), "name", doc_type, None, None, "Quốc hội", title)
        yield _dated(scope, mention)


_SUBORDINATE = re.compile(r"Nghị định\s(?=(?:về|quy định|hướng dẫn|[A-ZĐ][^\W\d_]+\s[^\W\d_])\s?)")


def _subordinates(scope: Scope, short: dict[str, str]) -> Iterator[Mention]:
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
        yield _dated(
            scope, Mention(match.start(), end, match.start(), "name", "Nghị định", None, None, "Chính phủ", title)
        )  # fmt: skip


_SENTENCE_STOP = re.compile(r"[;:.()“”\"\n_]|\s(?:số|ngày)\s\d|\snày(?!\w)")


def _subordinate_end(scope: Scope, begin: int, limit: int, short: dict[str, str]) -> int | None:
    """The end of the longest stretch whose key a decree or circular of the table has."""
    ends = [token.end() for token in TITLE_TOKEN.finditer(scope.folded, begin, limit)]
    for end in reversed(ends[3:]):
        if law_title_key(expand(scope.flat[begin:end], short)) in subordinate_keys():
            return end if longer_end(scope, end) is None else None
    return None


def _is_own(scope: Scope, start: int) -> bool:
    """`Quốc hội ban hành Luật …`: a law naming itself."""
    return (
        scope.folded[max(0, start - 30) : start]
        .rstrip()
        .endswith(("quoc hoi ban hanh", "ban hanh phap lenh", "quoc hoi ban hanh bo"))
    )


def _amending_end(scope: Scope, match: re.Match[str]) -> int | None:
    """The end of `Luật sửa đổi, bổ sung một số điều của Luật A và Luật B`: one law whose title holds two others."""
    amending = _AMENDING.match(scope.folded, match.end())
    if amending is None:
        return None
    stop = _AMEND_STOP.search(scope.flat, amending.start(), amending.end())
    return stop.start() if stop else amending.end()


def _dated(scope: Scope, mention: Mention) -> Mention:
    """With the day or year printed behind the name."""
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


def _capital(scope: Scope, start: int) -> bool:
    return scope.flat[start].isupper()


def _party(scope: Scope) -> Iterator[Mention]:
    for match in chain.from_iterable(pattern.finditer(scope.folded) for pattern in _PARTY):
        if not _capital(scope, match.start()) or not (match["n"] or match["n2"]):
            continue
        kind = "Kết luận" if match["type"] == "ket luan" else "Nghị quyết"
        title = " ".join(scope.flat[match.start() : match.end()].split())
        yield Mention(
            match.start(),
            match.end(),
            match.start(),
            "name",
            kind,
            None,
            None,
            "Ban Chấp hành Trung ương Đảng",
            title,
        )


def _congress(scope: Scope) -> Iterator[Mention]:
    for match in _CONGRESS.finditer(scope.folded):
        if not _capital(scope, match.start()):
            continue
        title = " ".join(scope.flat[match.start() : match.end()].split())
        issuer = _congress_name(scope, match)
        yield Mention(match.start(), match.end(), match.start(), "name", "Nghị quyết", None, None, issuer, title)


def _congress_name(scope: Scope, match: re.Match[str]) -> str:
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


def _others(scope: Scope) -> Iterator[Mention]:
    for kind, pattern in _NAMED.items():
        for match in pattern.finditer(scope.folded):
            if _capital(scope, match.start()):
                title = " ".join(scope.flat[match.start() : match.end()].split())
                yield Mention(
                    match.start(),
                    match.end(),
                    match.start(),
                    "name",
                    _TYPES[kind],
                    None,
                    None,
                    _ISSUERS.get(kind),
                    title,
                )
