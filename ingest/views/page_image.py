"""One page of an original as an image, rendered in the sandbox."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files.open_pages import open_pages


def render(
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

    for raw in open_pages(source, name, media_type, settings, only=page).pages:
        if raw.number == page and raw.image is not None:
            return Image.fromarray(raw.image)
    raise Problem("not_found", what=page)
