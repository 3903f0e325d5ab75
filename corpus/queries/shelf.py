"""Every document that can be read, in the order of a column, page by page."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.queries.documents import READABLE

_COLUMNS = {
    "received": Document.received_at, "date": Document.date, "number": Document.number,
    "doc_type": Document.doc_type, "issuer": Document.issuer, "signer": Document.signer,
    "subject": Document.subject, "status": Document.status,
}  # fmt: skip
ORDERS = tuple(_COLUMNS)
"""Names of the orders; those without the value come last."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A window of the documents, and their number."""

    total: int
    documents: list[Document]


def shelf(
    store: Store, seen: ColumnElement[bool], order: str, downwards: bool, limit: int, offset: int = 0
) -> Shelf:
    """The documents that the viewer may see, in one of ORDERS."""
    column = _COLUMNS[order]
    wanted = (seen, Document.status.in_(READABLE))
    ordered = (column.is_(None), column.desc() if downwards else column, Document.id.desc())
    with store.db.reading() as session:
        total = session.scalar(select(func.count()).select_from(Document).where(*wanted)) or 0
        rows = select(Document).where(*wanted).order_by(*ordered).limit(limit).offset(offset)
        return Shelf(total, list(session.scalars(rows)))


def chosen(store: Store, seen: ColumnElement[bool], ids: Collection[int]) -> list[Document]:
    """Those of the documents that the viewer may see, newest arrival first."""
    rows = select(Document).where(seen, Document.status.in_(READABLE), Document.id.in_(ids))
    with store.db.reading() as session:
        return list(session.scalars(rows.order_by(Document.received_at.desc(), Document.id.desc())))
