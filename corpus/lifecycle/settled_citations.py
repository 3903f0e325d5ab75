"""What a person chose a citation to mean, carried over when the document is read again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.citations import resolution
from corpus.database.models import CitationRow

_Said = tuple[str | None, str | None, str | None]
"""Number, name and day as a citation tells them: what makes two readings' citations the same one."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which document a person said is meant (None: one that is not held), who and when."""

    target_id: int | None
    by: str
    at: datetime | None


def chosen(session: Session, document_id: int) -> dict[_Said, Choice]:
    """The choices made on a document's citations."""
    rows = select(CitationRow).where(CitationRow.document_id == document_id, CitationRow.settled_by.is_not(None))
    return {
        _said(row): Choice(row.target_id, row.settled_by or "", row.settled_at) for row in session.scalars(rows)
    }


def keep(session: Session, document_id: int, choices: dict[_Said, Choice]) -> None:
    """Makes the choices hold for the citations that a new reading found again."""
    if not choices:
        return
    for row in session.scalars(select(CitationRow).where(CitationRow.document_id == document_id)):
        if (choice := choices.get(_said(row))) is not None:
            row.target_id, row.status = choice.target_id, "wanted" if choice.target_id is None else "found"
            row.wanted_key = resolution.wanted_key(row) if choice.target_id is None else None
            row.settled_by, row.settled_at = choice.by, choice.at


def _said(row: CitationRow) -> _Said:
    return row.number_key, row.title_key, row.date
