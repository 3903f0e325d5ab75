"""Rows of the audit trail as somebody asks for them: who did what with which document, newest first."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Select, select

from corpus.database.models import AuditRow
from corpus.database.store import Store
from web.audit_filter import Wanted
from web.audit_words import Mask, told
from web.shown import to_the_second
from web.texts import ACTIONS

MOST = 1_000_000
"""The furthest row that is reached by turning pages."""
MOST_LISTED = 100_000
"""Rows of one file at most, the newest."""
COLUMNS = ("Dòng", "Lúc", "Ai", "Việc", "Văn bản", "Chi tiết", "Mã băm")
"""A file's columns; with a row's number and hash in it, the chain up to there can be checked from outside."""
_AT_ONCE = 1000


def rows(store: Store, wanted: Wanted, limit: int, offset: int) -> list[AuditRow]:
    """The rows that are wanted, newest first."""
    with store.db.reading() as session:
        return list(session.scalars(_found(wanted).limit(limit).offset(min(offset, MOST))))


def listed(store: Store, wanted: Wanted, mask: Mask) -> Iterator[tuple[object, ...]]:
    """The rows that are wanted in the order of COLUMNS, at most MOST_LISTED, as far as the reader may know of them."""
    rows = _found(wanted).limit(MOST_LISTED).execution_options(yield_per=_AT_ONCE)
    with store.db.reading() as session:
        for row in session.scalars(rows):
            parts = (f"{name}: {value}" if name else value for name, value in told(row, mask, cut=str))
            action = ACTIONS.get(row.action, row.action)
            yield row.id, to_the_second(row.at), row.actor, action, row.document_id, " · ".join(parts), row.hash


def _found(wanted: Wanted) -> Select[AuditRow]:
    return wanted.narrowed(select(AuditRow).order_by(AuditRow.id.desc()))
