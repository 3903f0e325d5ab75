"""Pictures of pages: rendered in a child process, since the file came from outside, and kept under `derived`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from corpus import files
from corpus.config import Settings
from corpus.errors import Problem
from corpus.models import Document
from corpus.store import Store
from ingest.child import Limits, run_in_child
from ingest.pages import open_pages

WIDTHS = (160, 1240, 2000)
"""Pixels: the strip of pages, reading, zoom."""
_LIMITS = Limits(memory_mb=2048, cpu_seconds=40, wall_seconds=50)


def picture(store: Store, found: Document, page: int, rotation: int, width: int) -> Path:
    """The PNG of a page, turned as it was read; raises Problem("not_found"), Problem("original_missing")."""
    if width not in WIDTHS or not 1 <= page <= max(found.page_count, 1):
        raise Problem("not_found", what=page)
    folder = store.settings.home / "derived" / found.sha256[:2] / found.sha256
    kept = folder / f"{page}-{rotation}-{width}-fields.png"
    if kept.exists():
        return kept
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    source = files.original_path(store, found.sha256, document=found.id, verify=False)
    args = (source, found.name, found.media_type, store.settings, page, rotation, width)
    data = run_in_child(_render, *args, limits=_LIMITS, name=found.name)
    keep(kept, data)
    return kept


def keep(kept: Path, data: bytes) -> None:
    """Puts a derived file in place at once."""
    descriptor, draft = tempfile.mkstemp(dir=kept.parent)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    Path(draft).replace(kept)


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
    """The page as any viewer draws it, with what signature fields and other form fields show."""
    import pypdfium2

    with pypdfium2.PdfDocument(str(source)) as pdf:
        pdf.init_forms()
        sheet = pdf[page - 1]
        scale = min(max(width, 1240) / max(sheet.get_width(), 1.0), 6.0)
        longest = max(sheet.get_width(), sheet.get_height()) * scale
        return sheet.render(scale=scale * min(1.0, 6000 / longest)).to_pil()


def _raw_page(source: Path, name: str, media_type: str, settings: Settings, page: int) -> Any:
    from PIL import Image

    for raw in open_pages(source, name, media_type, settings).pages:
        if raw.number == page and raw.image is not None:
            return Image.fromarray(raw.image)
    raise Problem("not_found", what=page)
