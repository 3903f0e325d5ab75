"""What the citing document does to a cited one: read from the verbs of the sentence, its heading and its place.

An effect (amends, replaces, repeals …) is believed only when this document is its subject and says it as done.
"""

from __future__ import annotations

import re

from corpus.vietnamese.fold import fold
from ingest.citations.mention import Mention, Read
from ingest.citations.nested import amends_others, beside
from ingest.citations.relation_words import (
    EFFECTS,
    SELF,
    SELF_RE,
    START,
    UNDONE,
    Verb,
    done_here,
    key_of,
    verbs_in,
    words_at,
)
from ingest.citations.scope import Scope

_ANNEX = re.compile(r"\(?\s*(?:ban hanh )?kem theo\b")
_ENDS = re.compile(r"\b(?:het hieu luc|khong con hieu luc|cham dut hieu luc|bi bai bo|duoc bai bo)\b")
_ENDS_BY_THIS = re.compile(rf"\bduoc thay the (?:bang|boi) [^.;]{{0,30}}?{SELF}")
_REPLY = re.compile(r"\b(?:co y kien|tra loi|phuc dap|xin y kien)\b")
_RECEIVED = re.compile(r"\bnhan duoc (?:cac )?\Z")
_FOOTNOTE = re.compile(r"\s*\d{1,2}\s")
"""A line that opens with a bare number: a note at the foot of the page."""
_NEAR_START = 60
"""Letters before a mention in a line of a list that bears no mark."""
_RECALLED = re.compile(r"\s*\(?(?:da )?(?:neu tren|noi tren|tren day|da dan|da neu)")


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
    before = mentions[at - 1] if at and (mentions[at - 1].lead >= start or _goes_on(scope, mentions, at)) else None
    if _ANNEX.match(scope.folded, start, mention.lead) and mention.lead - start < 60:
        return Read("annex_of", "kèm theo")
    ended = _ended(scope, mention, end)
    if ended is not None and not amends_others(scope, mentions, done, at):
        return ended
    if before is not None and (taken := beside(scope, mentions, done, at)) is not None:
        return taken
    if _FOOTNOTE.fullmatch(scope.flat, start, mention.lead):
        return Read("refers", "chú thích")
    if mention.kind in ("number", "short") and _RECALLED.match(scope.folded, mention.end):
        return Read("refers", "nêu trên")
    if _RECEIVED.search(scope.folded, max(start, mention.lead - 24), mention.lead):
        answered = _REPLY.search(scope.folded, mention.end, mention.end + 500)
        return Read("replies" if answered else "implements", "nhận được")
    led_in = _LISTED.match(scope.flat, start) is not None or mention.lead - start < _NEAR_START
    return _by_verb(scope, mention, start) or (_by_lead_in(scope, start) if led_in else None) or Read("mentions")


def _goes_on(scope: Scope, mentions: list[Mention], at: int) -> bool:
    """Whether a mention without a type word goes on with a list behind `;`, though a scanner's dot seems to end the sentence."""
    lead = mentions[at].lead
    gap = scope.folded[mentions[at - 1].end : lead]
    return len(gap) < 400 and gap.rstrip().endswith(";") and scope.folded.startswith("so ", lead)


def _ended(scope: Scope, mention: Mention, end: int) -> Read | None:
    """`… hết hiệu lực` or `… được thay thế bằng Kế hoạch này` behind the mention, said by this document of others."""
    rest = scope.folded[mention.end : end]
    if found := _ENDS_BY_THIS.search(rest):
        return None if UNDONE.search(rest, 0, found.start()) else Read("replaces", "được thay thế")
    found = _ENDS.search(rest)
    if found is None or not SELF_RE.search(rest) or UNDONE.search(rest, max(0, found.start() - 12), found.start()):
        return None
    return (
        None
        if _nested_gap(scope, mention)
        else Read("repeals", words_at(scope, mention.end + found.start(), mention.end + found.end()))
    )


def _nested_gap(scope: Scope, mention: Mention) -> bool:
    """Whether the words right before the mention make it part of another document's title."""
    left = scope.folded[max(0, mention.lead - 40) : mention.lead].rstrip()
    return left.endswith(("mot so dieu cua", "bo sung", "sua doi", "thi hanh", "huong dan"))


def _by_verb(scope: Scope, mention: Mention, start: int) -> Read | None:
    verbs = list(verbs_in(scope, start, mention.lead))
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
            return Read("implements", words_at(scope, verbs[0].start, verbs[0].end))
        if read is not None:
            return read
    return Read("refers" if any(not verb.effect for verb in verbs) else "mentions")


def _proposed(scope: Scope, mention: Mention, verb: Verb) -> bool:
    """`Căn cứ … và đề xuất của Giám đốc Sở Tài chính tại Công văn …`: the proposal outweighs the line it stands in."""
    gap = scope.folded[verb.end : mention.lead]
    return verb.relation == "on_proposal" and len(gap) < 160 and gap.rstrip().endswith(" tai")


def _based(scope: Scope, mention: Mention, verb: Verb) -> Read:
    """Căn cứ; a report or minutes that a decision rests on (`trên cơ sở Báo cáo …`) is only considered."""
    trigger = words_at(scope, verb.start, verb.end)
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
    return key_of(scope.folded[verb.start : verb.end]) in _WHERE_TASKS_STAND


def _opens_clause(scope: Scope, start: int, verb: Verb) -> bool:
    """Whether a verb stands first in its sentence, or first and capitalised behind a `;`."""
    if START.fullmatch(scope.folded, start, verb.start):
        return True
    if scope.flat[verb.start].islower():
        return False
    # A letter or two before it is noise of the scanner, not a sentence.
    return verb.start - start <= 4 or scope.flat[max(0, verb.start - 3) : verb.start].rstrip().endswith(";")


def _of_verb(scope: Scope, mention: Mention, start: int, verb: Verb) -> Read | None:
    gap = scope.folded[verb.end : mention.lead]
    if verb.effect:
        if verb.relation not in EFFECTS and verb.reach == "near" and not _light(gap):
            return None
        return (
            Read(verb.relation, words_at(scope, verb.start, verb.end))
            if done_here(scope, start, verb)
            else Read("mentions")
        )
    if verb.reach == "near" and not _light(gap):
        return None
    if verb.relation in ("on_proposal", "replies") and verb.reach == "clause" and len(gap) > 160:
        return None
    return Read(verb.relation, words_at(scope, verb.start, verb.end))


_LIGHT = re.compile(
    r"[\s,:“\"(]*(?:(?:cac|nghiem|nghiem tuc|tot|co hieu qua|hieu qua|day du|kip thoi|noi dung|van ban|va|nhung|toan bo|mot so dieu|mot so|y kien|tinh than|cua|tai|chi dao|so|theo|dong bo|quyet liet)[\s,:]+){0,8}\Z"
)


_SAID_AT = re.compile(
    r"\s(?:y kien|chi dao|noi dung|yeu cau|ket luan|nhiem vu|cac nhiem vu|cac noi dung|tinh than)\b"
)


def _light(gap: str) -> bool:
    """Whether only light words stand between a verb and the document: it is the verb's object."""
    if _LIGHT.fullmatch(gap):
        return True
    return len(gap) < 110 and _SAID_AT.match(gap) is not None and gap.rstrip().endswith(" tai") and ";" not in gap


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
            for verb in verbs_in(scope, start, start + len(line))
            if not verb.effect or done_here(scope, start, verb)
        ]
        return (
            Read(verbs[-1].relation, words_at(scope, verbs[-1].start, verbs[-1].end))
            if verbs
            else Read("mentions")
        )
    return None if _LISTED.match(line) else Read("mentions")
