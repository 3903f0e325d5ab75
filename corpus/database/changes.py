"""Numbers of changes: each revision of a document that can be found gets one, larger than all before.

An index that has every change up to a number is behind by the documents with larger ones. Numbers are given under
the writers' lock, so that their order is that of the commits.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, ScalarSelect, Select, event, func, inspect, select, update
from sqlalchemy.orm import Mapper, Session, aliased

from corpus.database.index_tables import SearchIndex
from corpus.database.models import Document

FINDABLE = ("review", "accepted")
"""States in which a document can be found; before the first of them no index has it, and no change is numbered."""


def next_change() -> ScalarSelect[int]:
    """The number of the next change, for a statement in a transaction that excludes other writers."""
    every = aliased(Document)
    # A document that was deleted may have had the last number, and an index may have it.
    last = select(func.max(every.change)).union_all(select(func.max(SearchIndex.change))).subquery()
    return select(func.coalesce(func.max(last.c[0]), 0) + 1).scalar_subquery()


def touch(session: Session, documents: Select[int] | Collection[int]) -> None:
    """Raise the revisions of documents in one statement, with the number of the change; `session` sees it later.

    documents: IDs, or the query for them.
    """
    raised = update(Document).where(Document.id.in_(documents))
    session.execute(
        raised.values(revision=Document.revision + 1, change=next_change()),
        execution_options={"synchronize_session": False},
    )


@event.listens_for(Document, "before_update")
def _number_change(_mapper: Mapper[Any], connection: Connection, document: Document) -> None:
    """Give a new revision its number; several in one flush may share it."""
    known = inspect(document).attrs
    # A state that comes after the revision, in a flush of its own, is part of the same change.
    if not (known.revision.history.has_changes() or known.status.history.has_changes()):
        return
    if document.change or document.status in FINDABLE:
        document.change = int(connection.execute(select(next_change())).scalar_one())
