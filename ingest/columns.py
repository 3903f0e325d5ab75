"""Cuts a page into pieces that hold one column each: the head's two cells, the foot's two cells, and what lies between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.recognition import Cell

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Mask = NDArray[np.uint8]

SEARCH_DPI = 75.0
_HEAD, _GUTTER, _LEAST_GAP = 0.34, (0.3, 0.6), 0.012
_CENTRED = 0.035
_EMPTY_ROW = 0.002


@dataclass(frozen=True, slots=True)
class Piece:
    """A rectangle of the page, as fractions of its width and height, that is read by itself."""

    left: float
    top: float
    right: float
    bottom: float
    cell: Cell = "page"


@dataclass(frozen=True, slots=True)
class Band:
    """Rows of one or more printed lines between two empty gaps, in px at SEARCH_DPI."""

    top: int
    bottom: int


def pieces(ink: Mask, *, first: bool) -> tuple[Piece, ...]:
    """The page's pieces in reading order. ink: 1 where there is print, at SEARCH_DPI."""
    whole = Piece(0.0, 0.0, 1.0, 1.0)
    if not first:
        return (whole,)
    head = _head(ink)
    if head is None:
        return (whole,)
    end, at = head[0] / ink.shape[0], head[1] / ink.shape[1]
    return (
        Piece(0.0, 0.0, at, end, "head_left"),
        Piece(at, 0.0, 1.0, end, "head_right"),
        Piece(0.0, end, 1.0, 1.0),
    )


def bands(ink: Mask) -> Iterator[Band]:
    """Bands of print from top to bottom."""
    import numpy as np

    rows = ink.sum(axis=1) > max(_EMPTY_ROW * ink.shape[1], 1)
    edges = np.flatnonzero(np.diff(np.concatenate(([0], rows.view(np.uint8), [0]))))
    for top, bottom in zip(edges[::2], edges[1::2], strict=True):
        yield Band(int(top), int(bottom))


def _head(ink: Mask) -> tuple[int, int] | None:
    """Where the two-column head ends and where its columns part, in px; None when the page has no such head."""
    import numpy as np

    height, width = ink.shape
    left, right = (round(side * width) for side in _GUTTER)
    used = np.zeros(right - left, bool)
    sides = [0, 0]
    found: tuple[int, int] | None = None
    for band in bands(ink[: int(height * _HEAD)]):
        rows = ink[band.top : band.bottom]
        columns = rows.sum(axis=0)
        now = used | (columns[left:right] > 0)
        start, length = _widest(~now)
        if length < _LEAST_GAP * width:
            break
        at = left + start + length // 2
        if _is_centred(columns, width):
            break
        used = now
        sides[0] += int(columns[:at].sum())
        sides[1] += int(columns[at:].sum())
        if min(sides) > 40:
            found = (band.bottom + 1, at)
    return found


def _is_centred(columns: NDArray[np.int64], width: int) -> bool:
    import numpy as np

    where = np.flatnonzero(columns)
    if len(where) < 3:
        return False
    return abs((where[0] + where[-1]) / 2 / width - 0.52) < _CENTRED and where[-1] - where[0] < 0.5 * width


def _widest(empty: NDArray[np.bool_]) -> tuple[int, int]:
    """Start and length of the longest run of True."""
    import numpy as np

    edges = np.flatnonzero(np.diff(np.concatenate(([0], empty.view(np.uint8), [0]))))
    if not len(edges):
        return 0, 0
    lengths = edges[1::2] - edges[::2]
    best = int(lengths.argmax())
    return int(edges[2 * best]), int(lengths[best])
