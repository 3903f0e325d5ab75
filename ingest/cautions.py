"""Warnings of a reading, worded by the catalogue."""

from __future__ import annotations

from corpus.document import Warning
from corpus.errors import caution_message


def make_warning(code: str, page: int | None = None, **facts: object) -> Warning:
    """Make a Warning with the words of its code."""
    return Warning(code, caution_message(code, "vi", page=page, **facts), page)
