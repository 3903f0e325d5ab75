"""Citations by hand, as far as the caller may see: targets, add, settle, confirm, remove."""

from __future__ import annotations

from corpus import records
from corpus.citations import resolution
from corpus.database.models import CitationRow, Document
from corpus.errors import Problem
from corpus.queries import citations as trail_views
from web import access
from web.services.typed_citations import SEPARATE, Typed, citation_of

__all__ = ["SEPARATE", "Typed"]

MOST_TARGETS = 20


def targets(typed: str) -> list[Document]:
    """The documents that a number or ID may mean, as far as the present user may know of them; oldest first."""
    with access.store().db.reading() as session:
        ids = resolution.find_documents(session, typed[:100])
        held = trail_views.documents(session, set(ids[:500]), _live)
    return [held[one] for one in ids if one in held][:MOST_TARGETS]


def add(found: Document, typed: Typed, revision: int | None) -> int:
    """Add a citation to a document; return its ID. Raises as records.add_citation, and Problem("bad_value") for no
    citation.
    """
    citation = citation_of(access.store(), found, typed)
    target = None if typed.target is None else access.document(typed.target).id
    return records.add_citation(
        access.store(), found.id, citation, access.user().name, target_id=target, revision=revision
    )


def settle(citation_id: int, target: int | None, revision: int | None = None) -> int:
    """Record which document a citation means, None: one not on record; return the citing document."""
    row = row_of(citation_id)
    if target is not None:
        access.document(target)
    records.settle_citation(access.store(), citation_id, target, access.user().name, revision)
    return row.document_id


def settle_as(citation_id: int, typed: str, revision: int | None = None) -> int:
    """Fixes which document a citation means by number or ID; raises Problem("not_found"), ("ambiguous")."""
    row_of(citation_id)
    found = targets(typed)
    if not found:
        raise Problem("not_found", what=typed[:100])
    if len(found) > 1:
        listed = "; ".join(f"{one.id}: {one.number}, {one.issuer or '?'}" for one in found)
        raise Problem("ambiguous", what=typed[:100], candidates=listed)
    return settle(citation_id, found[0].id, revision)


def confirm(citation_id: int, revision: int | None = None) -> int:
    """Notes that a doubtful citation was read right; gives the document that cites."""
    row = row_of(citation_id)
    records.confirm_citation(access.store(), citation_id, access.user().name, revision)
    return row.document_id


def remove(citation_id: int, reason: str = "", revision: int | None = None) -> int:
    """Remove a false citation; return the citing document."""
    row = row_of(citation_id)
    records.remove_citation(access.store(), citation_id, access.user().name, reason=reason, revision=revision)
    return row.document_id


def row_of(citation_id: int) -> CitationRow:
    """Load a citation of a document that the present user may see; raises Problem("not_found")."""
    with access.store().db.reading() as session:
        row = session.get(CitationRow, citation_id)
    if row is None or row.document_id in access.hidden():
        raise Problem("not_found", what=citation_id)
    access.document(row.document_id)
    return row


def _live(found: Document) -> bool:
    return access.visible(found) and found.status in resolution.LIVE
