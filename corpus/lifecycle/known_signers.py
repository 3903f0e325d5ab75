"""Doubted names and titles compared with who has signed for the same body: a seal often covers the surname.

Only documents on record count, of the same issuer and at most two years away. A doubted name or title that
several of them bear is settled; a name of which a part was read is offered whole. What is not doubted never
changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.authority import identity
from corpus.database.models import Document
from corpus.document import Candidate, Field, Fields, Signer
from corpus.numbering.dates import day_of

_AWAY = timedelta(days=730)
_MOST = 200
"""Documents of a body that are asked."""
_LEAST = 3
"""Documents that must bear a name, or a person's title, for it to settle a doubt: fewer may share one mistake."""
_OFFERED = 0.6
"""Share of a known signer's name that is offered for a part of it (0 to 1)."""


@dataclass(frozen=True, slots=True)
class KnownSigner:
    """Name of a signer on record, with authority and title, as far as they are there."""

    name: str
    title: str | None
    authority: str | None


def weighed(session: Session, document_id: int, fields: Fields) -> Fields:
    """The fields with a doubted signer compared with those on record."""
    signer, day = fields.signer, day_of(fields.date.value) if fields.date is not None else None
    doubted = any(part is not None and part.review for part in (signer.name, signer.title, signer.authority))
    if not doubted or day is None or fields.issuer is None or fields.issuer.review:
        return fields
    known = _on_record(session, document_id, fields.issuer.value, day)
    return replace(fields, signer=compared(signer, known))


def compared(signer: Signer, known: Iterable[KnownSigner]) -> Signer:
    """The signer after the known ones: name first, then what this person signs as."""
    listed = list(known)
    name = _name(signer.name, Counter(one.name for one in listed))
    if name is None or name.review:
        return replace(signer, name=name)
    own = [one for one in listed if one.name == name.value]
    pairs = Counter((one.title, one.authority) for one in own)
    if not pairs or pairs.most_common(1)[0][1] < _LEAST or len(pairs) > 1:
        return replace(signer, name=name)
    title, authority = next(iter(pairs))
    return Signer(_like_record(signer.authority, authority), _like_record(signer.title, title), name)


def _name(read: Field | None, known: Counter[str]) -> Field | None:
    """A doubted name: settled if it is a known one, and no other known one has its given name."""
    if read is None or not read.review:
        return read
    same = [name for name in known if name.split()[-1] == read.value.split()[-1]]
    if known[read.value] >= _LEAST and len(same) == 1:
        return replace(read, review=False, rule="signer.known", candidates=())
    whole = [name for name in same if name != read.value and name.endswith(f" {read.value}")]
    likely = [one.value for one in read.candidates if known[one.value] >= _LEAST and one.value != read.value]
    offered = next(iter((*likely, *whole)), None)
    if offered is None or known[offered] < _LEAST or known[read.value]:
        return read
    others = tuple(one for one in read.candidates if one.value not in (offered, read.value))
    candidates = (Candidate(offered, _OFFERED), Candidate(read.value, 1 - _OFFERED), *others)
    return replace(read, value=offered, candidates=candidates)


def _like_record(read: Field | None, known: str | None) -> Field | None:
    """A doubted part, settled if it is what the person signs as."""
    if read is None or not read.review or read.value != known:
        return read
    return replace(read, review=False, rule="signer.known", candidates=())


def _on_record(session: Session, document_id: int, issuer: str, day: date) -> list[KnownSigner]:
    """Signers of the body's accepted documents near a day."""
    since, until = max(day, date.min + _AWAY) - _AWAY, min(day, date.max - _AWAY) + _AWAY
    found = session.scalars(
        select(Document.fields).where(
            Document.issuer_key == (identity.issuer_key(issuer) or "")[:200], Document.status == "accepted",
            Document.id != document_id, Document.signer.is_not(None),
            Document.date >= since.isoformat(), Document.date <= until.isoformat(),
        ).order_by(Document.date.desc()).limit(_MOST)
    )  # fmt: skip
    return [capacity for fields in found if (capacity := _capacity(fields)) is not None]


def _capacity(fields: Any) -> KnownSigner | None:
    signer = (fields or {}).get("signer") or {}
    name, title, authority = (_value(signer.get(part)) for part in ("name", "title", "authority"))
    return KnownSigner(name, title, authority) if name else None


def _value(part: Any) -> str | None:
    return str(part["value"]) if part and part.get("value") and not part.get("review") else None
