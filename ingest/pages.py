"""A file's pages, one at a time: each as an image to be recognised, or as text that is sound already.

This opens what came from outside, so it runs in a child (ingest.child).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.config import Settings
from corpus.errors import Problem
from ingest import image_pages, office_pages, pdf_pages, text_pages
from ingest.raw import RawFile
from ingest.sniff import DOCX, JPEG, MARKDOWN, PDF, PNG, TIFF, TXT

_OPENERS: dict[str, Callable[[Path, str, Settings, int | None], RawFile]] = {
    PDF: pdf_pages.open_pdf,
    TIFF: image_pages.open_image,
    PNG: image_pages.open_image,
    JPEG: image_pages.open_image,
    DOCX: office_pages.open_docx,
    TXT: text_pages.open_text,
    MARKDOWN: text_pages.open_text,
}


def open_pages(path: Path, name: str, media_type: str, settings: Settings, only: int | None = None) -> RawFile:
    """Opens a file and looks at its outer limits; its pages are read as they are asked for.

    only: the one page that is wanted; no other is decoded.

    Raises Problem: unknown_type, truncated, encrypted, no_pages, too_many_pages, too_many_pixels, unsafe_content.
    """
    opener = _OPENERS.get(media_type)
    if opener is None:
        raise Problem("unknown_type", name=name)
    return opener(path, name, settings, only)
