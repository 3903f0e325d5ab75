"""Pictures of pages: rendered in a child process, since the file came from outside, and kept under `derived`."""

from __future__ import annotations

from pathlib import Path

from corpus.database.models import Document
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.errors import Problem
from corpus.originals import content_store
from ingest.sandbox.child import Limits, run_in_child
from ingest.views.page_image import render
from web.services import renderings

WIDTHS = (160, 1240, 2000)
"""Pixels: the strip of pages, reading, zoom."""


def picture(store: Store, found: Document, page: int, rotation: int, width: int) -> Path:
    """The PNG of a page, turned as it was read; raises Problem("not_found"), ("original_missing"), ("not_cleared").

    found: a document that is cleared (`access.content`); one that is purged meanwhile leaves no picture behind.
    """
    if width not in WIDTHS or not 1 <= page <= max(found.page_count, 1):
        raise Problem("not_found", what=page)
    name = f"{page}-{rotation}-{width}-fields.png"
    kept = derived.folder(store, found.sha256) / name
    if kept.exists():
        return kept
    source = content_store.original_path(store, found.sha256, document=found.id, verify=False)
    args = (source, found.name, found.media_type, store.settings, page, rotation, width)

    def draw(limits: Limits) -> bytes:
        return run_in_child(render, *args, limits=limits, name=found.name)

    def keep(data: bytes) -> None:
        derived.keep(store, found, name, data)

    return renderings.once(store, kept, found.name, draw, keep)
