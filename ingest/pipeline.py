"""From a file to a Reading, top to bottom: sniff, pages, secrecy gate, recognition, layout, fields, citations.

A page that fails is a warning on the Reading and the rest goes on; a file that can't be read at all is a Problem.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import (
    Box,
    Citation,
    Field,
    Fields,
    Page,
    Reading,
    Signature,
    SourceFile,
    Statement,
    Warning,
    unread_pages,
)
from corpus.errors import Problem
from corpus.lifecycle.reread import Earlier, joined
from ingest import secrecy_gate
from ingest.cautions import caution
from ingest.citations.find import find_citations
from ingest.fields.record import Witnesses, layout_of, read_fields
from ingest.files.media_type import PDF, sniff
from ingest.files.open_pages import open_pages
from ingest.files.page import RawFile, RawPage
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.reading import Hand, read_hand
from ingest.ocr.engines import ONE_LINE, OcrEngine, engine_of, preload
from ingest.ocr.page_text import page_of
from ingest.ocr.read_page import recognise
from ingest.ocr.tone_marks import mended
from ingest.ocr.unlaid import shown_lines
from ingest.ocr.words import Recognised
from ingest.sandbox.child import Limits, Progress, run_in_child
from ingest.secondreader.reader import second_reader
from ingest.signature_block import look_again
from ingest.signatures import read_signatures
from ingest.text.document_text import Text

if TYPE_CHECKING:
    from ingest.imaging.pixels import Image


_HEAD = 65_536
_MOST_TRIED_AGAIN = 20
"""Pages that are tried once more; a file with more of them is damaged rather than unlucky."""


def read_safely(
    path: Path,
    name: str,
    settings: Settings,
    *,
    use_name: bool = False,
    released: bool = False,
    progress: Progress | None = None,
    earlier: Earlier | None = None,
) -> Reading:
    """`read` in a child with limits; a page that was given up is tried once more by itself. Raises Problem."""
    with path.open("rb") as stream:
        sniff(stream.read(_HEAD), name)
    _warm(settings.ocr_engine)

    def attempt(before: Earlier | None) -> Reading:
        args = (path, name, settings, use_name, released, before)
        return run_in_child(read, *args, limits=Limits.of(settings), name=name, on_progress=progress)

    reading = attempt(earlier)
    unread = unread_pages(reading.warnings)
    if not 0 < len(unread) <= _MOST_TRIED_AGAIN:
        return reading
    try:
        return attempt(Earlier(reading, frozenset(unread)))
    except Problem as problem:
        if problem.code == "classified":
            raise
        # What was read is worth more than the failure of the second try.
        return reading


@cache
def _warm(ocr_engine: str) -> None:
    """Loads what every child needs before one is forked, once per process and engine; one thread each, since pages run side by side."""
    for pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
        os.environ.setdefault(pool, "1")
    import cv2

    for library in ("PIL.Image", "pikepdf", "pypdfium2"):
        with suppress(ImportError):
            import_module(library)
    preload(ocr_engine)
    cv2.setNumThreads(1)
    DigitReader.load()
    text = Text.of_string(_TABLES_ASKED)
    mended(text.value)
    read_fields(text, layout_of(text), Witnesses())
    _cited(text, Fields())


_TABLES_ASKED = (
    "Căn cứ Luật Lưu trữ số 01/2011/QH13 của Quốc hội; thực hiện chỉ đạo của Ủy ban nhân dân tỉnh.\n" * 30
)
"""Words that ask every table: of numbers, laws, bodies, provinces, tones. As long as it takes for a text to be called long."""


def read(
    path: Path,
    name: str,
    settings: Settings,
    use_name: bool = False,
    released: bool = False,
    earlier: Earlier | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Reads one file; runs in a child, since it parses what came from outside. Raises Problem.

    released: a person has said that the secrecy mark on it is none; one that is seen becomes a warning.
    earlier: the reading of which only some pages are read anew; all pages pass the gate again.
    """
    data_hash, size, media_type = _identity(path, name)
    opened = open_pages(path, name, media_type, settings)
    gathered = _Gathered(name, settings, opened.count, released, progress or _silent, earlier)
    for raw in opened.pages:
        gathered.add(raw)
    text = Text.of_pages(tuple(gathered.pages))
    layout = layout_of(text)
    fields, doubts = read_fields(text, layout, gathered.witnesses(opened, name if use_name else None))
    signatures: tuple[Signature, ...] = ()
    if media_type == PDF:
        signatures, fields, spoiled = read_signatures(path, settings.signature_roots, text, layout, fields)
        doubts += spoiled
    warnings = (*opened.cautions, *gathered.warnings, *doubts)
    source = SourceFile(name, data_hash, media_type, opened.count, size)
    reading = Reading(source, text.pages, fields, warnings=warnings)
    reading = joined(earlier, reading) if earlier is not None else reading
    citations, statements = _cited(text, reading.fields)
    return replace(reading, citations=citations, statements=statements, signatures=signatures)


def _silent(_stage: str, _page: int, _pages: int) -> None:
    """Nobody asked for progress."""


def _identity(path: Path, name: str) -> tuple[str, int, str]:
    """SHA-256, size in bytes and media type of the file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        digest.update(head)
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
        size = stream.tell()
    return digest.hexdigest(), size, sniff(head, name)


def _cited(text: Text, fields: Fields) -> tuple[tuple[Citation, ...], tuple[Statement, ...]]:
    """The citations, relative names in them completed by the citing document's own fields."""

    def said(value: Field | None) -> str | None:
        return value.value if value else None

    return find_citations(
        text,
        issuer=said(fields.issuer),
        place=said(fields.place),
        doc_type=said(fields.doc_type),
        number=said(fields.number),
        date=said(fields.date),
    )


@dataclass(slots=True)
class _Gathered:
    """What the pages gave so far. One page's image is held at a time."""

    name: str
    settings: Settings
    count: int
    released: bool
    progress: Progress
    earlier: Earlier | None = None
    pages: list[Page] = field(default_factory=list)
    warnings: list[Warning] = field(default_factory=list)
    stamped: list[str] = field(default_factory=list)
    drawn: list[tuple[int, Box]] = field(default_factory=list)
    hand: Hand | None = None
    closed: bool = False
    engine: OcrEngine | None = None

    def add(self, raw: RawPage) -> None:
        """Takes one page: gate, text or recognition, and what only its image can tell. Raises Problem("classified")."""
        self.progress("read", raw.number, self.count)
        self.warnings += raw.cautions
        self._pass(secrecy_gate.mark_in_file(raw, self._read_lines, self.stamped.append))
        self._pass(self._mark_beside(raw))
        self.drawn += [(raw.number, box) for box in raw.drawn]
        if (known := self._known(raw.number)) is not None:
            self.pages.append(known)
            return
        if raw.text is not None:
            self.pages.append(raw.text)
            return
        if raw.image is None:
            self.pages.append(Page(raw.number, "ocr", "", confidence=0.0))
            return
        self._recognise(raw)

    def _known(self, number: int) -> Page | None:
        """The page as it was read before, when it isn't among those that are read anew."""
        if self.earlier is None or not self.earlier.only or number in self.earlier.only:
            return None
        return next((page for page in self.earlier.reading.pages if page.number == number), None)

    def _recognise(self, raw: RawPage) -> None:
        found = recognise(raw, self._engine(), self.settings, first=not self.pages)
        page = page_of(found, raw.number)
        self._pass(secrecy_gate.mark_on_page(page))
        self.warnings += found.cautions
        if not self.pages:
            self.hand = self._read_hand(found)
        self.pages.append(self._signature_read_again(found, page))

    def _mark_beside(self, raw: RawPage) -> str | None:
        """The mark in what the page shows beside its text; its words are kept, since urgency is stamped the same way."""
        if not raw.patches:
            return None
        lines = [line.text for line in shown_lines(raw.patches, self._engine(), self.settings.page_seconds)]
        self.stamped += lines
        if mark := secrecy_gate.mark_in_words(lines, recognised=True):
            return mark
        pictures = (patch for patch in raw.patches if patch.box is None)
        marks = (
            secrecy_gate.mark_in_picture(picture, self._read_lines, self.stamped.append) for picture in pictures
        )
        return next((mark for mark in marks if mark), None)

    def _pass(self, mark: str | None) -> None:
        """The gate: nothing of a file with a mark goes on, but on the word of a person."""
        if mark is None:
            return
        if not self.released:
            raise Problem("classified", name=self.name, mark=mark)
        note = caution("mark_overruled", mark=mark)
        self.warnings += [note] if note not in self.warnings else []

    def _read_hand(self, found: Recognised) -> Hand:
        return read_hand(found, DigitReader.of_office(self.settings.home), second_reader(self.settings))

    def _signature_read_again(self, found: Recognised, page: Page) -> Page:
        """The page with the block of the first closing read by itself: seal and pen lie over its print."""
        if self.closed:
            return page
        better = look_again(found, page, self._engine(), self.settings)
        self.closed = better is not None
        return page_of(better, page.number) if better is not None else page

    def _engine(self) -> OcrEngine:
        if self.engine is None:
            self.engine = engine_of(self.settings)
        return self.engine

    def _read_lines(self, crops: Sequence[Image]) -> list[str]:
        """What stamp-like crops say; kept, since urgency is stamped the same way."""
        read = self._engine().recognise_each(crops, dpi=300.0, psm=ONE_LINE, timeout=self.settings.page_seconds)
        said = [" ".join(line.text for line in lines) for lines in read]
        self.stamped += said
        return said

    def witnesses(self, opened: RawFile, name: str | None) -> Witnesses:
        return Witnesses(self.hand or Hand(), tuple(self.stamped), opened.signed_at, name, tuple(self.drawn))
