"""Days as people of an office type them, and the clock of Việt Nam by which they mean them."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta

from corpus.numbering import dates

HANOI = timedelta(hours=7)
"""Ahead of UTC; no summer time."""
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")


def iso(text: str) -> str:
    """Return the ISO date of a typed day, 2022-04-27 for 27/4/2022; other text unchanged."""
    text = unicodedata.normalize("NFKC", text)
    found = re.fullmatch(r"\s*(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4})\s*", text)
    typed = f"{found[3]}-{int(found[2]):02}-{int(found[1]):02}" if found else ""
    return typed if dates.day_of(typed) else text.strip()


def day_text(iso_day: str | None) -> str:
    """Return an ISO date as people here write it, 01/12/2026 for 2026-12-01; other text unchanged."""
    found = _ISO.fullmatch(iso_day or "")
    return f"{found[3]}/{found[2]}/{found[1]}" if found else iso_day or ""


def today() -> str:
    """The day it is in Hà Nội, ISO 8601."""
    return (datetime.now(UTC) + HANOI).date().isoformat()
