"""The archive's own bodies: each change is one transaction and one audit row."""

from __future__ import annotations

from corpus.database.store import Store
from corpus.lifecycle import own_bodies
from corpus.records.transaction import transaction


def add_own_body(
    store: Store,
    name: str,
    symbol: str,
    actor: str,
    *,
    places: str = "",
    years: tuple[int | None, int | None] = (None, None),
) -> None:
    """Names a body as one whose papers the archive keeps as its own; raises Problem("bad_value").

    places: those that it writes, apart by `;`. years: first and last year of its registers here; None: no bound.
    """
    with transaction(store) as session:
        own_bodies.add(session, name, symbol, actor, places, years)


def remove_own_body(store: Store, name: str, actor: str) -> None:
    """Names it no longer so; raises Problem("not_found")."""
    with transaction(store) as session:
        own_bodies.remove(session, name, actor)
