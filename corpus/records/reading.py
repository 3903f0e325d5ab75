"""From arrival to proposal: files received, readings proposed, files refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts, grants, groups
from corpus.access.groups import Groups
from corpus.citations import resolution
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.database.version_tables import FileVersion
from corpus.derived import files as derived
from corpus.document import Reading, Signature
from corpus.errors import Problem
from corpus.files import placing
from corpus.handover import notes as handed_over
from corpus.json_shapes import signature_to_json
from corpus.lifecycle import acceptance, intake, origins, reread, versions
from corpus.lifecycle import propose as proposing
from corpus.lifecycle.claims import Claim
from corpus.lifecycle.intake import Arrival
from corpus.lifecycle.intake import Receipt as Receipt
from corpus.lifecycle.origins import KnownSender
from corpus.originals import content_store
from corpus.queue import jobs
from corpus.queue.jobs import JobLease
from corpus.records.access import limit_document
from corpus.records.handover import follow_answers
from corpus.records.removal import BY_PERSON, erase, erase_sharing, purge_bytes, relink
from corpus.records.transaction import SYSTEM, editing, locked_document, transaction
from corpus.records.versions import turn_down
from corpus.typed_text import clean_text

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
    sender: KnownSender | None = None,
    claims: Sequence[Claim] = (),
) -> Receipt:
    """Take a file whose bytes `content_store.put_original` has stored; acknowledged once this returns.

    The same bytes are the same document; one that was refused, failed or withdrawn is read again.
    limited_to: names of the groups that may see it, checked against the sender's groups `by`.
    withheld: for administrators only, until one of them sets its groups. sender: of the mail that it came with.
    claims: canonical values that came along.
    Raises Problem("store_busy") if the bytes were purged in between (send them again), Problem("limit_differs") if
    they are on file with another limit, Problem("not_found") for a group that isn't the sender's. Whoever stored
    the bytes for this call then hands them to `drop_unclaimed`.
    """
    arrival = Arrival(sha256, name, media_type, size, actor, auto_accept, sample, withheld, tuple(claims))
    # Asked outside the transaction: a slow bucket must not keep the other writers waiting.
    if not content_store.has_original(store, sha256):
        raise Problem("store_busy")
    with transaction(store) as session:
        receipt = intake.receive(session, arrival, by)
        if receipt.code is None and any(one.strip() for one in limited_to):
            _limit_arrival(session, receipt, arrival, limited_to, by)
        if receipt.code is None and sender is not None and receipt.status == "queued":
            origins.note(session, receipt.document_id, sender)
    if receipt.code in intake.PURGED_CODES:
        purge_bytes(store, receipt.document_id)
    elif not content_store.has_original(store, sha256):
        # Between question and commit another sender's refusal took the same bytes out. Sent again they are this
        # document's: the row that waits for them is there.
        raise Problem("store_busy")
    return receipt


def enclose(store: Store, cover_id: int, enclosed: Sequence[tuple[int, str]], actor: str) -> None:
    """Notes that documents, given by ID and name, came as attachments of the mail `cover_id`."""
    with transaction(store) as session:
        intake.enclose(session, cover_id, enclosed, actor)


def drop_unclaimed(store: Store, sha256: str) -> bool:
    """Remove the bytes of a file that was not accepted after all; False if a document owns them.

    Runs under the writers' lock: a parallel sender of the same bytes has either committed or finds them gone.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.sha256 == sha256)).first()
        if (document is not None and not intake.is_purged(document)) or versions.living(session, sha256):
            return False
        content_store.remove_original(store, sha256)
    return True


def retry(store: Store, document_id: int, actor: str, page: int | None = None) -> None:
    """Read a document, or one page of it, again.

    One that failed, was refused or withdrawn goes back to the queue; one in review or on record keeps its state
    until the new reading is there, which leaves alone what a person decided. Raises Problem("wrong_state"),
    ("not_found").
    """
    with transaction(store) as session:
        document = locked_document(session, document_id)
        was = document.status
        if was in reread.STANDING:
            reread.queue(session, document, page)
        elif was in ("failed", "refused", "withdrawn") and not intake.is_purged(document):
            document.auto_accept = document.auto_accept and was != "withdrawn"
            intake.queue_reading(session, document)
        else:
            raise Problem("wrong_state", document=document_id, status=document.status)
        detail = {"was": was} | ({"page": page} if page is not None else {})
        # One whose reading stays in force is not changed by the request: a change found in it stays to be seen.
        audit.append(session, actor, "retry", document_id, detail, seals=was not in reread.STANDING)


def earlier(store: Store, lease: JobLease) -> reread.Earlier | None:
    """The earlier reading of a document of which only some pages are read again; None for a whole reading."""
    only = frozenset(lease.args.get("pages", ()))
    if not only or lease.document_id is None:
        return None
    with store.db.reading() as session:
        document = session.get(Document, lease.document_id)
        return reread.earlier(session, document, only) if document is not None and document.machine else None


def overrule_mark(store: Store, document_id: int, name: str, reason: str, actor: str) -> None:
    """Overrule a false alarm of the secrecy gate, with the reason;
    `content_store.put_original` has kept the bytes again.

    Raises Problem("store_busy") when the bytes were purged in between: send them again; Problem("bad_value")
    without a reason, ("wrong_state") when no mark had been seen on it.
    """
    with transaction(store) as session:
        document = locked_document(session, document_id)
        # Asked within the transaction, unlike when a file comes in: until it ends, a purge may take these very
        # bytes.
        if not content_store.has_original(store, document.sha256):
            raise Problem("store_busy")
        said = clean_text("reason", reason, required=True)
        intake.overrule_mark(session, document, name, said, actor)


def propose(store: Store, document_id: int, reading: Reading, lease: JobLease | None = None) -> str | None:
    """Store a Reading and finish its job; return `accepted` or `review`, None if the job belongs to another
    worker.

    Without a lease (a command that reads by itself) the document must be waiting; a job of its own is closed then.
    """
    with transaction(store) as session:
        document = _to_be_read(session, document_id, lease)
        if document is None:
            return None
        version, before = _waiting_version(session, document), document.sha256
        loses = document.status in reread.STANDING and reread.loses_pages(session, document, reading)
        if loses and version is None:
            _close(session, document_id, lease, "page_unreadable")
            audit.append(session, SYSTEM, "read_kept", document_id, {"revision": document.revision}, seals=False)
            return document.status
        status = proposing.propose(session, document, reading, version)
        _close(session, document_id, lease)
        detail = {"status": status, "pages": len(reading.pages), "revision": document.revision}
        if version is not None:
            detail |= {"version": version.position, "was": before}
        if status == "accepted" and document.accepted_by == acceptance.BY_RULE:
            detail["rule"] = acceptance.in_force(session).rule
        audit.append(session, SYSTEM, "read", document_id, detail)
        placing.place_by_rule(session, document, SYSTEM)
    if version is not None:
        # Made of the file before; nothing refers to them any more.
        derived.remove(store, before)
    return status


def refuse(
    store: Store, document_id: int, problem: Problem, lease: JobLease | None = None, *, actor: str = SYSTEM
) -> str | None:
    """Record that a file can't be taken or read; return `refused` or `failed`, None if the job belongs to another
    worker.

    Code `classified` removes the original's bytes, everything derived from it and its details in the trail, which
    keeps hash, time and actor. The order survives a crash at any point: first the tombstone, then the bytes.
    Of a new version that was being read only that version is refused: the document keeps its file.
    """
    if lease is not None and (kept := _refuse_version(store, document_id, problem, lease)) is not None:
        return kept
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
        if problem.code == "classified":
            handed_over.forget(session, document_id)
        _close(session, document_id, lease, problem.code)
        detail: dict[str, Any] = {"code": problem.code, "sha256": document.sha256}
        if problem.code == "classified":
            detail["purged_rows"] = audit.purge(session, document_id)
        relink(session, document)
        audit.append(session, actor, "refuse" if status == "refused" else "fail", document_id, detail)
        gone = erase_sharing(session, document_id, actor) if problem.code == "classified" else []
    if problem.code == "classified":
        for one in (document_id, *gone):
            purge_bytes(store, one)
    return status


def _refuse_version(store: Store, document_id: int, problem: Problem, lease: JobLease) -> str | None:
    """Refuse the version that a job was reading; return the document's status, None if it was no version."""
    with transaction(store) as session:
        document = _to_be_read(session, document_id, lease)
        row = _waiting_version(session, document) if document is not None else None
        if document is None or row is None:
            return None
        turn_down(session, document, row, problem)
        _close(session, document_id, lease, problem.code)
        status = document.status
    if problem.code == "classified":
        purge_bytes(store, document_id)
    return status


def _waiting_version(session: Session, document: Document) -> FileVersion | None:
    """The version that the reading of a document in review or on record is of."""
    return versions.waiting(session, document.id) if document.status in reread.STANDING else None


def classify(store: Store, document_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Purge a classified document (văn bản mật) that the gate missed, whatever its state.

    The trail keeps the reason. Raises Problem("bad_value") without one, ("stale"), ("not_found"), ("wrong_state")
    if it has been purged already.
    """
    with editing(store, document_id, revision) as (session, document):
        if intake.is_purged(document):
            raise Problem("wrong_state", document=document_id, status=document.status)
        said = clean_text("reason", reason, required=True)
        purged = erase(session, document, Problem("classified", mark=BY_PERSON))
        handed_over.forget(session, document_id)
        jobs.cancel(session, document_id, "classified")
        purged = audit.purge(session, document_id)
        relink(session, document)
        detail = {"code": "classified", "sha256": document.sha256, "purged_rows": purged, "reason": said}
        audit.append(session, actor, "classify", document_id, audit.salted(detail))
        gone = erase_sharing(session, document_id, actor)
    for one in (document_id, *gone):
        purge_bytes(store, one)


def mark_verified(store: Store, sound: Sequence[int], faulty: Mapping[int, str] | None = None) -> None:
    """Record a comparison of originals: the time for sound ones, a row of the trail for each faulty one."""
    with transaction(store) as session:
        session.execute(update(Document).where(Document.id.in_(sound)).values(verified_at=utc_now()))
        for document_id, state in (faulty or {}).items():
            audit.append(session, SYSTEM, "original_faulty", document_id, {"state": state}, seals=False)


def keep_signatures(store: Store, found: Mapping[int, Sequence[Signature]]) -> None:
    """Put the signatures of these documents on record as they were verified again;
    the trail says from what to what.
    """
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


def withdraw_elsewhere(store: Store, identity: str) -> None:
    """End all grants of an account whose owner has no role at the identity provider any more."""
    with transaction(store) as session:
        user = accounts.known_elsewhere(session, identity)
        if user is not None:
            ended = grants.end(session, user, "withdrawn")
            audit.append(session, SYSTEM, "withdraw_role", None, {"name": user.name, "sso": True, **ended})


def _limit_arrival(session: Session, receipt: Receipt, arrival: Arrival, names: Sequence[str], by: Groups) -> None:
    """Set the limit of an arrival; a document on file gets it only if it is read again.

    Raises Problem("limit_differs") for a document that goes on with another limit: its sender believes that only
    those groups see it. Nothing is reported about a document that the sender may not see.
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
    """Resolve every citation again by the rules and tables of this version; decisions of people stay."""
    with store.db.writing() as session:
        resolution.resolve_all(session)
    follow_answers(store)


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
