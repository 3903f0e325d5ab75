"""A whole result list as rows, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.database.store import Store
from search.engines.base import EVERYONE, Sort
from search.results import finder

COLUMNS = ("id", "number", "date", "doc_type", "issuer", "subject", "file")
MOST = 10_000
"""Rows of one list at most."""
_PAGE = 500
"""Rows read at a time."""

Row = tuple[object, ...]


def rows(
    store: Store,
    text: str,
    *,
    sort: Sort = "relevance",
    viewer: tuple[str, ...] | None = (EVERYONE,),
    filters: dict[str, str] | None = None,
) -> Iterator[Row]:
    """Every document that answers a query, in order, as values of COLUMNS; raises as `finder.find`."""
    for offset in range(0, MOST, _PAGE):
        found = finder.find(
            store, text, limit=_PAGE, offset=offset, sort=sort, viewer=viewer, filters=filters, snippet=False
        )
        for hit in found.hits:
            yield tuple(getattr(hit, name) for name in COLUMNS)
        if offset + _PAGE >= found.total:
            return
