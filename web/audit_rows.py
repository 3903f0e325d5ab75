"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from corpus import audit
from corpus.models import AuditRow
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
        found = found.where(func.lower(AuditRow.actor) == wanted.actor.lower())
    if wanted.action:
        found = found.where(AuditRow.action == wanted.action)
    if wanted.document is not None:
        found = found.where(AuditRow.document_id == wanted.document)
    with store.db.reading() as session:
        return list(session.scalars(found.limit(limit).offset(min(offset, MOST))))


def faults(store: Store) -> list[audit.AuditFault]:
    """Where the chain is broken."""
    with store.db.reading() as session:
        return audit.verify(session)
