"""The door of share links: a token instead of an account opens one document, and nothing else.

Whatever is shown leaves its row in the trail first, as every other read does. An unknown token always gets the
same answer; a source that tries many of them has to wait.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from corpus import records
from corpus.access import attempts, share_links
from corpus.database.connection import utc_now
from corpus.database.models import Document
from corpus.errors import Problem
from corpus.lifecycle.cleared import is_cleared
from web.access import permission, reading_notes

PREFIX = "/chia-se/"
"""Beginning of these addresses; what follows is a secret."""
HIDDEN = f"{PREFIX}…"
"""Such an address in logs and sentences."""
HEADERS = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
"""Headers of every answer below PREFIX: no search engine, other site or cache learns of the address."""


@dataclass(frozen=True, slots=True)
class SharedPaper:
    """A document as a link opens it."""

    document: Document
    link_id: int
    address: str

    @property
    def actor(self) -> str:
        """Name of the reader in the trail: the link, and the address that it was opened from."""
        return f"chia-se #{self.link_id} {self.address}"


def opened(token: str) -> SharedPaper:
    """Open a link, which counts; raises as `_of_token` does."""
    found = _of_token(token)
    records.note_opening(permission.store(), found.document.id, found.link_id, found.actor, found.address)
    return found


def looked_at(token: str) -> SharedPaper:
    """A document whose page is shown: a read of its own, unless the same address opened the link shortly before.

    Raises as `_of_token` does.
    """
    found = _of_token(token)
    reading_notes.looked_at(permission.store(), found.actor, "shared.page_image", True, found.document.id)
    return found


def downloaded(token: str, form: str) -> SharedPaper:
    """A document whose file is handed out in a form: `original` or `searchable`; raises as `_of_token` does."""
    found = _of_token(token)
    detail = {"share": found.link_id, "address": found.address, "form": form}
    records.note(permission.store(), found.actor, "download", found.document.id, detail)
    return found


def _of_token(token: str) -> SharedPaper:
    """The document that a token opens at this moment.

    Raises Problem("share_too_often") for a source that must wait, ("not_found") for an unknown token,
    ("share_over") for a link that is over, or whose document is not on record, limited or not cleared any more.
    """
    store, address = permission.store(), (request.remote_addr or "")[:64]
    source = attempts.source_of(address)
    with store.db.reading() as session:
        if (left := share_links.wait_of(session, source, utc_now())) > 0:
            raise Problem("share_too_often", seconds=left)
        link = share_links.of_token(session, permission.token_hash(token))
        found = session.get(Document, link.document_id) if link is not None else None
        is_open = link is not None and share_links.is_open(link, found)
    if link is None:
        records.note_wrong_share(store, source)
        raise Problem("not_found", what=HIDDEN)
    if found is None or not is_open or not is_cleared(found):
        raise Problem("share_over")
    return SharedPaper(found, link.id, address)
