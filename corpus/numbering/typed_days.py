"""Days as people of an office type them, and the clock of Việt Nam by which they mean them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from corpus.numbering import dates

HANOI = timedelta(hours=7)
"""Ahead of UTC; no summer time."""


def iso(text: str) -> str:
    """2022-04-27 for 27/4/2022, as people type it; what is no such day stays as it is."""
    text = unicodedata.normalize("NFKC", text)
    found = re.fullmatch(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*", text)
    typed = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else ""
    return typed if dates.day_of(typed) else text.strip()


def today() -> str:
    """The day it is in Hà Nội, ISO 8601."""
    return (datetime.now(UTC) + HANOI).date().isoformat()
