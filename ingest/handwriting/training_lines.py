"""The line of a number that a person confirmed, cut from page 1 as it was cut when the page was read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.config import Settings
from corpus.document import Page
from ingest.files.open_pages import open_pages
from ingest.handwriting.adapt import Confirmed
from ingest.handwriting.locate import place
from ingest.imaging.page_view import as_read
from ingest.ocr.words import Token
from ingest.sandbox.child import Limits, run_in_child

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ORDINAL = re.compile(r"\d{1,5}(?=[/-])")


def confirmed_line(
    path: Path, name: str, media_type: str, settings: Settings, page: Page, number: str
) -> Confirmed | None:
    """The line of `number` on a recognised page 1; None when no line is found, or its ordinal is not digits alone.

    Opens the file in a child, since it came from outside. Raises Problem as `run_in_child` does.
    """
    digits = _ORDINAL.match(number)
    if digits is None:
        return None
    args = (path, name, media_type, settings, page)
    image = run_in_child(_line, *args, limits=Limits.of(settings), name=name)
    return None if image is None else Confirmed(image, digits.group())


def _line(
    path: Path, name: str, media_type: str, settings: Settings, page: Page, **_: Any
) -> NDArray[np.uint8] | None:
    for raw in open_pages(path, name, media_type, settings).pages:
        if raw.number == page.number and raw.image is not None:
            level, dpi = as_read(raw.image, raw.dpi, page.rotation)
            crop = place(level, _tokens(page, *level.size), dpi).number
            return crop.image if crop is not None and crop.sure else None
    return None


def _tokens(page: Page, height: int, width: int) -> list[Token]:
    """The page's words in px of its image."""
    return [
        Token(
            page.text[word.start : word.end],
            word.box.left * width, word.box.top * height, word.box.right * width, word.box.bottom * height,
            word.confidence,
        )
        for word in page.words
    ]  # fmt: skip
