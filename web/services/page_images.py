"""Pictures of pages: rendered in a child process, since the file came from outside, and kept under `derived`."""

from __future__ import annotations

from pathlib import Path

from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.errors import Problem
from corpus.originals import content_store
from ingest.imaging.page_view import PageFrame
from ingest.sandbox.child import Limits, run_in_child
from ingest.views.page_image import render
from web.services import renderings

WIDTHS = (160, 1240, 2000)
"""Pixels: the strip of pages, reading, zoom."""


def frame_of(read: PageText | None) -> PageFrame:
    """The frame of a page's boxes: a recognised page was cut out of its photograph, turned and levelled."""
    if read is None:
        return PageFrame()
    return PageFrame(read.rotation, levelled=read.origin == "ocr" and bool(read.text))


def picture(store: Store, found: Document, page: int, frame: PageFrame, width: int) -> Path:
    """The PNG of a page as it was read, in the frame of its boxes.

    Raises Problem("not_found"), ("original_missing"), ("not_cleared").

    found: a document that is cleared (`access.content`); one that is purged meanwhile leaves no picture behind.
    """
    if width not in WIDTHS or not 1 <= page <= max(found.page_count, 1):
        raise Problem("not_found", what=page)
    name = f"{page}-{frame.key}-{width}-fields.png"
    kept = derived.folder(store, found.sha256) / name
    if kept.exists():
        return kept
    source = content_store.original_path(store, found.sha256, document=found.id, verify=False)
    args = (source, found.name, found.media_type, store.settings, page, frame, width)

    def draw(limits: Limits) -> bytes:
        return run_in_child(render, *args, limits=limits, name=found.name)

    def keep(data: bytes) -> None:
        place = derived.keep(store, found, name, data).parent
        for old in place.glob(f"{page}-*-{width}-fields.png"):
            if old.name != name:
                # In a frame that the page is no longer recorded in: nobody is shown it again.
                old.unlink(missing_ok=True)

    return renderings.once(store, kept, found.name, draw, keep)
