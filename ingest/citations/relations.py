"""The relation of the citing document to a cited one, from the verbs of the sentence, its heading and its place.

An effect (amends, replaces, repeals …) is accepted only if this document is its subject and states it as done.
"""

from __future__ import annotations

import re
from functools import cache

from corpus.authority.doc_types import reference_words
from corpus.vietnamese.alternation import any_of
from corpus.vietnamese.fold import fold
from ingest.citations.mention import Mention, RelationReading
from ingest.citations.nested import amends_others, beside
from ingest.citations.relation_words import (
    EFFECTS,
    START,
    UNDONE,
    Verb,
    done_here,
    itself,
    key_of,
    verbs_in,
    words_at,
)
from ingest.citations.scope import CitationText

_ENDS = re.compile(r"\b(?:het hieu luc|khong con hieu luc|cham dut hieu luc|bi bai bo|duoc bai bo)\b")


@cache
def _annex() -> re.Pattern[str]:
    """The words before the document that an annex belongs to: `(Kèm theo Quyết định …`, `(Ban hành kèm theo …`."""
    words = (fold(word) for word in reference_words("attached") if word.endswith("kèm theo"))
    return re.compile(rf"\(?\s*{any_of(words)}\b")


@cache
def _ends_by_this() -> re.Pattern[str]:
    return re.compile(rf"\bduoc thay the (?:bang|boi) [^.;]{{0,30}}?{itself().pattern}")


_REPLY = re.compile(r"\b(?:co y kien|tra loi|phuc dap|xin y kien)\b")
_RECEIVED = re.compile(r"\bnhan duoc (?:cac )?\Z")
_FOOTNOTE = re.compile(r"\s*\d{1,2}\s")
"""A line that opens with a bare number: a note at the foot of the page."""
_NEAR_START = 60
"""Letters before a mention in a line of a list without a mark."""


@cache
def _named_before() -> re.Pattern[str]:
    """Words behind a mention of a document named before, for example ` (đã nêu trên)`."""
    words = (fold(word) for word in reference_words("recalled") if " " in word)
    return re.compile(rf"\s*\(?(?:da )?{any_of(words)}")


def relations(scope: CitationText, mentions: list[Mention]) -> list[RelationReading]:
    """Read one relation for each mention, in order."""
    out: list[RelationReading] = []
    for at, mention in enumerate(mentions):
        out.append(
            RelationReading("promulgates", "ban hành kèm theo")
            if mention.kind == "child"
            else _relation(scope, mentions, out, at)
        )
    return out


def _relation(
    scope: CitationText, mentions: list[Mention], done: list[RelationReading], at: int
) -> RelationReading:
    mention = mentions[at]
    start, end = scope.sentence(mention.lead)
    before = mentions[at - 1] if at and (mentions[at - 1].lead >= start or _goes_on(scope, mentions, at)) else None
    if _annex().match(scope.folded, start, mention.lead) and mention.lead - start < 60:
        return RelationReading("annex_of", "kèm theo")
    ended = _ending(scope, mention, end)
    if ended is not None and not amends_others(scope, mentions, done, at):
        return ended
    if before is not None and (taken := beside(scope, mentions, done, at)) is not None:
        return taken
    if _FOOTNOTE.fullmatch(scope.flat, start, mention.lead):
        return RelationReading("refers", "chú thích")
    if mention.kind in ("number", "short") and _named_before().match(scope.folded, mention.end):
        return RelationReading("refers", "nêu trên")
    if _RECEIVED.search(scope.folded, max(start, mention.lead - 24), mention.lead):
        answered = _REPLY.search(scope.folded, mention.end, mention.end + 500)
        return RelationReading("replies" if answered else "implements", "nhận được")
    led_in = _LISTED.match(scope.flat, start) is not None or mention.lead - start < _NEAR_START
    return (
        _by_verb(scope, mention, start)
        or (_by_lead_in(scope, start) if led_in else None)
        or RelationReading("mentions")
    )


def _goes_on(scope: CitationText, mentions: list[Mention], at: int) -> bool:
    """True if a mention without a type word continues a list behind `;`,
    though a scanner's dot seems to end the sentence.
    """
    lead = mentions[at].lead
    gap = scope.folded[mentions[at - 1].end : lead]
    return len(gap) < 400 and gap.rstrip().endswith(";") and scope.folded.startswith("so ", lead)


def _ending(scope: CitationText, mention: Mention, end: int) -> RelationReading | None:
    """The relation in `… hết hiệu lực` or `… được thay thế bằng Kế hoạch này` behind the mention; None if this
    document does not state it of another.
    """
    rest = scope.folded[mention.end : end]
    if found := _ends_by_this().search(rest):
        return None if UNDONE.search(rest, 0, found.start()) else RelationReading("replaces", "được thay thế")
    found = _ENDS.search(rest)
    if (
        found is None
        or not itself().search(rest)
        or UNDONE.search(rest, max(0, found.start() - 12), found.start())
    ):
        return None
    return (
        None
        if _nested_gap(scope, mention)
        else RelationReading("repeals", words_at(scope, mention.end + found.start(), mention.end + found.end()))
    )


def _nested_gap(scope: CitationText, mention: Mention) -> bool:
    """True if the words right before the mention make it part of another document's title."""
    left = scope.folded[max(0, mention.lead - 40) : mention.lead].rstrip()
    return left.endswith(("mot so dieu cua", "bo sung", "sua doi", "thi hanh", "huong dan"))


def _by_verb(scope: CitationText, mention: Mention, start: int) -> RelationReading | None:
    verbs = list(verbs_in(scope, start, mention.lead))
    if not verbs:
        return None
    opening = [at for at, verb in enumerate(verbs) if _opens_clause(scope, start, verb)]
    if opening:
        verbs = verbs[opening[-1] :]
        if verbs[0].relation == "basis" and not _is_proposal(scope, mention, verbs[-1]):
            return _basis(scope, mention, verbs[0])
    for verb in reversed(verbs):
        read = _of_verb(scope, mention, start, verb)
        if (
            read is not None
            and read.relation == "refers"
            and read.trigger
            and opening
            and _carries_out(scope, start, verbs[0], verb)
        ):
            return RelationReading("implements", words_at(scope, verbs[0].start, verbs[0].end))
        if read is not None:
            return read
    return RelationReading("refers" if any(not verb.effect for verb in verbs) else "mentions")


def _is_proposal(scope: CitationText, mention: Mention, verb: Verb) -> bool:
    """True if a proposal outweighs the line it is in:
    `Căn cứ … và đề xuất của Giám đốc Sở Tài chính tại Công văn …`.
    """
    gap = scope.folded[verb.end : mention.lead]
    return verb.relation == "on_proposal" and len(gap) < 160 and gap.rstrip().endswith(" tai")


def _basis(scope: CitationText, mention: Mention, verb: Verb) -> RelationReading:
    """The relation of `Căn cứ`; a report or minutes that a decision rests on (`trên cơ sở Báo cáo …`) is only
    considered.
    """
    trigger = words_at(scope, verb.start, verb.end)
    rests_on = fold(trigger).startswith("tren co so") and fold(mention.doc_type or "").startswith(
        ("bao cao", "bien ban")
    )
    return RelationReading("considers" if rests_on else "basis", trigger)


_WHERE_TASKS_STAND = frozenset(
    {"theo", "duoc giao tai", "neu tai", "noi dung tai", "nhiem vu tai", "cac nhiem vu tai"}
)


def _carries_out(scope: CitationText, start: int, first: Verb, verb: Verb) -> bool:
    """True if the opening verb carries out the document's content:
    `Triển khai thực hiện các nhiệm vụ được giao tại Chỉ thị …`.
    """
    if first.relation != "implements" or scope.flat[first.start].islower():
        return False
    return key_of(scope.folded[verb.start : verb.end]) in _WHERE_TASKS_STAND


def _opens_clause(scope: CitationText, start: int, verb: Verb) -> bool:
    """True if a verb comes first in its sentence, or first and capitalised behind a `;`."""
    if START.fullmatch(scope.folded, start, verb.start):
        return True
    if scope.flat[verb.start].islower():
        return False
    # A letter or two before it is noise of the scanner, not a sentence.
    return verb.start - start <= 4 or scope.flat[max(0, verb.start - 3) : verb.start].rstrip().endswith(";")


def _of_verb(scope: CitationText, mention: Mention, start: int, verb: Verb) -> RelationReading | None:
    gap = scope.folded[verb.end : mention.lead]
    if verb.effect:
        if verb.relation not in EFFECTS and verb.reach == "near" and not _light(gap):
            return None
        return (
            RelationReading(verb.relation, words_at(scope, verb.start, verb.end))
            if done_here(scope, start, verb)
            else RelationReading("mentions")
        )
    if verb.reach == "near" and not _light(gap):
        return None
    if verb.relation in ("on_proposal", "replies") and verb.reach == "clause" and len(gap) > 160:
        return None
    return RelationReading(verb.relation, words_at(scope, verb.start, verb.end))


_LIGHT = re.compile(
    r"""
    [\s,:“\"(]*(?:(?:cac|nghiem|nghiem[ ]tuc|tot|co[ ]hieu[ ]qua|hieu[ ]qua
        |day[ ]du|kip[ ]thoi|noi[ ]dung|van[ ]ban  # nghiêm túc các nội dung
    |va|nhung|toan[ ]bo|mot[ ]so[ ]dieu|mot[ ]so|y[ ]kien|tinh[ ]than|cua|tai
        |chi[ ]dao|so|theo|dong[ ]bo|quyet[ ]liet)[\s,:]+){0,8}\Z  # của
    """,
    re.VERBOSE,
)


_SAID_AT = re.compile(
    r"\s(?:y kien|chi dao|noi dung|yeu cau|ket luan|nhiem vu|cac nhiem vu|cac noi dung|tinh than)\b"
)


def _light(gap: str) -> bool:
    """True if only light words separate a verb from the document, which is the verb's object."""
    if _LIGHT.fullmatch(gap):
        return True
    return len(gap) < 110 and _SAID_AT.match(gap) is not None and gap.rstrip().endswith(" tai") and ";" not in gap


def _by_lead_in(scope: CitationText, start: int) -> RelationReading | None:
    """The relation of a list line: from the line with `:` or the heading that leads the list in; None for none."""
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


def _lead_in(scope: CitationText, start: int, line: str) -> RelationReading | None:
    """The relation a leading line gives;
    None if the line is one of the list itself, `mentions` if it gives none.
    """
    folded = scope.folded[start : start + len(line)]
    heading = line.isupper() or re.match(r"\s*[IVX]{1,5}\s?[.)-]", line)
    if heading:
        return (
            RelationReading("basis", "căn cứ")
            if "can cu" in folded or "co so phap ly" in folded
            else RelationReading("mentions")
        )
    if line.rstrip().endswith(":") or folded.lstrip().startswith("dieu "):
        verbs = [
            verb
            for verb in verbs_in(scope, start, start + len(line))
            if not verb.effect or done_here(scope, start, verb)
        ]
        return (
            RelationReading(verbs[-1].relation, words_at(scope, verbs[-1].start, verbs[-1].end))
            if verbs
            else RelationReading("mentions")
        )
    return None if _LISTED.match(line) else RelationReading("mentions")
