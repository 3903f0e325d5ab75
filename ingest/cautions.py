"""Warnings of a reading, worded from the catalogue."""

from __future__ import annotations

from corpus.document import Warning
from corpus.errors import caution_message


def caution(code: str, page: int | None = None, **facts: object) -> Warning:
    """A Warning with its words."""
    return Warning(code, caution_message(code, "vi", page=page, **facts), page)
