"""Review: a box read again for its field, one value for many documents, documents with the same number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from corpus import records
from corpus.database.models import Document, PageText
from corpus.database.read_only import StoredDocument
from corpus.document import Box
from corpus.errors import Problem
from corpus.originals import content_store
from corpus.queries import desk_names, review_queue
from corpus.record_fields import BY_NAME
from ingest.views.field_spot import Spot, SpotWish, read_for_field
from web import access
from web.present import fields
from web.services import page_images, renderings

_LEAST = 0.004
"""Fraction of the page below which a box is a slip of the mouse."""


@dataclass(frozen=True, slots=True)
class BoxReading:
    """Print of a box in the form that a field wants, and the values of the field's own reader, best first.

    The print is one of the values only where that reader sees none.
    """

    text: str
    values: tuple[str, ...]


def read_box(found: Document, page: int, name: str, edges: list[float]) -> BoxReading:
    """Read a box again (left, top, right, bottom in fractions of a page) for a field; nothing is changed by it.

    Raises Problem("bad_request") for a box outside the page or too small, ("too_busy"), ("original_missing").
    """
    left, top, right, bottom = edges
    if not all(0 <= edge <= 1 for edge in edges) or right - left < _LEAST or bottom - top < _LEAST:
        raise Problem("bad_request", why="khung chọn")
    store = access.store()
    with store.db.reading() as session:
        row = session.get(PageText, (found.id, page))
    path = content_store.original_path(store, found.sha256, document=found.id, verify=False)
    frame = page_images.frame_of(row)
    with renderings.turn(store):
        spot, wish = Spot(page, frame, Box(*edges)), _wish(found, name)
        read = read_for_field(path, found.name, found.media_type, store.settings, spot, wish)
    text = fields.tidied(name, read.text)
    shown = [fields.said(name, one) for one in read.values]
    return BoxReading(text, tuple(dict.fromkeys(shown)) or ((text,) if text else ()))


def _wish(found: Document, name: str) -> SpotWish:
    """The reader of a field, with the names on record that it may be."""
    store, reader = access.store(), BY_NAME[name].reader if name in BY_NAME else "print"
    names: list[str] = []
    if reader == "issuer":
        names = desk_names.every_body(store, access.seen())
    elif reader == "signer":
        names = desk_names.every_signer(store, access.seen())
    return SpotWish(reader, found.doc_type, found.issuer or "", found.place, tuple(names))


def correct_all(documents: list[int], name: str, value: str, confirm: Collection[str] = ()) -> int:
    """Set one field of several documents, all or none; return the number changed.

    Raises Problem("bad_request") without documents or for another field, and as `records.correct_all` does.
    """
    chosen = sorted(set(documents))[: review_queue.MOST]
    if name not in review_queue.BULK or not chosen:
        raise Problem("bad_request", why="chưa chọn văn bản hoặc trường nào")
    ids = [access.document(document_id).id for document_id in chosen]
    actor, by = access.user().name, access.belongs()
    return records.correct_all(access.store(), ids, {name: value}, actor, confirm=confirm, by=by)


def twins(found: StoredDocument) -> list[Document]:
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
