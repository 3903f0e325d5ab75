"""Who may see what in an index: the tokens that groups have in it, and the curtain before entries that are behind the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BindParameter, bindparam, literal_column, select

from corpus.access import groups
from corpus.citations.resolution import LIVE
from corpus.database.models import Document
from corpus.database.store import Store
from search.engines.base import EVERYONE, Answer, Answering, Engine, Plan

_THEIRS: BindParameter[Any] = bindparam("theirs", expanding=True)
_BEHIND = (
    select(Document.id)
    .where(Document.limited, Document.revision != Document.indexed_revision, ~groups.seen_by(_THEIRS))
    .order_by(Document.id)
)
_OFF = select(Document.id).where(
    Document.revision != Document.indexed_revision,
    # Written out, since SQLite finds the few that are behind by its partial index only so; put in order it would not.
    Document.indexed_revision != literal_column("0"),
    Document.status.not_in(LIVE),
)
"""Documents that an index may still hold though they are withdrawn, refused or wait to be read again.

Put together once, both: that takes longer than to ask them."""

Viewer = tuple[str, ...] | None
"""The tokens of the groups whose documents somebody may see; None: sees all."""


def token(group_id: int) -> str:
    """What stands for a group in an index."""
    return f"g{group_id}"


def viewer(of: groups.Groups) -> Viewer:
    """Who belongs to these groups, as a search takes it."""
    return None if of is None else (EVERYONE, *map(token, of))


@dataclass(frozen=True, slots=True)
class Curtained:
    """An engine whose answers leave some documents out: a limit and a withdrawal hold at once, whatever the index has."""

    engine: Engine
    hidden: tuple[int, ...]

    def search(self, plan: Plan, *, limit: int, offset: int = 0) -> Answer:
        return self.engine.search(replace(plan, hidden=self.hidden), limit=limit, offset=offset)

    def frequencies(self, field: str, texts: Sequence[str]) -> dict[str, int]:
        return self.engine.frequencies(field, texts)

    def count(self) -> int:
        return self.engine.count()


def drawn(store: Store, engine: Engine, of: Viewer) -> Answering:
    """The engine as this viewer may ask it."""
    hidden = _pending(store, of)
    return Curtained(engine, hidden) if hidden else engine


def _pending(store: Store, of: Viewer) -> tuple[int, ...]:
    """Documents whose entry is not of their last revision, and that nobody is to find or this viewer may not see."""
    with store.db.reading() as session:
        asked = session.connection()
        off = set(asked.scalars(_OFF))
        if of is not None:
            theirs = [int(one[1:]) for one in of if one[:1] == "g" and one[1:].isdigit()]
            off.update(asked.scalars(_BEHIND, {"theirs": theirs}))
    return tuple(sorted(off))
