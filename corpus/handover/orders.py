"""A hand-over is given, its deadline moved, taken back, opened again: acts of the giver."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus import audit
from corpus.access import accounts, groups
from corpus.citations.resolution import LIVE
from corpus.database.account_tables import User
from corpus.database.connection import utc_now
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.handover import acting, answers, deadlines, notices
from corpus.handover.acting import Acting
from corpus.handover.states import ACTING, KINDS, MOVES, move
from corpus.numbering.typed_days import today
from corpus.typed_text import clean_text

_MOST_RECEIVERS = 100
MOST_OPEN = 200
"""Most open hand-overs of one document."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """One receiver as it was typed: kind, and the name of an account or of a unit."""

    kind: str
    name: str
    unit: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A hand-over as it was typed."""

    receivers: tuple[Receiver, ...]
    note: str = ""
    deadline: str = ""
    """A day, or a number of working days; empty: none."""


def give(session: Session, document: Document, order: Order, by: Acting) -> Handover:
    """Hand a document over; one that cites it as answered already does not close it.

    Raises Problem("forbidden"), ("wrong_state") for a document that is not in review or on record, ("bad_value"),
    ("not_found") for a receiver, ("handover_unseen") for one that may not see the document.
    """
    _check_number(order.receivers)
    giver = acting.giver(session, by)
    if document.status not in LIVE:
        raise Problem("wrong_state", document=document.id, status=document.status)
    deadline = deadlines.deadline_of(order.deadline, today())
    row = make(session, document, order, giver, deadline, by)
    told = [f"{part.kind}: {part.name}" for part in parts_of(session, row.id)]
    for_name = giver.name if giver.name != by.actor else ""
    record(session, row, by, "handover_give", for_name, to=told, until=deadline, note=row.note)
    notices.queue(session, row, "given", by)
    return row


def make(
    session: Session, document: Document, order: Order, giver: User, deadline: str | None, by: Acting
) -> Handover:
    """The rows of a new hand-over in a person's name; deadline: a day, ISO 8601, that takes the typed one's place.

    Raises Problem("bad_value"), ("not_found") for a receiver, ("handover_unseen").
    """
    _check_number(order.receivers)
    note, parts = clean_text("note", order.note), _parts(session, document, order.receivers)
    opened = select(Handover.id).where(Handover.document_id == document.id, Handover.state == "open")
    if len(session.scalars(opened).all()) >= MOST_OPEN:
        raise Problem("bad_value", field="receiver", value="", why=f"đã có {MOST_OPEN} lần chuyển đang mở")
    row = Handover(
        document_id=document.id,
        giver_id=giver.id,
        given_by=by.actor[:100],
        given_at=utc_now(),
        note=note,
        deadline=deadline,
        asks=any(part.kind in ACTING for part in parts),
        day=deadline or deadlines.NEVER,
        known=answers.known(session, document.id),
    )
    session.add(row)
    session.flush()
    for part in parts:
        part.handover_id = row.id
        part.day = row.day if part.kind in ACTING else deadlines.NEVER
    session.add_all(parts)
    session.flush()
    return row


def set_deadline(session: Session, row: Handover, typed: str, by: Acting) -> None:
    """Move the deadline of an open hand-over, or take it off.

    Raises Problem("bad_value"), ("forbidden"), ("handover_state").
    """
    for_name, action = acting.as_giver(session, row, by), move("deadline", row.state).action
    was, row.deadline = row.deadline, deadlines.deadline_of(typed, today())
    if was == row.deadline:
        return
    row.day = row.deadline or deadlines.NEVER
    for part in parts_of(session, row.id):
        if part.state == "open" and part.kind in ACTING:
            part.day = row.day
    session.flush()
    record(session, row, by, action, for_name, was=was, until=row.deadline)
    notices.queue(session, row, "deadline", by, row.deadline or "-")


def recall(session: Session, row: Handover, reason: str, by: Acting) -> None:
    """Take an open hand-over back, with a reason; its parts end. Raises Problem("bad_value"), ("forbidden"),
    ("handover_state").
    """
    for_name, found = acting.as_giver(session, row, by), move("recall", row.state)
    said = clean_text("reason", reason, required=True)
    _take_back(session, row, by)
    record(session, row, by, found.action, for_name, reason=said)
    notices.queue(session, row, "recalled", by)


def _take_back(session: Session, row: Handover, by: Acting) -> None:
    """End a hand-over and its parts as taken back; those handed on from it go with it, each on the trail."""
    below = [one for part in parts_of(session, row.id) for one in handed_on(session, part.id)]
    _end(session, row, "recalled", by.actor)
    for part in parts_of(session, row.id):
        if part.state == "open":
            part.state, part.day = "closed", today()
    session.flush()
    for one in below:
        _take_back(session, one, by)
        record(session, one, by, MOVES["recall"].action, above=row.id)
        notices.queue(session, one, "recalled", by, f"above:{row.id}")


def reopen(session: Session, row: Handover, by: Acting) -> None:
    """Open a finished hand-over again; the paper that answered it closes it no more.

    Raises Problem("forbidden"), ("handover_state").
    """
    for_name, found = acting.as_giver(session, row, by), move("reopen", row.state)
    row.known = answers.known(session, row.document_id)
    open_again(session, row)
    for part in parts_of(session, row.id):
        if part.kind == "lead":
            part.state, part.day, part.done_at, part.done_by = "open", row.day, None, None
    session.flush()
    record(session, row, by, found.action, for_name)
    notices.queue(session, row, "reopened", by, utc_now().isoformat())


def close(session: Session, row: Handover, state: str, actor: str) -> None:
    """Close a hand-over and the open parts of those who had something to do; what is for information stays.

    What its receivers handed on ends with it; an answering paper closes each by itself.
    """
    parts = [part.id for part in parts_of(session, row.id)]
    _end(session, row, state, actor)
    for part_id in parts if state == "done" else ():
        close_below(session, part_id, actor)


def close_below(session: Session, part_id: int, actor: str) -> None:
    """Close the open hand-overs by which a part was handed on: the part is done."""
    for one in handed_on(session, part_id):
        close(session, one, "done", actor)
        record(session, one, Acting(actor, None), "handover_closed_above", part=part_id)
        notices.queue(session, one, "closed_above", None, utc_now().isoformat())


def handed_on(session: Session, part_id: int) -> list[Handover]:
    """The open hand-overs by which a part was handed on."""
    rows = select(Handover).where(Handover.onward_of == part_id, Handover.state == "open")
    return list(session.scalars(rows.order_by(Handover.id)))


def _end(session: Session, row: Handover, state: str, actor: str) -> None:
    row.state, row.closed_at, row.closed_by, row.day = state, utc_now(), actor[:100], today()
    for part in parts_of(session, row.id):
        if part.state == "open" and part.kind in ACTING:
            part.state, part.day = "closed", today()
    session.flush()


def open_again(session: Session, row: Handover) -> None:
    """Open a hand-over and the parts that had ended with it."""
    row.state, row.closed_at, row.closed_by = "open", None, None
    row.answer_id = row.answer_citation = None
    row.day = row.deadline or deadlines.NEVER
    for part in parts_of(session, row.id):
        if part.state == "closed" and part.kind in ACTING:
            part.state, part.day = "open", row.day
    session.flush()


def parts_of(session: Session, handover_id: int) -> list[HandoverPart]:
    """The receivers of a hand-over."""
    rows = select(HandoverPart).where(HandoverPart.handover_id == handover_id)
    return list(session.scalars(rows.order_by(HandoverPart.id)))


def waits_for(session: Session, group_id: int) -> bool:
    """True if a unit has an open part of a hand-over."""
    rows = select(HandoverPart.id).where(HandoverPart.group_id == group_id, HandoverPart.state == "open")
    return session.scalars(rows.limit(1)).first() is not None


def record(session: Session, row: Handover, by: Acting, action: str, for_name: str = "", **detail: Any) -> None:
    """Append the trail's row of an act; it changes no record, so it carries no seal.

    for_name: the person in whose place it was done.
    """
    more = {"handover": row.id, "for": for_name, **detail}
    kept = {name: value for name, value in more.items() if value not in (None, "")}
    audit.append(session, by.actor, action, row.document_id, audit.salted(kept), seals=False)


def _check_number(typed: Sequence[Receiver]) -> None:
    if not typed or len(typed) > _MOST_RECEIVERS:
        why = f"cần ít nhất một nơi nhận, nhiều nhất {_MOST_RECEIVERS}"
        raise Problem("bad_value", field="receiver", value="", why=why)


def _parts(session: Session, document: Document, typed: Sequence[Receiver]) -> list[HandoverPart]:
    limits = groups.limit_ids(session, document.id)
    found: dict[tuple[bool, int], HandoverPart] = {}
    for one in sorted(typed, key=lambda one: list(KINDS).index(one.kind) if one.kind in KINDS else 0):
        if one.kind not in KINDS:
            raise Problem("bad_value", field="receiver", value=one.kind[:20], why=", ".join(KINDS))
        part = _unit(session, one, document, limits) if one.unit else _person(session, one, document)
        key = one.unit, part.group_id or part.user_id or 0
        found.setdefault(key, part)
    if sum(part.kind == "lead" for part in found.values()) > 1:
        raise Problem("bad_value", field="receiver", value="", why="chỉ một nơi chủ trì")
    return list(found.values())


def _person(session: Session, one: Receiver, document: Document) -> HandoverPart:
    user = accounts.user_named(session, one.name)
    if not user.active:
        raise Problem("not_found", what=one.name[:100])
    if not groups.may_see(session, document, groups.of_user(session, user)):
        raise Problem("handover_unseen", name=user.name, document=document.id)
    return HandoverPart(kind=one.kind, user_id=user.id, name=user.name)


def _unit(session: Session, one: Receiver, document: Document, limits: set[int]) -> HandoverPart:
    group = groups.named(session, one.name)
    if document.limited and group.id not in limits:
        raise Problem("handover_unseen", name=group.name, document=document.id)
    return HandoverPart(kind=one.kind, group_id=group.id, name=group.name)
