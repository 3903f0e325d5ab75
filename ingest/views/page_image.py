"""One page of an original as an image, rendered in the sandbox, in the frame of the page's boxes."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np

from corpus.config import Settings
from corpus.errors import Problem
from corpus.file_types import PDF
from ingest.files.edxml import PaperFile, paper_of
from ingest.files.page import RawPage
from ingest.imaging.page_view import PageFrame
from ingest.views.recorded_page import raw_page, view_of

_READING_WIDTH = 1240
"""Px: a PDF's page is rendered at least this wide before it is reduced, so that thin strokes stay visible."""
_COLOURS = 48


def render(
    source: Path, name: str, media_type: str, settings: Settings, page: int, frame: PageFrame, width: int, **_: Any
) -> bytes:
    """PNG of a page, `width` px at most; runs in the child.

    Raises Problem("not_found") for a page without a picture.
    """
    with paper_of(source, name, media_type) as paper:
        return _draw(paper, settings, page, frame, width)


def _draw(paper: PaperFile, settings: Settings, page: int, frame: PageFrame, width: int) -> bytes:
    from PIL import Image

    source, name, media_type = paper.path, paper.name, paper.media_type
    raw = raw_page(source, name, media_type, settings, page) if frame.levelled or media_type != PDF else None
    if media_type == PDF and (raw is None or not _is_shown_whole(raw, width)):
        image = _pdf_page(source, page, width)
    elif raw is not None and raw.image is not None:
        image = Image.fromarray(raw.image)
    else:
        raise Problem("not_found", what=page)
    view = view_of(raw, frame) if raw is not None else None
    if view is not None and not view.is_flat:
        image = Image.fromarray(view.picture(np.asarray(image), width))
    elif frame.rotation:
        image = image.rotate(-frame.rotation, expand=True, fillcolor="white")
    if image.width > width:
        image = image.resize((width, max(1, round(image.height * width / image.width))), 3)
    out = io.BytesIO()
    shown = image if image.mode == "L" else image.convert("RGB")
    shown.quantize(_COLOURS).save(out, "PNG")
    return out.getvalue()


def _is_shown_whole(raw: RawPage, width: int) -> bool:
    """True if the picture that a page was read from is fine enough and lacks nothing that viewers draw."""
    return raw.image is not None and raw.image.shape[1] >= max(width, _READING_WIDTH) and not raw.fields


def _pdf_page(source: Path, page: int, width: int) -> Any:
    """The page as any viewer displays it, with signature fields and other form fields."""
    import pypdfium2

    with pypdfium2.PdfDocument(str(source)) as pdf:
        pdf.init_forms()
        sheet = pdf[page - 1]
        scale = min(max(width, _READING_WIDTH) / max(sheet.get_width(), 1.0), 6.0)
        longest = max(sheet.get_width(), sheet.get_height()) * scale
        return sheet.render(scale=scale * min(1.0, 6000 / longest)).to_pil()
