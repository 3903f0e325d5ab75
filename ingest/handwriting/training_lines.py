"""Crop of the number line of page 1 for a number that a clerk confirmed (training data for `vanban learn`)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.config import Settings
from corpus.document import Page
from ingest.files.open_pages import open_pages
from ingest.handwriting.adapt import Confirmed
from ingest.handwriting.locate import place
from ingest.imaging.page_view import PageView
from ingest.ocr.words import Token
from ingest.sandbox.child import Limits, run_in_child

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ORDINAL = re.compile(r"\d{1,5}(?=[/-])")


def confirmed_line(
    path: Path, name: str, media_type: str, settings: Settings, page: Page, number: str
) -> Confirmed | None:
    """Line of `number` on a recognised page 1; None if no line is found, or its ordinal is not digits alone.

    Opens the file in a child, since it is foreign input. Raises Problem as `run_in_child` does.
    """
    digits = _ORDINAL.match(number)
    if digits is None:
        return None
    args = (path, name, media_type, settings, page)
    cut = run_in_child(_line, *args, limits=Limits.of(settings), name=name)
    return None if cut is None else Confirmed(cut[0], digits.group(), cut[1], number[digits.end() :])


def _line(
    path: Path, name: str, media_type: str, settings: Settings, page: Page, **_: Any
) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None] | None:
    """The crop for the net and the whole line; None if no place is certain."""
    for raw in open_pages(path, name, media_type, settings).pages:
        if raw.number == page.number and raw.image is not None:
            view = PageView.of(raw.image, raw.dpi, page.rotation)
            places = place(view.page, _tokens(page, *view.page.size), view.dpi)
            if places.number is None or not places.number.sure:
                return None
            return places.number.image, None if places.number_line is None else places.number_line.image
    return None


def _tokens(page: Page, height: int, width: int) -> list[Token]:
    """Words of the page in px of its image."""
    placed = ((word, word.box.to_px(width, height)) for word in page.words)
    return [
        Token(at.left, at.top, at.right, at.bottom, page.text[word.start : word.end], word.confidence)
        for word, at in placed
    ]
