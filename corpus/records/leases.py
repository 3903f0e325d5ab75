"""Jobs and their leases: claimed, kept alive, given back, given up when readers keep dying, queued where lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus import audit
from corpus.audit import record_seals
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle import intake, versions
from corpus.lifecycle.intake import READ
from corpus.queue import jobs
from corpus.queue.jobs import JobLease
from corpus.records.transaction import SYSTEM, transaction
from corpus.records.versions import turn_down


def claim(store: Store, owner: str, kinds: Sequence[str] = (READ,)) -> JobLease | None:
    """The next job for this worker, or None. Documents whose readers keep dying become `failed` on the way."""
    settings = store.settings
    with store.db.reading() as session:
        if not jobs.has_due(session, kinds):
            return None
    _fail_poisoned(store, kinds)
    with store.db.writing(alone=False) as session:
        lease = jobs.claim(session, owner, kinds, settings.lease_seconds)
        if lease is not None and lease.kind == READ:
            _mark(session, lease, "reading")
    return lease


def heartbeat(store: Store, lease: JobLease) -> bool:
    """Prolong the lease; False if the job belongs to another worker by now."""
    with store.db.writing(alone=False) as session:
        return jobs.heartbeat(session, lease, store.settings.lease_seconds)


def progress(store: Store, lease: JobLease, stage: str, page: int, pages: int) -> bool:
    """Note the progress of a reading; False if the job belongs to another worker by now."""
    with store.db.writing(alone=False) as session:
        return jobs.progress(session, lease, stage, page, pages)


def give_back(store: Store, lease: JobLease, *, delay_seconds: float = 0, error: str | None = None) -> bool:
    """Put a job back, at once or for later, without counting this attempt;
    False if it belongs to another worker.
    """
    with store.db.writing(alone=False) as session:
        given = jobs.give_back(session, lease, delay_seconds=delay_seconds, error=error)
        if given and lease.kind == READ:
            _mark(session, lease, "queued")
        return given


def expire_leases(store: Store, is_dead: Callable[[str], bool]) -> int:
    """End the leases of owners known to be dead; their attempt counts. Returns the number of leases."""
    with store.db.writing(alone=False) as session:
        return jobs.expire(session, is_dead)


def requeue_stranded(store: Store) -> int:
    """Queue each document that waits to be read and has no job; return their number."""
    with transaction(store) as session:
        stranded = session.scalars(select(Document).where(Document.id.in_(intake.stranded(session)))).all()
        for document in stranded:
            record_seals.compare(session, document.id)
            intake.queue_reading(session, document)
            audit.append(session, SYSTEM, "requeue", document.id)
    return len(stranded)


def _mark(session: Session, lease: JobLease, status: str) -> None:
    waiting = update(Document).where(Document.id == lease.document_id, Document.status.in_(("queued", "reading")))
    session.execute(waiting.values(status=status))


def _fail_poisoned(store: Store, kinds: Sequence[str]) -> None:
    """Give up jobs whose workers died too often; their documents are `failed` with a reason and can be
    retried.
    """
    with store.db.reading() as session:
        if not jobs.has_poisoned(session, kinds, store.settings.max_attempts):
            return
    with transaction(store) as session:
        for job in jobs.poisoned(session, kinds, store.settings.max_attempts):
            document = session.get(Document, job.document_id) if job.document_id is not None else None
            if document is not None and document.status in ("queued", "reading"):
                record_seals.compare(session, document.id)
                intake.refuse(session, document, Problem("reader_crashed", name=document.name))
                detail = {"code": "reader_crashed", "attempts": job.attempts}
                audit.append(session, SYSTEM, "fail", document.id, detail)
            elif document is not None and (row := versions.waiting(session, document.id)) is not None:
                record_seals.compare(session, document.id)
                turn_down(session, document, row, Problem("reader_crashed", name=row.name))
