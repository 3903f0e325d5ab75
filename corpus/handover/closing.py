"""The program's own acts: a hand-over closes with its answer, and opens again when the answer goes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy.orm import Session

from corpus.handover import answers, notices, orders
from corpus.handover.acting import Acting
from corpus.handover.states import move

_PROGRAM = Acting("vanban", None)
"""The program as the trail names it (corpus.records.SYSTEM)."""


def follow(session: Session, documents: Collection[int] | None) -> int:
    """Close and open hand-overs by the answers among these documents (None: all); return the number changed."""
    changed = answers.changes(session, documents)
    for one in changed:
        row, was = one.handover, one.handover.answer_id
        if row.state == "open":
            orders.close(session, row, move("answer", row.state).after, _PROGRAM.actor)
        elif one.answer_id is None:
            action = move("unanswer", row.state).action
            orders.open_again(session, row)
            orders.record(session, row, _PROGRAM, action, was=was)
            notices.queue(session, row, "unanswered", None, str(row.given_at))
            continue
        row.answer_id, row.answer_citation = one.answer_id, one.citation_id
        session.flush()
        if was != one.answer_id:
            orders.record(
                session, row, _PROGRAM, "handover_answered", target=one.answer_id, citation=one.citation_id
            )
            notices.queue(session, row, "answered", None, str(one.answer_id))
    return len(changed)
