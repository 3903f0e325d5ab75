"""A page of an original opened again, in the frame in which its boxes are on record."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from ingest.files.open_pages import open_pages
from ingest.imaging.page_view import PageFrame, PageView

if TYPE_CHECKING:
    from ingest.files.page import RawPage


def raw_page(path: Path, name: str, media_type: str, settings: Settings, page: int) -> RawPage | None:
    """The page before recognition; None if the file has no such page. Raises Problem as `open_pages` does."""
    pages = open_pages(path, name, media_type, settings, only=page).pages
    return next((raw for raw in pages if raw.number == page), None)


def view_of(raw: RawPage, frame: PageFrame) -> PageView | None:
    """View in which the page was read; None for a page without a picture.

    A page whose text comes from the file has only a coarse picture, which is upright already.
    """
    import cv2

    if raw.image is None:
        if raw.look is None:
            return None
        return PageView.flat(
            raw.look, raw.look_dpi, (frame.rotation - (raw.text.rotation if raw.text else 0)) % 360
        )
    if frame.levelled:
        try:
            return PageView.of(raw.image, raw.dpi, frame.rotation)
        except (ValueError, ArithmeticError, cv2.error):
            pass
    return PageView.flat(raw.image, raw.dpi, frame.rotation)
