"""Visibility in an index: tokens of groups, and the exclusion of documents whose entries are behind the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, func, select

from corpus.access import groups
from corpus.citations.resolution import LIVE
from corpus.database.index_tables import SearchIndex
from corpus.database.models import Document
from corpus.database.store import Store
from search.engines.base import EVERYONE, Answer, Answering, Engine, Plan

_THEIRS: BindParameter[Any] = bindparam("theirs", expanding=True)
_KEY: BindParameter[Any] = bindparam("key")
_LATER = Document.change > func.coalesce(
    select(SearchIndex.change).where(SearchIndex.key == _KEY).scalar_subquery(), 0
)
"""Condition for the documents that an index may not have as they are now."""
_BEHIND = select(Document.id).where(_LATER, Document.limited, ~groups.seen_by(_THEIRS))
_OFF = select(Document.id).where(_LATER, Document.status.not_in(LIVE))
"""Documents that an index may still contain though they are withdrawn, refused or wait to be read again.

Both statements are built once: building takes longer than running them. Without an order: with one SQLite goes
through all documents.
"""

Viewer = tuple[str, ...] | None
"""The tokens of the groups whose documents somebody may see; None: all documents."""


def token(group_id: int) -> str:
    """The token of a group in an index."""
    return f"g{group_id}"


def viewer(of: groups.Groups) -> Viewer:
    """The viewer who belongs to these groups."""
    return None if of is None else (EVERYONE, *map(token, of))


def groups_of(of: Viewer) -> list[int] | None:
    """The groups that a viewer belongs to; None: all documents."""
    return None if of is None else [int(one[1:]) for one in of if one[:1] == "g" and one[1:].isdigit()]


@dataclass(frozen=True, slots=True)
class FilteredEngine:
    """An engine whose answers leave some documents out, so that a limit or a withdrawal counts at once."""

    engine: Engine
    hidden: tuple[int, ...]

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        return self.engine.search(replace(plan, hidden=self.hidden), limit=limit, offset=offset)

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        return self.engine.frequencies(field, texts)

    def count(self) -> int:
        return self.engine.count()


def engine_for(store: Store, engine: Engine, key: str, of: Viewer) -> Answering:
    """Wrap the engine so that it leaves out documents with old entries that this viewer may no longer find.

    key: that of the index's mark.
    """
    hidden = _pending(store, key, of)
    return FilteredEngine(engine, hidden) if hidden else engine


def _pending(store: Store, key: str, of: Viewer) -> tuple[int, ...]:
    """Documents whose entry is behind, and that are no longer to be found or not visible to this viewer."""
    with store.db.reading() as session:
        asked = session.connection()
        off = set(asked.scalars(_OFF, {"key": key}))
        if (theirs := groups_of(of)) is not None:
            off.update(asked.scalars(_BEHIND, {"key": key, "theirs": theirs}))
    return tuple(sorted(off))
