"""A document's pictures and files, and suggestions for a search."""

from __future__ import annotations

from pathlib import Path

from flask import Response, send_file
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.database.models import PageText
from corpus.errors import Problem
from corpus.originals import content_store
from search.results.suggest import complete
from web import access
from web.services import page_images
from web.services.searchable_pdfs import searchable_file


def suggestions(text: str) -> list[str]:
    """What begins so; nothing while the index can't answer: a search box must not fail for want of help."""
    try:
        return complete(access.store(), text, viewer=access.viewer())
    except Problem:
        return []


def picture_of(document_id: int, page: int, width: int) -> Response:
    """The picture of a page so many pixels wide, turned as it was read."""
    found = access.content(document_id)
    with access.store().db.reading() as session:
        row = session.get(PageText, (document_id, page))
    path = page_images.picture(access.store(), found, page, row.rotation if row else 0, width)
    answer = send_file(path, mimetype="image/png")
    # Kept by the browser, but asked for at each use: a sign-out or a lost membership holds at once.
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def original_file(document_id: int) -> ResponseReturnValue:
    """The file as it came in, never shown by the browser on this site's behalf."""
    found = access.content(document_id)
    path = content_store.original_path(access.store(), found.sha256, document=document_id)
    records.note(access.store(), access.user().name, "download", document_id)
    return as_download(path, found.media_type, found.name)


def searchable_copy(document_id: int) -> ResponseReturnValue:
    """The scan as a PDF whose text can be searched and copied."""
    found = access.content(document_id)
    path = searchable_file(access.store(), found)
    records.note(access.store(), access.user().name, "download", document_id, {"form": "searchable"})
    return as_download(path, "application/pdf", f"{Path(found.name).stem}.tim-duoc.pdf")


def as_download(path: Path, media_type: str, name: str) -> Response:
    """A file to keep, never shown by the browser on this site's behalf."""
    answer = send_file(path, mimetype=media_type, as_attachment=True, download_name=name)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "no-store"
    return answer
