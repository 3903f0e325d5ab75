"""Facts about a document for its message on the national axis: what it answers, whom it addresses, who sends."""

from __future__ import annotations

from sqlalchemy import select

from corpus.database.models import CitationRow, OwnBody, Recipient
from corpus.database.store import Store


def answered(store: Store, document_id: int) -> list[CitationRow]:
    """Citations of the letters that a document answers, in the order of its text."""
    rows = select(CitationRow).where(
        CitationRow.document_id == document_id, CitationRow.relation == "replies", CitationRow.status != "removed"
    )
    with store.db.reading() as session:
        return list(session.scalars(rows.order_by(CitationRow.position)))


def addressees(store: Store, document_id: int) -> list[str]:
    """Addressees (kính gửi) of a document, in order."""
    rows = select(Recipient.value).where(Recipient.document_id == document_id, Recipient.kind == "addressee")
    with store.db.reading() as session:
        return list(session.scalars(rows.order_by(Recipient.position)))


def own_body(store: Store) -> str | None:
    """The archive's first own body by name; None without one."""
    with store.db.reading() as session:
        return session.scalars(select(OwnBody.name).order_by(OwnBody.id).limit(1)).first()
