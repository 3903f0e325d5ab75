"""Short later mentions (`Quyết định 749`, `Kế hoạch 93 của UBND tỉnh`) and what a decision promulgates with itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.numbering.dates import find as find_dates
from corpus.vietnamese.fold import fold
from ingest.citations.doc_types import type_words
from ingest.citations.issuers import printed_issuer
from ingest.citations.mention import Mention
from ingest.citations.scope import Scope

_TYPE = (
    r"Nghị định|Nghị quyết|Quyết định|Thông tư|Chỉ thị|Kế hoạch|Công văn|Thông báo|Kết luận|Hướng dẫn|Chương trình"
    r"|Tờ trình|Báo cáo|Công điện|Quy định|Luật|Đề án"
)
_SHORT = re.compile(
    rf"(?P<type>{_TYPE})\s"
    r"(?P<said>s[ốôồo]\s)?(?P<no>\d{1,5}[a-zđ]?(?:/(?:19|20)\d{2})?)"
    r"(?![\w/\\]|\s?[^\w\s,.;:)(]{0,2}\s?[/\\-]\s?[A-ZĐ\d]|[.,]\d|\s(?:năm|ngày|tháng|tỷ|triệu|\(\d{4}))"
)
_SURE = re.compile(r"\s?(?:của\s|\((?:đã\s)?nêu trên|\((?:đã\s)?dẫn|nêu trên|nói trên|ngày\s\d)")
_PROMULGATED = re.compile(
    r"[Bb]an hành\s(?:kèm theo\s)?(?:Quyết định|Nghị quyết|Thông tư|Nghị định|Kế hoạch|Văn bản) này\s?:?\s(?:là\s|bản\s|“)?"
    r"(?P<type>Quy chế|Quy định|Kế hoạch|Chương trình|Đề án|Điều lệ|Hướng dẫn|Phương án|Quy trình)\s(?P<title>[^.;:\n“”\"()]{4,200})"
)


_DATED = re.compile(rf"(?P<type>{_TYPE})\s(?P<said>s[ốôồo]\s)(?P<no>\d{{1,5}}),?\s(?=[Nn]gày\s\d)")
"""A number whose symbol was left out, with its day: `Kế hoạch số 112 ngày 15/3/2024 của UBND tỉnh`."""


def shorts(scope: Scope, given: Callable[[int], bool]) -> Iterator[Mention]:
    """Type and bare ordinal; where `given` says yes (inside `(sau đây gọi tắt là …)`) it is only a name being given."""
    for match in _SHORT.finditer(scope.flat):
        if not scope.searched(match.start()) or given(match.start()):
            continue
        sure = bool(match["said"] or "/" in match["no"] or _SURE.match(scope.flat, match.end()))
        issuer, end = printed_issuer(scope, match.end())
        name = type_words().get(fold(match["type"]), match["type"])
        yield Mention(
            match.start(),
            end,
            match.start(),
            "short",
            name,
            None,
            None,
            issuer,
            None,
            None,
            linked=not sure,
            ordinal=match["no"],
        )


def dated_shorts(scope: Scope) -> Iterator[Mention]:
    """Type, bare ordinal and day: a document whose symbol the paper leaves out; a person looks at it."""
    for match in _DATED.finditer(scope.flat):
        if not scope.searched(match.start()):
            continue
        day = next(find_dates(scope.flat[match.end() : match.end() + 40]), None)
        if day is None or day.iso is None or day.start > 6:
            continue
        issuer, end = printed_issuer(scope, match.end() + day.end)
        name = type_words().get(fold(match["type"]), match["type"])
        yield Mention(
            match.start(), end, match.start(), "short", name, None, day.iso, issuer, ordinal=match["no"]
        )  # fmt: skip


def promulgated(scope: Scope) -> Iterator[Mention]:
    """The regulation or plan that `Ban hành kèm theo Quyết định này` puts in force; it has no number of its own."""
    for match in _PROMULGATED.finditer(scope.flat):
        if scope.searched(match.start()):
            title = f"{match['type']} {match['title']}".strip(" ,")
            yield Mention(
                match.start("type"),
                match.end(),
                match.start("type"),
                "child",
                match["type"],
                None,
                None,
                None,
                title,
            )
