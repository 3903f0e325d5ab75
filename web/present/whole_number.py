"""A whole number that a form or an address bears."""

from __future__ import annotations

MOST = 2**53
"""Beyond any ID and any count here; what is larger no database column holds."""


def whole(text: str) -> int:
    """The number; raises ValueError for what is none, or larger than any can be (so `.get(…, type=whole)` leaves it out)."""
    number = int(text) if len(text) <= 20 else MOST + 1
    if abs(number) > MOST:
        raise ValueError(text[:20])
    return number
