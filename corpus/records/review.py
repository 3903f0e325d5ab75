"""Decisions of a person: accept, correct, undo, withdraw, settle, hold."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from corpus import audit
from corpus.access.groups import Groups
from corpus.audit import record_seals
from corpus.database.models import CitationRow, Document
from corpus.database.store import Store
from corpus.errors import Problem
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
    """Puts a document on record with these values; the new revision.

    confirm: codes of the doubts that the person passes on a second look; by: the groups of that person.
    Raises Problem("doubtful") with the `doubts` that nobody has passed, ("stale") when the document isn't any more what
    the person saw, ("wrong_state"), ("bad_value"), ("not_found").
    """
    with editing(store, document_id, revision) as (session, document):
        corrections.accept(session, document, values, actor, confirm, by)
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
    """Changes fields of a record; the new revision. On record it takes and raises what `accept` does."""
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
    """Changes fields of several documents, of all or of none; how many changed. Raises as `correct` does."""
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
    """Takes one change back (`audit_row` from `corrections.history`; None: the newest in force); the new revision.

    An acceptance taken back brings the document to the desk again. Raises as `accept` does.
    """
    with editing(store, document_id, revision) as (session, document):
        corrections.undo(session, document, audit_row, actor, confirm, by)
        return document.revision


def withdraw(store: Store, document_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Takes a document back, with the reason."""
    with editing(store, document_id, revision) as (session, document):
        corrections.withdraw(session, document, reason, actor)


def reinstate(store: Store, document_id: int, actor: str, revision: int | None = None) -> None:
    """Brings a withdrawn document back to review."""
    with editing(store, document_id, revision) as (session, document):
        corrections.reinstate(session, document, actor)


def settle_citation(store: Store, citation_id: int, target_id: int | None, actor: str) -> None:
    """Fixes which document a citation means; None: one that is not held."""
    with transaction(store) as session:
        citation = session.get(CitationRow, citation_id)
        if citation is None:
            raise Problem("not_found", what=citation_id)
        record_seals.compare(session, citation.document_id)
        corrections.settle_citation(session, citation, target_id, actor)


def settle_conflict(store: Store, document_id: int, fingerprint: str, reason: str, actor: str) -> None:
    """Notes why a conflict may stand."""
    with transaction(store) as session:
        corrections.settle_conflict(session, locked_document(session, document_id), fingerprint, reason, actor)


def hold(store: Store, document_id: int, holder: str) -> tuple[str, datetime]:
    """Notes that somebody has a document open; who has it, and since when: a colleague's hold stands while it lasts."""
    with store.db.writing(alone=False) as session:
        row = holds.hold(session, document_id, holder)
        return row.holder, row.since


def release(store: Store, document_id: int, holder: str) -> None:
    """Notes that it is closed again."""
    with store.db.writing(alone=False) as session:
        holds.release(session, document_id, holder)


def hold_next(store: Store, holder: str, after: int | None = None, seen_by: Groups = None) -> int | None:
    """Holds the next document that waits for a person of these groups; two people asking at once get two documents."""
    with store.db.writing() as session:
        return holds.hold_next(session, holder, after, seen_by)


def reseal(store: Store, document_id: int, reason: str, actor: str) -> None:
    """Seals a record as it is now, on the word of a person who has looked into a change behind the program's back.

    Also of a document that is gone, once the trail has sealed it; raises Problem("not_found"), ("bad_value") without a
    reason.
    """
    with transaction(store) as session:
        if session.get(Document, document_id) is None and not record_seals.was_sealed(session, document_id):
            raise Problem("not_found", what=document_id)
        said = clean_text("reason", reason, required=True)
        audit.append(session, actor, record_seals.SETTLE, document_id, audit.salted({"reason": said}))
