"""Check of a number against its neighbours on record: numbers run with the date within a series (sổ văn bản đi).

An incoming document's number is compared with those of the same issuer, symbol and year: one below what was issued
earlier, or above what was issued later, is doubted, and of several candidates those that fit come first. Nothing
passes without a person because of its neighbours: they may be wrong themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from corpus.authority import identity
from corpus.database.models import Document
from corpus.document import Candidate, Field, Fields, Warning
from corpus.errors import caution_message
from corpus.numbering.dates import day_of
from corpus.numbering.number import Number, parse

_NEAREST = 5
"""Neighbours asked on each side: one that is wrong itself is outvoted."""
_APART = 2
"""Days; papers of one or two days get their numbers in any order."""
_WITHIN = timedelta(days=_APART)
"""`_APART` as a time span."""
_LEAST_SPAN, _LEAST_BEFORE = 14, 4
"""Days and documents needed to know the pace of a series, for judging a number as too far ahead."""
_SLACK, _HASTE = 20, 4.0
"""Largest plausible number = last number + `_SLACK` + `_HASTE` × (numbers a day) × (days since)."""
_OUT_OF_RUN = 0.1
"""Factor on the probability of a candidate that does not fit."""


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Ordinals and days of the nearest documents of the series, nearest first; only accepted ones count."""

    day: date
    before: tuple[tuple[date, int], ...]
    after: tuple[tuple[date, int], ...]

    def fit(self, ordinal: int) -> bool:
        """True if the number may lie between its neighbours, also if there are too few to judge."""
        later_before = sum(other > ordinal for _, other in self.before)
        earlier_after = sum(other < ordinal for _, other in self.after)
        if 2 * later_before > len(self.before) or 2 * earlier_after > len(self.after):
            return False
        return bool(self.after) or ordinal <= self._furthest()

    def _furthest(self) -> float:
        """The highest number that the series can have reached at its pace."""
        if len(self.before) < _LEAST_BEFORE or (self.before[0][0] - self.before[-1][0]).days < _LEAST_SPAN:
            return float("inf")
        ordinals = sorted(other for _, other in self.before)
        pace = (ordinals[-1] - ordinals[0]) / (self.before[0][0] - self.before[-1][0]).days
        return ordinals[-1] + _SLACK + _HASTE * pace * (self.day - self.before[0][0]).days


def weighed(session: Session, document_id: int, fields: Fields) -> tuple[Fields, tuple[Warning, ...]]:
    """The fields with the number checked against its neighbours, and the warning `number_out_of_run` if it does
    not fit.
    """
    number, day = fields.number, _day(fields.date)
    read = parse(number.value) if number is not None else None
    if number is None or read is None or day is None or fields.issuer is None:
        return fields, ()
    around = neighbours(session, document_id, fields.issuer.value, read, day)
    told = _with_order(number, around) if number.review else _with_doubt(number, read, around)
    warning = Warning("number_out_of_run", caution_message("number_out_of_run"), number.page)
    still_out = not _fits(told.value, around)
    return replace(fields, number=told), (warning,) if still_out and told.review else ()


def neighbours(session: Session, document_id: int, issuer: str, number: Number, day: date) -> Neighbours:
    """The nearest documents on record of the same issuer, symbol and year, on either side of the day."""
    if not date.min + _WITHIN <= day <= date.max - _WITHIN:
        return Neighbours(day, (), ())
    ask = select(Document.date, Document.number).where(
        Document.issuer_key == (identity.issuer_key(issuer) or "")[:200], Document.symbol == number.symbol[:100],
        Document.year == (number.year or day.year), Document.status == "accepted", Document.id != document_id,
    )  # fmt: skip
    until, since = ((day + timedelta(days=days)).isoformat() for days in (-_APART, _APART))
    before = session.execute(ask.where(Document.date <= until).order_by(Document.date.desc()).limit(_NEAREST))
    after = session.execute(ask.where(Document.date >= since).order_by(Document.date).limit(_NEAREST))
    return Neighbours(day, _run(before), _run(after))


def _run(rows: Iterable[Row[str | None, str | None]]) -> tuple[tuple[date, int], ...]:
    read = [(day_of(day), parse(number)) for day, number in rows if day and number]
    return tuple(
        (day, found.ordinal)
        for day, found in read
        if day is not None and found is not None and found.ordinal is not None
    )


def _day(field: Field | None) -> date | None:
    """The date, if it is sure enough to compare a number with."""
    return None if field is None or field.review else day_of(field.value)


def _fits(value: str, around: Neighbours) -> bool:
    read = parse(value)
    return read is None or read.ordinal is None or around.fit(read.ordinal)


def _with_doubt(number: Field, read: Number, around: Neighbours) -> Field:
    """Flag a number for review if it does not fit its neighbours."""
    if read.ordinal is None or around.fit(read.ordinal):
        return number
    return replace(number, review=True, candidates=(Candidate(number.value, number.confidence),))


def _with_order(number: Field, around: Neighbours) -> Field:
    """Order the candidates of a doubted number, fitting ones first, with reduced probabilities for the others."""
    shares = [(c, c.confidence * (1.0 if _fits(c.value, around) else _OUT_OF_RUN)) for c in number.candidates]
    total, left = sum(c.confidence for c in number.candidates), sum(share for _, share in shares)
    if not left:
        return number
    ranked = sorted(shares, key=lambda pair: -pair[1])
    candidates = tuple(Candidate(c.value, round(share * total / left, 4)) for c, share in ranked)
    return replace(number, value=candidates[0].value, confidence=candidates[0].confidence, candidates=candidates)
