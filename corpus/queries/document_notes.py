"""Notes with names (ý kiến) on a document, as people read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from corpus.database.account_tables import User
from corpus.database.handover_tables import DocumentNote
from corpus.database.store import Store


@dataclass(frozen=True, slots=True)
class NoteShown:
    """One note: in whose name it is, and who wrote it in that person's place."""

    id: int
    document_id: int
    name: str
    full_name: str
    written_by: str
    at: datetime
    text: str
    may_remove: bool


def of_document(store: Store, document_id: int, reader: User | None) -> tuple[NoteShown, ...]:
    """The notes of a document, oldest first; those that were removed are gone. reader None: the command line."""
    rows = select(DocumentNote, User.name, User.full_name).join(User, User.id == DocumentNote.user_id)
    rows = rows.where(DocumentNote.document_id == document_id, DocumentNote.removed_at.is_(None))
    with store.db.reading() as session:
        return tuple(
            NoteShown(
                row.id, document_id, name, full_name, row.written_by, row.at, row.text, _may_remove(row, reader)
            )
            for row, name, full_name in session.execute(rows.order_by(DocumentNote.id))
        )


def document_of(store: Store, note_id: int) -> int | None:
    """The document that a note is on; None for a note that is gone."""
    with store.db.reading() as session:
        row = session.get(DocumentNote, note_id)
        return row.document_id if row is not None and row.removed_at is None else None


def _may_remove(row: DocumentNote, reader: User | None) -> bool:
    return reader is None or reader.role == "admin" or reader.id == row.user_id or reader.name == row.written_by
