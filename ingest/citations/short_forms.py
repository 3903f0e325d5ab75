"""Short later mentions (`Quyết định 749`, `Kế hoạch 93 của UBND tỉnh`), and papers that a decision promulgates."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from corpus.authority.doc_types import doc_types, reference_words, type_words, types_with
from corpus.numbering.dates import find as find_dates
from corpus.vietnamese.alternation import any_of
from ingest.citations.issuers import printed_issuer
from ingest.citations.mention import Mention
from ingest.citations.scope import CitationText


@cache
def _short() -> re.Pattern[str]:
    """A type and a bare ordinal, for example `Quyết định 749`, `Kế hoạch số 93`; no amount,
    no day, no whole number.
    """
    return re.compile(
        rf"""
        (?P<type> {any_of(doc_types())} )\s
        (?P<said> s[ốôồo]\s )?
        (?P<no> \d{{1,5}}[a-zđ]?(?:/(?:19|20)\d{{2}})? )
        (?! [\w/\\] | \s?[^\w\s,.;:)(]{{0,2}}\s?[/\\-]\s?[A-ZĐ\d] | [.,]\d
            | \s(?:năm|ngày|tháng|tỷ|triệu|\(\d{{4}}) )
        """,
        re.VERBOSE,
    )


_SURE = re.compile(r"\s?(?:của\s|\((?:đã\s)?nêu trên|\((?:đã\s)?dẫn|nêu trên|nói trên|ngày\s\d)")


@cache
def _promulgated_paper() -> re.Pattern[str]:
    """A paper that a decision puts in force,
    for example `Ban hành kèm theo Quyết định này Quy chế làm việc của Sở`.
    """
    words = any_of(word.removeprefix("b") for word in reference_words("promulgates"))
    return re.compile(
        rf"""
        [Bb]{words}\s{any_of(type_words())}\s{any_of(reference_words("self"))}\s?:?\s (?: là\s | bản\s | “ )?
        (?P<type> {any_of(doc_types())} )\s
        (?P<title> [^.;:\n“”"()]{{4,200}} )
        """,
        re.VERBOSE,
    )


@cache
def _dated_ordinal() -> re.Pattern[str]:
    """A number whose symbol was left out, with its day: `Kế hoạch số 112 ngày 15/3/2024 của UBND tỉnh`."""
    return re.compile(rf"(?P<type>{any_of(doc_types())})\s(?P<said>s[ốôồo]\s)(?P<no>\d{{1,5}}),?\s(?=[Nn]gày\s\d)")


def shorts(scope: CitationText, given: Callable[[int], bool]) -> Iterator[Mention]:
    """Mentions by type and bare ordinal;
    none where `given` is true, inside a definition (`(sau đây gọi tắt là …)`).
    """
    for match in _short().finditer(scope.flat):
        if not scope.searched(match.start()) or given(match.start()):
            continue
        sure = _is_sure(match, pointed=_SURE.match(scope.flat, match.end()) is not None)
        if not sure and match["type"] not in types_with("bare"):
            continue
        issuer, end = printed_issuer(scope, match.end())
        yield Mention(
            start=match.start(), end=end, lead=match.start(), kind="short", doc_type=match["type"], issuer=issuer,
            linked=not sure, ordinal=match["no"],
        )  # fmt: skip


def _is_sure(match: re.Match[str], *, pointed: bool) -> bool:
    """True if the ordinal is certainly a document's, named before or not:
    `Dự án 2 của …` is a part of a programme.

    pointed: the words behind it point to a document (`của`, `nêu trên`, a day).
    """
    if match["type"] in types_with("bare"):
        return bool(match["said"] or "/" in match["no"] or pointed)
    return bool(match["said"]) and pointed


def dated_shorts(scope: CitationText) -> Iterator[Mention]:
    """Mentions by type, bare ordinal and day: a document whose symbol the paper leaves out;
    a person looks at it.
    """
    for match in _dated_ordinal().finditer(scope.flat):
        if not scope.searched(match.start()):
            continue
        day = next(find_dates(scope.flat[match.end() : match.end() + 40]), None)
        if day is None or day.iso is None or day.start > 6:
            continue
        issuer, end = printed_issuer(scope, match.end() + day.end)
        yield Mention(
            start=match.start(), end=end, lead=match.start(), kind="short", doc_type=match["type"], date=day.iso,
            issuer=issuer, ordinal=match["no"],
        )  # fmt: skip


def promulgated(scope: CitationText) -> Iterator[Mention]:
    """The regulation or plan that `Ban hành kèm theo Quyết định này` puts in force;
    it has no number of its own.
    """
    for match in _promulgated_paper().finditer(scope.flat):
        if scope.searched(match.start()):
            title = f"{match['type']} {match['title']}".strip(" ,")
            start = match.start("type")
            yield Mention(
                start=start, end=match.end(), lead=start, kind="child", doc_type=match["type"], title=title
            )
