"""The last step at the desk: the paper just put on record, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.queries import citations
from web import access


@dataclass(frozen=True, slots=True)
class DeskStep:
    """A paper that this person put on record; `row`: the row of the trail to undo, None if it can't be."""

    found: StoredDocument
    row: int | None


def last_step(document_id: int | None) -> DeskStep | None:
    """The step that put a paper on record; None unless the present person did that last."""
    if document_id is None:
        return None
    try:
        found = access.document(document_id)
    except Problem:
        return None
    if found.status != "accepted" or found.accepted_by != access.user().name:
        return None
    changes = citations.history(access.store(), document_id)
    last = next((one for one in changes if one["action"] == "accept" and not one["undone"]), None)
    if last is None or last["change"].actor != access.user().name:
        return None
    return DeskStep(found, last["change"].row if last["undo"] else None)
