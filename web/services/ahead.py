"""The document that follows at the desk, made ready while the present one is looked at: its pages are drawn.

Nobody sees it by that: no hold is taken, nothing is sent, and no row of reading is left in the trail. When the
person goes on, the pictures are there.
"""

from __future__ import annotations

from sqlalchemy import select

from corpus.database.models import Document, PageText
from corpus.errors import Problem
from corpus.lifecycle import holds
from corpus.lifecycle.cleared import is_cleared
from web import access
from web.present import fields
from web.services import page_images

MOST_PAGES = 3
"""Pages that are drawn ahead: the others are drawn when the person comes to them."""
_WIDTH = 1240


def make_ready(present: int | None) -> int:
    """Draw the first pages of the document after the present one; return the pictures that are ready."""
    store = access.store()
    with store.db.reading() as session:
        number = holds.following(session, access.user().name, present, access.belongs())
        found = session.get(Document, number) if number is not None and number != present else None
        if found is None or not is_cleared(found) or not fields.has_pictures(found):
            return 0
        rows = select(PageText).where(PageText.document_id == found.id).order_by(PageText.number)
        pages = session.scalars(rows.limit(MOST_PAGES)).all()
    ready = 0
    for row in pages:
        try:
            page_images.picture(store, found, row.number, page_images.frame_of(row), _WIDTH)
        except Problem:
            # It is drawn, or refused with its reason, when somebody looks at it.
            return ready
        ready += 1
    return ready
