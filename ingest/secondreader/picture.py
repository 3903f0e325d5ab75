"""Preparation of a line's picture for AsterNet: renderings 32 px high, in pieces of at most 1,024 px."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ingest.imaging.pixels import grey_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Image = NDArray[np.uint8]
    Tensor = NDArray[np.float32]

HEIGHT = 32
WIDEST = 1020
"""Px at HEIGHT: beyond 1,024 (256 frames) the network's table of positions ends and onnxruntime fails."""
_NARROWEST = 32
_FRAME = 4
"""Px of width per frame."""
_INK = 25.0
"""Grey levels below the mean from which a pixel is ink."""


def renderings(picture: Image) -> Iterator[tuple[Image, bool, float]]:
    """A line as scanned, with spread contrast, and cropped close: each with the scale of its values and factor of
    its width.

    A value that all renderings give is trusted; the network was trained with two kinds of preparation, so both are
    used.
    """
    grey = grey_of(picture)
    yield grey, True, 1.0
    yield _spread(grey), False, 1.15
    yield _close(grey), True, 1.0


FITTED = 3
"""Renderings, the first of a line, that heads are fitted on: a fit on more read no more of other bodies."""
_WIDE = 1.35
"""Factor of the width that parts figures in one stroke."""
_LEANS = (0.22, -0.18)
"""Px to the left or right for each px up: hands lean either way."""


def number_renderings(picture: Image) -> Iterator[tuple[Image, bool, float]]:
    """The renderings of a line, then it wider and leaning either way, since pens draw what print doesn't.

    By folds of bodies the second reader alone: 149 → 156 of 184 numbers right, in its first five 174 → 178.
    """
    yield from renderings(picture)
    spread = _spread(grey_of(picture))
    yield spread, False, _WIDE
    for lean in _LEANS:
        yield _leaning(spread, lean), False, 1.15


def _leaning(grey: Image, lean: float) -> Image:
    """The line sheared around its middle; what comes in is paper."""
    import cv2
    import numpy as np

    height, width = grey.shape
    shear = np.array([[1, lean, -lean * height / 2], [0, 1, 0]], np.float32)
    paper = int(np.percentile(grey, 90))
    moved = cv2.warpAffine(
        grey, shear, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=[paper]
    )
    return np.asarray(moved, np.uint8)


def _spread(grey: Image) -> Image:
    """Spread the contrast: the darkest and lightest 2 % of the pixels become black and white."""
    import numpy as np

    dark, light = np.percentile(grey, (2, 98))
    return np.asarray(np.clip((grey - dark) * (255.0 / max(float(light - dark), 1.0)), 0, 255), np.uint8)


def _close(grey: Image) -> Image:
    """Rows with ink and a little paper; if they are less than two fifths of the picture, the picture blurred."""
    import cv2
    import numpy as np

    ink = (grey < grey.mean() - _INK).sum(axis=1)
    rows = np.flatnonzero(ink > ink.max() * 0.08)
    height = grey.shape[0]
    top, bottom = (max(0, int(rows[0]) - 3), min(height, int(rows[-1]) + 4)) if len(rows) else (0, height)
    if bottom - top > height * 0.4:
        return grey[top:bottom]
    return np.asarray(cv2.GaussianBlur(grey, (0, 0), 0.8), np.uint8)


def tensor(grey: Image, *, centred: bool, factor: float) -> Tensor:
    """1 × 3 × HEIGHT × W, W in proportion times `factor`, at most WIDEST; values 0 to 1, or −1 to 1 if centred."""
    import cv2
    import numpy as np

    edge = int(grey[:, [0, -1]].mean())
    padded = cv2.copyMakeBorder(grey, 0, 0, 2, 2, cv2.BORDER_CONSTANT, value=[edge])
    wide = int(padded.shape[1] * HEIGHT / padded.shape[0] * factor)
    wide = (min(WIDEST, max(_NARROWEST, wide)) + _FRAME - 1) // _FRAME * _FRAME
    way = cv2.INTER_AREA if padded.shape[0] > HEIGHT else cv2.INTER_LINEAR
    small = cv2.resize(padded, (wide, HEIGHT), interpolation=way).astype(np.float32) / 255
    plane = (small - 0.5) / 0.5 if centred else small
    return np.ascontiguousarray(np.broadcast_to(plane, (1, 3, HEIGHT, wide)), np.float32)


def pieces(picture: Image) -> list[Image]:
    """Split a line at its widest gaps into pieces narrow enough, from left to right."""
    grey = grey_of(picture)
    most = WIDEST * grey.shape[0] // HEIGHT - 4
    if grey.shape[1] <= most:
        return [grey]
    at = _gap(grey, most)
    return [grey[:, :at], *pieces(grey[:, at:])]


def _gap(grey: Image, most: int) -> int:
    """Middle of the widest run of columns without ink in the right half of the first `most`; `most` without
    one.
    """
    import numpy as np

    bare = ~(grey[:, most // 2 : most] < grey.mean() - _INK).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], bare.astype(np.int8), [0]])))
    runs = [
        (int(stop - start), int(start + stop) // 2) for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]
    return most // 2 + max(runs)[1] if runs else most
