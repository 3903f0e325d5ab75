"""Administration of accounts and the state of the system."""

from __future__ import annotations

from sqlalchemy import func, select

from corpus.database.account_tables import SignInAttempt, User
from corpus.database.models import Document
from corpus.queue import jobs
from web import access

_MOST_TRIES = 30
"""Attempts to sign in that are listed."""


def accounts() -> tuple[list[User], list[SignInAttempt]]:
    """All accounts, and the latest attempts to sign in."""
    tries = select(SignInAttempt).order_by(SignInAttempt.id.desc()).limit(_MOST_TRIES)
    with access.store().db.reading() as session:
        return list(session.scalars(select(User).order_by(User.name))), list(session.scalars(tries))


def counted() -> tuple[jobs.QueueState, dict[str, int]]:
    """State of the queue, and number of documents by status."""
    with access.store().db.reading() as session:
        rows = session.execute(select(Document.status, func.count()).group_by(Document.status)).all()
        return jobs.state(session), {row[0]: row[1] for row in rows}
