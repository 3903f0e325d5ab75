"""The page as it was read: cut out, upright, level."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingest.imaging.crop_to_page import cut_out
from ingest.imaging.deskew import Level, skew_of
from ingest.imaging.orientation import upright
from ingest.imaging.pixels import grey_of

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


def as_read(image: Image, dpi: float, rotation: int) -> tuple[Level, float]:
    """A page as recognition saw it when it turned the page clockwise by `rotation`, and its resolution.

    Boxes of the page's words are fractions of it.
    """
    image, dpi = cut_out(image, dpi)
    return _level(image, rotation), dpi


def _level(image: Image, rotation: int) -> Level:
    image = upright(image, rotation) if rotation else image
    return Level(image, skew_of(grey_of(image)))
