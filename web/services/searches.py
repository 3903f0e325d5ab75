"""Searches by the present user: their row of the trail and their time."""

from __future__ import annotations

from search.results import finder
from web import access, metrics
from web.access import reading_notes


def note(text: str, results: finder.Results, offset: int, filters: dict[str, str]) -> None:
    """Append the audit row of a search by the present user, and count its time."""
    metrics.add_search(results.took_ms / 1000)
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
