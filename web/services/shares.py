"""Share links for pages and API: made and ended by clerks, and the pictures and files that a link opens."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from flask import Response
from flask.typing import ResponseReturnValue

from corpus import records
from corpus.originals import content_store
from corpus.queries import documents
from web import access
from web.access import fronts, share_door
from web.services import page_images
from web.services.documents import as_download, download_name
from web.services.searchable_pdfs import searchable_file

_TOKEN_BYTES = 24
"""Random bytes of a token: 192 bits."""
_WIDTH = 1240
"""Pixels of the width of a page's picture, one of page_images.WIDTHS."""


@dataclass(frozen=True, slots=True)
class NewLink:
    """A link just made; its address is known this once."""

    id: int
    address: str


def make(document_id: int, days: int | None, purpose: str) -> NewLink:
    """Make a link to a document that the present user sees.

    Raises Problem("not_found"), ("not_cleared"), ("share_limited"), ("wrong_state"), ("bad_value").
    """
    found, token = access.content(document_id), secrets.token_urlsafe(_TOKEN_BYTES)
    hashed, actor = access.token_hash(token), access.user().name
    made = records.share(access.store(), found.id, hashed, actor, days=days, purpose=purpose)
    return NewLink(made, fronts.absolute(access.store().settings, "shared.paper", token=token))


def end(document_id: int, link_id: int) -> None:
    """End a link of a document that the present user sees; raises Problem("not_found")."""
    found = access.document(document_id)
    records.end_share(access.store(), found.id, link_id, access.user().name)


def page_picture(token: str, page: int) -> Path:
    """The picture of a page of a shared document; raises Problem("not_found"), and as the door of links does."""
    found = share_door.looked_at(token).document
    read = documents.page(access.store(), found.id, page)
    return page_images.picture(access.store(), found, page, page_images.frame_of(read), _WIDTH)


def original_file(token: str) -> ResponseReturnValue:
    """The original of a shared document as a download."""
    found = share_door.downloaded(token, "original").document
    path = content_store.original_path(access.store(), found.sha256, document=found.id)
    # The name of its file is not shown to strangers: it may tell more than the paper.
    name = download_name(found) if found.number else f"van-ban{Path(found.name).suffix.lower()}"
    return as_download(path, found.media_type, name)


def searchable_copy(token: str) -> Response:
    """The scan of a shared document as a PDF with text."""
    found = share_door.downloaded(token, "searchable").document
    path = searchable_file(access.store(), found)
    name = Path(download_name(found)).stem if found.number else "van-ban"
    return as_download(path, "application/pdf", f"{name}.tim-duoc.pdf")
