"""A document's paper for the printer, and the list of withdrawn documents (văn bản đã gỡ)."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.queries import documents, withdrawn
from web import access
from web.present import fields
from web.services.documents import viewed_file

pages = Blueprint("paper", __name__)


@pages.get("/van-ban/<int:document_id>/in")
def printed(document_id: int) -> ResponseReturnValue:
    """All pages as pictures, one to a sheet: what the browser prints is the paper and nothing else.

    The pictures are drawn by the confined child, so that no foreign file is opened by the browser on this site.
    """
    found = access.content(document_id)
    texts = documents.page_texts(access.store(), found.id)
    records.note(access.store(), access.user().name, "download", document_id, {"form": "in"})
    return render_template("paper/print.html", found=found, pages=texts, pictures=fields.has_pictures(found))


@pages.get("/van-ban/<int:document_id>/doi-chieu")
def compared(document_id: int) -> ResponseReturnValue:
    """The paper next to the text that was read of it, page by page."""
    found = access.content(document_id)
    texts = documents.page_texts(access.store(), found.id)
    return render_template("paper/compared.html", found=found, pages=texts, pictures=fields.has_pictures(found))


@pages.get("/van-ban/<int:document_id>/tep-goc")
def viewed(document_id: int) -> ResponseReturnValue:
    """The original itself in the browser's own viewer, apart from this site: PDF, PNG and JPEG."""
    return viewed_file(document_id)


@pages.get("/da-go")
def gone() -> ResponseReturnValue:
    """Withdrawn documents with reason, person and time, the latest first."""
    return render_template("paper/withdrawn.html", rows=withdrawn.rows(access.store(), access.seen()))
