"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from corpus import audit
from corpus.accounts import name_key
from corpus.models import AuditRow, User
from corpus.store import Store

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


def faults(store: Store) -> list[audit.AuditFault]:
    """Where the chain is broken."""
    with store.db.reading() as session:
        return audit.verify(session)
