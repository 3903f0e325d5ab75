"""Rows of the audit trail as a table: person, action, document, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.database.store import Store
from corpus.queries.audit_filter import AuditFilter
from corpus.queries.audit_log import matching
from web.present.audit_words import Mask, told
from web.present.catalogue import ACTIONS
from web.present.fields import to_the_second

MOST_LISTED = 100_000
"""Most rows of one file, the newest."""
COLUMNS = ("Dòng", "Lúc", "Ai", "Việc", "Văn bản", "Chi tiết", "Mã băm")
"""Columns of a file; with a row's number and hash in it, the chain up to there can be checked from outside."""
_AT_ONCE = 1000
"""Rows fetched from the database at a time."""


def listed(store: Store, wanted: AuditFilter, mask: Mask) -> Iterator[tuple[object, ...]]:
    """The rows of a filter in the order of COLUMNS, at most MOST_LISTED, as far as the reader may know of them."""
    rows = matching(wanted).limit(MOST_LISTED).execution_options(yield_per=_AT_ONCE)
    with store.db.reading() as session:
        for row in session.scalars(rows):
            parts = (f"{name}: {value}" if name else value for name, value in told(row, mask, cut=str))
            action = ACTIONS.get(row.action, row.action)
            yield row.id, to_the_second(row.at), row.actor, action, row.document_id, " · ".join(parts), row.hash
