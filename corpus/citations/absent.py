"""Citations of documents hidden from a reader, presented as if the documents were not on record.

Lists, files and pictures must agree on them, or the difference reveals that such a document exists.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from corpus.citations import resolution
from corpus.database.models import CitationRow, Document

_AT_ONCE = 500
"""IDs of one query: within the limit of every database."""


def citations(session: Session, hidden: frozenset[int]) -> list[tuple[CitationRow, str]]:
    """Citations of hidden documents by live ones, each with the key of its wanted document, oldest first.

    A citation that may mean several documents, all of them hidden, counts as well.
    """
    found = {row.id: row for row in _rows(session, hidden) if row.document_id not in hidden}
    days = _days(session, {row.document_id for row in found.values()})
    ordered = sorted(found.values(), key=lambda row: row.id)
    return [
        (row, resolution.key_if_absent(session, row, *days.get(row.document_id, (None, None)))) for row in ordered
    ]


def _rows(session: Session, hidden: frozenset[int]) -> Iterator[CitationRow]:
    live = select(CitationRow).join(Document, Document.id == CitationRow.document_id).where(resolution.is_live())
    ids = sorted(hidden)
    for at in range(0, len(ids), _AT_ONCE):
        meant = CitationRow.target_id.in_(ids[at : at + _AT_ONCE])
        yield from session.scalars(live.where(meant, CitationRow.status == "found"))
    if hidden:
        for row in session.scalars(live.where(CitationRow.status == "ambiguous")):
            if row.candidates and hidden.issuperset(row.candidates):
                yield row


def _days(session: Session, ids: set[int]) -> dict[int, tuple[str | None, str | None]]:
    """Citing document → its day and the key of its issuer."""
    ordered, found = sorted(ids), {}
    for at in range(0, len(ordered), _AT_ONCE):
        rows = select(Document.id, Document.date, Document.issuer_key)
        for row in session.execute(rows.where(Document.id.in_(ordered[at : at + _AT_ONCE]))):
            found[row.id] = (row.date, row.issuer_key)
    return found
