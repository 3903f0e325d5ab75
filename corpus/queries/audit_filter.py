"""Filter of the audit trail: by person, action, document, days; a term that isn't understood is reported."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from corpus.access.accounts import name_key
from corpus.database.account_tables import User
from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.numbering.number import match_key
from corpus.numbering.typed_days import HANOI, iso
from corpus.vietnamese.fold import fold

NAMES = ("actor", "action", "document", "since", "until")
"""Parts of an address that narrow the list."""
_LONGEST = 100
"""Most characters of one term of the filter."""
_ISO = re.compile(r"\d{4}-\d\d-\d\d")


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """A filter as typed and as understood; None: no condition."""

    typed: dict[str, str]
    actors: tuple[str, ...] | None = None
    documents: tuple[int, ...] | None = None
    since: datetime | None = None
    """UTC, as the table has it."""
    until: datetime | None = None
    """UTC, exclusive."""
    not_understood: tuple[str, ...] = ()
    """Typed terms without a meaning here."""

    @property
    def words(self) -> str:
        """Text of the filter for people."""
        return " · ".join(self.typed.values())

    def narrowed(self, rows: Select[AuditRow]) -> Select[AuditRow]:
        """The query with these conditions; no rows if a term was not understood."""
        if self.not_understood:
            return rows.where(AuditRow.id < 0)
        if self.actors is not None:
            rows = rows.where(AuditRow.actor.in_(self.actors))
        if action := self.typed.get("action"):
            rows = rows.where(AuditRow.action == action)
        if self.documents is not None:
            rows = rows.where(AuditRow.document_id.in_(self.documents))
        if self.since is not None:
            rows = rows.where(AuditRow.at >= self.since)
        return rows if self.until is None else rows.where(AuditRow.at < self.until)


def asked(
    store: Store, parts: Mapping[str, str], hidden: Collection[int], actions: Collection[str]
) -> AuditFilter:
    """Build the filter from parts of an address.

    hidden: documents whose numbers the reader may not know; actions: the names that a row's action can have.
    """
    typed = {name: text for name in NAMES if (text := parts.get(name, "").strip()[:_LONGEST])}
    unknown = [typed["action"]] if typed.get("action") and typed["action"] not in actions else []
    since, until = _day(typed.get("since", "")), _day(typed.get("until", ""))
    unknown += [typed[name] for name, found in (("since", since), ("until", until)) if name in typed and not found]
    if since and until and since > until:
        unknown.append(f"{typed['since']} – {typed['until']}")
    with store.db.reading() as session:
        actors = _actors(session, typed["actor"]) if "actor" in typed else None
        documents = _documents(session, typed["document"], hidden) if "document" in typed else None
    unknown += [typed[name] for name, found in (("actor", actors), ("document", documents)) if found == ()]
    return AuditFilter(
        typed,
        actors,
        documents,
        _midnight(since) if since else None,
        _midnight(until + timedelta(days=1)) if until else None,
        tuple(unknown),
    )


def _actors(session: Session, text: str) -> tuple[str, ...]:
    """The accounts of that name in any case, or whose full name has these words;
    else the name as the trail has it.
    """
    users = session.execute(select(User.name, User.full_name)).all()
    exact = {name for name, _ in users if name_key(name) == name_key(text)}
    words = set(fold(text).split())
    named = exact or {name for name, full in users if words and words <= set(fold(full).split())}
    if named:
        return tuple(sorted({text, text.lower(), *named}))
    spelled = {text, text.lower()}
    known = session.scalars(select(AuditRow.actor).where(AuditRow.actor.in_(spelled)).limit(1)).first()
    return tuple(sorted(spelled)) if known is not None else ()


def _documents(session: Session, text: str, hidden: Collection[int]) -> tuple[int, ...]:
    """The document with this ID (`16`, `#16`), or those that bear this number in any spelling,
    whatever their state.
    """
    plain = text.removeprefix("#")
    if plain.isascii() and plain.isdigit() and len(plain) < 16:
        number = int(plain)
        known = session.scalars(select(AuditRow.id).where(AuditRow.document_id == number).limit(1)).first()
        return (number,) if known is not None else ()
    key = match_key(text)
    if key is None:
        return ()
    found = session.scalars(select(Document.id).where(Document.number_key == key).order_by(Document.id).limit(500))
    return tuple(one for one in found if one not in hidden)


def _day(text: str) -> date | None:
    day = iso(text)
    if not _ISO.fullmatch(day):
        return None
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None


def _midnight(day: date) -> datetime:
    """The moment (UTC) at which a day begins in Việt Nam."""
    try:
        return datetime(day.year, day.month, day.day) - HANOI
    except OverflowError:
        return datetime.min
