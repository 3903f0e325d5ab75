"""Pages of a PDF: its own text where that is sound, else the page's image, decided page by page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.config import Settings
from corpus.document import Page, Warning
from corpus.errors import Problem
from ingest.cautions import caution
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
"""Share of the page that pictures cover when it is a scan."""
_SCAN_LETTERS = 400
"""A scan with more visible text than this carries it itself: a letterhead as a background, not a page of paper."""
_PASSWORD_ERRORS = (4, 5)
"""FPDF_ERR_PASSWORD, and FPDF_ERR_SECURITY for a lock of an unknown kind."""
_PAGE_SECONDS = 25.0
"""CPU time to open and draw one page; a form drawn a billion times takes for ever."""
_BROKEN, _SOUND, _UNMARKED, _HIDDEN = 0.02, 0.6, 0.6, 0.3
_JUDGED_FROM = 12
"""Words; fewer tell nothing."""


def open_pdf(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """A PDF's pages. Raises Problem: encrypted, truncated, no_pages, too_many_pages."""
    import pypdfium2

    with deadline(_PAGE_SECONDS):
        structure = pdf_structure.look(path, name)
    try:
        with deadline(_PAGE_SECONDS):
            document = pypdfium2.PdfDocument(path)
            count = len(document)
            form = pdf_marks.form_of(document)
    except pypdfium2.PdfiumError as error:
        code = "encrypted" if getattr(error, "err_code", None) in _PASSWORD_ERRORS else "truncated"
        raise Problem(code, name=name) from error
    cautions = structure.cautions
    if structure.pages is not None and structure.pages != count:
        # A /Count that lies: the pages that both find are there.
        count = min(count, structure.pages) or count
        cautions = (*cautions, caution("damaged")) if caution("damaged") not in cautions else cautions
    if count == 0:
        raise Problem("no_pages", name=name)
    if count > settings.max_pages:
        raise Problem("too_many_pages", name=name, pages=count, limit=settings.max_pages)
    with deadline(_PAGE_SECONDS):
        printed = _Printed.open(path)
    pages = _pages(document, printed, form, count, name, settings, only)
    return RawFile(count, pages, cautions, structure.signed_at)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The text side of an open PDF: its pages as pdfplumber reads them, and what its annotations draw."""

    pages: tuple[Any, ...] = ()
    drawn: tuple[Appearance, ...] = ()

    @classmethod
    def open(cls, path: Path) -> _Printed:
        """Nothing of a file that pdfminer can't open: its pages are then recognised as pictures."""
        import pdfplumber

        try:
            return cls(tuple(pdfplumber.open(path).pages), appearances_of(path))
        except UNREADABLE:
            return cls()

    def layer(self, index: int) -> pdf_text_layer.Layer | None:
        """The text of one page (index from 0); None where it has none, or one that was made to harm."""
        if index >= len(self.pages):
            return None
        page = self.pages[index]
        drawn = [one for one in self.drawn if one.page == index + 1 and not is_signing_data(one)]
        try:
            return pdf_text_layer.read_layer(page, index + 1, drawn)
        except UNREADABLE:
            return None
        finally:
            page.close()


def _pages(
    document: Any, printed: _Printed, form: Any, count: int, name: str, settings: Settings, only: int | None
) -> Iterator[RawPage]:
    """One page at a time; a page that fails is a caution when there are others, the file's fault when it is alone."""
    import pypdfium2

    for index in range(count) if only is None else {only - 1} & set(range(count)):
        try:
            with deadline(_PAGE_SECONDS):
                page = document[index]
                raw = _page(page, printed.layer(index), form, index + 1, name, settings)
                page.close()
                raw = _with_fields(raw, document) if raw.fields else raw
        except Problem:
            if count == 1:
                raise
            raw = RawPage(index + 1, cautions=(caution("page_unreadable", index + 1),))
        except (pypdfium2.PdfiumError, ValueError, OverflowError) as error:
            if count == 1:
                raise Problem("truncated", name=name) from error
            raw = RawPage(index + 1, cautions=(caution("page_unreadable", index + 1),))
        yield raw


def _page(
    page: Any, layer: pdf_text_layer.Layer | None, form: Any, number: int, name: str, settings: Settings
) -> RawPage:
    """The page's own text when it is sound and visible, else its image; with what annotations say."""
    found = list(pdf_raster.pictures(page))
    pdf_raster.check_pictures(found, name, settings.max_pixels)
    marks = pdf_marks.marks_of(page, form)
    aslant = (layer.aslant,) if layer is not None and layer.aslant else ()
    raw = RawPage(number, noted=(*marks.words, *aslant), fields=marks.fields > 0)
    if layer is not None and not _is_scan(page, layer, found):
        look = _turned(
            pdf_raster.rendered(page, pdf_raster.coarse(page, pdf_layer_check.LOOK_DPI)), layer.page.rotation
        )
        text, cautions = _judged(layer, look)
        raw = replace(raw, cautions=cautions)
        if text is not None:
            patches = _patches(page, text, look)
            return replace(
                raw, text=text, look=look, look_dpi=pdf_layer_check.LOOK_DPI, patches=patches, drawn=layer.drawn
            )
    size = pdf_raster.raster(found, page, settings.max_pixels)
    return replace(raw, image=pdf_raster.rendered(page, size), dpi=size.dpi)


def _patches(page: Any, text: Page, look: Image) -> tuple[Patch, ...]:
    """Pictures of what the page shows where its text has no word; none for nearly all pages, which costs a few ms."""
    boxes = pdf_unlaid.pieces(text, look, pdf_layer_check.LOOK_DPI)
    if not boxes:
        return ()
    size = pdf_raster.coarse(page, pdf_unlaid.READ_DPI)
    image = _turned(pdf_raster.rendered(page, size), text.rotation)
    return tuple(Patch(pdf_unlaid.crop(image, box), size.dpi, box) for box in boxes)


def _with_fields(raw: RawPage, document: Any) -> RawPage:
    """The page with pictures of what its form fields add, which its text and image are read without."""
    page = pdf_marks.with_fields(document, raw.number - 1)
    shown = darkest(pdf_raster.rendered(page, pdf_raster.coarse(page, pdf_layer_check.LOOK_DPI)))
    if raw.text is not None and raw.look is not None:
        shown = _turned(shown, raw.text.rotation)
        return replace(raw, look=shown, patches=_patches(page, raw.text, shown))
    size = pdf_raster.Raster(raw.image.shape[1], raw.image.shape[0], raw.dpi) if raw.image is not None else None
    if size is None or raw.image is None:
        return raw
    whole, plain = darkest(pdf_raster.rendered(page, size)), darkest(raw.image)
    added = np.asarray(np.where(whole < plain, whole, 255), np.uint8)
    boxes = pdf_unlaid.pieces(Page(raw.number, "ocr", ""), added, size.dpi)
    return replace(raw, patches=tuple(Patch(pdf_unlaid.crop(added, box), size.dpi, box) for box in boxes))


def _turned(look: Image, rotation: int) -> Image:
    """The picture turned clockwise by a multiple of 90 degrees."""
    return np.ascontiguousarray(np.rot90(look, -rotation // 90)) if rotation else look


def _is_scan(page: Any, layer: pdf_text_layer.Layer, found: list[pdf_raster.Picture]) -> bool:
    """A picture of paper: what text it carries was recognised by another program and is recognised again."""
    letters = sum(1 for letter in layer.page.text if letter.isalpha())
    if pdf_raster.cover(found, page) < _SCAN_COVER:
        return False
    return letters < _SCAN_LETTERS or pdf_text_layer.is_hidden(page)


def _judged(layer: pdf_text_layer.Layer, look: Image) -> tuple[Page | None, tuple[Warning, ...]]:
    """The layer's text as far as it is seen, or None when it can't be trusted; with what is to be said about it."""
    number = layer.page.number
    ignored = (caution("text_layer_ignored", number),)
    text, encoding = pdf_text_layer.in_unicode(layer)
    seen = pdf_layer_check.compare(text, look)
    drawn = frozenset(at for at, word in enumerate(text.words) if word.box in layer.drawn)
    hidden = seen.hidden - drawn
    unseen = len(hidden) > _HIDDEN * len(text.words)
    if layer.broken > _BROKEN or seen.missing or unseen or not is_sound(text.text):
        return None, ignored
    cautions: tuple[Warning, ...] = ()
    if encoding is not None:
        cautions += (caution("text_repaired", number, encoding=NAMES[encoding]),)
    if hidden:
        text = pdf_text_layer.without(text, hidden)
        cautions += (caution("hidden_text", number),)
    return text, cautions


def is_sound(text: str) -> bool:
    """Whether a text reads like Vietnamese: most of its words are syllables of it, and its marks are not lost.

    Too few words to tell count as sound.
    """
    words = [word for word in text.split() if word.isalpha()]
    if len(words) < _JUDGED_FROM:
        return True
    return syllable_share(text) >= _SOUND and unmarked_share(text) <= _UNMARKED
