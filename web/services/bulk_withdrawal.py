"""Several documents withdrawn for one reason, each in a transaction and a row of the trail of its own."""

from __future__ import annotations

from collections.abc import Sequence

from corpus import records
from corpus.errors import Problem
from web import access


def withdraw(ids: Sequence[int], reason: str) -> tuple[list[int], list[str]]:
    """Withdraw documents; return those that are, and a sentence for each that is left.

    One that the present user may not see is left like one that is not there.
    """
    done: list[int] = []
    left: list[str] = []
    store = access.store()
    for document_id in dict.fromkeys(ids):
        try:
            found = access.document(document_id)
            records.withdraw(store, found.id, reason, access.user().name)
            done.append(document_id)
        except Problem as problem:
            left.append(f"#{document_id}: {problem.message(store.settings.lang)}")
    return done, left
