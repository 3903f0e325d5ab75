"""An issuer's run of numbers (dãy số): a number used twice, a gap in a run that the archive otherwise has."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.authority.communes import is_unclear_commune
from corpus.authority.identity import party_term
from corpus.citations.resolution import LIVE, is_live
from corpus.database.models import Document, OwnBody
from corpus.database.read_only import StoredDocument
from corpus.numbering.number import parse
from corpus.vietnamese.fold import words

_WINDOW = 20
"""Numbers on each side within which a gap is looked for: one that is wider is no slip but another shelf."""
_LEAST = 3
"""Fewest numbers on record for a gap: an archive with a single letter of a body misses no others."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Numbers missing between two on record; `below` is the document with the lower one."""

    below: int
    low: str
    first: int
    last: int

    @property
    def told(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


def reused(session: Session, document: StoredDocument) -> list[int]:
    """Other documents of the same issuer, number and year (of the Party: term) that differ in day or subject."""
    if not document.number_key or not document.issuer_key or document.status not in LIVE:
        return []
    if is_unclear_commune(document.issuer, document.date):
        return []
    rows = session.execute(
        select(Document.id, Document.date, Document.subject)
        .where(
            Document.number_key == document.number_key, Document.issuer_key == document.issuer_key,
            Document.id != document.id, is_live(),
        )
        .order_by(Document.id)
    )  # fmt: skip
    run = _run(document.number, document.date)
    own = (document.date, words(document.subject or ""))
    return [
        id_ for id_, date, subject in rows
        if run is not None and _run(document.number, date) == run and (date, words(subject or "")) != own
    ]  # fmt: skip


def _run(number: str | None, date: str | None) -> str | None:
    """The year, of a Party number the term, that a number is given out in."""
    parsed = parse(number) if number else None
    if parsed is not None and parsed.year is not None:
        return str(parsed.year)
    if parsed is not None and parsed.family == "party":
        return party_term(date, central="TW" in parsed.symbol) if date else None
    return date[:4] if date else None


def gap_below(session: Session, document: StoredDocument) -> Gap | None:
    """The numbers missing right below the document's own, where the archive holds at least half of those around.

    Only of a body whose papers the archive keeps as its own: of others it never holds all.
    """
    if not _is_own(session, document.issuer_key):
        return None
    own, run = _ordinal(document.number_key), _run(document.number, document.date)
    if own is None or run is None or not document.issuer_key or document.status not in LIVE:
        return None
    held = _around(session, document, own, run)
    below = max((ordinal for ordinal in held if ordinal < own), default=None)
    if below is None or below == own - 1 or len(held) < _LEAST or len(held) * 2 < max(held) - min(held) + 1:
        return None
    return Gap(*held[below], below + 1, own - 1)


def _is_own(session: Session, issuer_key: str | None) -> bool:
    if not issuer_key:
        return False
    return session.scalar(select(OwnBody.id).where(OwnBody.issuer_key == issuer_key)) is not None


def _around(session: Session, document: StoredDocument, own: int, run: str) -> dict[int, tuple[int, str]]:
    """The numbers on record of the same run near the document's own: ordinal → document and number as printed."""
    tail = re.sub(r"^\d+", "", document.number_key or "")
    keys = [f"{ordinal}{tail}" for ordinal in range(max(1, own - _WINDOW), own + _WINDOW + 1)]
    rows = session.execute(
        select(Document.number_key, Document.id, Document.number, Document.date)
        .where(
            Document.number_key.in_(keys), Document.issuer_key == document.issuer_key, is_live(),
        )
        .order_by(Document.id.desc())
    )  # fmt: skip
    return {
        ordinal: (id_, number or str(id_))
        for key, id_, number, date in rows
        if (ordinal := _ordinal(key)) is not None and _run(number, date) == run
    }


def _ordinal(number_key: str | None) -> int | None:
    found = re.match(r"\d+", number_key or "")
    return int(found.group()) if found else None
