"""Whole numbers in forms and addresses."""

from __future__ import annotations

MOST = 2**53
"""Largest number accepted: beyond any ID and count here; no database column takes more."""


def whole(text: str) -> int:
    """Parse a number; raises ValueError for other text and larger numbers (so `.get(…, type=whole)` leaves it
    out).
    """
    number = int(text) if len(text) <= 20 else MOST + 1
    if abs(number) > MOST:
        raise ValueError(text[:20])
    return number
