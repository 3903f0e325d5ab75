"""Content taken out for good: of the record in its transaction, of the folders after it, resumed after a crash."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import share_links
from corpus.citations import resolution
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.derived import leftovers
from corpus.errors import Problem
from corpus.handover import notes as handed_over
from corpus.lifecycle import intake, page_works, versions
from corpus.originals import content_store
from corpus.queue import jobs
from corpus.records.transaction import locked_document

BY_PERSON = "người xem xác nhận"
"""Mark on record for a document that a person declared classified; the real mark stays out of the store."""


def relink(session: Session, document: Document) -> None:
    """Update the links of a document that must not be linked to any more."""
    session.flush()
    resolution.resolve(session, document)


def erase(session: Session, document: Document, problem: Problem) -> list[int]:
    """Remove the content of a document for good; return the rows of the trail whose details went with it.

    problem: a code of intake.PURGED_CODES. `purge_bytes` follows once the transaction is committed.
    """
    intake.refuse(session, document, problem)
    jobs.cancel(session, document.id, problem.code)
    share_links.forget(session, document.id)
    purged = audit.purge(session, document.id)
    relink(session, document)
    return purged


def erase_sharing(session: Session, document_id: int, actor: str) -> list[int]:
    """Remove also the documents whose files hold a page of a classified one; return those whose bytes must go.

    Acts on pages leave the same sheet in several files: the one it came in, and those that were made of it.
    """
    gone: list[int] = []
    for other in page_works.sharing(session, document_id):
        kin = locked_document(session, other)
        if intake.is_purged(kin):
            continue
        purged = erase(session, kin, Problem("classified", mark=BY_PERSON))
        handed_over.forget(session, other)
        detail = {"code": "classified", "sha256": kin.sha256, "purged_rows": purged, "of": [document_id]}
        audit.append(session, actor, "classify", other, detail)
        gone.append(other)
    return gone


def purge_bytes(store: Store, document_id: int) -> None:
    """Remove bytes and derived files under the writers' lock, so that the same file sent meanwhile is neither lost
    nor kept: of a purged document all versions of its file, of another those that bore a secrecy mark.

    `purge_pending` runs it again after an interruption: the document's tombstone is the order.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.id == document_id)).one()
        gone = [one for one, owner in versions.refused_hashes(session).items() if owner == document.id]
        if intake.is_purged(document):
            gone = [document.sha256, *gone]
        for sha256 in gone:
            content_store.remove_original(store, sha256)
            derived.remove(store, sha256)
    store.db.checkpoint()


def purge_pending(store: Store) -> int:
    """Finish purges of classified documents that a crash or a concurrent rendering interrupted; return their
    number.
    """
    left = leftovers.unpurged(store)
    for document_id in left:
        purge_bytes(store, document_id)
    return len(left)


def remove_leftovers(store: Store) -> int:
    """Remove derived and fetched files that no document may have; return the number of originals concerned."""
    stray = leftovers.stray(store)
    for sha256 in stray:
        with store.db.writing() as session:
            leftovers.remove(store, session, sha256)
    return len(stray)
