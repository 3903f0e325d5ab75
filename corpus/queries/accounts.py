"""Accounts, groups and followed searches as pages list them."""

from __future__ import annotations

from sqlalchemy import select

from corpus.database.models import Group, SavedSearch, User
from corpus.database.store import Store


def active_names(store: Store) -> list[str]:
    """Names of the accounts that can sign in, in order."""
    with store.db.reading() as session:
        return list(session.scalars(select(User.name).where(User.active).order_by(User.name)))


def group(store: Store, group_id: int) -> Group | None:
    """The group with this ID."""
    with store.db.reading() as session:
        return session.get(Group, group_id)


def saved_searches(store: Store, user_id: int) -> list[SavedSearch]:
    """The searches that an account follows, oldest first."""
    rows = select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id)
    with store.db.reading() as session:
        return list(session.scalars(rows))


def saved_search(store: Store, search_id: int) -> tuple[SavedSearch, User] | None:
    """A followed search and who follows it; None when there is none, or its account is closed."""
    rows = select(SavedSearch, User).join(User, User.id == SavedSearch.user_id)
    with store.db.reading() as session:
        row = session.execute(rows.where(SavedSearch.id == search_id, User.active)).first()
    return None if row is None else (row[0], row[1])
