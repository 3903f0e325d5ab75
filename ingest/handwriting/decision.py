"""Decision table for every figure that may be handwritten: its evidence, and if a person is asked.

The net and the second reader are weighed over all values that either has: log p(net) + WEIGHT · log p(second
reader). They were trained separately and fail differently: agreement earns trust, and disagreement is a question.
Print is OCR's: a printed figure that OCR read is never overruled by a net that was trained on pens. Other evidence
of a number (a second mention, the file's name) comes after. TABLE lists every row with its numbers and
measurements.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.reading import boost_candidate

ACCEPT: dict[Kind, float] = {"number": 0.85, "day": 0.95, "month": 0.95}
"""Least confidence of the net to pass without a person if it is the only evidence; aims at 1 in 50 wrong."""
WEIGHT = 1.0
"""Weight of the second reader relative to the net's 1."""
_LEAST_NET, _LEAST_SECOND = 1e-3, 1e-3
"""Probability assumed for a value that the net, or the second reader, does not have."""
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class FigureReadings:
    """Readings of one figure: by the net, by the second reader (None: there is none), by OCR (None: no figures).

    `clear`: OCR's confidence at the place (0 to 1); `printed`: it looks like print; `placed`: both anchors were
    found.
    """

    kind: Kind
    net: tuple[Candidate, ...]
    second: tuple[Candidate, ...] | None
    seen: str | None
    clear: float
    printed: bool
    placed: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """Values, best first, and `sure` if the best may pass without a person."""

    candidates: tuple[Candidate, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least shares of the weighed evidence for the best value to pass without a person."""

    alone: float
    """OCR read no figures."""
    agreed: float
    """OCR read the same figures."""
    opposed: float
    """OCR read other figures, as it does of pens; both others must read the same."""


_LEANS = 0.25
"""Least share of a reader for a value that the other puts first.

A day or month the second reader must put first itself: a 30 passed as 20 where it only had to lean there.
"""
THRESHOLDS: dict[Kind, Thresholds] = {
    "number": Thresholds(0.99, 0.6, 0.99),
    "day": Thresholds(0.98, 0.6, 0.99),
    "month": Thresholds(0.98, 0.6, 0.99),
}
_PRINT_CLEAR = 0.9
"""Mean confidence of OCR above which digits that look printed count as read."""
_MONTH_CLEAR, _NOT_EXCLUDED, _EXCLUDED = 0.7, 0.2, 0.95
"""A month is print on nearly every paper: from this confidence of OCR the net must only not exclude it; a net
this sure of another month has seen a pen.
"""
_NET_AGREED = {True: 0.6, False: 0.75}
"""Without a second reader: least confidence of the net in a number that OCR read too, by whether both anchors
were found.
"""
_DAY_AGREED, _DAY_PRINTED = 0.55, 0.9
_NET_OPPOSED = 0.97


def decide(seen: FigureReadings) -> Decision:
    """Decide by the table: the first row that fits counts."""
    if seen.kind == "month" and seen.seen is not None and 1 <= int(seen.seen) <= 12 and seen.net:
        return _of_month(seen, seen.seen)
    if seen.second is None:
        return _without_second(seen) if seen.kind == "number" else _day_without_second(seen)
    if seen.printed and seen.seen is not None:
        return _of_print(seen, seen.seen)
    found = weighed(seen.net, seen.second)
    if not found:
        return Decision((Candidate(seen.seen, 0.5),) if seen.seen else (), False)
    best, least = found[0], THRESHOLDS[seen.kind]
    both = bool(seen.net and seen.second)
    alike = both and seen.net[0].value == seen.second[0].value
    if seen.seen is None:
        leans = alike or (seen.placed and both and _lean(seen, best.value))
        return Decision(found, both and best.confidence > least.alone and leans)
    if seen.seen == best.value:
        return Decision(boost_candidate(found, best.value, 0.85), best.confidence > least.agreed)
    return Decision(found, alike and best.confidence > least.opposed and seen.placed)


def _lean(seen: FigureReadings, value: str) -> bool:
    """True if neither reader is against a value that they don't both put first."""
    second = seen.second or ()
    if _share(seen.net, value) < _LEANS:
        return False
    return _share(second, value) >= _LEANS if seen.kind == "number" else second[0].value == value


def _of_print(seen: FigureReadings, printed: str) -> Decision:
    """OCR's figures; they pass if another witness reads the same."""
    second = seen.second or ()
    found = weighed(seen.net, second)
    agreed = any(witness and witness[0].value == printed for witness in (seen.net, second))
    return Decision(boost_candidate(found, printed, 0.93 if agreed else 0.6), agreed)


def _of_month(seen: FigureReadings, printed: str) -> Decision:
    """OCR's month, unless the net is sure of another; it passes if net or second reader agree, or print is
    clear.
    """
    best, second = seen.net[0], seen.second
    opposed = second is not None and bool(second) and second[0].value != printed
    if best.value != printed and best.confidence >= _EXCLUDED and not seen.printed:
        found = seen.net[:CANDIDATES] if second is None else weighed(seen.net, second)
        return Decision(found if found[0].value != printed else boost_candidate(found, printed, 0.6), False)
    clear = seen.clear > _MONTH_CLEAR and _share(seen.net, printed) > _NOT_EXCLUDED
    agreed = best.value == printed or clear or (bool(second) and not opposed)
    return Decision(boost_candidate(seen.net, printed, 0.9), agreed and not opposed)


def _without_second(seen: FigureReadings) -> Decision:
    """A number by net and OCR alone."""
    found, printed = seen.net[:CANDIDATES], seen.seen
    accepted = bool(found) and seen.placed and found[0].confidence >= ACCEPT[seen.kind]
    if printed is None:
        return Decision(found, accepted)
    if not found:
        return Decision((Candidate(printed, 0.5),), False)
    if found[0].value == printed:
        least = 0.93 if seen.printed else 0.85
        return Decision(boost_candidate(found, printed, least), found[0].confidence > _NET_AGREED[seen.placed])
    if seen.printed and seen.clear > _PRINT_CLEAR:
        return Decision(boost_candidate(found, printed, 0.6), False)
    return Decision(found, accepted and found[0].confidence > _NET_OPPOSED)


def _day_without_second(seen: FigureReadings) -> Decision:
    """A day or month by net and OCR alone."""
    found, printed = seen.net[:CANDIDATES], seen.seen
    accepted = bool(found) and seen.placed and found[0].confidence >= ACCEPT[seen.kind]
    if not found:
        sure = printed is not None and seen.clear > _PRINT_CLEAR
        return Decision((Candidate(printed, 0.7),) if printed else (), sure)
    if printed is None:
        return Decision(found, accepted)
    if printed == found[0].value:
        return Decision(boost_candidate(found, printed, 0.9), found[0].confidence > _DAY_AGREED)
    if seen.printed and found[0].confidence < _DAY_PRINTED:
        return Decision(boost_candidate(found, printed, 0.9), False)
    return Decision(found, accepted and found[0].confidence > _NET_OPPOSED)


_YEAR_ALONE = 0.5
"""Least share of the second reader's year to be offered if OCR read none, or another."""


def decide_year(printed: str | None, clear: bool, second: Sequence[Candidate] | None) -> Decision:
    """Decide the year, which is print: OCR's passes if clear and not contradicted by the second reader.

    2018 read as 2016 and 2017 read as 2012 went on record unseen while OCR was the only evidence.
    """
    other = second[0] if second else None
    if printed is None:
        return Decision((other,) if other and other.confidence > _YEAR_ALONE else (), False)
    if other is None or other.value == printed:
        return Decision((Candidate(printed, 1.0),), clear)
    if other.confidence <= _YEAR_ALONE or _share(second or (), printed) > _NOT_EXCLUDED:
        return Decision((Candidate(printed, 0.9), Candidate(other.value, 0.1)), False)
    return Decision((Candidate(printed, 0.6), Candidate(other.value, 0.4)), False)


YEAR_CLEAR = 0.5
"""OCR's confidence of a year below which a person is asked."""
_MENTIONED, _MENTIONED_LEAST = 0.97, 0.1
"""Share of the digits that a printed second mention of the number repeats, and their least share without it."""
_NAMED, _NAMED_LEAST = 0.95, 0.1
"""Share of the digits that a file's name repeats with the whole symbol, and their least share without the name."""


def with_mention(decided: Decision, value: str) -> Decision:
    """Weigh a second mention of the number (`Kèm theo Quyết định số 87/QĐ-UBND`) with the digits that were read.

    It is print as a rule, but some annexes have it written, and OCR reads pens badly: a written 440 that both readers
    saw was a 40 by its mention. It settles what was open and is likely by itself; otherwise both are asked about.
    """
    likely = _share(decided.candidates, value) >= _MENTIONED_LEAST
    if decided.sure and decided.candidates[0].value != value:
        return Decision(decided.candidates, False)
    return Decision(boost_candidate(decided.candidates, value, _MENTIONED if likely else 0.6), likely)


def with_name(decided: Decision, candidate: Candidate, *, whole: bool) -> Decision:
    """Weigh a file's name with the digits of a candidate; `whole`: the symbol follows right after them.

    `31-KH-STTTT.pdf` identifies the document. `scan 5.pdf` may be a counter, a page or a day: it puts a candidate
    first that no other evidence had settled otherwise, and never turns review off.
    """
    if whole:
        sound = candidate is decided.candidates[0] if decided.sure else candidate.confidence > _NAMED_LEAST
        return Decision(boost_candidate(decided.candidates, candidate.value, _NAMED), sound)
    if decided.sure:
        return decided
    return Decision((candidate, *(other for other in decided.candidates if other is not candidate)), False)


def _share(read: Sequence[Candidate], value: str) -> float:
    return next((candidate.confidence for candidate in read if candidate.value == value), 0.0)


def weighed(net: Sequence[Candidate], second: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Values of both with their shares of the weighed evidence, best first."""
    of_net, of_second = ({c.value: c.confidence for c in witness} for witness in (net, second))
    scores = {
        value: math.log(max(of_net.get(value, 0.0), _LEAST_NET))
        + WEIGHT * math.log(max(of_second.get(value, 0.0), _LEAST_SECOND))
        for value in of_net | of_second
    }
    if not scores:
        return ()
    most = max(scores.values())
    whole = sum(math.exp(score - most) for score in scores.values())
    ranked = sorted(scores, key=lambda value: (-scores[value], value))[:CANDIDATES]
    return tuple(Candidate(value, round(math.exp(scores[value] - most) / whole, 4)) for value in ranked)


def parts(dates: Sequence[Candidate], at: int) -> tuple[Candidate, ...]:
    """Days (at 0) or months (at 1) of `day/month` values, best first, with their shares summed."""
    shares: dict[str, float] = {}
    for date in dates:
        value = date.value.split("/")[at]
        shares[value] = shares.get(value, 0.0) + date.confidence
    return tuple(
        Candidate(v, round(min(share, 1.0), 4)) for v, share in sorted(shares.items(), key=lambda p: -p[1])
    )


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table: evidence, agreement, least share to pass without a person (None: never), and the
    reason.

    The share is of the weighed evidence, of the net alone without a second reader, of OCR for print.
    """

    figure: str
    witnesses: str
    agreement: str
    least: float | None
    measured: str


_NUMBER_FOLDS = "by heads of folds of bodies 139 of 184 pass, none wrong; at 0.98 one is wrong (14 for 114)"
_DAY_FOLDS = "by folds of bodies 147 of 171 days pass, none wrong"
_NET_FOLDS = "by folds, of 52 numbers 26 at 0.9 and 34 at 0.8, none wrong; of 46 days 35 at 0.95, 1 wrong"
_HEARD = "two of three witnesses have been heard already"
TABLE = (
    Rule("number", "net and second reader", "alike, or both lean there (0.25)", THRESHOLDS["number"].alone, _NUMBER_FOLDS),
    Rule("day, month", "net and second reader", "alike, or the net leans there (0.25)", THRESHOLDS["day"].alone, _DAY_FOLDS),
    Rule("number, day, month", "net, second reader, OCR", "OCR reads the best value too", THRESHOLDS["number"].agreed, _HEARD),
    Rule("number, day, month", "net, second reader, OCR", "OCR reads another; both others alike", THRESHOLDS["number"].opposed, _NUMBER_FOLDS),
    Rule("number, day, month", "net or second reader", "only one of them read a figure", None, "0 silent faults is the rule"),
    Rule("printed number, day", "OCR and net or second reader", "one of them reads the same", 0.0, "print is OCR's"),
    Rule("printed number, day", "OCR alone", "no other reads the same", None, "print misread alone was wrong unseen"),
    Rule("printed month", "OCR, net, second reader", "net or second reader alike, none denies it", 0.0, "a month is print on nearly every paper"),
    Rule("printed month", "OCR and net", "the net does not exclude it (0.2)", _MONTH_CLEAR, "a month is print on nearly every paper"),
    Rule("year", "OCR and second reader", "the second reader reads no other", YEAR_CLEAR, "2018 read 2016 and 2017 read 2012 while OCR was alone"),
    Rule("number", "net", "no second reader; both anchors found", ACCEPT["number"], _NET_FOLDS),
    Rule("day, month", "net", "no second reader; both anchors found", ACCEPT["day"], _NET_FOLDS),
    Rule("number", "net and OCR", "no second reader; alike, both anchors found", _NET_AGREED[True], _HEARD),
    Rule("number", "net and OCR", "no second reader; alike, place guessed", _NET_AGREED[False], _HEARD),
    Rule("day, month", "net and OCR", "no second reader; alike", _DAY_AGREED, _HEARD),
    Rule("number, day, month", "net and OCR", "no second reader; OCR reads another pen", _NET_OPPOSED, "OCR reads pens badly"),
    Rule("day, month", "OCR alone", "no second reader; the net saw no figure", _PRINT_CLEAR, "print"),
    Rule("number", "a second mention", "it repeats an unsettled candidate", _MENTIONED_LEAST, "print as a rule; a written one made 40 of 440 unseen"),
    Rule("number", "a second mention", "it repeats another than the settled one", None, "print as a rule; a written one made 40 of 440 unseen"),
    Rule("number", "the file's name with digits and symbol", "it repeats an unsettled candidate", _NAMED_LEAST, "31-KH-STTTT.pdf says which document it is"),
    Rule("number", "the file's name with digits alone", "it puts an unsettled candidate first", None, "scan 5.pdf: 5 read for 31 passed unseen"),
    Rule("number", "neighbours on record", "they order candidates or doubt a number", None, "they may be wrong themselves"),
)  # fmt: skip
"""Every source and agreement with the share from which no person is asked; a test compares it with the
decisions.
"""
