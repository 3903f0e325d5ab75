"""Evening of a page's paper: removal of edge shadows, uneven light and specks, each only if present.

On flat office scans each of these steps did harm or nothing, so each first checks if it is needed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.rectangle import mm

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_EIGHTH = 0.125
_UNEVEN = 40
"""Greatest difference of the paper's brightness over a page (5th to 95th percentile) before the light is
evened.
"""
_DARK = 110
_EDGE_SHARE = 0.004
"""Least share of the page that is dark and touches its edge to count as a shadow."""
_SPECK_MM, _SPECKS = 0.35, 900
"""Side of a speck, and number of specks on an A4 page before they are removed."""
_FAX_DPI = 160.0
_NEAR_MM = 1.0
"""Marks and dots are this close to their letters, and stay."""


def evened(grey: Image, dpi: float) -> Image:
    """Print of a page on even paper; a page that needs nothing is returned unchanged."""
    return _remove_specks(_even_light(_remove_edges(grey)), dpi)


def _remove_edges(grey: Image) -> Image:
    """Remove dark areas that touch the edge of the page: the lid's shadow, the table under a photographed page."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=_EIGHTH, fy=_EIGHTH, interpolation=cv2.INTER_AREA)
    dark = (small < _DARK).astype(np.uint8)
    if not (dark[0].any() or dark[-1].any() or dark[:, 0].any() or dark[:, -1].any()):
        return grey
    _, labels = cv2.connectedComponents(dark, connectivity=4)
    edge = np.unique(np.concatenate((labels[0], labels[-1], labels[:, 0], labels[:, -1])))
    touching = np.isin(labels, edge[edge > 0]).astype(np.uint8)
    if touching.mean() < _EDGE_SHARE:
        return grey
    wide = cv2.resize(
        cv2.dilate(touching, np.ones((3, 3), np.uint8)), grey.shape[::-1], interpolation=cv2.INTER_NEAREST
    )
    paper = int(np.percentile(small, 75))
    return np.asarray(np.where(wide > 0, paper, grey), np.uint8)


def _even_light(grey: Image) -> Image:
    """Divide the page by its own paper if the light is uneven."""
    import cv2
    import numpy as np

    small = cv2.resize(grey, None, fx=_EIGHTH, fy=_EIGHTH, interpolation=cv2.INTER_AREA)
    paper = cv2.medianBlur(cv2.dilate(small, np.ones((7, 7), np.uint8)), 21)
    dark, light = np.percentile(paper, (5, 95))
    if light - dark < _UNEVEN:
        return grey
    whole = cv2.resize(paper, grey.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(grey, np.maximum(whole, 1), scale=245), np.uint8)


def _remove_specks(grey: Image, dpi: float) -> Image:
    """Remove isolated specks from a fax if there are very many; finer scans read as well with them."""
    import cv2
    import numpy as np

    if dpi > _FAX_DPI:
        return grey
    ink = (grey < 150).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    side = max(_SPECK_MM * mm(dpi), 1.5)
    specks = (stats[:count, cv2.CC_STAT_WIDTH] <= side) & (stats[:count, cv2.CC_STAT_HEIGHT] <= side)
    if int(specks.sum()) < _SPECKS * grey.size / (8.27 * 11.69 * dpi * dpi):
        return grey
    speck = specks.astype(np.uint8)[labels] & ink
    reach = 2 * round(_NEAR_MM * mm(dpi)) + 1
    near = cv2.dilate(ink & (1 - speck), np.ones((reach, reach), np.uint8))
    alone = cv2.dilate(speck & (1 - near), np.ones((3, 3), np.uint8))
    return np.asarray(np.where(alone > 0, 255, grey), np.uint8)
