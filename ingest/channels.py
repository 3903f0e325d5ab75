"""The darkest and the lightest channel of each pixel: ink of any colour, and ink of no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.raw import Image


def darkest(image: Image) -> Image:
    """Height × width: the least channel of RGB, dark wherever there is ink of any colour; a grey image as it is."""
    import cv2
    import numpy as np

    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def lightest(image: Image) -> Image:
    """Height × width: the greatest channel of RGB, dark only where ink has no colour; a grey image as it is."""
    import cv2
    import numpy as np

    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)
