"""Pages of a PDF: its own text if sound, else the page's image, decided page by page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.config import Settings
from corpus.document import Page, Warning
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files import pdf_layer_check, pdf_marks, pdf_raster, pdf_structure, pdf_text_layer, pdf_unlaid
from ingest.files.legacy_encoding import NAMES
from ingest.files.page import Patch, RawFile, RawPage
from ingest.files.pdf_appearances import UNREADABLE, Appearance, appearances_of, is_signing_data
from ingest.imaging.pixels import darkest
from ingest.sandbox.child import deadline
from ingest.text.syllables import syllable_share, unmarked_share

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_SCAN_COVER = 0.6
"""Least share of the page that pictures cover on a scan."""
_SCAN_LETTERS = 400
"""Letters; a page with more visible text is a text over a background picture, not a scanned paper."""
_PASSWORD_ERRORS = (4, 5)
"""FPDF_ERR_PASSWORD, and FPDF_ERR_SECURITY for a lock of an unknown kind."""
_PAGE_SECONDS = 25.0
"""CPU time to open and draw one page; a form drawn a billion times would never end."""
_BROKEN, _SOUND, _UNMARKED, _HIDDEN = 0.02, 0.6, 0.6, 0.3
_AT_ONCE = 16
"""Pages after which the file is opened again: PDFium and pdfminer keep fonts and objects of all that they read."""
_JUDGED_FROM = 12
"""Words; fewer are too few to judge."""


def open_pdf(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of a PDF. Raises Problem: encrypted, truncated, no_pages, too_many_pages."""
    import pypdfium2

    with deadline(_PAGE_SECONDS):
        structure = pdf_structure.look(path, name)
    try:
        with deadline(_PAGE_SECONDS):
            document = pypdfium2.PdfDocument(path)
            count = len(document)
            document.close()
    except pypdfium2.PdfiumError as error:
        code = "encrypted" if getattr(error, "err_code", None) in _PASSWORD_ERRORS else "truncated"
        raise Problem(code, name=name) from error
    cautions = structure.cautions
    if structure.pages is not None and structure.pages != count:
        # A wrong /Count: the pages that both programs find are there.
        count = min(count, structure.pages) or count
        cautions = (*cautions, make_warning("damaged")) if make_warning("damaged") not in cautions else cautions
    if count == 0:
        raise Problem("no_pages", name=name)
    if count > settings.max_pages:
        raise Problem("too_many_pages", name=name, pages=count, limit=settings.max_pages)
    wanted = range(count) if only is None else sorted({only - 1} & set(range(count)))
    return RawFile(count, _pages(path, wanted, count, name, settings), cautions, structure.signed_at)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A PDF as PDFium draws it, with its form, and its text side.

    `pages` has some pages as pdfplumber reads them, by index from 0; `drawn` the texts of annotations.
    """

    document: Any
    form: Any
    printed: Any = None
    pages: Mapping[int, Any] = field(default_factory=dict)
    drawn: tuple[Appearance, ...] = ()

    @classmethod
    def of(cls, path: Path, indices: Sequence[int], drawn: tuple[Appearance, ...]) -> _Opened:
        """Open the file; without a text side if pdfminer can't, and then its pages are recognised as pictures."""
        import pdfplumber
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        form = pdf_marks.form_of(document)
        try:
            printed = pdfplumber.open(path, pages=[index + 1 for index in indices])
            pages = {page.page_number - 1: page for page in printed.pages}
        except UNREADABLE:
            return cls(document, form)
        return cls(document, form, printed, pages, drawn)

    def close(self) -> None:
        """Give up what both programs keep of the pages that they have read: fonts, pictures, objects."""
        self.document.close()
        if self.printed is not None:
            self.printed.close()

    def layer(self, index: int) -> pdf_text_layer.Layer | None:
        """Text of one page (index from 0); None without text, or if its layer was made to harm."""
        page = self.pages.get(index)
        if page is None:
            return None
        try:
            return pdf_text_layer.read_layer(page, index + 1, self.drawn_on(index + 1))
        except UNREADABLE:
            return None
        finally:
            page.close()

    def drawn_on(self, number: int) -> tuple[Appearance, ...]:
        """Texts that annotations draw on one page (from 1), without the frames of signing data."""
        return tuple(one for one in self.drawn if one.page == number and not is_signing_data(one))


def _pages(path: Path, wanted: Sequence[int], count: int, name: str, settings: Settings) -> Iterator[RawPage]:
    """One page at a time; the file is opened again every few pages, which keeps memory flat."""
    drawn: tuple[Appearance, ...] = ()
    for first in range(0, len(wanted), _AT_ONCE):
        indices = wanted[first : first + _AT_ONCE]
        with deadline(_PAGE_SECONDS):
            drawn = drawn if first else appearances_of(path)
            opened = _Opened.of(path, indices, drawn)
        try:
            for index in indices:
                yield _readable_page(opened, index, count, name, settings)
        finally:
            opened.close()


def _readable_page(opened: _Opened, index: int, count: int, name: str, settings: Settings) -> RawPage:
    """One page; an unreadable one is a caution if there are others, else a Problem."""
    import pypdfium2

    try:
        with deadline(_PAGE_SECONDS):
            page = opened.document[index]
            raw = _page(page, opened, index + 1, name, settings)
            page.close()
            return _with_fields(raw, opened.document) if raw.fields else raw
    except Problem:
        if count == 1:
            raise
    except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
        if count == 1:
            raise Problem("truncated", name=name) from error
    return RawPage(index + 1, cautions=(make_warning("page_unreadable", index + 1),))


def _page(page: Any, opened: _Opened, number: int, name: str, settings: Settings) -> RawPage:
    """The page's own text if sound and visible, else its image; with the words of its annotations."""
    layer = opened.layer(number - 1)
    found = list(pdf_raster.pictures(page))
    pdf_raster.check_pictures(found, name, settings.max_pixels)
    marks = pdf_marks.marks_of(page, opened.form)
    aslant = (layer.aslant,) if layer is not None and layer.aslant else ()
    raw = RawPage(number, noted=(*marks.words, *aslant), fields=marks.fields > 0)
    if layer is not None and not _is_scan(page, layer, found):
        look = _turn(
            pdf_raster.rendered(page, pdf_raster.coarse(page, pdf_layer_check.LOOK_DPI)), layer.page.rotation
        )
        print_ink = pdf_layer_check.letterlike(darkest(look), pdf_layer_check.LOOK_DPI)
        text, cautions = _judge(layer, look, print_ink)
        raw = replace(raw, cautions=cautions)
        if text is not None:
            # With form fields the page is looked at again, with them drawn.
            patches = () if raw.fields else _patches(page, text, look, print_ink)
            return replace(
                raw, text=text, look=look, look_dpi=pdf_layer_check.LOOK_DPI, patches=patches, drawn=layer.drawn
            )
    size = pdf_raster.raster(found, page, settings.max_pixels)
    # Free text and stamps are drawn into the image; fields are not.
    fields = tuple(one for one in opened.drawn_on(number) if one.kind in ("signature", "field"))
    drawn = pdf_text_layer.drawn_words(fields)
    return replace(raw, image=pdf_raster.rendered(page, size), dpi=size.dpi, drawn=drawn)


def _patches(
    page: Any, text: Page, look: Image, print_ink: pdf_layer_check.Mask | None = None
) -> tuple[Patch, ...]:
    """Pictures of print outside the page's words; nearly all pages have none, and checking costs a few ms."""
    boxes = pdf_unlaid.pieces(text, look, pdf_layer_check.LOOK_DPI, print_ink)
    if not boxes:
        return ()
    size = pdf_raster.coarse(page, pdf_unlaid.READ_DPI)
    image = _turn(pdf_raster.rendered(page, size), text.rotation)
    return tuple(Patch(pdf_unlaid.crop(image, box), size.dpi, box) for box in boxes)


def _with_fields(raw: RawPage, document: Any) -> RawPage:
    """Add pictures of the content of its form fields, which text and image lack."""
    page = pdf_marks.with_fields(document, raw.number - 1)
    shown = darkest(pdf_raster.rendered(page, pdf_raster.coarse(page, pdf_layer_check.LOOK_DPI)))
    if raw.text is not None and raw.look is not None:
        shown = _turn(shown, raw.text.rotation)
        return replace(raw, look=shown, patches=_patches(page, raw.text, shown))
    size = pdf_raster.Raster(raw.image.shape[1], raw.image.shape[0], raw.dpi) if raw.image is not None else None
    if size is None or raw.image is None:
        return raw
    whole, plain = darkest(pdf_raster.rendered(page, size)), darkest(raw.image)
    added = np.asarray(np.where(whole < plain, whole, 255), np.uint8)
    boxes = pdf_unlaid.pieces(Page(raw.number, "ocr", ""), added, size.dpi)
    return replace(raw, patches=tuple(Patch(pdf_unlaid.crop(added, box), size.dpi, box) for box in boxes))


def _turn(look: Image, rotation: int) -> Image:
    """Turn a picture clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(look, -rotation // 90)) if rotation else look


def _is_scan(page: Any, layer: pdf_text_layer.Layer, found: list[pdf_raster.Picture]) -> bool:
    """True if the page is a picture of paper: text on it comes from another recognition program, and is read
    again.
    """
    letters = sum(1 for letter in layer.page.text if letter.isalpha())
    if pdf_raster.cover(found, page) < _SCAN_COVER:
        return False
    return letters < _SCAN_LETTERS or pdf_text_layer.is_hidden(page)


def _judge(
    layer: pdf_text_layer.Layer, look: Image, print_ink: pdf_layer_check.Mask
) -> tuple[Page | None, tuple[Warning, ...]]:
    """Visible text of the layer, or None if it can't be trusted; with the warnings about it."""
    number = layer.page.number
    ignored = (make_warning("text_layer_ignored", number),)
    text, encoding = pdf_text_layer.in_unicode(layer)
    seen = pdf_layer_check.compare(text, look, print_ink)
    boxes = {one.box for one in layer.drawn}
    drawn = frozenset(at for at, word in enumerate(text.words) if word.box in boxes)
    hidden = seen.hidden - drawn
    unseen = len(hidden) > _HIDDEN * len(text.words)
    if layer.broken > _BROKEN or seen.missing or unseen or not is_sound(text.text):
        return None, ignored
    cautions: tuple[Warning, ...] = ()
    if encoding is not None:
        cautions += (make_warning("text_repaired", number, encoding=NAMES[encoding]),)
    if hidden:
        text = pdf_text_layer.without(text, hidden)
        cautions += (make_warning("hidden_text", number),)
    return text, cautions


def is_sound(text: str) -> bool:
    """True if a text reads like Vietnamese: most words are its syllables, and its tone marks are not lost.

    Too few words to judge count as sound.
    """
    words = [word for word in text.split() if word.isalpha()]
    if len(words) < _JUDGED_FROM:
        return True
    return syllable_share(text) >= _SOUND and unmarked_share(text) <= _UNMARKED
