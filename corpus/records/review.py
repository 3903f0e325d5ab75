"""Decisions of a person: accept, correct, undo, withdraw, hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from corpus import audit
from corpus.access.groups import Groups
from corpus.audit import record_seals
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.files import placing
from corpus.lifecycle import corrections, holds
from corpus.records.transaction import editing, locked_document, transaction
from corpus.typed_text import clean_text

# What a person decides.


def accept(
    store: Store,
    document_id: int,
    values: dict[str, object],
    actor: str,
    revision: int | None,
    *,
    confirm: Collection[str] = (),
    by: Groups = None,
) -> int:
    """Put a document on record with these values; return its new revision.

    confirm: codes of the doubts that the person passes on a second look; by: the groups of that person.
    Raises Problem("doubtful") with the `doubts` that nobody passed, ("stale") if the document has changed since
    the person saw it, ("wrong_state"), ("bad_value"), ("not_found").
    """
    with editing(store, document_id, revision) as (session, document):
        corrections.accept(session, document, values, actor, confirm, by)
        placing.place_by_rule(session, document, actor)
        return document.revision


def correct(
    store: Store,
    document_id: int,
    values: dict[str, object],
    actor: str,
    revision: int | None,
    *,
    confirm: Collection[str] = (),
    by: Groups = None,
) -> int:
    """Change fields of a record; return its new revision. On record it checks and raises as `accept` does."""
    with editing(store, document_id, revision) as (session, document):
        corrections.correct(session, document, values, actor, confirm, by)
        return document.revision


def correct_all(
    store: Store,
    documents: Collection[int],
    values: dict[str, object],
    actor: str,
    *,
    confirm: Collection[str] = (),
    by: Groups = None,
) -> int:
    """Change fields of several documents, all or none; return the number changed. Raises as `correct` does."""
    changed = 0
    with transaction(store) as session:
        for document_id in sorted(set(documents)):
            document = locked_document(session, document_id)
            was = document.revision
            corrections.correct(session, document, values, actor, confirm, by)
            changed += document.revision != was
    return changed


def undo(
    store: Store,
    document_id: int,
    audit_row: int | None,
    actor: str,
    revision: int | None,
    *,
    confirm: Collection[str] = (),
    by: Groups = None,
) -> int:
    """Undo one change (`audit_row` from `corrections.history`; None: the newest in force); return the new
    revision.

    Undoing an acceptance brings the document back to review. Raises as `accept` does.
    """
    with editing(store, document_id, revision) as (session, document):
        corrections.undo(session, document, audit_row, actor, confirm, by)
        return document.revision


def withdraw(store: Store, document_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Withdraw a document, with the reason."""
    with editing(store, document_id, revision) as (session, document):
        corrections.withdraw(session, document, reason, actor)


def reinstate(store: Store, document_id: int, actor: str, revision: int | None = None) -> None:
    """Bring a withdrawn document back to review."""
    with editing(store, document_id, revision) as (session, document):
        corrections.reinstate(session, document, actor)


def acquire_hold(store: Store, document_id: int, holder: str) -> tuple[str, datetime]:
    """Take a hold on a document for a person; return the holder and the start of the hold.

    A colleague's hold in force is kept and returned.
    """
    with store.db.writing(alone=False) as session:
        row = holds.acquire_hold(session, document_id, holder)
        return row.holder, row.since


def release(store: Store, document_id: int, holder: str) -> None:
    """End a person's hold on a document."""
    with store.db.writing(alone=False) as session:
        holds.release(session, document_id, holder)


def hold_next(store: Store, holder: str, after: int | None = None, seen_by: Groups = None) -> int | None:
    """Hold the next document that waits for a person of these groups;
    two people asking at once get two documents.
    """
    with store.db.writing() as session:
        return holds.hold_next(session, holder, after, seen_by)


def reseal(store: Store, document_id: int, reason: str, actor: str) -> None:
    """Seal a record in its present state, on the word of a person who examined a change behind the program's back.

    Works also for a document that is gone, if the trail has sealed it. Raises Problem("not_found"), ("bad_value")
    without a reason.
    """
    with transaction(store) as session:
        if session.get(Document, document_id) is None and not record_seals.was_sealed(session, document_id):
            raise Problem("not_found", what=document_id)
        said = clean_text("reason", reason, required=True)
        audit.append(session, actor, record_seals.SETTLE, document_id, audit.salted({"reason": said}))
