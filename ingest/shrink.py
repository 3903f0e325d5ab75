"""A page made smaller to be looked at as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.raw import Image


def shrunk(image: Image, scale: float) -> Image:
    """The image at `scale` (above 0; above 1 it is enlarged), each pixel the mean of those it stands for.

    Halved as long as that doesn't go too far: OpenCV takes means of four many times faster than of any other area.
    """
    import cv2
    import numpy as np

    size = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    while min(image.shape[:2]) > 1 and image.shape[0] >= 2 * size[1] and image.shape[1] >= 2 * size[0]:
        image = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
