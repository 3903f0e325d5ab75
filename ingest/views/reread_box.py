"""One spot of a page read again, as a clerk who draws a box on the scan asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from corpus.config import Settings
from corpus.document import Box
from corpus.errors import Problem
from ingest.files.open_pages import open_pages
from ingest.ocr.engines import BLOCK, engine_of
from ingest.sandbox.child import Limits, run_in_child

_LIMITS = Limits(memory_mb=2048, cpu_seconds=30, wall_seconds=40)
_MARGIN = 12
"""White pixels round the spot: Tesseract loses letters that touch the edge."""


def read_spot(
    path: Path, name: str, media_type: str, settings: Settings, page: int, rotation: int, box: Box
) -> str:
    """The print inside a box of a page, a line of it a line; in a child, since the file came from outside.

    Raises Problem("not_found") for a page without a picture, and as `run_in_child` does.
    """
    args = (path, name, media_type, settings, page, rotation, box)
    return run_in_child(_read, *args, limits=_LIMITS, name=name)


def _read(
    path: Path, name: str, media_type: str, settings: Settings, page: int, rotation: int, box: Box, **_: Any
) -> str:
    import cv2
    import numpy as np

    for raw in open_pages(path, name, media_type, settings, only=page).pages:
        if raw.number != page:
            continue
        image = raw.image if raw.image is not None else raw.look
        if image is None:
            break
        grey = image if image.ndim == 2 else cv2.cvtColor(image, cv2.COLOR_RGB2GRAY).astype(np.uint8, copy=False)
        turned = np.rot90(grey, k=-(rotation // 90) % 4)
        height, width = turned.shape
        spot = turned[
            int(box.top * height) : int(box.bottom * height) + 1,
            int(box.left * width) : int(box.right * width) + 1,
        ]
        framed = np.pad(spot, _MARGIN, constant_values=255)
        dpi = raw.dpi if raw.image is not None else raw.look_dpi
        lines = engine_of(settings).recognise(framed, dpi=dpi, psm=BLOCK, timeout=20)
        return "\n".join(" ".join(token.text for token in line.words) for line in lines)
    raise Problem("not_found", what=page)
