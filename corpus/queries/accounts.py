"""Accounts, groups and followed searches as pages list them."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from corpus.database.account_tables import Group, SavedSearch, User
from corpus.database.search_names import SearchName
from corpus.database.store import Store


def active_names(store: Store) -> list[str]:
    """Names of the accounts that can sign in, in order."""
    with store.db.reading() as session:
        return list(session.scalars(select(User.name).where(User.active).order_by(User.name)))


def active_people(store: Store) -> list[tuple[str, str]]:
    """(Name, full name) of the accounts that can sign in, in order of their names."""
    rows = select(User.name, User.full_name).where(User.active).order_by(User.name)
    with store.db.reading() as session:
        return [(row[0], row[1]) for row in session.execute(rows)]


def group(store: Store, group_id: int) -> Group | None:
    """The group with this ID."""
    with store.db.reading() as session:
        return session.get(Group, group_id)


def saved_searches(store: Store, user_id: int) -> list[SavedSearch]:
    """The searches that an account follows, oldest first."""
    rows = select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id)
    with store.db.reading() as session:
        return list(session.scalars(rows))


def search_names(store: Store, ids: Collection[int]) -> dict[int, SearchName]:
    """The names of saved searches, by search."""
    rows = select(SearchName).where(SearchName.search_id.in_(ids))
    with store.db.reading() as session:
        return {row.search_id: row for row in session.scalars(rows)}


def shared_searches(store: Store, besides: int, most: int) -> list[tuple[SavedSearch, str, str]]:
    """Searches that others share: each with its name and who shares it, by name."""
    rows = (
        select(SavedSearch, SearchName.name, User)
        .join(SearchName, SearchName.search_id == SavedSearch.id)
        .join(User, User.id == SavedSearch.user_id)
        .where(SearchName.shared, User.active, User.id != besides)
        .order_by(SearchName.name, SavedSearch.id)
        .limit(most)
    )
    with store.db.reading() as session:
        return [(row, name, owner.full_name or owner.name) for row, name, owner in session.execute(rows)]


def saved_search(store: Store, search_id: int) -> tuple[SavedSearch, User] | None:
    """A followed search and who follows it; None when there is none, or its account is closed."""
    rows = select(SavedSearch, User).join(User, User.id == SavedSearch.user_id)
    with store.db.reading() as session:
        row = session.execute(rows.where(SavedSearch.id == search_id, User.active)).first()
    return None if row is None else (row[0], row[1])
