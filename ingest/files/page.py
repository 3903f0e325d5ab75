"""Pages of an opened file before recognition."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Literal

from corpus.document import Box, Page, Warning
from ingest.files.edxml_message import Envelope

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


@dataclass(frozen=True, slots=True)
class Patch:
    """A picture (at `dpi`) of print outside a page's text: a piece of the page, or a picture on it."""

    image: Image
    dpi: float
    box: Box | None = None
    """Its place on the page; None if unknown."""
    paged: bool = False
    """True if the picture is also read as a page of its own."""


Pen = Literal["signed", "form_field", "annotation"]
"""Source of a drawn word: a field that was signed, another form field, free text or a rubber stamp."""


@dataclass(frozen=True, slots=True)
class DrawnWord:
    """A word that a form field or an annotation draws over a page, at `box`.

    `contested`: True if other figures were read beneath it.
    """

    text: str
    box: Box
    pen: Pen
    contested: bool = False


@dataclass(frozen=True, slots=True)
class RawPage:
    """One page of the file: `text` if it needs no recognition, else `image` at `dpi`.

    Both are None for a page that could not be read; `cautions` says why. `look` is a coarse picture, at
    `look_dpi`, of a page whose text is kept: it shows the stamps on it.
    """

    number: int
    image: Image | None = None
    dpi: float = 300.0
    text: Page | None = None
    cautions: tuple[Warning, ...] = ()
    look: Image | None = None
    look_dpi: float = 0.0
    patches: tuple[Patch, ...] = ()
    """Print that the page shows and its text lacks, to be recognised."""
    fields: bool = False
    """True if the page shows form fields, which neither `text` nor `image` contains."""
    noted: tuple[str, ...] = ()
    """Words of annotations, fields and WordArt as the file stores them; no part of the page's text."""
    drawn: tuple[DrawnWord, ...] = ()
    """Words that form fields and annotations draw over the page: they are in `text`, not on `image`."""


@dataclass(frozen=True, slots=True)
class MailHead:
    """The header of an electronic mail; `lines` are those of its first page."""

    sender: str
    to: tuple[str, ...]
    copies: tuple[str, ...]
    sent: date | None
    subject: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RawFile:
    """An opened file: number of pages, warnings about the whole, and its pages one at a time."""

    count: int
    pages: Iterator[RawPage]
    cautions: tuple[Warning, ...] = ()
    signed_at: tuple[datetime, ...] = field(default=())
    """Signing times that the digital signatures state."""
    mail: MailHead | None = None
    """Header of a mail, which is page 1."""
    envelope: Envelope | None = None
    """Header of the edXML message that the pages came in."""
    has_paper: bool = True
    """False for an edXML message without a paper, whose header is its only page."""
    enclosed: tuple[tuple[str, bytes], ...] = ()
    """Names and bytes of enclosed files: no part of the text, but seen by the secrecy gate."""
