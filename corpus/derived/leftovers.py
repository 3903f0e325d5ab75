"""Leftover files: of purged documents after a crash or a race, and of files that never passed the gate."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.lifecycle import intake, versions
from corpus.lifecycle.cleared import was_cleared
from corpus.originals import content_store, fetched


def unpurged(store: Store) -> list[int]:
    """Classified documents, and those with a version that bore a secrecy mark, of which bytes are still there: the
    original, a fetched copy, or what was made of it.
    """
    with store.db.reading() as session:
        refused = session.scalars(select(Document).where(Document.status == "refused")).all()
        marked = versions.refused_hashes(session)
    there = {one.id for one in refused if intake.is_purged(one) and _is_there(store, one.sha256)}
    return sorted(there | {owner for sha256, owner in marked.items() if _is_there(store, sha256)})


def stray(store: Store) -> list[str]:
    """Hashes of which a derived file or a fetched copy is here though no document may have it.

    Derived files are of documents that were cleared once; a fetched copy may be of any that is not classified.
    """
    with store.db.reading() as session:
        made = {sha256 for sha256 in derived.all_hashes(store) if not _may_be_derived(session, sha256)}
        copied = {sha256 for sha256 in content_store.all_fetched(store) if not _may_be_fetched(session, sha256)}
    return sorted(made | copied)


def remove(store: Store, session: Session, sha256: str) -> None:
    """Remove derived and fetched files that the document's present state does not allow; the original stays."""
    if not _may_be_derived(session, sha256):
        derived.remove(store, sha256)
    if not _may_be_fetched(session, sha256):
        fetched.remove(content_store.fetched_folder(store), sha256)


def _is_there(store: Store, sha256: str) -> bool:
    return derived.exists(store, sha256) or content_store.is_lying_about(store, sha256)


def _may_be_derived(session: Session, sha256: str) -> bool:
    document = session.scalars(select(Document).where(Document.sha256 == sha256)).first()
    return document is not None and was_cleared(document)


def _may_be_fetched(session: Session, sha256: str) -> bool:
    document = session.scalars(select(Document).where(Document.sha256 == sha256)).first()
    known = document is not None and not intake.is_purged(document)
    return known or versions.living(session, sha256) is not None
