"""A receiver's own part of a hand-over: done, and taken back as not done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from corpus.database.connection import utc_now
from corpus.database.handover_tables import Handover, HandoverPart
from corpus.errors import Problem
from corpus.handover import acting, deadlines, notices, orders
from corpus.handover.acting import Acting
from corpus.handover.states import ACTING, STATES, move
from corpus.numbering.typed_days import today
from corpus.typed_text import clean_text


def finish(session: Session, row: Handover, part: HandoverPart, result: str, by: Acting) -> None:
    """Mark a part as done; that of the one in charge, or the last one where nobody is, closes the hand-over.

    Raises Problem("forbidden"), ("handover_state"), ("bad_value").
    """
    for_name, found = acting.as_receiver(session, part, by), move("finish", part.state)
    part.result = clean_text("result", result)
    part.state, part.done_at, part.done_by, part.day = found.after, utc_now(), by.actor[:100], today()
    session.flush()
    orders.close_below(session, part.id, by.actor)
    closes = row.state == "open" and _closes(orders.parts_of(session, row.id), part)
    if closes:
        orders.close(session, row, "done", by.actor)
    state = row.state if closes else None
    orders.record(
        session, row, by, found.action, for_name, part=part.id, kind=part.kind, result=part.result, state=state
    )
    if closes:
        notices.queue(session, row, "done", by, utc_now().isoformat())


def take_back(session: Session, row: Handover, part: HandoverPart, by: Acting) -> None:
    """Take a part back as not done; a hand-over that it had closed is open again.

    Raises Problem("forbidden"), ("handover_state") once the hand-over is answered or was taken back itself.
    """
    for_name, found = acting.as_receiver(session, part, by), move("return", part.state)
    if part.kind in ACTING and row.state not in ("open", "done"):
        raise Problem("handover_state", state=STATES[row.state][0], english=STATES[row.state][1])
    if row.state == "done":
        orders.open_again(session, row)
    part.state, part.done_at, part.done_by = found.after, None, None
    part.day = row.day if part.kind in ACTING else deadlines.NEVER
    session.flush()
    orders.record(session, row, by, found.action, for_name, part=part.id, kind=part.kind)


def _closes(parts: list[HandoverPart], part: HandoverPart) -> bool:
    """True if a hand-over ends with this part."""
    if part.kind == "lead":
        return True
    if any(one.kind == "lead" for one in parts):
        return False
    asked = [one for one in parts if one.kind in ACTING] or parts
    return part in asked and all(one.state == "done" for one in asked)
