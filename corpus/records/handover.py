"""Hand-over of papers, notes, delegations, notices: each act is one transaction and one row of the trail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.handover_tables import DigestDay, DocumentNote, Handover, HandoverPart, Notice
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.handover import acting, answers, closing, notes, notices, onward, orders, parts
from corpus.handover.acting import Acting
from corpus.handover.orders import Order
from corpus.records.transaction import SYSTEM, locked_document, transaction


def hand_over(store: Store, document_id: int, order: Order, by: Acting) -> int:
    """Hand a document over; return the hand-over's ID.

    Raises Problem("forbidden"), ("wrong_state"), ("bad_value"), ("not_found"), ("handover_unseen").
    """
    with transaction(store) as session:
        return orders.give(session, locked_document(session, document_id), order, by).id


def hand_on(store: Store, part_id: int, order: Order, why: str, by: Acting) -> int:
    """Hand a part on inside its receiver's unit; return the new hand-over's ID; raises as `onward.give` does."""
    with _part(store, part_id) as (session, row, part):
        return onward.give(session, locked_document(session, row.document_id), row, part, order, why, by).id


def finish_part(store: Store, part_id: int, result: str, by: Acting) -> None:
    """Mark a receiver's part as done, with a word about it; raises Problem("forbidden"), ("handover_state")."""
    with _part(store, part_id) as (session, row, part):
        parts.finish(session, row, part, result, by)


def return_part(store: Store, part_id: int, by: Acting) -> None:
    """Take a receiver's part back as not done; raises Problem("forbidden"), ("handover_state")."""
    with _part(store, part_id) as (session, row, part):
        parts.take_back(session, row, part, by)


def recall_handover(store: Store, handover_id: int, reason: str, by: Acting) -> None:
    """Take a hand-over back, with a reason; raises Problem("forbidden"), ("handover_state"), ("bad_value")."""
    with _handover(store, handover_id) as (session, row):
        orders.recall(session, row, reason, by)


def reopen_handover(store: Store, handover_id: int, by: Acting) -> None:
    """Open a finished hand-over again; raises Problem("forbidden"), ("handover_state")."""
    with _handover(store, handover_id) as (session, row):
        orders.reopen(session, row, by)


def set_deadline(store: Store, handover_id: int, deadline: str, by: Acting) -> None:
    """Move the deadline of an open hand-over; raises Problem("forbidden"), ("handover_state"), ("bad_value")."""
    with _handover(store, handover_id) as (session, row):
        orders.set_deadline(session, row, deadline, by)


def add_note(store: Store, document_id: int, text: str, by: Acting) -> int:
    """Add a person's note on a document; return its ID. Raises Problem("wrong_state"), ("bad_value")."""
    with transaction(store) as session:
        return notes.add(session, locked_document(session, document_id), text, by).id


def remove_note(store: Store, note_id: int, by: Acting) -> None:
    """Remove a note; raises Problem("forbidden"), ("not_found")."""
    with transaction(store) as session:
        row = session.get(DocumentNote, note_id, with_for_update=True)
        if row is None:
            raise Problem("not_found", what=note_id)
        notes.remove(session, row, by)


def delegate(store: Store, owner: str, deputy: str, days: tuple[str, str], reason: str, actor: str) -> int:
    """Let a person act for another from day to day; return its ID. Raises Problem("bad_value"), ("not_found")."""
    with transaction(store) as session:
        row = acting.delegate(session, accounts.user_named(session, owner), deputy, days, reason, actor)
        names = (session.get_one(User, one).name for one in (row.owner_id, row.deputy_id))
        detail = dict(zip(("name", "deputy"), names, strict=True))
        detail |= {"first": row.first, "until": row.last} | ({"reason": row.reason} if row.reason else {})
        audit.append(session, actor, "delegate", None, detail)
        return row.id


def end_delegation(store: Store, delegation_id: int, user_id: int | None, actor: str) -> None:
    """End a delegation that this person gave (None: anybody); raises Problem("not_found")."""
    with transaction(store) as session:
        row = acting.open_delegation(session, delegation_id, user_id)
        row.ended_at = utc_now()
        names = [session.get_one(User, one).name for one in (row.owner_id, row.deputy_id)]
        audit.append(session, actor, "end_delegation", None, {"name": names[0], "deputy": names[1]})


def set_mailbox(store: Store, name: str, address: str, actor: str, *, notices_wanted: bool, digest: bool) -> None:
    """Set where a person's notices go; an empty address: nowhere. Raises Problem("bad_value"), ("not_found")."""
    with transaction(store) as session:
        user = accounts.user_named(session, name)
        if notices.set_mailbox(session, user, address, notices_wanted, digest):
            detail = {"name": user.name, "mail": bool(address.strip()), "digest": digest}
            audit.append(session, actor, "set_mailbox", None, detail)


def follow_answers(store: Store) -> int:
    """Close and open all hand-overs by the answers on record; return the number changed."""
    with store.db.reading() as session:
        if not answers.changes(session, None):
            return 0
    with transaction(store) as session:
        return closing.follow(session, None)


def queue_digests(store: Store, day: str) -> int | None:
    """Queue the digests of a day (ISO 8601), once; return their number, None if that was done before."""
    with store.db.reading() as session:
        if session.get(DigestDay, day) is not None:
            return None
    with transaction(store) as session:
        count = notices.queue_digests(session, day)
        if count is not None:
            audit.append(session, SYSTEM, "queue_digests", None, {"day": day, "count": count})
        return count


def claim_notice(store: Store, notice_id: int) -> Notice | None:
    """Take a mail for sending; None if another process has it, or it is given up."""
    with store.db.writing() as session:
        return notices.claim(session, notice_id)


def settle_notice(store: Store, notice_id: int, state: str, documents: int = 0) -> None:
    """Note that a mail was sent or left out; documents: the number of papers that it names."""
    with transaction(store) as session:
        row = notices.settle(session, notice_id, state)
        if row is not None and state == "sent":
            detail = {"name": session.get_one(User, row.user_id).name, "kind": row.kind, "count": documents}
            audit.append(session, SYSTEM, "send_notice", None, detail)


@contextmanager
def _handover(store: Store, handover_id: int) -> Iterator[tuple[Session, Handover]]:
    with transaction(store) as session:
        row = session.get(Handover, handover_id, with_for_update=True)
        if row is None:
            raise Problem("not_found", what=handover_id)
        yield session, row


@contextmanager
def _part(store: Store, part_id: int) -> Iterator[tuple[Session, Handover, HandoverPart]]:
    with transaction(store) as session:
        part = session.get(HandoverPart, part_id, with_for_update=True)
        if part is None:
            raise Problem("not_found", what=part_id)
        yield session, session.get_one(Handover, part.handover_id, with_for_update=True), part
