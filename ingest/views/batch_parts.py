"""A file of many papers taken apart at its separating sheets: blank pages, or sheets with our code or the trade's
(tờ ngăn, PATCH T).

The separating sheets themselves are left out. A file with digital signatures stays whole: apart from it they would
be worth nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from corpus.config import Settings
from corpus.file_types import PDF, TIFF
from ingest.files.open_pages import open_pages
from ingest.files.page import RawPage
from ingest.imaging.patch_code import has_patch
from ingest.imaging.pixels import darkest, grey_of, shrunk
from ingest.ocr.blank_page import is_blank
from ingest.ocr.columns import SEARCH_DPI
from ingest.ocr.read_page import is_bare
from ingest.sandbox.child import Limits, run_in_child
from ingest.views.composed import pages_taken

Separator = Literal["blank", "code"]
SEPARATORS: tuple[Separator, ...] = ("blank", "code")
BATCHES = (PDF, TIFF)
"""Media types of files that may hold many papers."""
CODE = "VANBAN:TO-NGAN"
"""Text of the QR code on a separating sheet."""
_INK = 128
_CODE_DPIS = (100.0, 150.0, 200.0)
"""Resolutions at which a code is looked for, one after the other."""


@dataclass(frozen=True, slots=True)
class BatchParts:
    """The papers of a file: numbers of their pages, and a PDF of each; () for a file that stays whole."""

    pages: tuple[tuple[int, ...], ...]
    files: tuple[bytes, ...]


def taken_apart(path: Path, name: str, media_type: str, settings: Settings, separator: Separator) -> BatchParts:
    """Take a file apart, in a child, since it is foreign input. Raises as `open_pages` and `run_in_child` do."""
    args = (path, name, media_type, settings, separator)
    return run_in_child(_take_apart, *args, limits=Limits.of(settings), name=name)


def _take_apart(
    path: Path, name: str, media_type: str, settings: Settings, separator: str, **_: Any
) -> BatchParts:
    opened = open_pages(path, name, media_type, settings)
    if opened.signed_at:
        return BatchParts((), ())
    parts: list[list[int]] = [[]]
    for raw in opened.pages:
        if _is_blank(raw) if separator == "blank" else _has_code(raw):
            parts.append([])
        else:
            parts[-1].append(raw.number)
    papers = tuple(tuple(part) for part in parts if part)
    if not papers or sum(map(len, papers)) == opened.count:
        return BatchParts((), ())
    plan = tuple(tuple((0, page, 0) for page in part) for part in papers)
    return BatchParts(papers, pages_taken((path,), ((name, media_type),), plan, settings))


def _is_blank(raw: RawPage) -> bool:
    """True if there is nothing on a page, on paper or in its own text."""
    if raw.text is not None and raw.text.text.strip():
        return False
    if raw.image is None:
        return raw.text is not None and raw.look is None and not raw.patches
    if is_bare(raw.image, raw.dpi):
        return True
    small = shrunk(darkest(raw.image), min(SEARCH_DPI / max(raw.dpi, 1.0), 1.0))
    return is_blank((small < _INK).astype("uint8"))


def _has_code(raw: RawPage) -> bool:
    """True if a page bears the code of a separating sheet: ours, or PATCH T."""
    import cv2

    image, dpi = (raw.image, raw.dpi) if raw.image is not None else (raw.look, raw.look_dpi)
    if image is None or dpi <= 0:
        return False
    grey, detector = grey_of(image), cv2.QRCodeDetector()
    for wanted in _CODE_DPIS:
        try:
            text = detector.detectAndDecode(shrunk(grey, min(wanted / dpi, 1.0)))[0]
        except cv2.error:
            continue
        if text == CODE:
            return True
    return has_patch(grey, dpi)


def separating_sheet() -> bytes:
    """A separating sheet to be printed, as PNG: A4 at 150 dpi with the code in its middle, large enough for any
    scanner.
    """
    import cv2
    import numpy as np

    code = np.asarray(cv2.QRCodeEncoder.create().encode(CODE), np.uint8)
    large = cv2.resize(code, (600, 600), interpolation=cv2.INTER_NEAREST)
    page = np.full((1754, 1240), 255, np.uint8)
    page[577:1177, 320:920] = large
    return bytes(cv2.imencode(".png", page)[1].tobytes())
