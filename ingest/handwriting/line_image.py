"""Preparation of a crop for the digit net: background removed, 48 px high, ink 1 on paper 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.imaging.pixels import grey_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ink = NDArray[np.float32]


HEIGHT = 48
"""Height of a prepared line in px."""


def prepare(image: NDArray[np.uint8]) -> Ink:
    """Convert a crop of any height (grey or RGB) to ink 0 to 1, HEIGHT × W, W in proportion (at least 16, at
    most 512).
    """
    import cv2
    import numpy as np

    grey = grey_of(image)
    span = max(9, grey.shape[0] // 3) | 1
    paper = cv2.medianBlur(cv2.dilate(grey, np.ones((span, span), np.uint8)), 21 if grey.shape[0] > 21 else 3)
    flat = np.minimum(grey.astype(np.float32) / np.maximum(paper.astype(np.float32), 1), 1)
    width = int(np.clip(round(flat.shape[1] * HEIGHT / flat.shape[0]), 16, 512))
    small = cv2.resize(flat, (width, HEIGHT), interpolation=cv2.INTER_AREA)
    dark, light = np.percentile(small, (1, 90))
    ink = (light - small) / max(float(light - dark), 0.15)
    return np.asarray(np.clip(ink, 0, 1), np.float32)
