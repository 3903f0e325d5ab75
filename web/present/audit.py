"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.database.store import Store
from corpus.queries.audit_filter import Wanted
from corpus.queries.audit_log import matching
from web.present.audit_words import Mask, told
from web.present.catalogue import ACTIONS
from web.present.fields import to_the_second

MOST_LISTED = 100_000
"""Rows of one file at most, the newest."""
COLUMNS = ("Dòng", "Lúc", "Ai", "Việc", "Văn bản", "Chi tiết", "Mã băm")
"""A file's columns; with a row's number and hash in it, the chain up to there can be checked from outside."""
_AT_ONCE = 1000


def listed(store: Store, wanted: Wanted, mask: Mask) -> Iterator[tuple[object, ...]]:
    """The rows that are wanted in the order of COLUMNS, at most MOST_LISTED, as far as the reader may know of them."""
    rows = matching(wanted).limit(MOST_LISTED).execution_options(yield_per=_AT_ONCE)
    with store.db.reading() as session:
        for row in session.scalars(rows):
            parts = (f"{name}: {value}" if name else value for name, value in told(row, mask, cut=str))
            action = ACTIONS.get(row.action, row.action)
            yield row.id, to_the_second(row.at), row.actor, action, row.document_id, " · ".join(parts), row.hash
