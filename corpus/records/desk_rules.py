"""Settings of the desk that are kept in the store: each change is one transaction and one audit row."""

from __future__ import annotations

from corpus.database.store import Store
from corpus.lifecycle import acceptance
from corpus.records.transaction import transaction


def set_acceptance(store: Store, rule: str, actor: str) -> None:
    """Set what goes on record without a person: `off`, `clear` or `signed`; raises Problem("bad_value")."""
    with transaction(store) as session:
        acceptance.change(session, rule, actor)
