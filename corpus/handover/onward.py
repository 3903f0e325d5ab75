"""A receiver hands a paper on (chuyển tiếp) inside the unit, with a note and a deadline of its own."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.access import accounts, groups
from corpus.database.account_tables import Member, User
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.handover import acting, deadlines, notices, orders
from corpus.handover.acting import GIVERS, Acting
from corpus.handover.orders import Order, Receiver
from corpus.handover.states import ACTING, move
from corpus.numbering.typed_days import day_text, today
from corpus.typed_text import clean_text

MOST_STEPS = 10
"""Most steps of a chain."""


def give(
    session: Session, document: Document, row: Handover, part: HandoverPart, order: Order, why: str, by: Acting
) -> Handover:
    """Hand an open part on to fellow members of a unit; without a deadline it has that of the part.

    The part stays with its receiver, who answers for it. why: the reason for a deadline after the one received.
    Raises Problem("forbidden"), ("handover_state"), ("bad_value"), ("not_found"), ("handover_unseen"),
    ("onward_late") for a later deadline without a reason, ("onward_outside") for one of another unit.
    """
    for_name, found = acting.as_receiver(session, part, by), move("onward", part.state)
    if part.kind not in ACTING or row.state != "open":
        raise Problem("bad_value", field="receiver", value=part.name, why="chỉ nơi chủ trì, phối hợp chuyển tiếp")
    if len(above(session, row)) >= MOST_STEPS:
        raise Problem("bad_value", field="receiver", value=part.name, why=f"đã qua {MOST_STEPS} bước")
    giver = _giver(session, part, by)
    _demand_colleagues(session, giver, part, order.receivers)
    said = clean_text("reason", why)
    deadline = deadlines.deadline_of(order.deadline, today()) or row.deadline
    if row.deadline is not None and deadline is not None and deadline > row.deadline and not said:
        raise Problem("onward_late", deadline=day_text(deadline), until=day_text(row.deadline))
    made = orders.make(session, document, order, giver, deadline, by)
    made.onward_of, made.why = part.id, said
    session.flush()
    told = [f"{one.kind}: {one.name}" for one in orders.parts_of(session, made.id)]
    orders.record(
        session,
        made,
        by,
        found.action,
        for_name,
        part=part.id,
        to=told,
        until=deadline,
        note=made.note,
        reason=said,
    )
    notices.queue(session, made, "given", by)
    return made


def above(session: Session, row: Handover) -> list[Handover]:
    """The hand-overs from which one came, the nearest first."""
    found: list[Handover] = []
    while row.onward_of is not None and len(found) <= MOST_STEPS:
        part = session.get(HandoverPart, row.onward_of)
        upper = session.get(Handover, part.handover_id) if part is not None else None
        if upper is None:
            break
        found.append(upper)
        row = upper
    return found


def units_of(session: Session, part: HandoverPart) -> tuple[int, ...]:
    """IDs of the units inside which a part can be handed on."""
    if part.user_id is None:
        return (part.group_id,) if part.group_id is not None else ()
    return acting.groups_of(session, part.user_id)


def colleagues(session: Session, part: HandoverPart) -> list[User]:
    """The people to whom a part can be handed on, by name, but for its receiver."""
    rows = select(User).join(Member, Member.user_id == User.id)
    rows = rows.where(Member.group_id.in_(units_of(session, part)), User.active)
    found = {one.id: one for one in session.scalars(rows.order_by(User.name)) if one.id != part.user_id}
    return list(found.values())


def _giver(session: Session, part: HandoverPart, by: Acting) -> User:
    """The person in whose name it is handed on: the receiver, or the member of the unit who acts."""
    if part.user_id is not None:
        return session.get_one(User, part.user_id)
    if by.user_id is not None:
        return session.get_one(User, by.user_id)
    named = accounts.user_named(session, by.for_name)
    if part.group_id not in acting.groups_of(session, named.id):
        raise Problem("forbidden")
    return named


def _demand_colleagues(session: Session, giver: User, part: HandoverPart, receivers: tuple[Receiver, ...]) -> None:
    """Raise Problem("onward_outside") for one who is of no unit of the receiver's, ("bad_value") for the giver.

    A leader hands on to whom he likes.
    """
    near, units = {one.id for one in colleagues(session, part)}, units_of(session, part)
    for one in receivers:
        if one.unit:
            group = groups.named(session, one.name)
            inside = group.id in units and group.id != part.group_id
        else:
            user = accounts.user_named(session, one.name)
            if user.id == giver.id:
                raise Problem("bad_value", field="receiver", value=user.name, why="không chuyển cho chính mình")
            inside = user.id in near
        if not inside and giver.role not in GIVERS:
            raise Problem("onward_outside", name=one.name[:100])
