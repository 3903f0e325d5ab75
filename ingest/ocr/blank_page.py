"""Blank pages of a scan: backs with punch holes, dust, folds and scanner edges, or print that shows through."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from corpus.rectangle import mm
from ingest.imaging.components import components
from ingest.ocr.columns import SEARCH_DPI

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_MM = mm(SEARCH_DPI)
_BLANK = 0.0004
"""Share of ink below which a page without words is blank rather than unreadable."""
_SPECK = 1.0 * _MM
"""Px; ink smaller each way is dust."""
_SOLID, _HOLE = 0.6, 3.0 * _MM
"""Share of its rectangle that a punch hole or a blot fills, and its least side in px; letters are thinner."""
_THIN, _LONG = 1.0 * _MM, 6.0 * _MM
"""Px; a stroke thinner and longer than these along an axis is a fold, a staple or the scanner's edge."""
_EDGE = 0.006
"""Share of the width at a page's edge where a scanner leaves shadows."""
_MIRRORED, _LEAD = 0.5, 0.2
"""Confidence of a page read in a mirror from which its print is that of the other side, and by how much it is
more than unmirrored; print that is not mirrored reads worse in a mirror.
"""


def is_blank(ink: Image) -> bool:
    """True if a page on which no word was read has no ink of writing; ink: 1 for print, at SEARCH_DPI."""
    if ink.mean() < _BLANK:
        return True
    left, top, wide, high, area = components(ink).boxes[1:].T
    height, width = ink.shape[:2]
    edge = max(round(_EDGE * width), 2)
    dust = np.maximum(wide, high) < _SPECK
    holes = (area > _SOLID * wide * high) & (np.minimum(wide, high) > _HOLE)
    lines = (np.minimum(wide, high) < _THIN) & (np.maximum(wide, high) > _LONG)
    shadows = (left < edge) | (top < edge) | (left + wide > width - edge) | (top + high > height - edge)
    written = area[~(dust | holes | lines | shadows)].sum()
    return bool(written < _BLANK * ink.size)


def shows_through(confidence: float, mirrored: float) -> bool:
    """True if a page's print is that of its other side: it reads well only in a mirror."""
    return mirrored > _MIRRORED and mirrored > confidence + _LEAD
