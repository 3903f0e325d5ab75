"""Withdrawn documents (văn bản đã gỡ khỏi kho), with the reason, the person and the time."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from corpus.database.models import AuditRow, Document
from corpus.database.store import Store
from corpus.lifecycle import history

MOST = 500
"""Most rows of the list: the latest ones."""


@dataclass(frozen=True, slots=True)
class WithdrawnDocument:
    """A withdrawn document and its last withdrawal; None if the trail has lost it."""

    found: Document
    last: history.Withdrawal | None


def rows(store: Store, seen: ColumnElement[bool]) -> list[WithdrawnDocument]:
    """The withdrawn documents (of those `seen`), the latest withdrawal first, at most MOST."""
    latest = (
        select(AuditRow.document_id, func.max(AuditRow.id).label("row"))
        .where(AuditRow.action == "withdraw")
        .group_by(AuditRow.document_id)
        .subquery()
    )
    wanted = select(Document).outerjoin(latest, latest.c.document_id == Document.id)
    wanted = wanted.where(Document.status == "withdrawn", seen).order_by(latest.c.row.desc(), Document.id.desc())
    with store.db.reading() as session:
        found = session.scalars(wanted.limit(MOST)).all()
        return [WithdrawnDocument(one, history.withdrawal(session, one.id)) for one in found]
