"""Papers without open questions (văn bản không có câu hỏi), looked over together and put on record one by one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus import records
from corpus.database.models import Document, PageText
from corpus.errors import Problem
from corpus.queries import review_queue
from corpus.record_fields import LISTED
from web import access
from web.formats import page_cutting
from web.present import fields
from web.services import page_images, shown_proof

MOST = 25
"""Papers on one page of the list: as far as a person looks closely."""
_SHOWN = (*LISTED, "signer_name")
"""Fields that are shown and framed on the cutting."""
_WIDTH = 1240
"""Pixels: the picture of a page that the desk shows too."""


@dataclass(frozen=True, slots=True)
class GlancedPaper:
    """One paper of the list: its values, and the proof that it was shown in this revision."""

    found: Document
    values: tuple[fields.FieldEntry, ...]
    proof: str
    picture: bool


@dataclass(frozen=True, slots=True)
class GlanceOutcome:
    """Papers that are on record now, and those left in the queue with the reason in words."""

    accepted: tuple[int, ...]
    left: tuple[tuple[int, str], ...]


def listed() -> list[GlancedPaper]:
    """The papers that wait without a question or doubt, oldest first; none that a colleague has open."""
    store = access.store()
    rows = review_queue.clear(store, access.user().name, access.belongs(), MOST)
    return [
        GlancedPaper(one, _values(one), shown_proof.made(one.id, one.revision), fields.has_pictures(one))
        for one in rows
    ]


def accept_all(chosen: Sequence[tuple[int, int, str]]) -> GlanceOutcome:
    """Put the chosen papers (ID, revision, proof) on record, each in a transaction of its own.

    A paper that has changed meanwhile, or that a doubt has come up about, stays in the queue.
    """
    accepted: list[int] = []
    left: list[tuple[int, str]] = []
    store, person = access.store(), access.user().name
    for document_id, revision, proof in list(dict.fromkeys(chosen))[:MOST]:
        try:
            shown_proof.demand(document_id, revision, proof)
            access.content(document_id)
            records.accept(store, document_id, {}, person, revision, by=access.belongs())
            accepted.append(document_id)
        except Problem as problem:
            left.append((document_id, problem.message(store.settings.lang)))
    return GlanceOutcome(tuple(accepted), tuple(left))


def head_picture(document_id: int) -> bytes:
    """The head of a paper's first page with its evidence framed, as PNG.

    Raises as `access.content` and `page_images.picture` do.
    """
    found, store = access.content(document_id), access.store()
    with store.db.reading() as session:
        row = session.get(PageText, (document_id, 1))
    path = page_images.picture(store, found, 1, page_images.frame_of(row), _WIDTH)
    boxes = [
        [left, top, left + width, top + height]
        for sheet in fields.sheets(store, found, [])
        if sheet.number == 1
        for name, left, top, width, height in sheet.marks
        if name in _SHOWN and name != "signer_name"
    ]
    return page_cutting.head(path, boxes)


def _values(found: Document) -> tuple[fields.FieldEntry, ...]:
    every = {entry.name: entry for entry in fields.entries(found)}
    return tuple(every[name] for name in _SHOWN)
