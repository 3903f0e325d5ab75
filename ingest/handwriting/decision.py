"""One table for every figure that may be written by hand: net, second reader and OCR, and whether a person is asked.

The net and the second reader are weighed over all values that either has: log p(net) + WEIGHT · log p(second reader). They
were trained apart and fail differently: agreeing earns trust, and what they do not agree on is a question. Print is OCR's:
a printed figure that OCR read is never overruled by a net that was trained on pens.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from corpus.document import Candidate
from ingest.handwriting.beam_search import Kind
from ingest.handwriting.reading import agreeing
from ingest.handwriting.thresholds import ACCEPT

WEIGHT = 1.2
"""Of the second reader beside the net's 1."""
_LEAST_NET, _LEAST_SECOND = 0.01, 3e-3
"""What a value is given by a witness that does not have it."""
CANDIDATES = 5


@dataclass(frozen=True, slots=True)
class Witnesses:
    """What was read of one figure: by the net, by the second reader (None: there is none), by OCR (None: no figures).

    `clear`: OCR's confidence of the place (0 to 1); `printed`: it looks like print; `placed`: both anchors were found.
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
    """The values, best first, and whether the best may go on without a person."""

    candidates: tuple[Candidate, ...]
    sure: bool


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Least shares of the weighed evidence from which the best value passes unasked."""

    alone: float
    """OCR read no figures."""
    agreed: float
    """OCR read the same figures."""
    opposed: float
    """OCR read other figures, as it does of pens; both others must read the same."""


_NET_LEANS = 0.25
"""Least share that the net must give what the second reader alone puts first."""
# By folds of bodies (ingest/weights/README.md), OCR not asked: of 184 numbers 126 pass at 0.98, of 171 days 146, none of them
# wrong; at 0.95 one number more was wrong. Where OCR read the same figures two of three witnesses have been heard already.
THRESHOLDS: dict[Kind, Thresholds] = {
    "number": Thresholds(0.98, 0.6, 0.98),
    "day": Thresholds(0.98, 0.6, 0.98),
    "month": Thresholds(0.98, 0.6, 0.98),
}
_PRINT_CLEAR = 0.9
"""Mean confidence of OCR above which digits that look printed are taken for read."""
_MONTH_CLEAR, _NOT_EXCLUDED, _EXCLUDED = 0.7, 0.2, 0.95
"""A month is print on nearly every paper: where OCR is so clear the net must at least not exclude it; a net this sure of
another month has seen a pen."""
_NET_AGREED = {True: 0.6, False: 0.75}
"""Without a second reader: what the net must give a number that OCR read too, by whether both anchors were found."""
_DAY_AGREED, _DAY_PRINTED = 0.55, 0.9
_NET_OPPOSED = 0.97


def decide(seen: Witnesses) -> Decision:
    """The table: the first row that fits decides."""
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
        leans = alike or (seen.placed and _share(seen.net, best.value) >= _NET_LEANS)
        return Decision(found, both and best.confidence > least.alone and leans)
    if seen.seen == best.value:
        return Decision(agreeing(found, best.value, 0.85), best.confidence > least.agreed)
    return Decision(found, alike and best.confidence > least.opposed and seen.placed)


def _of_print(seen: Witnesses, printed: str) -> Decision:
    """OCR's figures; they pass when another witness reads the same."""
    second = seen.second or ()
    found = weighed(seen.net, second)
    agreed = any(witness and witness[0].value == printed for witness in (seen.net, second))
    return Decision(agreeing(found, printed, 0.93 if agreed else 0.6), agreed)


def _of_month(seen: Witnesses, printed: str) -> Decision:
    """OCR's month, unless the net is sure of another; it passes when net or second reader agree, or print is clear."""
    best, second = seen.net[0], seen.second
    opposed = second is not None and bool(second) and second[0].value != printed
    if best.value != printed and best.confidence >= _EXCLUDED and not seen.printed:
        found = seen.net if second is None else weighed(seen.net, second)
        return Decision(found if found[0].value != printed else agreeing(found, printed, 0.6), False)
    clear = seen.clear > _MONTH_CLEAR and _share(seen.net, printed) > _NOT_EXCLUDED
    agreed = best.value == printed or clear or (bool(second) and not opposed)
    return Decision(agreeing(seen.net, printed, 0.9), agreed and not opposed)


def _without_second(seen: Witnesses) -> Decision:
    """A number after net and OCR alone."""
    found, printed = seen.net, seen.seen
    accepted = bool(found) and seen.placed and found[0].confidence >= ACCEPT[seen.kind]
    if printed is None:
        return Decision(found, accepted)
    if not found:
        return Decision((Candidate(printed, 0.5),), False)
    if found[0].value == printed:
        least = 0.93 if seen.printed else 0.85
        return Decision(agreeing(found, printed, least), found[0].confidence > _NET_AGREED[seen.placed])
    if seen.printed and seen.clear > _PRINT_CLEAR:
        return Decision(agreeing(found, printed, 0.6), False)
    return Decision(found, accepted and found[0].confidence > _NET_OPPOSED)


def _day_without_second(seen: Witnesses) -> Decision:
    """A day or month after net and OCR alone."""
    found, printed = seen.net, seen.seen
    accepted = bool(found) and seen.placed and found[0].confidence >= ACCEPT[seen.kind]
    if not found:
        sure = printed is not None and seen.clear > _PRINT_CLEAR
        return Decision((Candidate(printed, 0.7),) if printed else (), sure)
    if printed is None:
        return Decision(found, accepted)
    if printed == found[0].value:
        return Decision(agreeing(found, printed, 0.9), found[0].confidence > _DAY_AGREED)
    if seen.printed and found[0].confidence < _DAY_PRINTED:
        return Decision(agreeing(found, printed, 0.9), False)
    return Decision(found, accepted and found[0].confidence > _NET_OPPOSED)


_YEAR_ALONE = 0.5
"""Share from which the second reader's year is offered where OCR read none, or another."""


def decide_year(printed: str | None, clear: bool, second: Sequence[Candidate] | None) -> Decision:
    """The year, which is print: OCR's, passed when it is clear and the second reader does not read another one.

    2018 read 2016 and 2017 read 2012 went on record unseen while OCR was the only witness.
    """
    other = second[0] if second else None
    if printed is None:
        return Decision((other,) if other and other.confidence > _YEAR_ALONE else (), False)
    if other is None or other.value == printed:
        return Decision((Candidate(printed, 1.0),), clear)
    if other.confidence <= _YEAR_ALONE or _share(second or (), printed) > _NOT_EXCLUDED:
        return Decision((Candidate(printed, 0.9), Candidate(other.value, 0.1)), False)
    return Decision((Candidate(printed, 0.6), Candidate(other.value, 0.4)), False)


def _share(read: Sequence[Candidate], value: str) -> float:
    return next((candidate.confidence for candidate in read if candidate.value == value), 0.0)


def weighed(net: Sequence[Candidate], second: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """The values of both with their shares of the weighed evidence, best first."""
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
