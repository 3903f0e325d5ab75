"""Decisions of a person about citations, carried over when the document is read again: chosen, added, confirmed,
removed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, make_transient

from corpus.database.models import CitationRow

Identity = tuple[str | None, str | None, str | None, str | None]
"""Number, name and day as a citation tells them, its words where it has neither:
what makes two readings' citations one."""
_DECIDED = (
    "id", "status", "target_id", "candidates", "wanted_key", "settled_by", "settled_at", "added_by", "reviewed_by",
    "review",
)  # fmt: skip
_SAID = ("printed", "relation", "provision", "page", "boxes", "start")
"""Parts of a citation added by hand that are the person's word too."""


def is_touched() -> ColumnElement[bool]:
    """A citation that a person has decided something about."""
    return or_(
        CitationRow.settled_by.is_not(None),
        CitationRow.added_by.is_not(None),
        CitationRow.reviewed_by.is_not(None),
    )


def identity_of(row: CitationRow) -> Identity:
    named = row.number_key or row.title_key
    return row.number_key, row.title_key, row.date, None if named else row.printed


def touched_rows(session: Session, document_id: int) -> list[CitationRow]:
    """The citations of a document that a person has touched, taken out of the session:
    their rows may be deleted.
    """
    rows = select(CitationRow).where(CitationRow.document_id == document_id, is_touched())
    found = list(session.scalars(rows.order_by(CitationRow.position)))
    for row in found:
        make_transient(row)
    return found


def joined(read: Sequence[CitationRow], touched: Sequence[CitationRow]) -> list[CitationRow]:
    """The citations of a new reading with what persons decided; those that it doesn't find again come after them.

    A decision belongs to the one new citation that says the same, of the same issuer first; it keeps its ID.
    """
    left, kept = list(read), []
    for row in touched:
        same = [one for one in left if identity_of(one) == identity_of(row)]
        again = next((one for one in same if one.issuer_key == row.issuer_key), same[0] if same else None)
        if again is None:
            kept.append(row)
            continue
        left.remove(again)
        for name in (*_DECIDED, *(_SAID if row.added_by is not None else ())):
            setattr(again, name, _value(row, name))
    for position, row in enumerate(kept, start=len(read)):
        row.position = position
    return [*read, *kept]


def _value(row: CitationRow, name: str) -> Any:
    return getattr(row, name)
