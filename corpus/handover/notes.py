"""Notes with names (ý kiến) on a document, and the purge of all that hand-over keeps of a classified one."""

from __future__ import annotations

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts
from corpus.citations.resolution import LIVE
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.handover_tables import DocumentNote, Handover, HandoverPart, Notice
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.handover.acting import Acting, owners_of
from corpus.typed_text import clean_text

_MOST = 500
"""Most notes on one document."""


def add(session: Session, document: Document, text: str, by: Acting) -> DocumentNote:
    """A person's note on a document in review or on record.

    Raises Problem("wrong_state"), ("bad_value") for an empty text, ("forbidden") in the name of somebody who has
    not delegated.
    """
    if document.status not in LIVE:
        raise Problem("wrong_state", document=document.id, status=document.status)
    owner = _owner(session, by)
    count = session.scalar(select(func.count()).where(DocumentNote.document_id == document.id)) or 0
    if count >= _MOST:
        raise Problem("bad_value", field="note", value="", why=f"văn bản đã có {_MOST} ý kiến")
    row = DocumentNote(
        document_id=document.id,
        user_id=owner.id,
        written_by=by.actor[:100],
        at=utc_now(),
        text=clean_text("note", text, required=True),
    )
    session.add(row)
    session.flush()
    told = {"note_id": row.id, "note": row.text} | ({"for": owner.name} if owner.name != by.actor else {})
    audit.append(session, by.actor, "note_add", document.id, audit.salted(told), seals=False)
    return row


def remove(session: Session, row: DocumentNote, by: Acting) -> None:
    """Remove a note: its writer, or an administrator. Raises Problem("forbidden"), ("not_found")."""
    if row.removed_at is not None:
        raise Problem("not_found", what=row.id)
    user = session.get_one(User, by.user_id) if by.user_id is not None else None
    if user is not None and user.id != row.user_id and user.name != row.written_by and user.role != "admin":
        raise Problem("forbidden")
    row.text, row.removed_at = "", utc_now()
    session.flush()
    audit.append(session, by.actor, "note_remove", row.document_id, {"note_id": row.id}, seals=False)


def forget(session: Session, document_id: int) -> None:
    """Delete all that hand-over keeps of a document, which proved to be classified."""
    handovers = select(Handover.id).where(Handover.document_id == document_id)
    for table in (HandoverPart, Notice):
        session.execute(delete(table).where(table.handover_id.in_(handovers)))
    session.execute(delete(Handover).where(Handover.document_id == document_id))
    session.execute(delete(DocumentNote).where(DocumentNote.document_id == document_id))


def _owner(session: Session, by: Acting) -> User:
    """The person in whose name a note is written."""
    if by.user_id is None:
        return accounts.user_named(session, by.for_name)
    user = session.get_one(User, by.user_id)
    if not by.for_name or accounts.name_key(by.for_name) == accounts.name_key(user.name):
        return user
    wanted = accounts.name_key(by.for_name)
    found = [one for one in owners_of(session, user.id).values() if accounts.name_key(one.name) == wanted]
    if not found:
        raise Problem("forbidden")
    return found[0]
