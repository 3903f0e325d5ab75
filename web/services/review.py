"""Review: a box read again, one value for many documents, documents with the same number."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from corpus import records
from corpus.database.models import Document, PageText
from corpus.document import Box
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries import review_queue
from ingest.views.reread_box import read_spot
from web import access
from web.present import fields
from web.services import renderings

_LEAST = 0.004
"""A box smaller than this fraction of the page is a slip of the mouse."""


def read_box(found: Document, page: int, name: str, edges: list[float]) -> str:
    """What stands in a box (left, top, right, bottom in fractions of a page), in the form that a field wants."""
    left, top, right, bottom = edges
    if not all(0 <= edge <= 1 for edge in edges) or right - left < _LEAST or bottom - top < _LEAST:
        raise Problem("bad_request", why="khung chọn")
    store = access.store()
    with store.db.reading() as session:
        row = session.get(PageText, (found.id, page))
    path = content_store.original_path(store, found.sha256, document=found.id, verify=False)
    turned = row.rotation if row else 0
    with renderings.turn(store):
        text = read_spot(path, found.name, found.media_type, store.settings, page, turned, Box(*edges))
    return fields.tidied(name, text)


def correct_all(documents: list[int], name: str, value: str, confirm: Collection[str] = ()) -> int:
    """Gives one field of documents a value, all of them or none; how many changed."""
    chosen = sorted(set(documents))[: review_queue.MOST]
    if name not in review_queue.BULK or not chosen:
        raise Problem("bad_request", why="chưa chọn văn bản hoặc trường nào")
    ids = [access.document(document_id).id for document_id in chosen]
    actor, by = access.user().name, access.belongs()
    return records.correct_all(access.store(), ids, {name: value}, actor, confirm=confirm, by=by)


def twins(found: Document) -> list[Document]:
    """Other documents with the same number, issuer and year."""
    if not found.number_key:
        return []
    same = (
        select(Document)
        .where(Document.number_key == found.number_key, Document.issuer_key == found.issuer_key)
        .where(Document.year == found.year, Document.id != found.id)
        .where(Document.status.in_(("review", "accepted")), access.seen())
    )
    with access.store().db.reading() as session:
        return list(session.scalars(same.limit(10)))
