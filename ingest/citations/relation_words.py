"""The words that say what a document does (corpus/data/relations.tsv), found in a text and judged: done, planned, denied."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from corpus.document import Relation
from corpus.tables import rows
from corpus.vietnamese.fold import fold
from ingest.citations.scope import Scope

EFFECTS = frozenset({"amends", "replaces", "repeals", "suspends", "revokes", "extends", "corrects"})


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


SELF = r"(?:nghi dinh|quyet dinh|nghi quyet|thong tu|ke hoach|chi thi|quy dinh|quy che|luat|phap lenh|van ban hop nhat|van ban|cong van|huong dan|thong bao|chuong trinh|de an|phuong an|bo luat) nay\b"
SELF_RE = re.compile(SELF)
UNDONE = re.compile(
    r"\b(?:khong|chua|se|du thao|du kien|de nghi|kien nghi|de xuat|tham muu|giao|nghien cuu|xem xet|trinh|dang|can|phai|neu|bao cao viec)\b"
)
START = re.compile(
    r"[\s\-–+*•(“\"]*(?:(?:dieu|khoan|muc)\s\d{1,3}[a-z]?\s?[.:]?\s*|\d{1,2}(?:\.\d{1,2}){0,2}[.)]?\s+|[a-z]\)\s*|[ivx]{1,5}\s?[.)-]\s*)?"
    r"(?:\d{1,2}[.)]\s+|[a-z]\)\s*)?(?:(?:ve viec|v/v|ve)\s+)?"
)


def done_here(scope: Scope, start: int, verb: Verb) -> bool:
    """Whether this document is the subject of an effect, and says it as done."""
    left = scope.folded[start : verb.start]
    if START.fullmatch(left) or left.endswith("quoc hoi ban hanh luat "):
        return True
    subjects = list(SELF_RE.finditer(left))
    if not subjects:
        return bool(
            re.fullmatch(
                START.pattern + r"[^,;:]{0,30}?(?:sua doi|bo sung|bai bo|thay the|dieu chinh)[\s,;va]+", left
            )
        )
    return UNDONE.search(left, subjects[-1].end()) is None


def verbs_in(scope: Scope, start: int, end: int) -> Iterator[Verb]:
    for match in _pattern().finditer(scope.folded, start, end):
        relation, reach, effect = _table()[key_of(match.group())]
        if relation:
            yield Verb(match.start(), match.end(), relation, reach, effect)


def words_at(scope: Scope, start: int, end: int) -> str:
    return " ".join(scope.flat[start:end].split())
