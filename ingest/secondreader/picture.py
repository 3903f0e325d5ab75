"""A line's picture as AsterNet wants it: renderings of it, 32 px high, in pieces of at most 1,024 px."""

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
"""Px at HEIGHT: beyond 1,024 (256 frames) the network's table of places ends and onnxruntime fails."""
_NARROWEST = 32
_FRAME = 4
"""Px of width for one frame."""
_INK = 25.0
"""A pixel this much darker than the mean is ink."""


def renderings(picture: Image) -> Iterator[tuple[Image, bool, float]]:
    """A line as scanned, with its contrast spread, cut close: each with plain or centred values, and its width's factor.

    What all renderings read alike is trusted; the network was trained with two kinds of preparation, so both are used.
    """
    grey = grey_of(picture)
    yield grey, True, 1.0
    yield _spread(grey), False, 1.15
    yield _close(grey), True, 1.0


def _spread(grey: Image) -> Image:
    """The darkest and lightest 2 % of the pixels become black and white."""
    import numpy as np

    dark, light = np.percentile(grey, (2, 98))
    return np.asarray(np.clip((grey - dark) * (255.0 / max(float(light - dark), 1.0)), 0, 255), np.uint8)


def _close(grey: Image) -> Image:
    """The rows that hold ink, with a little paper; blurred instead where they are less than two fifths of the picture."""
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
    """1 × 3 × HEIGHT × W with W in proportion times `factor`, at most WIDEST: from 0 to 1, or from −1 to 1 when centred."""
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
    """A line cut at its widest gaps into pieces that are narrow enough, from left to right."""
    grey = grey_of(picture)
    most = WIDEST * grey.shape[0] // HEIGHT - 4
    if grey.shape[1] <= most:
        return [grey]
    at = _gap(grey, most)
    return [grey[:, :at], *pieces(grey[:, at:])]


def _gap(grey: Image, most: int) -> int:
    """Middle of the widest run of columns without ink in the right half of the first `most`; `most` where there is none."""
    import numpy as np

    bare = ~(grey[:, most // 2 : most] < grey.mean() - _INK).any(axis=0)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], bare.astype(np.int8), [0]])))
    runs = [
        (int(stop - start), int(start + stop) // 2) for start, stop in zip(edges[::2], edges[1::2], strict=True)
    ]
    return most // 2 + max(runs)[1] if runs else most
