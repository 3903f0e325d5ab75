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

from corpus import (
    accounts,
    attempts,
    audit,
    compounds,
    corrections,
    derived,
    desk,
    files,
    first_sign_in,
    grants,
    graph,
    groups,
    intake,
    jobs,
    leftovers,
    record_seals,
    reread,
    seals,
    sessions,
    sign_in_names,
    tokens,
)
from corpus import propose as proposing
from corpus.db import utc_now
from corpus.document import Reading
from corpus.errors import Problem
from corpus.groups import Groups
from corpus.input_text import clean_text
from corpus.intake import READ, Arrival
from corpus.intake import Receipt as Receipt
from corpus.jobs import JobLease
from corpus.models import CitationRow, Document, SignIn, SignInAttempt, User
from corpus.store import Store

_MOST_NAMED = 500
"""Documents that one statement names."""

_SEAL_NOW = "seal_now"

SYSTEM = "vanban"
"""The actor of what the program does by itself."""

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
    """Takes a file whose bytes `files.put_original` has kept: once this returns, it is acknowledged.

    The same bytes again are the same document; one that had been refused, had failed or was withdrawn is read again.
    limited_to: names of the groups that alone may see it, on the word of a member of the groups `by`.
    withheld: for administrators alone until one of them says who may see it.
    Raises Problem("store_busy") when the bytes were purged in between: send them again; Problem("limit_differs") when
    they are held already with another limit, ("not_found") for a group that isn't the sender's. Whoever put the bytes
    there for this call hands them to `drop_unclaimed` then.
    """
    arrival = Arrival(sha256, name, media_type, size, actor, auto_accept, sample, withheld)
    # Asked outside the transaction: a slow bucket must not keep the other writers waiting.
    if not files.has_original(store, sha256):
        raise Problem("store_busy")
    with _transaction(store) as session:
        receipt = intake.receive(session, arrival, by)
        if receipt.code is None and any(one.strip() for one in limited_to):
            _limit_arrival(session, receipt, arrival, limited_to, by)
    if receipt.code == "classified":
        _purge(store, receipt.document_id)
    elif not files.has_original(store, sha256):
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
        files.remove_original(store, sha256)
    return True


def retry(store: Store, document_id: int, actor: str, page: int | None = None) -> None:
    """Reads a document again, or one page of it.

    One that failed, was refused or withdrawn waits in the queue anew; one in review or on record stays so until the new
    reading is there, which leaves alone what a person decided. Raises Problem("wrong_state"), ("not_found").
    """
    with _transaction(store) as session:
        document = _document(session, document_id)
        was = document.status
        if was in ("review", "accepted"):
            reread.queue(session, document, page)
        elif was in ("failed", "refused", "withdrawn") and not intake.is_classified(document):
            document.auto_accept = document.auto_accept and was != "withdrawn"
            intake.queue_reading(session, document)
        else:
            raise Problem("wrong_state", document=document_id, status=document.status)
        detail = {"was": was} | ({"page": page} if page is not None else {})
        audit.append(session, actor, "retry", document_id, detail)


def earlier(store: Store, lease: JobLease) -> reread.Earlier | None:
    """What was read of a document before that is read again in part; None when it is read as a whole."""
    only = frozenset(lease.args.get("pages", ()))
    if not only or lease.document_id is None:
        return None
    with store.db.reading() as session:
        document = session.get(Document, lease.document_id)
        return reread.earlier(session, document, only) if document is not None and document.machine else None


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
        if document.status in reread.STANDING and reread.loses_pages(session, document, reading):
            _close(session, document_id, lease, "page_unreadable")
            audit.append(session, SYSTEM, "read_kept", document_id, {"revision": document.revision})
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
    with _transaction(store) as session:
        by_person = lease is None and actor != SYSTEM
        document = _document(session, document_id) if by_person else _to_be_read(session, document_id, lease)
        if document is None:
            return None
        if not by_person and document.status in reread.STANDING and problem.code != "classified":
            # What was read before is worth more than the failure to read it again.
            _close(session, document_id, lease, problem.code)
            audit.append(session, SYSTEM, "read_kept", document_id, {"code": problem.code})
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
    with _edit(store, document_id, revision) as (session, document):
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
            audit.append(session, SYSTEM, "original_faulty", document_id, {"state": state}, seals=False)


def requeue_stranded(store: Store) -> int:
    """Gives a job to each document that waits to be read without one; how many there were."""
    with _transaction(store) as session:
        stranded = session.scalars(select(Document).where(Document.id.in_(intake.stranded(session)))).all()
        for document in stranded:
            record_seals.compare(session, document.id)
            intake.queue_reading(session, document)
            audit.append(session, SYSTEM, "requeue", document.id)
    return len(stranded)


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
    with _edit(store, document_id, revision) as (session, document):
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
    with _edit(store, document_id, revision) as (session, document):
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
    with _transaction(store) as session:
        for document_id in sorted(set(documents)):
            document = _document(session, document_id)
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
    with _edit(store, document_id, revision) as (session, document):
        corrections.undo(session, document, audit_row, actor, confirm, by)
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
        record_seals.compare(session, citation.document_id)
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
    store: Store,
    name: str,
    role: str,
    password_hash: str,
    *,
    full_name: str = "",
    actor: str = SYSTEM,
    must_change: bool = False,
) -> int:
    """A new account; its ID. must_change: its owner must choose a password of his own before anything else."""
    with _transaction(store) as session:
        user = accounts.add_user(session, name, role, password_hash, full_name, must_change=must_change)
        audit.append(session, actor, "add_user", None, {"name": user.name, "role": role})
        return user.id


def sign_in_elsewhere(store: Store, identity: str, name: str, full_name: str, role: str) -> int:
    """The account of somebody whom an identity provider has vouched for, with the role that it gives him now; its ID."""
    with _transaction(store) as session:
        user, made = accounts.user_of_identity(session, identity, name, full_name, role)
        if made:
            audit.append(session, SYSTEM, "add_user", None, {"name": user.name, "role": role, "sso": True})
        else:
            _give_role(session, user, role, SYSTEM, {"sso": True})
        return user.id


def withdraw_elsewhere(store: Store, identity: str) -> None:
    """Ends all that an account has handed out whose owner the provider gives no role any more."""
    with _transaction(store) as session:
        user = accounts.known_elsewhere(session, identity)
        if user is not None:
            ended = grants.end(session, user, "withdrawn")
            audit.append(session, SYSTEM, "withdraw_role", None, {"name": user.name, "sso": True, **ended})


def set_role(store: Store, name: str, role: str, actor: str) -> None:
    """Gives an account another role; its sessions and tokens end."""
    with _transaction(store) as session:
        _give_role(session, accounts.user_named(session, name), role, actor, {})


def set_password(store: Store, name: str, password_hash: str, actor: str, *, must_change: bool = False) -> None:
    """Gives an account another password; its sessions, tokens and feeds end, and failed tries count no more.

    must_change: the password was made by somebody else than its owner. Raises Problem("sso_account").
    """
    with _transaction(store) as session:
        user = accounts.user_named(session, name)
        if accounts.is_elsewhere(user):
            raise Problem("sso_account", name=user.name)
        user.password_hash, user.must_change = password_hash, must_change
        attempts.unlock(session, user.name)
        ended = grants.end(session, user, "password")
        audit.append(session, actor, "set_password", None, {"name": user.name, **ended})
    first_sign_in.remove(store, user.name)


def set_active(store: Store, name: str, active: bool, actor: str) -> None:
    """Closes or reopens an account; its sessions, tokens and feeds end, and reopening brings none back."""
    with _transaction(store) as session:
        user = accounts.user_named(session, name)
        user.active = active
        attempts.unlock(session, user.name)
        ended = grants.end(session, user, "open" if active else "close")
        action = "enable_user" if active else "disable_user"
        audit.append(session, actor, action, None, {"name": user.name, **ended})


def disable(store: Store, name: str, actor: str) -> None:
    """Closes an account; its sessions, tokens and feeds end."""
    set_active(store, name, False, actor)


def end_sessions(store: Store, name: str, actor: str) -> int:
    """Signs an account out everywhere; the number of its sessions that ended."""
    with _transaction(store) as session:
        user = accounts.user_named(session, name)
        ended = accounts.end_sessions(session, user.id)
        audit.append(session, actor, "end_session", None, {"name": user.name, "sessions": ended})
        return ended


def start_session(
    store: Store,
    user_id: int,
    token_hash: str,
    *,
    address: str = "",
    lifetime: timedelta = timedelta(hours=12),
    agent: str = "",
    proved_ago: timedelta | None = timedelta(0),
) -> None:
    """Signs an account in; the caller has checked the password and keeps the token.

    proved_ago: time since the person proved who he is; None: the provider that vouches for him doesn't say.
    """
    with _transaction(store) as session:
        user = session.get(User, user_id)
        if user is None or not user.active:
            raise Problem("sign_in_failed")
        accounts.start_session(session, user_id, token_hash, address, lifetime, agent, proved_ago)
        audit.append(session, user.name, "sign_in", None, {"address": address[:64]})


def end_session(store: Store, token_hash: str, actor: str) -> None:
    """Signs out; a token that has ended already stays so."""
    with _transaction(store) as session:
        row = session.get(SignIn, token_hash)
        if row is not None and row.ended_at is None:
            accounts.end_session(row)
            audit.append(session, actor, "sign_out")
            _seal_at_the_end(session, row.user_id)


def end_own_session(store: Store, user_id: int, handle: str, actor: str) -> None:
    """Ends one of an account's own sessions, at whatever machine; raises Problem("not_found")."""
    with _transaction(store) as session:
        row = sessions.get(session, user_id, handle)
        accounts.end_session(row)
        audit.append(session, actor, "end_session", None, {"address": row.address})


def touch_session(store: Store, token_hash: str) -> None:
    """Notes that a session is in use; call it once in some minutes, not at every page."""
    with store.db.writing(alone=False) as session:
        accounts.touch_session(session, token_hash)


def prove_session(store: Store, token_hash: str) -> None:
    """Notes that the person of a session has just proved who he is again."""
    with store.db.writing(alone=False) as session:
        sessions.prove(session, token_hash)


def add_token(
    store: Store, user_id: int, token_hash: str, label: str, writes: bool, actor: str, *, days: int | None = None
) -> int:
    """A token for a program that acts for an account; its ID. days: its life; None: the longest of the settings."""
    with _transaction(store) as session:
        row = tokens.add(session, user_id, token_hash, label, writes, days, store.settings.token_days)
        until = row.expires_at.date().isoformat()
        detail = {"token": row.id, "label": row.label, "writes": writes, "until": until}
        audit.append(session, actor, "add_token", None, detail)
        return row.id


def touch_token(store: Store, token_id: int) -> None:
    """Notes that a token is in use; call it once in some minutes, not at every call."""
    with store.db.writing(alone=False) as session:
        tokens.touch(session, token_id)


def end_token(store: Store, user_id: int | None, token_id: int, actor: str) -> None:
    """Ends a token of this account, of anybody when None; raises Problem("not_found")."""
    with _transaction(store) as session:
        row = tokens.get(session, token_id, user_id)
        row.ended_at = row.ended_at or utc_now()
        owner = session.get_one(User, row.user_id).name
        audit.append(session, actor, "end_token", None, {"token": row.id, "label": row.label, "name": owner})


def save_search(store: Store, user_id: int, address: str, words: str, known: int) -> None:
    """Follows a search; again: notes how many documents it finds now."""
    with store.db.writing(alone=False) as session:
        accounts.save_search(session, user_id, address, words, known)


def drop_search(store: Store, user_id: int, search_id: int) -> None:
    """Follows a search no more."""
    with store.db.writing(alone=False) as session:
        accounts.drop_search(session, user_id, search_id)


def begin_attempt(store: Store, name: str, source: str) -> int:
    """Keeps a try to sign in before the password is looked at; raises Problem("too_many_attempts")."""
    with store.db.reading() as session:
        # A flood is turned away without the writers' lock.
        if (left := attempts.wait_of(session, name, source, utc_now())) > 0:
            raise Problem("too_many_attempts", seconds=left)
    with store.db.writing() as session:
        return attempts.begin(session, name, source).id


def settle_attempt(store: Store, attempt: int, name: str, address: str, succeeded: bool) -> None:
    """The end of a try: it succeeded, or its failure goes into the trail."""
    with _transaction(store) as session:
        row = session.get(SignInAttempt, attempt)
        if succeeded and row is not None:
            row.succeeded = True
        if not succeeded:
            audit.append(session, name, "sign_in_failed", None, {"address": address[:64]})


def unlock_user(store: Store, name: str, actor: str) -> int:
    """Forgets the failed tries of an account, so that nobody waits for it; how many there were."""
    with _transaction(store) as session:
        user = accounts.user_named(session, name)
        count = attempts.unlock(session, user.name)
        audit.append(session, actor, "unlock_user", None, {"name": user.name, "tries": count})
        return count


def note_attempt(store: Store, name: str, address: str, succeeded: bool) -> None:
    """Keeps one try to sign in; a name that is no account's is kept as a hash (corpus.sign_in_names)."""
    with _transaction(store) as session:
        actor = name if name == sign_in_names.PROVIDER else sign_in_names.actor(store, session, name)
        accounts.note_attempt(session, actor, address, succeeded)
        if not succeeded:
            audit.append(session, actor, "sign_in_failed", None, {"address": address[:64]})


def note(
    store: Store, actor: str, action: str, document_id: int | None = None, detail: dict[str, Any] | None = None
) -> None:
    """A row of the trail by itself: a view, a search, a download, an export.

    Raises Problem("store_busy") when it can't be written within `audit_seconds`: what is read must leave its row.
    """
    with _transaction(store, patience=store.settings.audit_seconds) as session:
        audit.append(session, actor, action, document_id, detail, seals=False)


def reseal(store: Store, document_id: int, reason: str, actor: str) -> None:
    """Seals a record as it is now, on the word of a person who has looked into a change behind the program's back.

    Also of a document that is gone, once the trail has sealed it; raises Problem("not_found"), ("bad_value") without a
    reason.
    """
    with _transaction(store) as session:
        if session.get(Document, document_id) is None and not record_seals.was_sealed(session, document_id):
            raise Problem("not_found", what=document_id)
        said = clean_text("reason", reason, required=True)
        audit.append(session, actor, record_seals.SETTLE, document_id, audit.salted({"reason": said}))


@contextmanager
def _transaction(store: Store, patience: float | None = None) -> Iterator[Session]:
    """One transaction; the chain's head is sealed outside the database when that is due, by rows or by time."""
    with store.db.writing(patience=patience) as session:
        record_seals.switch_on(session)
        yield session
        rows: list[audit.Seal] = session.info.get("audit_rows", [])
        now = session.info.get(_SEAL_NOW, False)
    seals.after_commit(store.settings, rows, now=now)


def _seal_at_the_end(session: Session, user_id: int) -> None:
    """Has the head sealed at once when an administrator's session ends."""
    user = session.get(User, user_id)
    session.info[_SEAL_NOW] = user is not None and user.role == "admin"


@contextmanager
def _edit(store: Store, document_id: int, revision: int | None) -> Iterator[tuple[Session, Document]]:
    with _transaction(store) as session:
        document = _document(session, document_id)
        corrections.check_revision(document, revision)
        yield session, document


def _give_role(session: Session, user: User, role: str, actor: str, more: dict[str, Any]) -> None:
    """Another role, with the row that says so; the same role again changes and ends nothing."""
    was, user.role = user.role, accounts.check_role(role)
    if was != role:
        ended = grants.end(session, user, "role")
        audit.append(
            session, actor, "set_role", None, {"name": user.name, "was": was, "role": role, **more, **ended}
        )


def _limit(session: Session, document: Document, names: Sequence[str], actor: str, by: Groups) -> tuple[str, ...]:
    before, after = groups.limit(session, document, names, by)
    detail = {"before": list(before), "after": list(after), "revision": document.revision}
    audit.append(session, actor, "limit", document.id, detail)
    return after


def _limit_arrival(session: Session, receipt: Receipt, arrival: Arrival, names: Sequence[str], by: Groups) -> None:
    """Limits what has come in; bytes that were here before are limited when they are read again, and only then.

    Raises Problem("limit_differs") for a document that goes on as it was with another limit: its sender believes that
    only those groups see it. One that the sender may not know of has a limit, and nothing is said of it.
    """
    document = _document(session, receipt.document_id)
    groups.check_own(session, names, by)
    if groups.is_limit(session, document, names) or not groups.may_see(session, document, by):
        return
    if receipt.status == "duplicate":
        held = ", ".join(groups.names_of(session, document.id)) or "—"
        raise Problem("limit_differs", name=arrival.name, document=document.id, groups=held)
    _limit(session, document, names, arrival.actor, by)


def _document(session: Session, document_id: int) -> Document:
    document = session.get(Document, document_id, with_for_update=True)
    if document is None:
        raise Problem("not_found", what=document_id)
    record_seals.compare(session, document_id)
    return document


def _to_be_read(session: Session, document_id: int, lease: JobLease | None) -> Document | None:
    """The document a reading is for; None when its job has gone to another worker or was cancelled."""
    if lease is not None and not jobs.is_ours(session, lease):
        return None
    document = _document(session, document_id)
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
    with _transaction(store) as session:
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
    graph.resolve(session, document)


def _purge(store: Store, document_id: int) -> None:
    """Removes the bytes and all that was made of them while no other writer is about, so that the same file sent in
    meanwhile isn't lost or kept.

    Run again at start by `purge_pending` when it was cut short: the document's tombstone is the order to do it.
    """
    with store.db.writing() as session:
        document = session.scalars(select(Document).where(Document.id == document_id)).one()
        if intake.is_classified(document):
            files.remove_original(store, document.sha256)
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
