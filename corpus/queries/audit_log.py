"""Rows of the audit trail that match a filter."""

from __future__ import annotations

from sqlalchemy import Select, select

from corpus.database.models import AuditRow
from corpus.database.store import Store
from corpus.queries.audit_filter import AuditFilter

MOST = 1_000_000
"""Last row that can be reached by turning pages."""


def rows(store: Store, wanted: AuditFilter, limit: int, offset: int) -> list[AuditRow]:
    """The rows that are wanted, newest first."""
    with store.db.reading() as session:
        return list(session.scalars(matching(wanted).limit(limit).offset(min(offset, MOST))))


def matching(wanted: AuditFilter) -> Select[AuditRow]:
    return wanted.narrowed(select(AuditRow).order_by(AuditRow.id.desc()))


def of_document(store: Store, document_id: int) -> list[AuditRow]:
    """The rows about one document, newest first."""
    rows = select(AuditRow).where(AuditRow.document_id == document_id).order_by(AuditRow.id.desc())
    with store.db.reading() as session:
        return list(session.scalars(rows))
