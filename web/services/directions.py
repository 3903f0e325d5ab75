"""Directions of all documents worked out again after a change of the own bodies, some at a request."""

from __future__ import annotations

import time

from corpus import records
from web import access

_SECONDS = 5.0
"""Time of one request; the next one goes on where it stopped."""


def renew_some(after: int) -> tuple[int | None, int]:
    """Work on beyond the ID `after`; return the ID to go on from (None: all are done) and the number changed."""
    until, changed, at = time.monotonic() + _SECONDS, 0, after
    while time.monotonic() < until:
        last, some = records.renew_directions(access.store(), access.user().name, at)
        changed += some
        if last is None:
            return None, changed
        at = last
    return at, changed
