"""Origin of documents that were made of the pages of others, and what was made of a document."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select

from corpus.database.desk_tables import PageSource
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.lifecycle import page_works


@dataclass(frozen=True, slots=True)
class Lineage:
    """Documents that one was made of, documents that were made of it, and whether the last act can be undone.

    Those that the reader may not know of are left out.
    """

    made_of: tuple[Document, ...]
    became: tuple[Document, ...]
    undoable: bool


def lineage(store: Store, document_id: int, seen: ColumnElement[bool]) -> Lineage | None:
    """The lineage of a document; None for one that no act on pages touched."""
    with store.db.reading() as session:
        older = select(PageSource.source_id).where(PageSource.document_id == document_id)
        newer = select(PageSource.document_id).where(PageSource.source_id == document_id)
        made_of, became = (
            tuple(session.scalars(select(Document).where(Document.id.in_(ids), seen).order_by(Document.id)))
            for ids in (older, newer)
        )
        if not made_of and not became:
            return None
        work = page_works.work_of(session, document_id)
        return Lineage(made_of, became, work is not None and work.kind == page_works.BY_PERSON)


def near(store: Store, found: Document, seen: ColumnElement[bool], most: int = 8) -> list[Document]:
    """Documents that came in next to one and wait for a person, nearest first: what a scan tore apart."""
    wanted = select(Document).where(Document.status == "review", Document.id != found.id, seen)
    before = wanted.where(Document.id < found.id).order_by(Document.id.desc()).limit(most)
    after = wanted.where(Document.id > found.id).order_by(Document.id).limit(most)
    with store.db.reading() as session:
        rows = [*session.scalars(before), *session.scalars(after)]
    return sorted(rows, key=lambda one: abs(one.id - found.id))[:most]
