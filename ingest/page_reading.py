"""Reading of a file's pages, one at a time: secrecy gate, text or recognition, second readings.

Only one page's image is in memory at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Box, Page, Warning
from corpus.errors import Problem
from corpus.lifecycle.reread import Earlier
from ingest import secrecy_gate
from ingest.cautions import make_warning
from ingest.fields.authority import SeenBlock
from ingest.files.added_kinds import added_kinds
from ingest.files.enclosed import data_head, enclosed_files
from ingest.files.media_type import sniff
from ingest.files.open_pages import open_pages
from ingest.files.page import DrawnWord, Patch, RawFile, RawPage
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.locate import places_on
from ingest.handwriting.reading import HandwrittenFields, read_hand
from ingest.imaging.negative import positive
from ingest.imaging.page_view import PageMap
from ingest.ocr.drawn_words import with_drawn
from ingest.ocr.engines import ONE_LINE, OcrEngine, engine_of
from ingest.ocr.page_text import page_of
from ingest.ocr.unlaid import ShownLine, shown_lines, words_in_pictures
from ingest.ocr.words import Recognised
from ingest.recognise import recognise
from ingest.sandbox.child import Progress
from ingest.second_readings import deciding_words, recipients_block, signature_block, signature_lines
from ingest.second_readings.deciding_lines import with_second_reader
from ingest.secondreader.reader import second_reader
from ingest.secrecy_gate import StampReadings

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image

_OVERRULED = "mark_overruled"


@dataclass(frozen=True, slots=True)
class PageReading:
    """One page as read, and the findings that only its image gives."""

    page: Page
    warnings: tuple[Warning, ...] = ()
    stamped: tuple[str, ...] = ()
    """Words read on stamps and outside the page's text."""
    drawn: tuple[DrawnWord, ...] = ()
    """Words that form fields and annotations draw, at their places on the page as read."""
    unlaid: tuple[Box, ...] = ()
    """Places of print that the page shows and its text lacks."""
    hand: HandwrittenFields | None = None
    """Readings of the lines of number and date; only for the first page, if recognised."""
    closed: bool = False
    """True if the page has the closing, whose signature block was read again."""
    block: SeenBlock | None = None
    """Lines of that block by the second reader."""
    place: PageMap | None = None
    """Map from the file's page to the page as it was read; None if its rotation says it all."""


@dataclass(frozen=True)
class Readers:
    """Recognisers of one file, each loaded on first use."""

    settings: Settings

    @cached_property
    def engine(self) -> OcrEngine:
        """OCR engine of the settings. Raises Problem("ocr_missing")."""
        return engine_of(self.settings)

    def stamp_lines(self, crops: Sequence[Image]) -> list[str]:
        """Text of crops of one line each."""
        read = self.engine.recognise_each(crops, dpi=300.0, psm=ONE_LINE, timeout=self.settings.page_seconds)
        return [" ".join(line.text for line in lines) for lines in read]


@dataclass(frozen=True, slots=True)
class Gate:
    """Secrecy gate of a file: nothing of a file with a mark passes, unless a person has `released` it."""

    name: str
    released: bool

    def cleared(self, mark: str | None) -> tuple[Warning, ...]:
        """Warning about a mark that a person has overruled. Raises Problem("classified")."""
        if mark is None:
            return ()
        if not self.released:
            raise Problem("classified", name=self.name, mark=mark)
        return (make_warning(_OVERRULED, mark=mark),)


def read_pages(
    opened: RawFile, gate: Gate, readers: Readers, earlier: Earlier | None, progress: Progress
) -> tuple[PageReading, ...]:
    """Read all pages in order. Raises Problem("classified") at the first mark of secrecy."""
    pages: list[PageReading] = []
    for raw in opened.pages:
        progress("read", raw.number, opened.count)
        pages.append(_read_page(_dark_on_light(raw), gate, readers, _earlier_page(raw.number, earlier), pages))
    return tuple(pages)


def warnings_of(pages: Sequence[PageReading], enclosed: Sequence[Warning]) -> tuple[Warning, ...]:
    """Warnings of all pages and of enclosed files, with one for each overruled mark."""
    found: list[Warning] = []
    for warning in (*(one for page in pages for one in page.warnings), *enclosed):
        if warning.code != _OVERRULED or warning not in found:
            found.append(warning)
    return tuple(found)


def pass_enclosed(opened: RawFile, gate: Gate, readers: Readers) -> tuple[Warning, ...]:
    """Pass the enclosed files through the gate; nothing read of them is kept.

    Raises Problem("classified").
    """
    found: list[Warning] = []
    for name, data in opened.enclosed:
        try:
            for path, member in enclosed_files(name, data, readers.settings):
                found += _pass_file(path, member, gate, readers)
        except Problem as problem:
            # A file that can't be opened is refused as a document of its own, with its own message.
            if problem.code == "classified":
                raise
    return tuple(found)


def _pass_file(path: Path, name: str, gate: Gate, readers: Readers) -> Iterator[Warning]:
    """Pass every page of a file, and its enclosed files, through the gate. Raises Problem."""
    opened = open_pages(path, name, sniff(data_head(path), name, added_kinds(readers.settings)), readers.settings)
    for raw in map(_dark_on_light, opened.pages):
        yield from gate.cleared(secrecy_gate.stamps_in_file(raw, readers.stamp_lines).mark)
        yield from gate.cleared(_stamps_outside_text(_shown_lines(raw, readers), raw.patches, readers).mark)
        if raw.text is None and raw.image is not None:
            page = page_of(recognise(raw, readers.engine, readers.settings, first=False), raw.number)
            yield from gate.cleared(secrecy_gate.mark_on_page(page))
    yield from pass_enclosed(opened, gate, readers)


def _shown_lines(raw: RawPage, readers: Readers) -> list[ShownLine]:
    """Lines that a page shows outside its text."""
    return shown_lines(raw.patches, readers.engine, readers.settings.page_seconds) if raw.patches else []


def _dark_on_light(raw: RawPage) -> RawPage:
    """The page with dark print on light paper; a negative is inverted."""
    if raw.image is None or not min(raw.image.shape[:2]):
        return raw
    return replace(raw, image=positive(raw.image, raw.dpi))


def _earlier_page(number: int, earlier: Earlier | None) -> Page | None:
    """The page from the earlier reading, unless it is one of those to read again."""
    if earlier is None or not earlier.only or number in earlier.only:
        return None
    return next((page for page in earlier.reading.pages if page.number == number), None)


def _read_page(
    raw: RawPage, gate: Gate, readers: Readers, known: Page | None, before: Sequence[PageReading]
) -> PageReading:
    """Read one page, after those `before` it: gate first, then its own text, or recognition."""
    stamps = secrecy_gate.stamps_in_file(raw, readers.stamp_lines)
    cleared = gate.cleared(stamps.mark)
    shown = _shown_lines(raw, readers)
    beside = _stamps_outside_text(shown, raw.patches, readers)
    warnings = (*raw.cautions, *cleared, *gate.cleared(beside.mark), *_pictures_of_print(raw, shown))
    unlaid = tuple(patch.box for patch in raw.patches if patch.box is not None)
    seen = PageReading(
        Page(raw.number, "ocr", "", confidence=0.0), warnings, stamps.then(beside).words, raw.drawn, unlaid
    )
    if (kept := known or raw.text) is not None:
        return replace(seen, page=kept)
    if raw.image is None:
        return seen
    found = recognise(raw, readers.engine, readers.settings, first=not before)
    page = page_of(found, raw.number)
    warnings = (*warnings, *gate.cleared(secrecy_gate.mark_on_page(page)), *found.cautions)
    hand = _hand(found, readers.settings) if not before else None
    closed, block = False, None
    if not any(one.closed for one in before):
        found, page, closed, block = _closing_again(found, page, readers)
    page = deciding_words.read_again(found, page, second_reader(readers.settings), first=not before)
    place = None if found.view.is_flat else found.view.place
    unlaid = tuple(found.view.from_source(box) for box in unlaid)
    page, drawn = with_drawn(page, [replace(one, box=found.view.from_source(one.box)) for one in raw.drawn])
    return replace(
        seen,
        page=page,
        warnings=warnings,
        drawn=drawn,
        unlaid=unlaid,
        hand=hand,
        closed=closed,
        block=block,
        place=place,
    )


def _stamps_outside_text(shown: Sequence[ShownLine], patches: Sequence[Patch], readers: Readers) -> StampReadings:
    """Words outside the page's text, the mark among them, and stamps on pictures without a place."""
    if not patches:
        return StampReadings()
    lines = tuple(line.text for line in shown)
    seen = StampReadings(secrecy_gate.mark_in_words(lines, recognised=True), lines)
    for picture in (patch for patch in patches if patch.box is None):
        if seen.mark is not None:
            break
        seen = seen.then(secrecy_gate.stamps_in_picture(picture, readers.stamp_lines))
    return seen


def _pictures_of_print(raw: RawPage, shown: Sequence[ShownLine]) -> tuple[Warning, ...]:
    """Warning that pictures among a page's own text contain print, from which no field is read."""
    words = words_in_pictures(shown) if raw.text is not None else ""
    return (make_warning("picture_unread", raw.number, words=words),) if words else ()


def _closing_again(
    found: Recognised, page: Page, readers: Readers
) -> tuple[Recognised, Page, bool, SeenBlock | None]:
    """The page with recipients and signature read again, True if it has the closing, and its signature block."""
    listed = recipients_block.look_again(found, page, readers.engine, readers.settings)
    if listed is not None:
        found, page = listed, page_of(listed, page.number)
    signed = signature_block.look_again(found, page, readers.engine, readers.settings)
    if signed is None:
        return found, page, False, None
    block = signature_lines.block_lines(found, signed, page, second_reader(readers.settings))
    return signed, page_of(signed, page.number), True, block


def _hand(found: Recognised, settings: Settings) -> HandwrittenFields:
    """Lines of number and date of page 1 by the digit net, then by the second reader."""
    places = places_on(found)
    hand = read_hand(places, DigitReader.of_office(settings.home))
    return with_second_reader(hand, places, second_reader(settings))
