"""Grants of an account (sessions, tokens, feed addresses), and the events that end each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy.orm import Session

from corpus.access import accounts, tokens
from corpus.database.account_tables import User
from corpus.database.connection import utc_now

Event = Literal["password", "role", "close", "open", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Ends:
    """Kinds of grants that an event ends for good; the others go on."""

    sessions: bool = True
    tokens: bool = True
    feeds: bool = True


ENDS: dict[Event, Ends] = {
    "password": Ends(),
    "role": Ends(feeds=False),
    "close": Ends(),
    "open": Ends(),
    "withdrawn": Ends(),
}
"""Event → the grants that it ends.

A new password, by the owner or an administrator, means that somebody else may know the old one: nothing obtained
by it goes on (NIST SP 800-63B; ASVS 5.0, 7.4). Another role ends tokens, since a reader's program must not become
an administrator's; a feed checks its owner's rights at each call. Reopening an account brings nothing back.
withdrawn: the identity provider gives no role any more. Leaving a group ends nothing: each call asks for the
groups."""


def end(session: Session, user: User, event: Event) -> dict[str, int]:
    """End the grants that an event ends; return the numbers of sessions and tokens ended, for the trail."""
    ends, ended = ENDS[event], {}
    if ends.sessions:
        ended["sessions"] = accounts.end_sessions(session, user.id)
    if ends.tokens:
        ended["tokens"] = tokens.end_all(session, user.id)
    if ends.feeds:
        user.feed_generation += 1
    return ended


def is_vouched(user: User, within: timedelta) -> bool:
    """True if the account has a password, or its owner signed in at the provider within this time.

    Nobody reports that a person left the provider, so tokens and feeds of an account that is not seen there rest.
    """
    return user.vouched_at is None or user.vouched_at > utc_now() - within
