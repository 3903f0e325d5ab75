"""Channels and sizes of images: darkest channel (ink of any colour), lightest (colourless ink), grey,
reduction.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    """Height × width (grey) or height × width × 3 (RGB)."""


def darkest(image: Image) -> Image:
    """Minimum of the RGB channels (height × width), dark for ink of any colour; a grey image is returned
    unchanged.
    """
    import cv2
    import numpy as np

    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.min(cv2.min(red, green), blue), np.uint8)


def lightest(image: Image) -> Image:
    """Maximum of the RGB channels (height × width), dark only for colourless ink; a grey image is returned
    unchanged.
    """
    import cv2
    import numpy as np

    if image.ndim == 2:
        return image
    red, green, blue = cv2.split(image)
    return np.asarray(cv2.max(cv2.max(red, green), blue), np.uint8)


def grey_of(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Grey from RGB, where blue pen stays dark; a grey image is returned unchanged."""
    import cv2
    import numpy as np

    return image if image.ndim == 2 else np.asarray(cv2.cvtColor(image, cv2.COLOR_RGB2GRAY), np.uint8)


def shrunk(image: Image, scale: float) -> Image:
    """Resize an image by `scale` (above 0; above 1 enlarges), averaging pixels.

    Halved as often as possible: OpenCV averages four pixels many times faster than any other area.
    """
    import cv2
    import numpy as np

    size = (max(round(image.shape[1] * scale), 1), max(round(image.shape[0] * scale), 1))
    while min(image.shape[:2]) > 1 and image.shape[0] >= 2 * size[1] and image.shape[1] >= 2 * size[0]:
        image = np.asarray(cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
