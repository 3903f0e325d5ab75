"""Which way up a page lies: its lines' axis by their profile, and whether it stands on its head by what can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.raw import Image

_SIDE = 600
_STRIPS = 8
_SIDEWAYS = 1.2
"""How much better lines must show across the page than along it before it is turned."""
_INK = 60
_FEWEST = 20


def is_sideways(grey: Image) -> bool:
    """Whether the printed lines run from top to bottom of the image; False where there is too little print to tell.

    Two signs are multiplied: a list's common left edge deceives the contrast, a page of tables the count.
    """
    import cv2
    import numpy as np

    scale = min(_SIDE / max(grey.shape), 1.0)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = np.asarray(small < 255 - _INK, np.uint8)
    (lines, contrast), (across, contrast_across) = _signs(ink), _signs(ink.T)
    if max(lines, across) < _FEWEST:
        return False
    return across * contrast_across > _SIDEWAYS * max(lines, 1) * max(contrast, 1.0)


def _signs(ink: Image) -> tuple[int, float]:
    """How many runs of inked rows there are, and how sharply rows of print part from gaps; in strips against skew."""
    import numpy as np

    profiles = [strip.sum(axis=1).astype(np.float64) for strip in np.array_split(ink, _STRIPS, axis=1)]
    runs = sum(int(np.count_nonzero((profile[1:] > 1) & (profile[:-1] <= 1))) for profile in profiles)
    return runs, float(sum((np.diff(profile) ** 2).sum() for profile in profiles))


def upright(image: Image, rotation: int) -> Image:
    """The image turned clockwise by 0, 90, 180 or 270 degrees."""
    import numpy as np

    return np.ascontiguousarray(np.rot90(image, -(rotation // 90)))
