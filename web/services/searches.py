"""Searches by the present user, as the trail keeps them."""

from __future__ import annotations

from search.results import finder
from web import access
from web.access import reading_notes


def note(text: str, results: finder.Results, offset: int, filters: dict[str, str]) -> None:
    """Leaves the row of a search by the present user."""
    hits = [hit.id for hit in results.hits]
    reading_notes.searched(
        access.store(),
        access.user().name,
        text,
        results.total,
        hits,
        offset=offset,
        filters=filters,
        belongs=access.belongs(),
    )
