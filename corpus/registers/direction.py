"""Direction of a paper (đến, đi, nội bộ) from issuer, recipients and arrival stamp, with its evidence.

Without a body of ours in the store only the stamp says anything: a paper with one has arrived.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from corpus.authority.bodies import expand, tidy
from corpus.authority.identity import issuer_key
from corpus.authority.provinces import province_at_end
from corpus.document import Candidate, Field, Fields
from corpus.tables import rows
from corpus.vietnamese.fold import words

STAMP, RECIPIENT, ISSUER = "direction.stamp", "direction.recipient", "direction.issuer"
"""Rules: the arrival stamp; a recipient that is ours; the issuer, who is ours or is not."""
_NOTE = re.compile(r"\([^()]*\)")
_APART = re.compile(r"\s*[;,]\s*")
_TOO_SHORT = frozenset({"", "uy ban nhan dan", "hoi dong nhan dan"})
"""Names that, without province and level, every place has."""
_SURE, _FAIR = 0.97, 0.9
"""Confidence (0 to 1) of a direction with evidence of its own, and of one by the issuer alone."""


@dataclass(frozen=True, slots=True)
class OwnName:
    """A body of ours: its full name, and the places that it writes (địa danh) or lies in."""

    name: str
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Known:
    """The spellings that mean a body of ours, folded: anywhere, and without its province near it."""

    anywhere: frozenset[str]
    nearby: frozenset[str]
    near: frozenset[str]


def told(fields: Fields, own: Iterable[OwnName]) -> Fields:
    """The fields with their direction; one that a person has decided stays."""
    if fields.direction is not None and not is_derived(fields.direction):
        return fields
    return replace(fields, direction=direction_of(fields, tuple(own)))


def confirmed(fields: Fields) -> Fields:
    """The fields with a direction that nobody doubts any more."""
    found = fields.direction
    return fields if found is None else replace(fields, direction=replace(found, review=False))


def comes_from(fields: Fields, own: OwnName) -> bool:
    """True if a body of ours issued the paper."""
    return fields.issuer is not None and _is_ours(fields.issuer.value, [_spellings_of(own)], _local(fields))


def comes_from_part(fields: Fields, own: OwnName) -> bool:
    """True if a part of a body of ours issued the paper."""
    return fields.superior is not None and _is_ours(fields.superior.value, [_spellings_of(own)], _local(fields))


def goes_to(fields: Fields, own: OwnName) -> bool:
    """True if the paper names a body of ours among its addressees and recipients."""
    known, local = [_spellings_of(own)], _local(fields)
    return any(_names_us(one.value, known, local) for one in _places(fields))


def is_derived(direction: Field) -> bool:
    """True if the direction follows from other fields, and was not decided by a person."""
    return direction.rule.startswith("direction.")


def direction_of(fields: Fields, own: tuple[OwnName, ...]) -> Field | None:
    """The direction that the record itself tells; None where it tells none."""
    stamp = _stamp(fields)
    if not own:
        return stamp
    known = [_spellings_of(one) for one in own]
    local = _local(fields)
    if fields.issuer is None:
        return stamp or _to_us(fields, known, local)
    if _is_ours(fields.issuer.value, known, local):
        return _of_ours(fields, fields.issuer, stamp, known, local)
    return stamp or _to_us(fields, known, local) or _foreign(fields, fields.issuer, known, local)


def _stamp(fields: Fields) -> Field | None:
    """Incoming, by the stamp that the reader saw or by its number and day; typed ones count too."""
    if fields.direction is not None and fields.direction.rule == STAMP:
        return fields.direction
    seen = fields.incoming.number or fields.incoming.date
    return None if seen is None else _from(seen, "incoming", STAMP, _SURE, review=False)


def _to_us(fields: Fields, known: list[_Known], local: frozenset[str]) -> Field | None:
    named = next((one for one in _places(fields) if _names_us(one.value, known, local)), None)
    return None if named is None else _from(named, "incoming", RECIPIENT, _SURE)


def _foreign(fields: Fields, issuer: Field, known: list[_Known], local: frozenset[str]) -> Field | None:
    """Another body's paper came to us, unless that body is a part of ours."""
    superior = fields.superior
    if superior is not None and _is_ours(superior.value, known, local):
        return None
    return _from(issuer, "incoming", ISSUER, _FAIR)


def _of_ours(
    fields: Fields, issuer: Field, stamp: Field | None, known: list[_Known], local: frozenset[str]
) -> Field | None:
    """A paper of ours: outgoing if anybody else gets it, internal if only we do; a stamp on it is a question."""
    named = [one for one in _places(fields) if _kind(one.value) != "silent"]
    if not named:
        return None
    outside = [one for one in named if _kind(one.value) != "inside" and not _names_us(one.value, known, local)]
    if outside:
        made = _from(issuer, "outgoing", ISSUER, _SURE)
    else:
        made = _from(named[0], "internal", RECIPIENT, _FAIR, review=issuer.review or named[0].review)
    if stamp is None:
        return made
    return replace(made, review=True, candidates=(Candidate("incoming", 0.5),))


def _from(evidence: Field, value: str, rule: str, confidence: float, *, review: bool | None = None) -> Field:
    """A direction that rests on another field; what is doubtful there is doubtful here."""
    doubtful = evidence.review if review is None else review
    sure = min(confidence, evidence.confidence)
    return Field(value, evidence.printed or evidence.value, sure, doubtful, evidence.page, evidence.boxes, rule)


def _places(fields: Fields) -> tuple[Field, ...]:
    return (*fields.addressees, *fields.recipients)


def _kind(item: str) -> str:
    """`silent`, `inside` or nothing, by the first words of an item."""
    said = words(_NOTE.sub(" ", item))
    return next((kind for start, kind in _starts() if said == start or said.startswith(start + " ")), "")


@lru_cache(maxsize=1)
def _starts() -> tuple[tuple[str, str], ...]:
    """The table's words, the longest first."""
    told_apart = [(row["words"], row["kind"]) for row in rows("recipient_words")]
    return tuple(sorted(told_apart, key=lambda one: -len(one[0])))


def _names_us(item: str, known: list[_Known], local: frozenset[str]) -> bool:
    """True if an item of a list means one of ours, by itself or among others (`Sở Nội vụ, Sở Y tế`)."""
    bare = _NOTE.sub(" ", item)
    return any(_is_ours(part, known, local) for part in (bare, *_APART.split(bare)))


def _is_ours(name: str, known: list[_Known], local: frozenset[str]) -> bool:
    spelt = set(_spellings(name))
    return any(spelt & one.anywhere or (spelt & one.nearby and local & one.near) for one in known)


def _spellings(name: str) -> Iterator[str]:
    key = issuer_key(name)
    if key:
        yield key
        yield words(expand(tidy(name)))


@lru_cache(maxsize=256)
def _spellings_of(own: OwnName) -> _Known:
    full = tuple(_spellings(own.name))
    near = {words(place) for place in own.places} - {""}
    short = set()
    for one in full:
        if (found := province_at_end(one)) is not None:
            near |= {words(found[0].name), words(found[0].seat)}
            short |= {found[1].strip(), one.removesuffix(words(found[0].name)).strip()}
    for place in near:
        short |= {one.removesuffix(" " + place) for one in full if one.endswith(" " + place)}
    return _Known(frozenset(full), frozenset(short - _TOO_SHORT), frozenset(near - {""}))


def _local(fields: Fields) -> frozenset[str]:
    """Places of the paper: the one that it writes, and the province in its issuer's name."""
    found = {words(fields.place.value)} if fields.place else set()
    for body in (fields.issuer, fields.superior):
        province = province_at_end(issuer_key(body.value) or "") if body else None
        if province is not None:
            found.add(words(province[0].name))
    return frozenset(found - {""})
