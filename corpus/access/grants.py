"""What an account has handed out (sessions, tokens, addresses of feeds), and which event ends which of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from sqlalchemy.orm import Session

from corpus.access import accounts, tokens
from corpus.database.connection import utc_now
from corpus.database.models import User

Event = Literal["password", "role", "close", "open", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Ends:
    """What an event ends for good; what it leaves goes on."""

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
"""Whoever changes a password, by himself or as administrator, does it because somebody else may know it: nothing that was
had by it goes on (NIST SP 800-63B; ASVS 5.0, 7.4). Another role ends the tokens, since a reader's program must not
become an administrator's; a feed shows what its owner may see at each call. Reopening brings nothing back.
withdrawn: the identity provider gives no role any more. Leaving a group ends nothing: each call asks for the groups."""


def end(session: Session, user: User, event: Event) -> dict[str, int]:
    """Ends what the event demands; the numbers of sessions and tokens that it ended, for the trail."""
    ends, ended = ENDS[event], {}
    if ends.sessions:
        ended["sessions"] = accounts.end_sessions(session, user.id)
    if ends.tokens:
        ended["tokens"] = tokens.end_all(session, user.id)
    if ends.feeds:
        user.feed_generation += 1
    return ended


def is_vouched(user: User, within: timedelta) -> bool:
    """True for an account with a password, and for one whose owner signed in at the provider within this time.

    Nobody reports that a person left the provider: tokens and feeds of an account that isn't seen there any more rest.
    """
    return user.vouched_at is None or user.vouched_at > utc_now() - within
