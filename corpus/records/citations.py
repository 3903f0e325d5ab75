"""Citations and conflicts by hand: add, settle, confirm, remove, take back; settle and reopen conflicts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from corpus.audit import record_seals
from corpus.database.models import CitationRow
from corpus.database.store import Store
from corpus.document import Citation
from corpus.errors import Problem
from corpus.lifecycle import citation_edits, corrections, propose
from corpus.records.transaction import editing, locked_document, transaction


def add_citation(
    store: Store,
    document_id: int,
    citation: Citation,
    actor: str,
    *,
    target_id: int | None = None,
    revision: int | None = None,
) -> int:
    """Add a citation that the reading lacks; return its ID.

    target_id: the document it means, None: the program resolves it. Raises Problem("citation_exists"),
    ("not_found"), ("stale"), ("wrong_state"), ("bad_value").
    """
    with editing(store, document_id, revision) as (session, document):
        row = propose.citation_row(document_id, 0, citation)
        citation_edits.add(session, document, citation, row, actor)
        if target_id is not None:
            citation_edits.settle(session, row, target_id, actor)
        return row.id


def settle_citation(
    store: Store, citation_id: int, target_id: int | None, actor: str, revision: int | None = None
) -> None:
    """Record a person's decision of which document a citation means; None: one not on record. Raises as
    `add_citation`.
    """
    with _citation(store, citation_id, revision) as (session, citation):
        citation_edits.settle(session, citation, target_id, actor)


def confirm_citation(store: Store, citation_id: int, actor: str, revision: int | None = None) -> None:
    """Notes that a doubtful citation was read right."""
    with _citation(store, citation_id, revision) as (session, citation):
        citation_edits.confirm(session, citation, actor)


def remove_citation(
    store: Store, citation_id: int, actor: str, *, reason: str = "", revision: int | None = None
) -> None:
    """Remove a false citation from the record; undo restores it."""
    with _citation(store, citation_id, revision) as (session, citation):
        citation_edits.remove(session, citation, reason, actor)


def undo_citation(
    store: Store, document_id: int, audit_row: int | None, actor: str, revision: int | None = None
) -> None:
    """Undo one change to a document's citations (None: the newest in force)."""
    with editing(store, document_id, revision) as (session, document):
        citation_edits.undo(session, document, audit_row, actor)


def settle_conflict(store: Store, document_id: int, fingerprint: str, reason: str, actor: str) -> None:
    """Notes why a conflict may stand."""
    with transaction(store) as session:
        corrections.settle_conflict(session, locked_document(session, document_id), fingerprint, reason, actor)


def reopen_conflict(store: Store, document_id: int, fingerprint: str, actor: str) -> None:
    """Reopen a settled conflict."""
    with transaction(store) as session:
        corrections.reopen_conflict(session, locked_document(session, document_id), fingerprint, actor)


@contextmanager
def _citation(store: Store, citation_id: int, revision: int | None) -> Iterator[tuple[Session, CitationRow]]:
    with transaction(store) as session:
        citation = session.get(CitationRow, citation_id)
        if citation is None:
            raise Problem("not_found", what=citation_id)
        record_seals.compare(session, citation.document_id)
        corrections.check_revision(citation.document, revision)
        yield session, citation
