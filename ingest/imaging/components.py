"""Connected pieces of ink on a page, searched only in the rows that have ink: much of a page is blank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]


_TOP = 1
"""Column of OpenCV's statistics."""


@dataclass(frozen=True, slots=True)
class Components:
    """Pieces of ink that hang together, corners included, in OpenCV's order; the paper is piece 0.

    boxes: pieces × 5 (left, top, width, height, area in pixels); row 0 is the paper's and means nothing.
    labels: the piece of each pixel, of the rows `rows` only; no other row has ink.
    """

    boxes: NDArray[np.int32]
    labels: NDArray[np.int32]
    rows: NDArray[np.intp]
    shape: tuple[int, int]

    def mask_of(self, chosen: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """True where a chosen piece lies, height × width; chosen: one value a piece, the paper's ignored."""
        import numpy as np

        mask = np.zeros(self.shape, bool)
        mask[self.rows] = np.where(np.arange(len(chosen)) > 0, chosen, False)[self.labels]
        return mask


def components(ink: Mask) -> Components:
    """The pieces of a mask (height × width, not 0 for ink), the same as OpenCV finds on the whole of it."""
    import cv2
    import numpy as np

    rows = _rows_of_ink(ink)
    shape = (ink.shape[0], ink.shape[1])
    if not len(rows):
        return Components(np.zeros((1, 5), np.int32), np.zeros((0, shape[1]), np.int32), rows, shape)
    labels: Any
    _, labels, boxes, _ = cv2.connectedComponentsWithStats(ink[rows], connectivity=8)
    boxes[1:, _TOP] = rows[boxes[1:, _TOP]]
    return Components(np.asarray(boxes, np.int32), np.asarray(labels, np.int32), rows, shape)


def _rows_of_ink(ink: Mask) -> NDArray[np.intp]:
    """Rows with ink, and a blank one or two behind each band of them, which keep the bands apart.

    By pairs from the top, since OpenCV numbers the pieces by blocks of two rows.
    """
    import cv2
    import numpy as np

    if not ink.size:
        return np.zeros(0, np.intp)
    inked = np.asarray(cv2.reduce(ink, 1, cv2.REDUCE_MAX)).ravel() > 0
    pairs = np.asarray(np.append(inked, [False] * (len(inked) % 2)).reshape(-1, 2).any(axis=1), bool)
    kept = pairs.copy()
    kept[1:] |= pairs[:-1]
    return np.flatnonzero(np.repeat(kept, 2)[: len(inked)])
