"""The transaction of every write, with the seal of the audit chain."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from corpus import audit
from corpus.audit import record_seals, seals
from corpus.database.account_tables import User
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.handover import answers, closing
from corpus.lifecycle import corrections

_SEAL_NOW = "seal_now"

SYSTEM = "vanban"
"""Actor of acts of the program itself."""


@contextmanager
def transaction(store: Store, patience: float | None = None) -> Iterator[Session]:
    """One transaction; the chain's head is sealed outside the database when that is due, by rows or by time."""
    with store.db.writing(patience=patience) as session:
        record_seals.switch_on(session)
        answers.watch(session)
        yield session
        closing.follow(session, answers.touched(session))
        rows: list[audit.Seal] = session.info.get("audit_rows", [])
        now = session.info.get(_SEAL_NOW, False)
    seals.after_commit(store.settings, rows, now=now)


def _seal_at_the_end(session: Session, user_id: int) -> None:
    """Seal the head at once when an administrator's session ends."""
    user = session.get(User, user_id)
    session.info[_SEAL_NOW] = user is not None and user.role == "admin"


@contextmanager
def editing(store: Store, document_id: int, revision: int | None) -> Iterator[tuple[Session, Document]]:
    with transaction(store) as session:
        document = locked_document(session, document_id)
        corrections.check_revision(document, revision)
        yield session, document


def locked_document(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise Problem("not_found", what=document_id)
    record_seals.compare(session, document_id)
    return document
