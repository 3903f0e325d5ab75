"""From arrival to proposal: files received, jobs claimed and finished, readings proposed, files refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts, grants, groups
from corpus.access.groups import Groups
from corpus.audit import record_seals
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.derived import leftovers
from corpus.document import Reading, Signature
from corpus.errors import Problem
from corpus.json_shapes import signature_to_json
from corpus.lifecycle import intake, reread
from corpus.lifecycle import propose as proposing
from corpus.lifecycle.intake import READ, Arrival
from corpus.lifecycle.intake import Receipt as Receipt
from corpus.originals import content_store
from corpus.queue import jobs
from corpus.queue.jobs import JobLease
from corpus.records.access import limit_document
from corpus.records.transaction import SYSTEM, editing, locked_document, transaction
from corpus.typed_text import clean_text

BY_PERSON = "người xem xác nhận"
"""What is noted for the mark of a document that a person says is classified: what it bears stays out of the store."""


# Coming in and being read.


def receive(
    store: Store,
    sha256: str,
    name: str,
    media_type: str,
    size: int,
    actor: str,
    *,
    auto_accept: bool = False,
    sample: bool = False,
    limited_to: Sequence[str] = (),
    by: Groups = None,
    withheld: bool = False,
) -> Receipt:
    """Takes a file whose bytes `content_store.put_original` has kept: once this returns, it is acknowledged.

    The same bytes again are the same document; one that had been refused, had failed or was withdrawn is read again.
    limited_to: names of the groups that alone may see it, on the word of a member of the groups `by`.
    withheld: for administrators alone until one of them says who may see it.
    Raises Problem("store_busy") when the bytes were purged in between: send them again; Problem("limit_differs") when
    they are held already with another limit, ("not_found") for a group that isn't the sender's. Whoever put the bytes
    there for this call hands them to `drop_unclaimed` then.
    """
    arrival = Arrival(sha256, name, media_type, size, actor, auto_accept, sample, withheld)
    # Asked outside the transaction: a slow bucket must not keep the other writers waiting.
    if not content_store.has_original(store, sha256):
        raise Problem("store_busy")
    with transaction(store) as session:
        receipt = intake.receive(session, arrival, by)
        if receipt.code is None and any(one.strip() for one in limited_to):
            _limit_arrival(session, receipt, arrival, limited_to, by)
    if receipt.code == "classified":
        _purge(store, receipt.document_id)
    elif not content_store.has_original(store, sha256):
        # Between question and commit another sender's refusal took the same bytes out. Sent again they are this
        # document's: the row that waits for them is there.
        raise Problem("store_busy")
    return receipt


def drop_unclaimed(store: Store, sha256: str) -> bool:
    """Takes the bytes of a file out again that was not taken after all; False when a document has them.

    Under the writers' lock: whoever sends the same bytes in at this moment either has committed, or finds them gone.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.sha256 == sha256)).first()
        if document is not None and not intake.is_classified(document):
            return False
        content_store.remove_original(store, sha256)
    return True


def retry(store: Store, document_id: int, actor: str, page: int | None = None) -> None:
    """Reads a document again, or one page of it.

    One that failed, was refused or withdrawn waits in the queue anew; one in review or on record stays so until the new
    reading is there, which leaves alone what a person decided. Raises Problem("wrong_state"), ("not_found").
    """
    with transaction(store) as session:
        document = locked_document(session, document_id)
        was = document.status
        if was in reread.STANDING:
            reread.queue(session, document, page)
        elif was in ("failed", "refused", "withdrawn") and not intake.is_classified(document):
            document.auto_accept = document.auto_accept and was != "withdrawn"
            intake.queue_reading(session, document)
        else:
            raise Problem("wrong_state", document=document_id, status=document.status)
        detail = {"was": was} | ({"page": page} if page is not None else {})
        # One whose reading stays in force is not changed by the request: a change found in it stays to be seen.
        audit.append(session, actor, "retry", document_id, detail, seals=was not in reread.STANDING)


def earlier(store: Store, lease: JobLease) -> reread.Earlier | None:
    """What was read of a document before that is read again in part; None when it is read as a whole."""
    only = frozenset(lease.args.get("pages", ()))
    if not only or lease.document_id is None:
        return None
    with store.db.reading() as session:
        document = session.get(Document, lease.document_id)
        return reread.earlier(session, document, only) if document is not None and document.machine else None


def overrule_mark(store: Store, document_id: int, name: str, reason: str, actor: str) -> None:
    """Overrules a false alarm of the secrecy gate, with the reason; `content_store.put_original` has kept the bytes again.

    Raises Problem("store_busy") when the bytes were purged in between: send them again; Problem("bad_value") without
    a reason, ("wrong_state") when no mark had been seen on it.
    """
    with transaction(store) as session:
        document = locked_document(session, document_id)
        # Asked within the transaction, unlike when a file comes in: until it ends, a purge may take these very bytes.
        if not content_store.has_original(store, document.sha256):
            raise Problem("store_busy")
        said = clean_text("reason", reason, required=True)
        intake.overrule_mark(session, document, name, said, actor)


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
    """Keeps the lease; False when the job isn't ours any more."""
    with store.db.writing(alone=False) as session:
        return jobs.heartbeat(session, lease, store.settings.lease_seconds)


def progress(store: Store, lease: JobLease, stage: str, page: int, pages: int) -> bool:
    """Notes how far the reading is; False when the job isn't ours any more."""
    with store.db.writing(alone=False) as session:
        return jobs.progress(session, lease, stage, page, pages)


def give_back(store: Store, lease: JobLease, *, delay_seconds: float = 0, error: str | None = None) -> bool:
    """Puts a job back, at once or for later; this attempt doesn't count. False when it wasn't ours any more."""
    with store.db.writing(alone=False) as session:
        given = jobs.give_back(session, lease, delay_seconds=delay_seconds, error=error)
        if given and lease.kind == READ:
            _mark(session, lease, "queued")
        return given


def expire_leases(store: Store, is_dead: Callable[[str], bool]) -> int:
    """Ends the leases of owners known to be dead; their attempt counts. How many there were."""
    with store.db.writing(alone=False) as session:
        return jobs.expire(session, is_dead)


def propose(store: Store, document_id: int, reading: Reading, lease: JobLease | None = None) -> str | None:
    """Stores a Reading and finishes its job: `accepted` or `review`; None when the job isn't ours any more.

    Without a lease (a command that reads by itself) the document must be waiting; a job of its own is closed then.
    """
    with transaction(store) as session:
        document = _to_be_read(session, document_id, lease)
        if document is None:
            return None
        if document.status in reread.STANDING and reread.loses_pages(session, document, reading):
            _close(session, document_id, lease, "page_unreadable")
            audit.append(session, SYSTEM, "read_kept", document_id, {"revision": document.revision}, seals=False)
            return document.status
        status = proposing.propose(session, document, reading)
        _close(session, document_id, lease)
        detail = {"status": status, "pages": len(reading.pages), "revision": document.revision}
        audit.append(session, SYSTEM, "read", document_id, detail)
    return status


def refuse(
    store: Store, document_id: int, problem: Problem, lease: JobLease | None = None, *, actor: str = SYSTEM
) -> str | None:
    """Notes that a file can't be taken or read; `refused` or `failed`, None when the job isn't ours any more.

    Code `classified` takes out the original's bytes, all that was read or made of it and what the trail tells of it;
    the trail keeps hash, moment and actor. The order survives a crash at any point: first the tombstone, then the bytes.
    """
    with transaction(store) as session:
        by_person = lease is None and actor != SYSTEM
        document = locked_document(session, document_id) if by_person else _to_be_read(session, document_id, lease)
        if document is None:
            return None
        if not by_person and document.status in reread.STANDING and problem.code != "classified":
            # What was read before is worth more than the failure to read it again.
            _close(session, document_id, lease, problem.code)
            audit.append(session, SYSTEM, "read_kept", document_id, {"code": problem.code}, seals=False)
            return document.status
        status = intake.refuse(session, document, problem)
        _close(session, document_id, lease, problem.code)
        detail: dict[str, Any] = {"code": problem.code, "sha256": document.sha256}
        if problem.code == "classified":
            detail["purged_rows"] = audit.purge(session, document_id)
        _relink(session, document)
        audit.append(session, actor, "refuse" if status == "refused" else "fail", document_id, detail)
    if problem.code == "classified":
        _purge(store, document_id)
    return status


def classify(store: Store, document_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Purges a document that a person says is classified (văn bản mật), whatever its state: what the gate missed.

    The trail keeps the reason. Raises Problem("bad_value") without one, ("stale"), ("not_found"), ("wrong_state") when
    it has been purged already.
    """
    with editing(store, document_id, revision) as (session, document):
        if intake.is_classified(document):
            raise Problem("wrong_state", document=document_id, status=document.status)
        said = clean_text("reason", reason, required=True)
        intake.refuse(session, document, Problem("classified", mark=BY_PERSON))
        jobs.cancel(session, document_id, "classified")
        purged = audit.purge(session, document_id)
        _relink(session, document)
        detail = {"code": "classified", "sha256": document.sha256, "purged_rows": purged, "reason": said}
        audit.append(session, actor, "classify", document_id, audit.salted(detail))
    _purge(store, document_id)


def mark_verified(store: Store, sound: Sequence[int], faulty: Mapping[int, str] | None = None) -> None:
    """Notes that the originals of these documents are still what came in; each that isn't leaves a row in the trail."""
    with transaction(store) as session:
        session.execute(update(Document).where(Document.id.in_(sound)).values(verified_at=utc_now()))
        for document_id, state in (faulty or {}).items():
            audit.append(session, SYSTEM, "original_faulty", document_id, {"state": state}, seals=False)


def keep_signatures(store: Store, found: Mapping[int, Sequence[Signature]]) -> None:
    """Puts the signatures of these documents on record as they were verified again; the trail says from what to what."""
    with transaction(store) as session:
        for document_id, signatures in found.items():
            document = locked_document(session, document_id)
            before = [one["state"] for one in document.signatures or ()]
            document.signatures = proposing.storable([signature_to_json(one) for one in signatures])
            if not before and not signatures:
                # An unsigned file is found as one that nobody has looked at: its entry in the index stays right.
                continue
            document.revision += 1
            detail = {"was": before, "state": [one.state for one in signatures]}
            audit.append(session, SYSTEM, "signatures", document_id, detail)


def requeue_stranded(store: Store) -> int:
    """Gives a job to each document that waits to be read without one; how many there were."""
    with transaction(store) as session:
        stranded = session.scalars(select(Document).where(Document.id.in_(intake.stranded(session)))).all()
        for document in stranded:
            record_seals.compare(session, document.id)
            intake.queue_reading(session, document)
            audit.append(session, SYSTEM, "requeue", document.id)
    return len(stranded)


def withdraw_elsewhere(store: Store, identity: str) -> None:
    """Ends all that an account has handed out whose owner the provider gives no role any more."""
    with transaction(store) as session:
        user = accounts.known_elsewhere(session, identity)
        if user is not None:
            ended = grants.end(session, user, "withdrawn")
            audit.append(session, SYSTEM, "withdraw_role", None, {"name": user.name, "sso": True, **ended})


def _limit_arrival(session: Session, receipt: Receipt, arrival: Arrival, names: Sequence[str], by: Groups) -> None:
    """Limits what has come in; bytes that were here before are limited when they are read again, and only then.

    Raises Problem("limit_differs") for a document that goes on as it was with another limit: its sender believes that
    only those groups see it. One that the sender may not know of has a limit, and nothing is said of it.
    """
    document = locked_document(session, receipt.document_id)
    groups.check_own(session, names, by)
    if groups.is_limit(session, document, names) or not groups.may_see(session, document, by):
        return
    if receipt.status == "duplicate":
        held = ", ".join(groups.names_of(session, document.id)) or "—"
        raise Problem("limit_differs", name=arrival.name, document=document.id, groups=held)
    limit_document(session, document, names, arrival.actor, by)


def resolve_citations(store: Store) -> None:
    """Decides anew what every citation means, by the rules and tables of this version; a person's choices stay."""
    with store.db.writing() as session:
        resolution.resolve_all(session)


def _to_be_read(session: Session, document_id: int, lease: JobLease | None) -> Document | None:
    """The document a reading is for; None when its job has gone to another worker or was cancelled."""
    if lease is not None and not jobs.is_ours(session, lease):
        return None
    document = locked_document(session, document_id)
    again = lease is not None and reread.AGAIN in lease.args and document.status in reread.STANDING
    if document.status not in ("queued", "reading") and not again:
        if lease is not None:
            return None
        raise Problem("wrong_state", document=document_id, status=document.status)
    return document


def _close(session: Session, document_id: int, lease: JobLease | None, error: str | None = None) -> None:
    if lease is None:
        jobs.cancel(session, document_id, error or "read by a command")
    elif error is None:
        jobs.finish(session, lease)
    else:
        jobs.fail(session, lease, error)


def _mark(session: Session, lease: JobLease, status: str) -> None:
    waiting = update(Document).where(Document.id == lease.document_id, Document.status.in_(("queued", "reading")))
    session.execute(waiting.values(status=status))


def _fail_poisoned(store: Store, kinds: Sequence[str]) -> None:
    """Gives up jobs whose workers died too often; their documents are `failed` with a reason and can be retried."""
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


def _relink(session: Session, document: Document) -> None:
    """Lets the graph notice that a document is no longer to be linked to."""
    session.flush()
    resolution.resolve(session, document)


def _purge(store: Store, document_id: int) -> None:
    """Removes the bytes and all that was made of them while no other writer is about, so that the same file sent in
    meanwhile isn't lost or kept.

    Run again at start by `purge_pending` when it was cut short: the document's tombstone is the order to do it.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.id == document_id)).one()
        if intake.is_classified(document):
            content_store.remove_original(store, document.sha256)
            derived.remove(store, document.sha256)
    store.db.checkpoint()


def purge_pending(store: Store) -> int:
    """Removes what a crash, or a picture under way, left of classified documents; how many there were."""
    left = leftovers.unpurged(store)
    for document_id in left:
        _purge(store, document_id)
    return len(left)


def remove_leftovers(store: Store) -> int:
    """Removes files that no document may have had made of it, or fetched; how many originals they were of."""
    stray = leftovers.stray(store)
    for sha256 in stray:
        with store.db.writing() as session:
            leftovers.remove(store, session, sha256)
    return len(stray)
