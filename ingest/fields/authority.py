"""Authority and title (quyền hạn, chức vụ) decided from two readings of each line:
the text's and the second reader's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from corpus.document import Box, Candidate, Field, Signer
from corpus.tables import rows as table
from ingest.fields.signer_name import SeenName
from ingest.secondreader.lexicon import Match

_AUTHORITIES = ("KT", "TL", "TUQ", "Q")
"""Abbreviations of ký thay, thừa lệnh, thừa ủy quyền, quyền."""
_ON_BEHALF = tuple(
    f"TM. {body}"
    for body in (
        "ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN", "HỘI ĐỒNG", "BAN THƯỜNG VỤ", "BAN CHẤP HÀNH", "CHÍNH PHỦ",
        "BAN CHỈ ĐẠO", "THƯỜNG TRỰC", "ĐẢNG ỦY", "CHI BỘ", "BAN TỔ CHỨC", "ỦY BAN",
    )
)  # fmt: skip


_READ, _CLEAR, _SHARP = -2.0, -1.3, -0.8
"""Fit for each letter (log): a line may be a text; it is the text; it is the text letter by letter."""
_LEAD = 3.0
"""Least log odds between two readings of one line for the better one to pass."""
_PITCH = (0.6, 1.7)
"""Distance from a line to the beginning of the next one, in heights of its picture."""
_STAMPED, _DEPUTY = 0.35, ("PHÓ ", "THỨ ")
"""Least distance of a title that touches the line above it, in heights of that line,
and the deputies that it must be of.
"""
_BARE = 15.0
"""Cost (log) above which a line holds its title and no further letter; other ink on the line is counted."""
_NO_INK = -2.0
"""Cost (log) above which a line holds its title and not one letter more; other ink is counted."""
_NOTHING, _FAINT = -4.0, -2.5
"""Fit below which the line under a chief's is no title; below the second, unless his deputy fits it best."""
_SURE, _UNSURE = 0.97, 0.6
"""Confidence of a title that is certain, and of one that is not."""
_NONE = Match("", -1e3)


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of the block: its readings by the second reader, best first, and its place on the page."""

    read: tuple[Match, ...]
    box: Box

    @property
    def best(self) -> Match:
        return self.read[0]

    def most(self, texts: Sequence[str]) -> Match:
        """The likeliest of some texts; one that fits nowhere if none is among those that were tried."""
        return max((each for each in self.read if each.text in texts), key=lambda each: each.cost, default=_NONE)

    def lead(self, texts: Sequence[str], others: Sequence[str]) -> float:
        """Lead of the likeliest of some texts over the likeliest of others (log)."""
        return self.most(texts).cost - self.most(others).cost


@dataclass(frozen=True, slots=True)
class SeenBlock:
    """The lines of one page's signature block as the second reader read them:
    of authority and title, and of the name.
    """

    page: int
    lines: tuple[SeenLine, ...]
    name: SeenName | None = None


@cache
def line_texts() -> tuple[str, ...]:
    """Possible texts of a line of authority or title:
    titles, an authority before one, bodies that are signed for.
    """
    titles = [row["title"] for row in table("positions")]
    return (*titles, *(f"{word}. {title}" for word in _AUTHORITIES for title in titles), *_ON_BEHALF)


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity in which someone signed:
    lines of authority, title, certainty of both, and their lines on the page.
    """

    authority: str | None
    title: str
    sure: bool
    lines: tuple[SeenLine, ...]
    titled: bool = False
    """True if at least the title is certain: a deputy's, whose `KT. <chief>` is lost."""


def capacity_of(lines: Sequence[SeenLine]) -> Capacity | None:
    """The authority and title that the lines give together; None if they give none.

    A chief has one line of title. Two lines of the same office, one above the other, are `KT. <chief>` and his
    deputy, whichever of their letters the seal left.
    """
    behalf = next((line for line in lines if _says(line, _ON_BEHALF)), None)
    pairs = [(upper, lower) for upper in lines for lower in lines if _stands_under(lower, upper)]
    found = [each for upper, lower in pairs if (each := _deputy(upper, lower) or _by_order(upper, lower))]
    best = max(found, key=lambda each: sum(line.best.fit for line in each.lines), default=None)
    best = best or max(
        (each for line in lines if (each := _alone(line, lines))),
        key=lambda each: each.lines[0].best.fit,
        default=None,
    )
    if best is None or behalf is None or behalf in best.lines:
        return best
    authority = "; ".join(part for part in (behalf.best.text, best.authority) if part)
    return Capacity(authority, best.title, best.sure, (behalf, *best.lines), best.titled)


def _says(line: SeenLine, texts: Sequence[str]) -> bool:
    return line.best.text in texts and line.best.fit > _CLEAR


def _stands_under(lower: SeenLine, upper: SeenLine) -> bool:
    high = upper.box.bottom - upper.box.top
    # One line looked at twice is no pair: a stamped title that touches the line above it must be a deputy's.
    least = _STAMPED if lower.best.text.startswith(_DEPUTY) else _PITCH[0]
    return least * high < lower.box.top - upper.box.top < _PITCH[1] * high


def _deputy(upper: SeenLine, lower: SeenLine) -> Capacity | None:
    """The capacity of `KT. <chief>` above `<deputy>`; None for other lines."""
    seen: list[tuple[float, str, str, bool]] = []
    for deputy, chief in _chiefs():
        above = upper.most((f"KT. {chief}", chief))
        below = lower.most((deputy, chief, f"Q. {chief}", f"TL. {chief}"))
        signed = lower.most((deputy,))
        shows = below.fit > _CLEAR or (signed.fit > _FAINT and signed.fit >= below.fit)
        if above.fit > _READ and shows:
            by_pen = upper.lead((f"KT. {chief}",), (chief,))
            sure = signed.fit > _CLEAR and lower.lead((deputy,), (chief, f"KT. {chief}")) > _LEAD
            sure = sure or (by_pen > 2 * _LEAD and below.fit > _CLEAR)
            # The office's name in two lines, `PHÓ` likeliest in the second: together they are sure before one is.
            sure = sure or (_is_best(upper, above) and _is_best(lower, signed))
            seen.append((above.cost + max(below.cost, signed.cost), chief, deputy, sure and above.fit > _READ))
    if not seen:
        return None
    seen.sort(reverse=True)
    cost, chief, deputy, sure = seen[0]
    rival = next((other for other, head, _, _ in seen if head != chief), None)
    sure = sure and (rival is None or cost - rival > _LEAD)
    return Capacity(f"KT. {chief}", deputy, sure, (upper, lower))


def _is_best(line: SeenLine, match: Match) -> bool:
    """True if a text is the line's best one, and fits it."""
    return line.best.text == match.text and match.fit > _CLEAR


def _by_order(upper: SeenLine, lower: SeenLine) -> Capacity | None:
    """The capacity of `TL. <chief>` above the title of the person who signs by his order (thừa lệnh, thừa ủy
    quyền).
    """
    order, title = upper.best, lower.best
    if not order.text.startswith(("TL. ", "TUQ. ")) or title.text not in _titles() or title.fit < _CLEAR:
        return None
    plain = order.text.split(". ", 1)[1]
    sure = upper.lead((order.text,), (plain, f"KT. {plain}")) > _LEAD and min(order.fit, title.fit) > _SHARP
    return Capacity(order.text, title.text, sure, (upper, lower)) if order.fit > _CLEAR else None


def _alone(line: SeenLine, lines: Sequence[SeenLine]) -> Capacity | None:
    """The capacity of one line of title: a chief's;
    a deputy's or a `KT.` alone means that the other line is lost, so a person looks.
    """
    text = line.best.text
    if line.best.fit < _READ or text in _ON_BEHALF:
        return None
    word, _, title = text.rpartition(". ")
    chief = dict(_chiefs()).get(title)
    if chief is not None:
        titled = not word and line.best.fit > _CLEAR and line.lead((title,), (chief, f"KT. {chief}")) > _LEAD
        return Capacity(f"KT. {chief}", title, False, (line,), titled)
    if word == "KT":
        deputy = next((deputy for deputy, head in _chiefs() if head == title), None)
        return Capacity(text, deputy, False, (line,)) if deputy else None
    others = tuple(f"{other}. {title}" for other in _AUTHORITIES)
    lead = line.lead((title,), others)
    clear = (
        not word and line.best.fit > _CLEAR and (lead > _BARE or (line.best.cost > _NO_INK and lead > 2 * _LEAD))
    )
    under = [other for other in lines if 0 < other.box.top - line.box.top < 2 * (line.box.bottom - line.box.top)]
    possible = (title, *(deputy for deputy, head in _chiefs() if head == title))
    sure = clear and all(_says_nothing(other, possible) for other in under)
    return Capacity(None, title, sure, (line,))


def _says_nothing(line: SeenLine, possible: Sequence[str]) -> bool:
    """True if a line below a chief's has none of his deputies' titles: strokes fit any office equally well."""
    fit = line.most(possible).fit
    return fit < _NOTHING or (fit < _FAINT and line.best.text not in possible)


def settled(signer: Signer, seen: SeenBlock) -> Signer:
    """The signer of a recognised page after the second reader read his lines:
    agreement accepts, all else goes to review.

    A title that both read alike is accepted, and a pair of lines that the second reader is sure of if recognition
    lost one of them. A title that only one of them gives, or that they give differently, is an open question with
    both candidates.
    """
    found = capacity_of(seen.lines)
    if found is None:
        return replace(signer, title=_for_review(signer.title), authority=_for_review(signer.authority))
    alike = signer.title is not None and signer.title.value == found.title
    if not alike and signer.title is not None and not _explains(found, signer.title.value):
        candidates = (Candidate(signer.title.value, 0.5), Candidate(found.title, 0.4))
        return replace(signer, title=replace(signer.title, review=True, candidates=candidates))
    paired = alike and found.authority is not None and signer.authority is not None
    sure = found.sure or (paired and _same(signer.authority, found.authority))
    return replace(
        signer,
        title=_title(signer.title, found, seen, sure or found.titled),
        authority=_authority(signer.authority, found, seen, sure),
    )


def _for_review(field: Field | None) -> Field | None:
    return None if field is None else replace(field, review=True)


def _explains(found: Capacity, printed: str) -> bool:
    """True if what recognition took for the title is the first of two lines: it lost the deputy's."""
    return found.authority is not None and found.authority.endswith(f". {printed}")


def _same(printed: Field | None, authority: str | None) -> bool:
    return printed is not None and authority is not None and printed.value.endswith(authority)


def _title(printed: Field | None, found: Capacity, seen: SeenBlock, sure: bool) -> Field:
    if printed is not None and printed.value == found.title:
        return replace(
            printed, review=not sure, confidence=max(printed.confidence, _SURE) if sure else printed.confidence
        )
    candidates = (Candidate(found.title, 0.6), Candidate(printed.value, 0.4)) if printed is not None else ()
    return _field(found.title, found.lines[-1], seen, "signer.title.seen", sure, candidates)


def _authority(printed: Field | None, found: Capacity, seen: SeenBlock, sure: bool) -> Field | None:
    """The printed lines if they end like the lines seen (`TM. … ; KT. …`), else the lines seen."""
    if found.authority is None:
        return _for_review(printed) if printed is not None and not sure else printed
    if printed is not None and (_same(printed, found.authority) or found.authority.endswith(printed.value)):
        longer = max(printed.value, found.authority, key=len)
        return replace(printed, value=longer, review=not sure)
    return _field(found.authority, found.lines[0], seen, "signer.authority.seen", sure, ())


def _field(
    value: str, line: SeenLine, seen: SeenBlock, rule: str, sure: bool, candidates: tuple[Candidate, ...]
) -> Field:
    confidence = _SURE if sure else _UNSURE
    return Field(
        value, line.best.text, confidence, not sure, seen.page, (line.box,), rule, () if sure else candidates
    )


@cache
def _titles() -> frozenset[str]:
    return frozenset(row["title"] for row in table("positions"))


@cache
def _chiefs() -> tuple[tuple[str, str], ...]:
    """A deputy's title and his chief's, the plain deputy (`PHÓ GIÁM ĐỐC`) first."""
    heads = [row["title"] for row in table("positions") if row["level"] == "head"]
    special = (("THỨ TRƯỞNG", "BỘ TRƯỞNG"), ("TỔ PHÓ", "TỔ TRƯỞNG"))
    plain = [(f"PHÓ {head}", head) for head in heads if f"PHÓ {head}" in _titles()]
    longer = [(f"PHÓ {head} THƯỜNG TRỰC", head) for head in heads]
    return (*special, *plain, *(pair for pair in longer if pair[0] in _titles()))
