"""The words for relations (corpus/data/relations.tsv), found in a text and judged: done, planned, denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from corpus.authority.doc_types import reference_words, type_words
from corpus.document import Relation
from corpus.tables import rows
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.citations.scope import CitationText

EFFECTS = frozenset({"amends", "replaces", "repeals", "suspends", "revokes", "extends", "corrects"})
"""Relations that change the cited document's effect."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One occurrence of a trigger; offsets point into the scope's text."""

    start: int
    end: int
    relation: Relation
    reach: str
    effect: bool


@cache
def _table() -> dict[str, tuple[Relation, str, bool]]:
    return {
        key_of(row["phrase"]): (cast(Relation, row["relation"]), row["reach"], row["effect"] == "yes")
        for row in rows("relations")
    }


@lru_cache(maxsize=2048)
def key_of(phrase: str) -> str:
    return " ".join(re.findall(r"\w+", fold(phrase)))


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted(_table(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(r"[\s,.]{1,3}".join(phrase.split()) for phrase in phrases) + r")\b")


@cache
def itself() -> re.Pattern[str]:
    """The document's own type and `này`, in folded text, for example `ke hoach nay`, `thong tu lien tich nay`."""
    return re.compile(rf"{any_of(map(fold, type_words()))} {any_of(map(fold, reference_words('self')))}\b")


UNDONE = re.compile(
    r"\b(?:khong|chua|se|du thao|du kien|de nghi|kien nghi|de xuat|tham muu|giao"
    r"|nghien cuu|xem xet|trinh|dang|can|phai|neu|bao cao viec)\b"
)
"""Folded words after which an effect is denied, planned or proposed."""
_START = r"""
    [\s\-–+*•(“\"]*
    (?:(?:dieu|khoan|muc)\s\d{1,3}[a-z]?\s?[.:]?\s*|\d{1,2}(?:\.\d{1,2}){0,2}[.)]?\s+
        |[a-z]\)\s*|[ivx]{1,5}\s?[.)-]\s*)?  # Điều 2.
    (?:\d{1,2}[.)]\s+|[a-z]\)\s*)?(?:(?:ve[ ]viec|v/v|ve)\s+)?  # a) về việc
    """
START = re.compile(_START, re.VERBOSE)
"""Marks that may come before the first word of a sentence, folded."""
_CHANGES_TOO = re.compile(
    _START + r"[^,;:]{0,30}?(?:sua[ ]doi|bo[ ]sung|bai[ ]bo|thay[ ]the|dieu[ ]chinh)[\s,;va]+", re.VERBOSE
)
"""A sentence that opens with one change and continues with another: `Sửa đổi, bổ sung và bãi bỏ …`."""


def done_here(scope: CitationText, start: int, verb: Verb) -> bool:
    """True if this document is the subject of an effect, and states it as done."""
    left = scope.folded[start : verb.start]
    if START.fullmatch(left) or left.endswith("quoc hoi ban hanh luat "):
        return True
    subjects = list(itself().finditer(left))
    if not subjects:
        return _CHANGES_TOO.fullmatch(left) is not None
    return UNDONE.search(left, subjects[-1].end()) is None


def verbs_in(scope: CitationText, start: int, end: int) -> Iterator[Verb]:
    for match in _pattern().finditer(scope.folded, start, end):
        relation, reach, effect = _table()[key_of(match.group())]
        if relation:
            yield Verb(match.start(), match.end(), relation, reach, effect)


def words_at(scope: CitationText, start: int, end: int) -> str:
    return " ".join(scope.flat[start:end].split())
