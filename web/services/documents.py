"""A document's pictures and files, and suggestions for a search."""

from __future__ import annotations

import re
from pathlib import Path

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.database.models import PageText
from corpus.database.read_only import StoredDocument
from corpus.errors import Problem
from corpus.originals import content_store
from search.results.suggest import complete
from web import access
from web.services import page_images
from web.services.searchable_pdfs import searchable_file

VIEWED = frozenset({"application/pdf", "image/png", "image/jpeg"})
"""Kinds of files that a browser shows by itself, with nothing of ours around them."""
_ALONE = "sandbox; default-src 'none'"
"""Policy of a file: an origin of its own, no script, no form; the browser's own viewer still opens."""
THUMBNAIL = 160
"""Pixels of the width of a small picture, one of page_images.WIDTHS: no line of print can be read."""


def suggestions(text: str) -> list[str]:
    """Completions of a text; empty while the index can't answer, since a search box must not fail for lack of
    help.
    """
    try:
        return complete(access.store(), text, viewer=access.viewer())
    except Problem:
        return []


def picture_of(document_id: int, page: int, width: int) -> Response:
    """The picture of a page at most `width` px wide, as it was read."""
    found = access.content(document_id)
    with access.store().db.reading() as session:
        row = session.get(PageText, (document_id, page))
    path = page_images.picture(access.store(), found, page, page_images.frame_of(row), width)
    answer = send_file(path, mimetype="image/png")
    # Stored by the browser, but validated at each use: a sign-out or a lost membership takes effect at once.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def thumbnail_of(document_id: int) -> Response:
    """The small picture of the first page, for lists; raises Problem("not_found") for a limited document.

    It passes the gate of page pictures and is kept and purged with them.
    """
    if access.content(document_id).limited:
        raise Problem("not_found", what=document_id)
    return picture_of(document_id, 1, THUMBNAIL)


def original_file(document_id: int) -> ResponseReturnValue:
    """The original file as a download, never shown by the browser on this site's behalf."""
    found = access.content(document_id)
    path = content_store.original_path(access.store(), found.sha256, document=document_id)
    records.note(access.store(), access.user().name, "download", document_id)
    return as_download(path, found.media_type, download_name(found))


def searchable_copy(document_id: int) -> ResponseReturnValue:
    """The scan as a PDF with text that can be searched and copied."""
    found = access.content(document_id)
    path = searchable_file(access.store(), found)
    records.note(access.store(), access.user().name, "download", document_id, {"form": "searchable"})
    return as_download(path, "application/pdf", f"{Path(download_name(found)).stem}.tim-duoc.pdf")


def download_name(found: StoredDocument) -> str:
    """Name of a document's file for people: number and day (`2013-SYT-NVY_2017-10-23.pdf`), else its own name."""
    parts = [re.sub(r"[^\w.-]+", "-", part).strip("-.") for part in (found.number, found.date) if part]
    return "_".join(parts) + Path(found.name).suffix.lower() if found.number and parts[0] else found.name


def viewed_file(document_id: int) -> ResponseReturnValue:
    """The original in the browser, where that is safe, else as a download; the trail has a row either way."""
    found = access.content(document_id)
    path = content_store.original_path(access.store(), found.sha256, document=document_id)
    records.note(access.store(), access.user().name, "download", document_id, {"form": "xem"})
    return as_view(path, found.media_type, download_name(found))


def as_view(path: Path, media_type: str, name: str) -> Response:
    """A file for the browser's own viewer: a PDF, PNG or JPEG on a page without rights; others as a download."""
    if media_type not in VIEWED:
        return as_download(path, media_type, name)
    answer = send_file(path, mimetype=media_type, as_attachment=False, download_name=name)
    answer.headers["Content-Security-Policy"] = _ALONE
    answer.headers["Cache-Control"] = "no-store"
    return answer


def as_download(path: Path, media_type: str, name: str) -> Response:
    """A file as a download, never shown by the browser on this site's behalf."""
    answer = send_file(path, mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = _ALONE
    answer.headers["Cache-Control"] = "no-store"
    return answer
