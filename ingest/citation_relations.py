"""What the citing document does to a cited one: read from the verbs of the sentence, its heading and its place.

An effect (amends, replaces, repeals …) is believed only when this document is its subject and says it as done.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import cast

from corpus.document import Relation
from corpus.fold import fold
from corpus.tables import rows
from ingest.citation_spans import Mention
from ingest.citation_text import Scope

EFFECTS = frozenset({"amends", "replaces", "repeals", "suspends", "revokes", "extends", "corrects"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One occurrence of a trigger; offsets point into the scope's text."""

    start: int
    end: int
    relation: Relation
    reach: str
    effect: bool


@dataclass(frozen=True, slots=True)
class Read:
    """A relation with the words it was read from; `nested_in` is the mention whose title holds this one."""

    relation: Relation
    trigger: str | None = None
    nested_in: int | None = None
    third_party: Relation | None = None
    inverse: bool = False


@cache
def _table() -> dict[str, tuple[Relation, str, bool]]:
    return {
        _key(row["phrase"]): (cast(Relation, row["relation"]), row["reach"], row["effect"] == "yes")
        for row in rows("relations")
    }


@lru_cache(maxsize=2048)
def _key(phrase: str) -> str:
    return " ".join(re.findall(r"\w+", fold(phrase)))


@cache
def _pattern() -> re.Pattern[str]:
    phrases = sorted(_table(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(r"[\s,.]{1,3}".join(phrase.split()) for phrase in phrases) + r")\b")


_SELF = r"(?:nghi dinh|quyet dinh|nghi quyet|thong tu|ke hoach|chi thi|quy dinh|quy che|luat|phap lenh|van ban hop nhat|van ban|cong van|huong dan|thong bao|chuong trinh|de an|phuong an|bo luat) nay\b"
_SELF_RE = re.compile(_SELF)
_UNDONE = re.compile(
    r"\b(?:khong|chua|se|du thao|du kien|de nghi|kien nghi|de xuat|tham muu|giao|nghien cuu|xem xet|trinh|dang|can|phai|neu|bao cao viec)\b"
)
_START = re.compile(
    r"[\s\-–+*•(“\"]*(?:(?:dieu|khoan|muc)\s\d{1,3}[a-z]?\s?[.:]?\s*|\d{1,2}(?:\.\d{1,2}){0,2}[.)]?\s+|[a-z]\)\s*|[ivx]{1,5}\s?[.)-]\s*)?"
    r"(?:\d{1,2}[.)]\s+|[a-z]\)\s*)?(?:(?:ve viec|v/v|ve)\s+)?"
)
_ANNEX = re.compile(r"\(?\s*(?:ban hanh )?kem theo\b")
_ENDS = re.compile(r"\b(?:het hieu luc|khong con hieu luc|cham dut hieu luc|bi bai bo|duoc bai bo)\b")
_ENDS_BY_THIS = re.compile(rf"\bduoc thay the (?:bang|boi) [^.;]{{0,30}}?{_SELF}")
_REPLY = re.compile(r"\b(?:co y kien|tra loi|phuc dap|xin y kien)\b")
_RECEIVED = re.compile(r"\bnhan duoc (?:cac )?\Z")
_RECALLED = re.compile(r"\s*\(?(?:da )?(?:neu tren|noi tren|tren day|da dan|da neu)")
_TITLE_VERB = re.compile(
    r"\b(?P<amends>sua doi,? bo sung|sua doi|bo sung|dieu chinh)|\b(?P<guides>huong dan (?:thi hanh|thuc hien)|quy dinh chi tiet|bien phap thi hanh|huong dan)"
    r"|\b(?P<replaces>thay the)|\b(?P<repeals>bai bo|huy bo)|\b(?P<corrects>dinh chinh)|\b(?P<implements>trien khai thuc hien|trien khai|thuc hien|thi hanh)"
    r"|\b(?P<approves>phe duyet)|\b(?P<refers>theo|ban hanh kem theo|cua|quy dinh tai|ve)"
)
_PASSIVE = re.compile(
    r"[\s,(]*(?:da )?(?:duoc|bi) (?P<verb>sua doi|bo sung|thay the|bai bo|dieu chinh|dinh chinh|huong dan)[^;.\n]{0,60}?\b(?:tai|boi|bang|theo)\b"
)
_PASSIVE_RELATION: dict[str, Relation] = {
    "sua doi": "amends", "bo sung": "amends", "dieu chinh": "amends", "thay the": "replaces", "bai bo": "repeals",
    "dinh chinh": "corrects", "huong dan": "guides",
}  # fmt: skip
_CONNECTOR = re.compile(r"[\s,]*(?:va|hoac|cung|voi|dong thoi|,)?\s*(?:cac\s|so\s)*\Z")


def relations(scope: Scope, mentions: list[Mention]) -> list[Read]:
    """One Read a mention, in order."""
    out: list[Read] = []
    for at, mention in enumerate(mentions):
        out.append(
            Read("promulgates", "ban hành kèm theo")
            if mention.kind == "child"
            else _relation(scope, mentions, out, at)
        )
    return out


def _relation(scope: Scope, mentions: list[Mention], done: list[Read], at: int) -> Read:
    mention = mentions[at]
    start, end = scope.sentence(mention.lead)
    before = mentions[at - 1] if at and mentions[at - 1].lead >= start else None
    if _ANNEX.match(scope.folded, start, mention.lead) and mention.lead - start < 60:
        return Read("annex_of", "kèm theo")
    if (ended := _ended(scope, mention, end)) is not None:
        return ended
    if before is not None and (beside := _beside(scope, before, done, at, mention)) is not None:
        return beside
    if mention.kind in ("number", "short") and _RECALLED.match(scope.folded, mention.end):
        return Read("refers", "nêu trên")
    if _RECEIVED.search(scope.folded, max(start, mention.lead - 24), mention.lead):
        answered = _REPLY.search(scope.folded, mention.end, mention.end + 500)
        return Read("replies" if answered else "implements", "nhận được")
    return _by_verb(scope, mention, start) or _by_lead_in(scope, start) or Read("mentions")


def _ended(scope: Scope, mention: Mention, end: int) -> Read | None:
    """`… hết hiệu lực` or `… được thay thế bằng Kế hoạch này` behind the mention, said by this document of others."""
    rest = scope.folded[mention.end : end]
    if found := _ENDS_BY_THIS.search(rest):
        return None if _UNDONE.search(rest, 0, found.start()) else Read("replaces", "được thay thế")
    found = _ENDS.search(rest)
    if (
        found is None
        or not _SELF_RE.search(rest)
        or _UNDONE.search(rest, max(0, found.start() - 12), found.start())
    ):
        return None
    return (
        None
        if _nested_gap(scope, mention)
        else Read("repeals", _words(scope, mention.end + found.start(), mention.end + found.end()))
    )


def _nested_gap(scope: Scope, mention: Mention) -> bool:
    """Whether the words right before the mention make it part of another document's title."""
    left = scope.folded[max(0, mention.lead - 40) : mention.lead].rstrip()
    return left.endswith(("mot so dieu cua", "bo sung", "sua doi", "thi hanh", "huong dan"))


def _beside(scope: Scope, before: Mention, done: list[Read], at: int, mention: Mention) -> Read | None:
    """The relation a mention takes from the one before it in the sentence: nested in its title, or beside it."""
    read = done[at - 1]
    gap = scope.folded[before.end : mention.lead]
    if before.end > mention.lead or _CONNECTOR.fullmatch(gap):
        return read
    if gap.strip() == "cua" and (before.title or "").startswith(("Luật sửa đổi", "Luật Sửa đổi")):
        return Read("nested", "sửa đổi, bổ sung", at - 1, "amends")
    if _NEXT_ITEM.search(gap):
        return _outermost(done, at - 1)
    if ";" in gap or "\n" in gap or _NEW_CLAUSE.search(gap):
        return None
    if (passive := _PASSIVE.match(gap)) and passive.end() > len(gap.rstrip()) - 40:
        return Read("nested", passive["verb"], at - 1, _PASSIVE_RELATION[passive["verb"]], inverse=True)
    title = _title_verb(gap)
    if title is None:
        return _outermost(done, at - 1) if re.search(r"(?:\bva|,)\s*(?:cac )?$", gap) else None
    verb, direct = title
    if direct:
        trigger = _words(scope, before.end + verb.start(), before.end + verb.end())
        return Read("nested", trigger, at - 1, cast(Relation, verb.lastgroup))
    return _outermost(done, at - 1) if re.search(r"(?:\bva|,)\s*(?:cac )?$", gap) else None


_NEW_CLAUSE = re.compile(r"(?:\bva|[,;.]) (?:theo )?(?:de nghi|de xuat|y kien|can cu|tren co so|yeu cau)\b")
_NEXT_ITEM = re.compile(r"[;:]\s*(?:va\s+)?(?:cac\s+)?\Z")


def _outermost(done: list[Read], at: int) -> Read:
    """The relation of the mention that holds the one at `at` in its title, else its own."""
    while (holder := done[at].nested_in) is not None:
        at = holder
    return done[at]


_TITLE_OPENS = re.compile(
    r"[\s,]*(?:\(|“)?\s*(?:ve\b|v/v\b|quy dinh\b|huong dan\b|sua doi\b|bo sung\b|ban hanh\b|phe duyet\b|thay the\b|bai bo\b|dinh chinh\b|trien khai\b|thuc hien\b|dieu chinh\b|cong bo\b)"
)


def _title_verb(gap: str) -> tuple[re.Match[str], bool] | None:
    """The last verb of a title clause in the gap, and whether it governs what follows directly."""
    if not _TITLE_OPENS.match(gap):
        return None
    verbs = list(_TITLE_VERB.finditer(gap))
    if not verbs:
        return None
    last = next((verb for verb in reversed(verbs) if verb.lastgroup != "refers"), verbs[-1])
    tail = gap[last.end() :]
    direct = not re.search(r"(?:\bva|,)\s*(?:cac )?$", tail) and not re.search(r"\btheo\s*(?:cac )?$", tail)
    return last, direct


def _by_verb(scope: Scope, mention: Mention, start: int) -> Read | None:
    verbs = list(_verbs(scope, start, mention.lead))
    if not verbs:
        return None
    opening = [at for at, verb in enumerate(verbs) if _opens_clause(scope, start, verb)]
    if opening:
        verbs = verbs[opening[-1] :]
        if verbs[0].relation == "basis" and not _proposed(scope, mention, verbs[-1]):
            return _based(scope, mention, verbs[0])
    for verb in reversed(verbs):
        read = _of_verb(scope, mention, start, verb)
        if (
            read is not None
            and read.relation == "refers"
            and read.trigger
            and opening
            and _carried_out(scope, start, verbs[0], verb)
        ):
            return Read("implements", _words(scope, verbs[0].start, verbs[0].end))
        if read is not None:
            return read
    return Read("refers" if any(not verb.effect for verb in verbs) else "mentions")


def _proposed(scope: Scope, mention: Mention, verb: Verb) -> bool:
    """`Căn cứ … và đề xuất của Giám đốc Sở Tài chính tại Công văn …`: the proposal outweighs the line it stands in."""
    gap = scope.folded[verb.end : mention.lead]
    return verb.relation == "on_proposal" and len(gap) < 160 and gap.rstrip().endswith(" tai")


def _based(scope: Scope, mention: Mention, verb: Verb) -> Read:
    """Căn cứ; a report or minutes that a decision rests on (`trên cơ sở Báo cáo …`) is only considered."""
    trigger = _words(scope, verb.start, verb.end)
    rests_on = fold(trigger).startswith("tren co so") and fold(mention.doc_type or "").startswith(
        ("bao cao", "bien ban")
    )
    return Read("considers" if rests_on else "basis", trigger)


_WHERE_TASKS_STAND = frozenset(
    {"theo", "duoc giao tai", "neu tai", "noi dung tai", "nhiem vu tai", "cac nhiem vu tai"}
)


def _carried_out(scope: Scope, start: int, first: Verb, verb: Verb) -> bool:
    """`Triển khai thực hiện các nhiệm vụ được giao tại Chỉ thị …`: the opening verb carries out what the document says."""
    if first.relation != "implements" or scope.flat[first.start].islower():
        return False
    return _key(scope.folded[verb.start : verb.end]) in _WHERE_TASKS_STAND


def _opens_clause(scope: Scope, start: int, verb: Verb) -> bool:
    """Whether a verb stands first in its sentence, or first and capitalised behind a `;`."""
    if _START.fullmatch(scope.folded, start, verb.start):
        return True
    return scope.flat[verb.start].isupper() and scope.flat[max(0, verb.start - 3) : verb.start].rstrip().endswith(
        ";"
    )


def _of_verb(scope: Scope, mention: Mention, start: int, verb: Verb) -> Read | None:
    gap = scope.folded[verb.end : mention.lead]
    if verb.effect:
        if verb.relation not in EFFECTS and verb.reach == "near" and not _light(gap):
            return None
        return (
            Read(verb.relation, _words(scope, verb.start, verb.end))
            if _done_here(scope, start, verb)
            else Read("mentions")
        )
    if verb.reach == "near" and not _light(gap):
        return None
    if verb.relation in ("on_proposal", "replies") and verb.reach == "clause" and len(gap) > 160:
        return None
    return Read(verb.relation, _words(scope, verb.start, verb.end))


_LIGHT = re.compile(
    r"[\s,:“\"(]*(?:(?:cac|nghiem|nghiem tuc|tot|co hieu qua|hieu qua|day du|kip thoi|noi dung|van ban|va|nhung|toan bo|mot so dieu|y kien|tinh than|cua|tai|chi dao|so|theo|dong bo|quyet liet)[\s,:]+){0,8}\Z"
)


_SAID_AT = re.compile(
    r"\s(?:y kien|chi dao|noi dung|yeu cau|ket luan|nhiem vu|cac nhiem vu|cac noi dung|tinh than)\b"
)


def _light(gap: str) -> bool:
    """Whether only light words stand between a verb and the document: it is the verb's object."""
    if _LIGHT.fullmatch(gap):
        return True
    return len(gap) < 110 and _SAID_AT.match(gap) is not None and gap.rstrip().endswith(" tai") and ";" not in gap


def _done_here(scope: Scope, start: int, verb: Verb) -> bool:
    """Whether this document is the subject of an effect, and says it as done."""
    left = scope.folded[start : verb.start]
    if _START.fullmatch(left) or left.endswith("quoc hoi ban hanh luat "):
        return True
    subjects = list(_SELF_RE.finditer(left))
    if not subjects:
        return bool(
            re.fullmatch(
                _START.pattern + r"[^,;:]{0,30}?(?:sua doi|bo sung|bai bo|thay the|dieu chinh)[\s,;va]+", left
            )
        )
    return _UNDONE.search(left, subjects[-1].end()) is None


def _by_lead_in(scope: Scope, start: int) -> Read | None:
    """The relation of a list line: from the line with `:` or the heading that leads the list in, or from its own place."""
    at = start
    for _ in range(30):
        if at <= 0:
            return None
        previous_end = at - 1
        line_start = scope.flat.rfind("\n", 0, max(0, previous_end)) + 1
        line = scope.flat[line_start:previous_end]
        if line.strip() and (found := _lead_in(scope, line_start, line)) is not None:
            return found if found.relation != "mentions" else None
        at = line_start
    return None


_LISTED = re.compile(r"\s*(?:[-–+•*]|\d{1,2}[.)]|[a-zđ]\))\s*")


def _lead_in(scope: Scope, start: int, line: str) -> Read | None:
    """The relation a leading line gives; None when the line is one of the list itself, `mentions` when it gives none."""
    folded = scope.folded[start : start + len(line)]
    heading = line.isupper() or re.match(r"\s*[IVX]{1,5}\s?[.)-]", line)
    if heading:
        return Read("basis", "căn cứ") if "can cu" in folded or "co so phap ly" in folded else Read("mentions")
    if line.rstrip().endswith(":") or folded.lstrip().startswith("dieu "):
        verbs = [
            verb
            for verb in _verbs(scope, start, start + len(line))
            if not verb.effect or _done_here(scope, start, verb)
        ]
        return (
            Read(verbs[-1].relation, _words(scope, verbs[-1].start, verbs[-1].end)) if verbs else Read("mentions")
        )
    return None if _LISTED.match(line) else Read("mentions")


def _verbs(scope: Scope, start: int, end: int) -> Iterator[Verb]:
    for match in _pattern().finditer(scope.folded, start, end):
        relation, reach, effect = _table()[_key(match.group())]
        if relation:
            yield Verb(match.start(), match.end(), relation, reach, effect)


def _words(scope: Scope, start: int, end: int) -> str:
    return " ".join(scope.flat[start:end].split())
