"""The only writer: every function is one transaction and leaves one row in the trail (leases and index marks leave none).

Views, worker and commands call it; no other module commits. What happens inside a transaction stands in corpus.intake,
propose, corrections, accounts and jobs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from corpus import accounts, audit, compounds, corrections, desk, files, graph, groups, intake, jobs
from corpus import propose as proposing
from corpus.db import utc_now
from corpus.document import Reading, Signature
from corpus.errors import Problem
from corpus.groups import Groups
from corpus.input_text import clean_text
from corpus.intake import READ, Arrival
from corpus.intake import Receipt as Receipt
from corpus.jobs import JobLease
from corpus.models import CitationRow, Document, SignIn, User
from corpus.store import Store
from corpus.wire import signature_to_json

_MOST_NAMED = 500
"""Documents that one statement names."""

SYSTEM = "vanban"
"""The actor of what the program does by itself."""


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
) -> Receipt:
    """Takes a file whose bytes `files.put_original` has kept: once this returns, it is acknowledged.

    The same bytes again are the same document; one that had been refused, had failed or was withdrawn is read again.
    limited_to: names of the groups that alone may see it, on the word of a member of the groups `by`.
    Raises Problem("store_busy") when the bytes were purged in between: send them again.
    """
    arrival = Arrival(sha256, name, media_type, size, actor, auto_accept, sample)
    # Asked before the transaction: a slow bucket must not keep the other writers waiting. What is purged later belongs
    # to a classified document, and its bytes are refused below.
    if not files.has_original(store, sha256):
        raise Problem("store_busy")
    with _transaction(store) as session:
        receipt = intake.receive(session, arrival)
        if limited_to and not receipt.existing:
            _limit(session, _document(session, receipt.document_id), limited_to, actor, by)
    if receipt.code == "classified":
        _purge_original(store, receipt.document_id)
    return receipt


def retry(store: Store, document_id: int, actor: str) -> None:
    """Reads a document again that failed, was refused or was withdrawn."""
    with _transaction(store) as session:
        document = _document(session, document_id)
        if document.status not in ("failed", "refused", "withdrawn") or intake.is_classified(document):
            raise Problem("wrong_state", document=document_id, status=document.status)
        was = document.status
        intake.queue_reading(session, document)
        audit.append(session, actor, "retry", document_id, {"was": was})


def overrule_mark(store: Store, document_id: int, name: str, reason: str, actor: str) -> None:
    """Overrules a false alarm of the secrecy gate, with the reason; `files.put_original` has kept the bytes again.

    Raises Problem("store_busy") when the bytes were purged in between: send them again; Problem("bad_value") without
    a reason, ("wrong_state") when no mark had been seen on it.
    """
    with _transaction(store) as session:
        document = _document(session, document_id)
        # Asked within the transaction, unlike when a file comes in: until it ends, a purge may take these very bytes.
        if not files.has_original(store, document.sha256):
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
    with _transaction(store) as session:
        document = _to_be_read(session, document_id, lease)
        if document is None:
            return None
        status = proposing.propose(session, document, reading)
        _close(session, document_id, lease)
        detail = {"status": status, "pages": len(reading.pages), "revision": document.revision}
        audit.append(session, SYSTEM, "read", document_id, detail)
    return status


def refuse(
    store: Store, document_id: int, problem: Problem, lease: JobLease | None = None, *, actor: str = SYSTEM
) -> str | None:
    """Notes that a file can't be taken or read; `refused` or `failed`, None when the job isn't ours any more.

    Code `classified` takes out the original's bytes, all that was read and what the trail tells of it; the trail keeps
    hash, moment and actor. The order survives a crash at any point: first the tombstone, then the bytes.
    """
    with _transaction(store) as session:
        by_person = lease is None and actor != SYSTEM
        document = _document(session, document_id) if by_person else _to_be_read(session, document_id, lease)
        if document is None:
            return None
        status = intake.refuse(session, document, problem)
        _close(session, document_id, lease, problem.code)
        detail: dict[str, Any] = {"code": problem.code, "sha256": document.sha256}
        if problem.code == "classified":
            detail["purged_rows"] = audit.purge(session, document_id)
        _relink(session, document)
        audit.append(session, actor, "refuse" if status == "refused" else "fail", document_id, detail)
    if problem.code == "classified":
        _purge_original(store, document_id)
    return status


def mark_indexed(store: Store, revisions: Mapping[int, int], with_compounds: Collection[int] = ()) -> None:
    """Notes which revision of each document the index holds now, and for which of them it has compounds."""
    alike: dict[int, list[int]] = {}
    for document_id, revision in revisions.items():
        alike.setdefault(revision, []).append(document_id)
    with store.db.writing(alone=False) as session:
        for revision, ids in alike.items():
            for at in range(0, len(ids), _MOST_NAMED):
                these = Document.id.in_(ids[at : at + _MOST_NAMED])
                marked = update(Document).where(these).values(indexed_revision=revision)
                session.execute(marked, execution_options={"synchronize_session": False})
        compounds.mark_indexed(session, with_compounds)


def claim_segmenting(store: Store, owner: str, most: int) -> JobLease | None:
    """The next documents to be segmented for this worker, or None; `args["documents"]` tells which.

    Those whose segmenting kept ending its worker are given up on the way.
    """
    with store.db.reading() as session:
        if not compounds.any_waiting(session):
            return None
    with store.db.writing(alone=False) as session:
        for job in jobs.poisoned(session, (compounds.SEGMENT,), store.settings.max_attempts):
            compounds.give_up(session, job.args["documents"])
        return compounds.claim(session, owner, store.settings.lease_seconds, most)


def keep_compounds(store: Store, lease: JobLease, found: Iterable[tuple[compounds.Waiting, str]]) -> bool:
    """Keeps what documents were segmented into and finishes the job; False when it isn't ours any more."""
    with store.db.writing(alone=False) as session:
        if not jobs.is_ours(session, lease):
            return False
        compounds.keep(session, found)
        return jobs.finish(session, lease)


def mark_verified(store: Store, sound: Sequence[int], faulty: Mapping[int, str] | None = None) -> None:
    """Notes that the originals of these documents are still what came in; each that isn't leaves a row in the trail."""
    with _transaction(store) as session:
        session.execute(update(Document).where(Document.id.in_(sound)).values(verified_at=utc_now()))
        for document_id, state in (faulty or {}).items():
            audit.append(session, SYSTEM, "original_faulty", document_id, {"state": state})


def keep_signatures(store: Store, found: Mapping[int, Sequence[Signature]]) -> None:
    """Puts the signatures of these documents on record as they were verified again; the trail says from what to what."""
    with _transaction(store) as session:
        for document_id, signatures in found.items():
            document = _document(session, document_id)
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
    with _transaction(store) as session:
        stranded = session.scalars(select(Document).where(Document.id.in_(intake.stranded(session)))).all()
        for document in stranded:
            intake.queue_reading(session, document)
            audit.append(session, SYSTEM, "requeue", document.id)
    return len(stranded)


# What a person decides.


def accept(store: Store, document_id: int, values: dict[str, object], actor: str, revision: int | None) -> int:
    """Puts a document on record with these values; the new revision.

    Raises Problem("stale") when it isn't any more what the person saw, ("wrong_state"), ("bad_value"), ("not_found").
    """
    with _edit(store, document_id, revision) as (session, document):
        corrections.accept(session, document, values, actor)
        return document.revision


def correct(store: Store, document_id: int, values: dict[str, object], actor: str, revision: int | None) -> int:
    """Changes fields of a record; the new revision. Raises as `accept` does."""
    with _edit(store, document_id, revision) as (session, document):
        corrections.correct(session, document, values, actor)
        return document.revision


def undo(store: Store, document_id: int, audit_row: int, actor: str, revision: int | None) -> int:
    """Takes one correction back (`audit_row` from `corrections.history`); the new revision."""
    with _edit(store, document_id, revision) as (session, document):
        corrections.undo(session, document, audit_row, actor)
        return document.revision


def withdraw(store: Store, document_id: int, reason: str, actor: str, revision: int | None = None) -> None:
    """Takes a document back, with the reason."""
    with _edit(store, document_id, revision) as (session, document):
        corrections.withdraw(session, document, reason, actor)


def reinstate(store: Store, document_id: int, actor: str, revision: int | None = None) -> None:
    """Brings a withdrawn document back to review."""
    with _edit(store, document_id, revision) as (session, document):
        corrections.reinstate(session, document, actor)


def settle_citation(store: Store, citation_id: int, target_id: int | None, actor: str) -> None:
    """Fixes which document a citation means; None: one that is not held."""
    with _transaction(store) as session:
        citation = session.get(CitationRow, citation_id)
        if citation is None:
            raise Problem("not_found", what=citation_id)
        corrections.settle_citation(session, citation, target_id, actor)


def settle_conflict(store: Store, document_id: int, fingerprint: str, reason: str, actor: str) -> None:
    """Notes why a conflict may stand."""
    with _transaction(store) as session:
        corrections.settle_conflict(session, _document(session, document_id), fingerprint, reason, actor)


def hold(store: Store, document_id: int, holder: str) -> tuple[str, datetime]:
    """Notes that somebody has a document open; who has it, and since when: a colleague's hold stands while it lasts."""
    with store.db.writing(alone=False) as session:
        row = desk.hold(session, document_id, holder)
        return row.holder, row.since


def release(store: Store, document_id: int, holder: str) -> None:
    """Notes that it is closed again."""
    with store.db.writing(alone=False) as session:
        desk.release(session, document_id, holder)


def hold_next(store: Store, holder: str, after: int | None = None, seen_by: Groups = None) -> int | None:
    """Holds the next document that waits for a person of these groups; two people asking at once get two documents."""
    with store.db.writing() as session:
        return desk.hold_next(session, holder, after, seen_by)


# Who may see what.


def limit(store: Store, document_id: int, names: Sequence[str], actor: str, by: Groups = None) -> tuple[str, ...]:
    """Limits a document to groups, to none in particular when no name is given; the names in force.

    by: the groups of who asks for it, None for one who sees all. Raises Problem("bad_value"), ("not_found").
    """
    with _edit(store, document_id, None) as (session, document):
        return _limit(session, document, names, actor, by)


def add_group(store: Store, name: str, actor: str) -> int:
    """A new group of users; its ID."""
    with _transaction(store) as session:
        group = groups.add(session, name)
        audit.append(session, actor, "add_group", None, {"group": group.name})
        return group.id


def remove_group(store: Store, name: str, actor: str) -> None:
    """Ends a group that no document is limited to."""
    with _transaction(store) as session:
        group = groups.named(session, name)
        groups.remove(session, group)
        audit.append(session, actor, "remove_group", None, {"group": group.name})


def join_group(store: Store, name: str, user_name: str, actor: str) -> None:
    """Puts an account into a group; it sees the group's documents from the next request on."""
    with _transaction(store) as session:
        group, user = groups.named(session, name), accounts.user_named(session, user_name)
        if groups.join(session, group, user):
            audit.append(session, actor, "join_group", None, {"group": group.name, "name": user.name})


def leave_group(store: Store, name: str, user_name: str, actor: str) -> None:
    """Takes an account out of a group; it sees nothing of the group's documents from the next request on."""
    with _transaction(store) as session:
        group, user = groups.named(session, name), accounts.user_named(session, user_name)
        if groups.leave(session, group, user):
            audit.append(session, actor, "leave_group", None, {"group": group.name, "name": user.name})


# Accounts and the trail.


def add_user(
    store: Store, name: str, role: str, password_hash: str, *, full_name: str = "", actor: str = SYSTEM
) -> int:
    """A new account; its ID."""
    with _transaction(store) as session:
        user = accounts.add_user(session, name, role, password_hash, full_name)
        audit.append(session, actor, "add_user", None, {"name": user.name, "role": role})
        return user.id


def sign_in_elsewhere(store: Store, identity: str, name: str, full_name: str, role: str) -> int:
    """The account of somebody whom an identity provider has vouched for, with the role that it gives him now; its ID."""
    with _transaction(store) as session:
        user, made = accounts.user_of_identity(session, identity, name, full_name, role)
        if made:
            audit.append(session, SYSTEM, "add_user", None, {"name": user.name, "role": role, "sso": True})
        elif user.role != role:
            detail = {"name": user.name, "was": user.role, "role": role, "sso": True}
            user.role = accounts.check_role(role)
            accounts.end_sessions(session, user.id)
            audit.append(session, SYSTEM, "set_role", None, detail)
        return user.id


def set_role(store: Store, name: str, role: str, actor: str) -> None:
    """Gives an account another role; its sessions end."""
    with _account(store, name) as (session, user):
        detail = {"name": user.name, "was": user.role, "role": role}
        user.role = accounts.check_role(role)
        audit.append(session, actor, "set_role", None, detail)


def set_password(store: Store, name: str, password_hash: str, actor: str) -> None:
    """Gives an account another password; its sessions end."""
    with _account(store, name) as (session, user):
        user.password_hash = password_hash
        audit.append(session, actor, "set_password", None, {"name": user.name})


def set_active(store: Store, name: str, active: bool, actor: str) -> None:
    """Closes or reopens an account; its sessions end."""
    with _account(store, name) as (session, user):
        user.active = active
        audit.append(session, actor, "enable_user" if active else "disable_user", None, {"name": user.name})


def disable(store: Store, name: str, actor: str) -> None:
    """Closes an account; its sessions end."""
    set_active(store, name, False, actor)


def start_session(
    store: Store, user_id: int, token_hash: str, *, address: str = "", lifetime: timedelta = timedelta(hours=12)
) -> None:
    """Signs an account in; the caller has checked the password and keeps the token."""
    with _transaction(store) as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise Problem("sign_in_failed")
        accounts.start_session(session, user_id, token_hash, address, lifetime)
        audit.append(session, user.name, "sign_in", None, {"address": address[:64]})


def end_session(store: Store, token_hash: str, actor: str) -> None:
    """Signs out; a token that has ended already stays so."""
    with _transaction(store) as session:
        row = session.get(SignIn, token_hash)
        if row is not None and row.ended_at is None:
            accounts.end_session(row)
            audit.append(session, actor, "sign_out")


def touch_session(store: Store, token_hash: str) -> None:
    """Notes that a session is in use; call it once in some minutes, not at every page."""
    with store.db.writing(alone=False) as session:
        accounts.touch_session(session, token_hash)


def add_token(store: Store, user_id: int, token_hash: str, label: str, writes: bool, actor: str) -> int:
    """A key for a program that acts for an account; its ID."""
    with _transaction(store) as session:
        row = accounts.add_token(session, user_id, token_hash, label, writes)
        audit.append(session, actor, "add_token", None, {"token": row.id, "label": row.label, "writes": writes})
        return row.id


def end_token(store: Store, user_id: int, token_id: int, actor: str) -> None:
    """Ends one of an account's own tokens."""
    with _transaction(store) as session:
        row = accounts.token_of(session, user_id, token_id)
        row.ended_at = row.ended_at or utc_now()
        audit.append(session, actor, "end_token", None, {"token": row.id})


def save_search(store: Store, user_id: int, address: str, words: str, known: int) -> None:
    """Follows a search; again: notes how many documents it finds now."""
    with store.db.writing(alone=False) as session:
        accounts.save_search(session, user_id, address, words, known)


def drop_search(store: Store, user_id: int, search_id: int) -> None:
    """Follows a search no more."""
    with store.db.writing(alone=False) as session:
        accounts.drop_search(session, user_id, search_id)


def note_attempt(store: Store, name: str, address: str, succeeded: bool) -> None:
    """Keeps one try to sign in."""
    with _transaction(store) as session:
        accounts.note_attempt(session, name, address, succeeded)
        if not succeeded:
            audit.append(session, name, "sign_in_failed", None, {"address": address[:64]})


def note(
    store: Store, actor: str, action: str, document_id: int | None = None, detail: dict[str, Any] | None = None
) -> None:
    """A row of the trail by itself: a view, a search, a download, an export."""
    with _transaction(store) as session:
        audit.append(session, actor, action, document_id, detail)


@contextmanager
def _transaction(store: Store) -> Iterator[Session]:
    """One transaction; the chain's head is sealed outside the database when it has passed a full number of rows."""
    with store.db.writing() as session:
        yield session
        rows: list[audit.Seal] = session.info.get("audit_rows", [])
    due = [seal for seal in rows if seal.row % store.settings.audit_seal_every == 0]
    if due:
        audit.append_seals(audit.seal_file(store.settings), due)


@contextmanager
def _edit(store: Store, document_id: int, revision: int | None) -> Iterator[tuple[Session, Document]]:
    with _transaction(store) as session:
        document = _document(session, document_id)
        corrections.check_revision(document, revision)
        yield session, document


@contextmanager
def _account(store: Store, name: str) -> Iterator[tuple[Session, User]]:
    with _transaction(store) as session:
        user = accounts.user_named(session, name)
        yield session, user
        accounts.end_sessions(session, user.id)


def _limit(session: Session, document: Document, names: Sequence[str], actor: str, by: Groups) -> tuple[str, ...]:
    before, after = groups.limit(session, document, names, by)
    detail = {"before": list(before), "after": list(after), "revision": document.revision}
    audit.append(session, actor, "limit", document.id, detail)
    return after


def _document(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise Problem("not_found", what=document_id)
    return document


def _to_be_read(session: Session, document_id: int, lease: JobLease | None) -> Document | None:
    """The document a reading is for; None when its job has gone to another worker or was cancelled."""
    if lease is not None and not jobs.is_ours(session, lease):
        return None
    document = _document(session, document_id)
    if document.status not in ("queued", "reading"):
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
    with _transaction(store) as session:
        for job in jobs.poisoned(session, kinds, store.settings.max_attempts):
            document = session.get(Document, job.document_id) if job.document_id is not None else None
            if document is not None and document.status in ("queued", "reading"):
                intake.refuse(session, document, Problem("reader_crashed", name=document.name))
                detail = {"code": "reader_crashed", "attempts": job.attempts}
                audit.append(session, SYSTEM, "fail", document.id, detail)


def _relink(session: Session, document: Document) -> None:
    """Lets the graph notice that a document is no longer to be linked to."""
    session.flush()
    graph.resolve(session, document)


def _purge_original(store: Store, document_id: int) -> None:
    """Removes the bytes while no other writer is about, so that the same file sent in meanwhile isn't lost or kept.

    Run again at start by `purge_pending` when it was cut short: the document's tombstone is the order to do it.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.id == document_id)).one()
        if intake.is_classified(document):
            files.remove_original(store, document.sha256)
    store.db.checkpoint()


def purge_pending(store: Store) -> int:
    """Removes bytes of classified documents that a crash left behind; how many there were."""
    with store.db.reading() as session:
        refused = session.scalars(select(Document).where(Document.status == "refused")).all()
        left = [d.id for d in refused if intake.is_classified(d) and files.has_original(store, d.sha256)]
    for document_id in left:
        _purge_original(store, document_id)
    return len(left)
