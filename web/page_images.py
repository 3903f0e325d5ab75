"""Pictures of pages: rendered in a child process, since the file came from outside, and kept under `derived`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.database.models import Document
from corpus.database.store import Store
from corpus.errors import Problem
from corpus.originals import content_store, derived
from ingest.files.open_pages import open_pages
from ingest.sandbox.child import Limits, run_in_child
from web import renderings

WIDTHS = (160, 1240, 2000)
"""Pixels: the strip of pages, reading, zoom."""


def picture(store: Store, found: Document, page: int, rotation: int, width: int) -> Path:
    """The PNG of a page, turned as it was read; raises Problem("not_found"), ("original_missing"), ("not_cleared").

    found: a document that is cleared (`access.content`); one that is purged meanwhile leaves no picture behind.
    """
    if width not in WIDTHS or not 1 <= page <= max(found.page_count, 1):
        raise Problem("not_found", what=page)
    name = f"{page}-{rotation}-{width}.png"
    kept = derived.folder(store, found.sha256) / name
    if kept.exists():
        return kept
    source = content_store.original_path(store, found.sha256, document=found.id, verify=False)
    args = (source, found.name, found.media_type, store.settings, page, rotation, width)

    def draw(limits: Limits) -> bytes:
        return run_in_child(_render, *args, limits=limits, name=found.name)

    def keep(data: bytes) -> None:
        derived.keep(store, found, name, data)

    return renderings.once(store, kept, found.name, draw, keep)


def _render(
    source: Path, name: str, media_type: str, settings: Settings, page: int, rotation: int, width: int, **_: Any
) -> bytes:
    """The PNG's bytes; runs in the child."""
    import io

    image = _pdf_page(source, page, width) if media_type == "application/pdf" else None
    if image is None:
        image = _raw_page(source, name, media_type, settings, page)
    if rotation:
        image = image.rotate(-rotation, expand=True, fillcolor="white")
    if image.width > width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), 3)
    out = io.BytesIO()
    image.convert("RGB").quantize(48).save(out, "PNG")
    return out.getvalue()


def _pdf_page(source: Path, page: int, width: int) -> Any:
    import pypdfium2

    with pypdfium2.PdfDocument(str(source)) as pdf:
        sheet = pdf[page - 1]
        scale = min(max(width, 1240) / max(sheet.get_width(), 1.0), 6.0)
        longest = max(sheet.get_width(), sheet.get_height()) * scale
        return sheet.render(scale=scale * min(1.0, 6000 / longest)).to_pil()


def _raw_page(source: Path, name: str, media_type: str, settings: Settings, page: int) -> Any:
    from PIL import Image

    for raw in open_pages(source, name, media_type, settings, only=page).pages:
        if raw.number == page and raw.image is not None:
            return Image.fromarray(raw.image)
    raise Problem("not_found", what=page)
