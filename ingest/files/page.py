"""A page before it is recognised."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from corpus.document import Box, Page, Warning

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


@dataclass(frozen=True, slots=True)
class Patch:
    """A picture (at `dpi`) of print that is no part of a page's text: a piece of the page, or a picture on it."""

    image: Image
    dpi: float
    box: Box | None = None
    """Its place on the page; None for a picture whose place is not known."""


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page as it lies in the file: `text` when it needs no recognition, else `image` at `dpi`.

    Both are None for a page that could not be read; `cautions` says why. `look` is a coarse picture, at `look_dpi`, of a
    page whose text is kept: a stamp on it is seen there only.
    """

    number: int
    image: Image | None = None
    dpi: float = 300.0
    text: Page | None = None
    cautions: tuple[Warning, ...] = ()
    look: Image | None = None
    look_dpi: float = 0.0
    patches: tuple[Patch, ...] = ()
    """What the page shows and its text lacks, to be recognised."""
    fields: bool = False
    """True if form fields are shown on the page, which neither `text` nor `image` holds."""
    noted: tuple[str, ...] = ()
    """Words of annotations, fields and WordArt as the file writes them; no part of the page's text."""
    drawn: tuple[Box, ...] = ()
    """Boxes of the words that form fields and annotations draw over the page's text."""


@dataclass(frozen=True, slots=True)
class RawFile:
    """An opened file: how many pages, what is odd about it as a whole, and its pages one at a time."""

    count: int
    pages: Iterator[RawPage]
    cautions: tuple[Warning, ...] = ()
    signed_at: tuple[datetime, ...] = field(default=())
    """Signing times that the digital signatures state."""
