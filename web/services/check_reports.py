"""One check of an auditor as a file (báo cáo kiểm tra): the report is gathered as the caller may see it,
and noted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from flask import Response
from sqlalchemy import ColumnElement

from corpus import records
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared
from corpus.queries import citations, documents
from corpus.queries.citations import EVERYTHING
from web import access
from web.formats import check_report, page_cutting
from web.present import trail_state
from web.present.catalogue import RELATIONS
from web.services import page_images

MOST_DOCUMENTS = 50
MOST_PICTURES = 60
"""Pictures of evidence in one report; what is more is named by its page."""
_WIDTH = 1240
Sees = Callable[[Document], bool]


def as_file(form: str, ids: Sequence[int]) -> Response:
    """The report on documents as a download; raises Problem("not_found") for another form."""
    if form not in check_report.FORMS:
        raise Problem("not_found", what=form[:20])
    store, name = access.store(), access.user().name
    found = [access.document(one) for one in ids[:MOST_DOCUMENTS]]
    body = made(store, found, form, name, access.visible, access.seen())
    records.note(store, name, "export", found[0].id, {"what": "report", "format": form})
    headers = {
        "Content-Disposition": f"attachment; filename=bao-cao-{found[0].id}.{form}",
        trail_state.HEADER: trail_state.head_of(store).text,
    }
    return Response(body, mimetype=check_report.FORMS[form], headers=headers)


def made(
    store: Store,
    found: Sequence[Document],
    form: str,
    by: str,
    visible: Sees,
    seen: ColumnElement[bool] = EVERYTHING,
) -> bytes:
    """The file of the report on these documents, as far as `visible` allows."""
    views = [citations.cites(store, one, visible, seen) for one in found]
    pictures = _Pictures(store, visible) if form == "docx" else None
    checks = [check_report.Check(view, _evidence(store, view, pictures)) for view in views]
    head = check_report.ReportHead(by, trail_state.head_of(store).text, RELATIONS)
    return check_report.whole(form, head, checks)


class _Pictures:
    """Cuttings of pages, at most MOST_PICTURES of them, each made once."""

    def __init__(self, store: Store, visible: Sees) -> None:
        self.store, self.visible = store, visible
        self.left = MOST_PICTURES
        self.held: dict[int, Document | None] = {}

    def of(self, document_id: int, page: int | None, boxes: list[list[float]]) -> bytes | None:
        """The part of a page around the boxes with the evidence marked; None where there is no picture."""
        found = self._document(document_id)
        if found is None or page is None or not is_cleared(found) or self.left <= 0:
            return None
        if not found.media_type.startswith(("image/", "application/pdf")):
            return None
        self.left -= 1
        frame = page_images.frame_of(documents.page(self.store, found.id, page))
        try:
            path = page_images.picture(self.store, found, page, frame, _WIDTH)
        except Problem:
            return None
        return page_cutting.around(path, boxes)

    def _document(self, document_id: int) -> Document | None:
        if document_id not in self.held:
            with self.store.db.reading() as session:
                one = session.get(Document, document_id)
            self.held[document_id] = one if one is not None and self.visible(one) else None
        return self.held[document_id]


def _evidence(
    store: Store, view: citations.DocumentCitations, pictures: _Pictures | None
) -> dict[str, list[bytes]]:
    """Fingerprint of a conflict → pictures of its sides."""
    if pictures is None:
        return {}
    found: dict[str, list[bytes]] = {}
    for one in view.conflicts:
        for side in (one.ours, one.theirs):
            if side is None:
                continue
            boxes = documents.evidence_boxes(store, side.document_id, side.page, side.printed)
            if (picture := pictures.of(side.document_id, side.page, boxes)) is not None:
                found.setdefault(one.fingerprint, []).append(picture)
    return found
