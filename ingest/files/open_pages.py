"""A file's pages, one at a time: each as an image to be recognised, or as text that is sound already.

This opens what came from outside, so it runs in a child (ingest.sandbox.child).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from corpus.config import Settings
from corpus.errors import Problem
from ingest.files import docx, image, pdf, plain_text
from ingest.files.media_type import DOCX, JPEG, MARKDOWN, PDF, PNG, TIFF, TXT
from ingest.files.page import RawFile

_OPENERS: dict[str, Callable[[Path, str, Settings, int | None], RawFile]] = {
    PDF: pdf.open_pdf,
    TIFF: image.open_image,
    PNG: image.open_image,
    JPEG: image.open_image,
    DOCX: docx.open_docx,
    TXT: plain_text.open_text,
    MARKDOWN: plain_text.open_text,
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
