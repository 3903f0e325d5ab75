"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from corpus import audit
from corpus.accounts import name_key
from corpus.models import AuditRow, User
from corpus.store import Store
from web.shown import LABELS
from web.texts import DETAILS, STATUSES

_UNTOLD = ("salt", "sha256", "before", "fingerprint")
_LONG = 80
MOST = 1_000_000
"""The furthest row that is reached by turning pages."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the rows must be of; empty: of anything."""

    actor: str = ""
    action: str = ""
    document: int | None = None


def rows(store: Store, wanted: Wanted, limit: int, offset: int) -> list[AuditRow]:
    """The rows that are wanted; an actor's name in any case."""
    found = select(AuditRow).order_by(AuditRow.id.desc())
    if wanted.actor:
        found = found.where(AuditRow.actor.in_(_spellings(store, wanted.actor)))
    if wanted.action:
        found = found.where(AuditRow.action == wanted.action)
    if wanted.document is not None:
        found = found.where(AuditRow.document_id == wanted.document)
    with store.db.reading() as session:
        return list(session.scalars(found.limit(limit).offset(min(offset, MOST))))


def _spellings(store: Store, actor: str) -> list[str]:
    """The name as it was asked for, and as the account bears it that means: SQLite knows no small letter beyond ASCII."""
    with store.db.reading() as session:
        names = session.scalars(select(User.name)).all()
    return [actor, actor.lower(), *(name for name in names if name_key(name) == name_key(actor))]


def told(row: AuditRow) -> list[tuple[str, str]]:
    """The detail of a row in words: what each part is called, and its value, cut where it is long."""
    return [(DETAILS.get(name, name), _words(value)) for name, value in row.detail.items() if name not in _UNTOLD]


def _words(value: object) -> str:
    if isinstance(value, dict):
        text = ", ".join(LABELS.get(str(name), str(name)) for name in value)
    else:
        parts = value if isinstance(value, list) else [value]
        text = ", ".join(
            "✓" if one is True else "–" if one in (None, False) else STATUSES.get(str(one), str(one))
            for one in parts
        )
    return text if len(text) <= _LONG else f"{text[:_LONG]}…"


def faults(store: Store) -> list[audit.AuditFault]:
    """Where the chain is broken."""
    with store.db.reading() as session:
        return audit.verify(session)
