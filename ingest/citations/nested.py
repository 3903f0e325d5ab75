"""Citations joined with or nested in each other: `A và B`, `A sửa đổi, bổ sung B`, `A (được thay thế bởi B)`."""

from __future__ import annotations

import re
from typing import cast

from corpus.document import Relation
from corpus.vietnamese.fold import fold
from ingest.citations.mention import Mention, RelationReading
from ingest.citations.relation_words import words_at
from ingest.citations.scope import CitationText

_TITLE_VERB = re.compile(
    r"""
    \b(?P<amends>sua[ ]doi,?[ ]bo[ ]sung|sua[ ]doi|bo[ ]sung|dieu[ ]chinh)  # sửa đổi, bổ sung
    |\b(?P<guides>  # quy định chi tiết thi hành
        huong[ ]dan[ ](?:thi[ ]hanh|thuc[ ]hien)
        |quy[ ]dinh[ ]chi[ ]tiet(?:[ ]va[ ](?:huong[ ]dan|bien[ ]phap))?
            (?:(?:[ ]to[ ]chuc)?[ ](?:thi[ ]hanh|thuc[ ]hien))?
        |bien[ ]phap(?:[ ]to[ ]chuc)?[ ]thi[ ]hanh|huong[ ]dan
    )
    |\b(?P<replaces>thay[ ]the)|\b(?P<repeals>bai[ ]bo|huy[ ]bo)
        |\b(?P<corrects>dinh[ ]chinh)  # thay thế, bãi bỏ, đính chính
    |\b(?P<suspends>tam[ ]ngung|dinh[ ]chi|ngung[ ]hieu[ ]luc)
        |\b(?P<extends>keo[ ]dai|gia[ ]han)  # tạm ngưng, gia hạn
    |\b(?P<implements>trien[ ]khai[ ]thuc[ ]hien|trien[ ]khai|thuc[ ]hien|thi[ ]hanh)  # triển khai
    |\b(?P<approves>phe[ ]duyet)
        |\b(?P<refers>theo|ban[ ]hanh[ ]kem[ ]theo|cua|quy[ ]dinh[ ]tai|ve)  # phê duyệt, theo
    """,
    re.VERBOSE,
)
_PASSIVE = re.compile(
    r"""
    (?:(?:\b(?:duoc|bi)[ ](?:\w+[ ]){0,2}?|\(\s?)(?P<told>)|[\s,])  # được
    (?P<verb>sua[ ]doi|bo[ ]sung|thay[ ]the|bai[ ]bo|dieu[ ]chinh|dinh[ ]chinh|huong[ ]dan)\b  # sửa đổi
    [^;.\n]{0,60}?\b(?:boi|(?(told)(?:tai|bang|theo)|(?!)))\s*(?:quy[ ]dinh[ ]tai\s*)?(?:cac\s*)?\Z  # bởi
    """,
    re.VERBOSE,
)
_REACH = 120
"""Letters between a mention and the passive verb that leads to it."""
_AND = re.compile(r"(?:\bva|,)\s*(?:cac )?\Z")
_PASSIVE_RELATION: dict[str, Relation] = {
    "sua doi": "amends", "bo sung": "amends", "dieu chinh": "amends", "thay the": "replaces", "bai bo": "repeals",
    "dinh chinh": "corrects", "huong dan": "guides",
}  # fmt: skip
_CONNECTOR = re.compile(r"[\s,]*(?:va|hoac|cung|voi|dong thoi|,)?\s*(?:cac\s|so\s)*\Z")


def beside(
    scope: CitationText, mentions: list[Mention], done: list[RelationReading], at: int
) -> RelationReading | None:
    """The relation a mention takes from the one before it in the sentence:
    nested in its title, or coordinated with it.
    """
    before, mention = mentions[at - 1], mentions[at]
    gap = scope.folded[before.end : mention.lead]
    if before.end > mention.lead or _CONNECTOR.fullmatch(gap):
        return done[_peer(mentions, done, at)]
    if gap.strip() == "cua" and fold(before.title or "").startswith("luat sua do"):
        return RelationReading("nested", "sửa đổi, bổ sung", at - 1, "amends")
    if _NEXT_ITEM.search(gap):
        return outermost(done, at - 1)
    if (passive := _PASSIVE.search(gap, max(0, len(gap) - _REACH))) and "\n" not in gap:
        changed = _amended_mention(mentions, done, at)
        return RelationReading(
            "nested", passive["verb"], changed, _PASSIVE_RELATION[passive["verb"]], inverse=True
        )
    if ";" in gap or "\n" in gap or _NEW_CLAUSE.search(gap):
        return None
    title = _title_verb(gap)
    if title is None:
        return outermost(done, at - 1) if _AND.search(gap) else None
    verb, direct = title
    if direct:
        trigger = words_at(scope, before.end + verb.start(), before.end + verb.end())
        return RelationReading("nested", trigger, at - 1, cast(Relation, verb.lastgroup))
    return outermost(done, at - 1) if _AND.search(gap) else None


def _peer(mentions: list[Mention], done: list[RelationReading], at: int) -> int:
    """For a mention joined by a comma or `và`, the mention it is coordinated with: in `NĐ A sửa đổi NĐ B quy định
    chi tiết Luật L và NĐ C` it is B for C, since a decree never details another.
    """
    before = at - 1
    holder = done[before].nested_in
    detailed = done[before].third_party in ("guides", "implements")
    if holder is None or not detailed or mentions[before].doc_type == mentions[at].doc_type:
        return before
    return holder if mentions[holder].doc_type == mentions[at].doc_type else before


def _amended_mention(mentions: list[Mention], done: list[RelationReading], at: int) -> int:
    """The mention that "amended by" (`được sửa đổi, bổ sung bởi`) refers to:
    the closest enclosing one of the same type.
    """
    place: int | None = at - 1
    while place is not None:
        if mentions[place].doc_type == mentions[at].doc_type:
            return place
        place = done[place].nested_in
    return at - 1


def amends_others(scope: CitationText, mentions: list[Mention], done: list[RelationReading], at: int) -> bool:
    """True if the mention is the amending document in "A amended by B" (`được sửa đổi, bổ sung bởi …`): statements
    about A do not apply to it.
    """
    if at == 0 or mentions[at - 1].end > mentions[at].lead:
        return False
    lead = mentions[at].lead
    gap = scope.folded[max(mentions[at - 1].end, lead - _REACH) : lead]
    return _PASSIVE.search(gap) is not None or (done[at - 1].inverse and _CONNECTOR.fullmatch(gap) is not None)


_NEW_CLAUSE = re.compile(r"(?:\bva|[,;.]) (?:theo )?(?:de nghi|de xuat|y kien|can cu|tren co so|yeu cau)\b")
_NEXT_ITEM = re.compile(r"[;:]\s*(?:va\s+)?(?:cac\s+)?\Z")


def outermost(done: list[RelationReading], at: int) -> RelationReading:
    """The relation of the outermost mention whose title contains the one at `at`, else its own."""
    while (holder := done[at].nested_in) is not None:
        at = holder
    return done[at]


_TITLE_OPENS = re.compile(
    r"""
    [\s,]*(?:\(|“)?\s*(?:ve\b|v/v\b|quy[ ]dinh\b|huong[ ]dan\b|sua[ ]doi\b
        |bo[ ]sung\b|ban[ ]hanh\b|phe[ ]duyet\b|thay[ ]the\b  # về, quy định
    |bai[ ]bo\b|dinh[ ]chinh\b|trien[ ]khai\b|thuc[ ]hien\b|dieu[ ]chinh\b|cong[ ]bo\b
        |tam[ ]ngung\b|dinh[ ]chi\b|keo[ ]dai\b  # bãi bỏ, công bố
    |gia[ ]han\b|huy[ ]bo\b|hop[ ]nhat\b)  # hợp nhất
    """,
    re.VERBOSE,
)


def _title_verb(gap: str) -> tuple[re.Match[str], bool] | None:
    """The last verb of a title clause in the gap, and whether it directly governs what follows; None for none."""
    if not _TITLE_OPENS.match(gap):
        return None
    verbs = list(_TITLE_VERB.finditer(gap))
    if not verbs:
        return None
    last = next((verb for verb in reversed(verbs) if verb.lastgroup != "refers"), verbs[-1])
    tail = gap[last.end() :]
    direct = not re.search(r"(?:\bva|,)\s*(?:cac )?$", tail) and not re.search(r"\btheo\s*(?:cac )?$", tail)
    return last, direct
