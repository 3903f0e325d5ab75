"""The searchable PDF of a scan: made once for each reading of it, and kept under `derived`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from corpus.database.models import Document, PageText
from corpus.database.store import Store
from corpus.derived import files as derived
from corpus.document import Page
from corpus.errors import Problem
from corpus.json_shapes import unpack_words
from corpus.originals import content_store
from ingest.sandbox.child import Limits
from ingest.views.searchable_pdf import searchable_pdf
from web.services import renderings


def is_scan(pages: list[PageText]) -> bool:
    """True if some page was recognised by OCR: a file with its own text is searchable already."""
    return any(page.origin == "ocr" for page in pages)


def searchable_file(store: Store, found: Document) -> Path:
    """Path of the searchable PDF. Raises Problem("not_found") for a file that is no scan, and as `searchable_pdf`
    does.
    """
    with store.db.reading() as session:
        rows = list(
            session.scalars(select(PageText).where(PageText.document_id == found.id).order_by(PageText.number))
        )
    if not is_scan(rows) or found.read_at is None:
        raise Problem("not_found", what=found.id)
    name = f"searchable-{found.read_at:%Y%m%d%H%M%S%f}.pdf"
    kept = derived.folder(store, found.sha256) / name
    if not kept.exists():
        source = content_store.original_path(store, found.sha256, document=found.id, verify=False)
        pages = [
            Page(row.number, "ocr", row.text, unpack_words(row.words), row.rotation, row.confidence)
            for row in rows if row.origin == "ocr"
        ]  # fmt: skip

        def made(_limits: Limits) -> bytes:
            return searchable_pdf(source, found.name, found.media_type, store.settings, pages)

        def keep(data: bytes) -> None:
            derived.keep(store, found, name, data)

        renderings.once(store, kept, found.name, made, keep, Limits.of(store.settings))
    return kept
