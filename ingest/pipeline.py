"""From a file to a Reading, top to bottom: sniff, pages, secrecy gate, recognition, layout, fields, citations.

A page that fails is a warning on the Reading and the rest goes on; a file that can't be read at all is a Problem.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
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
    Word,
)
from corpus.errors import Problem
from ingest import secrecy
from ingest.child import Limits, Progress, run_in_child
from ingest.citations import find_citations
from ingest.fields import Witnesses, layout_of, read_fields
from ingest.handwriting import DigitReader
from ingest.ocr import ONE_LINE, OcrEngine, engine_of, preload
from ingest.pages import open_pages
from ingest.raw import RawFile, RawPage, caution
from ingest.recognise import recognise
from ingest.recognition import Recognised
from ingest.signature_look import look_again
from ingest.signatures import read_signatures
from ingest.sniff import PDF, sniff
from ingest.text import Text
from ingest.tones import mended
from ingest.written import Hand, read_hand

if TYPE_CHECKING:
    from ingest.raw import Image

_HEAD = 65_536


def read_safely(
    path: Path,
    name: str,
    settings: Settings,
    *,
    use_name: bool = False,
    released: bool = False,
    progress: Progress | None = None,
) -> Reading:
    """`read` in a child with limits. Raises Problem."""
    with path.open("rb") as stream:
        sniff(stream.read(_HEAD), name)
    _warm(settings.ocr_engine)
    allowed = Limits.of(settings)
    return run_in_child(
        read, path, name, settings, use_name, released, limits=allowed, name=name, on_progress=progress
    )


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
    progress: Progress | None = None,
) -> Reading:
    """Reads one file; runs in a child, since it parses what came from outside. Raises Problem.

    released: a person has said that the secrecy mark on it is none; one that is seen becomes a warning.
    """
    data_hash, size, media_type = _identity(path, name)
    opened = open_pages(path, name, media_type, settings)
    gathered = _Gathered(name, settings, opened.count, released, progress or _silent)
    for raw in opened.pages:
        gathered.add(raw)
    text = Text.of_pages(tuple(gathered.pages))
    layout = layout_of(text)
    fields, doubts = read_fields(text, layout, gathered.witnesses(opened, name if use_name else None))
    signatures: tuple[Signature, ...] = ()
    if media_type == PDF:
        signatures, fields, spoiled = read_signatures(path, settings.signature_roots, text, layout, fields)
        doubts += spoiled
    citations, statements = _cited(text, fields)
    warnings = (*opened.cautions, *gathered.warnings, *doubts)
    source = SourceFile(name, data_hash, media_type, opened.count, size)
    return Reading(source, text.pages, fields, citations, statements, warnings, signatures)


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
        self._pass(secrecy.mark_in_file(raw, self._read_lines))
        self.drawn += [(raw.number, box) for box in raw.drawn]
        if raw.text is not None:
            self.pages.append(raw.text)
            return
        if raw.image is None:
            self.pages.append(Page(raw.number, "ocr", "", confidence=0.0))
            return
        self._recognise(raw)

    def _recognise(self, raw: RawPage) -> None:
        found = recognise(raw, self._engine(), self.settings, first=not self.pages)
        page = page_of(found, raw.number)
        self._pass(secrecy.mark_on_page(page))
        self.warnings += found.cautions
        if not self.pages:
            self.hand = self._read_hand(found)
        self.pages.append(self._signature_read_again(found, page))

    def _pass(self, mark: str | None) -> None:
        """The gate: nothing of a file with a mark goes on, but on the word of a person."""
        if mark is None:
            return
        if not self.released:
            raise Problem("classified", name=self.name, mark=mark)
        note = caution("mark_overruled", mark=mark)
        self.warnings += [note] if note not in self.warnings else []

    def _read_hand(self, found: Recognised) -> Hand:
        return read_hand(found, DigitReader.of_office(self.settings.home))

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


_TWICE = re.compile("|".join(
    f"[{letters}]{{2}}" for letters in ("êếềểễệ", "ôốồổỗộ", "âấầẩẫậ", "ăắằẳẵặ", "ơớờởỡợ", "ưứừửữự")
), re.IGNORECASE)  # fmt: skip
"""No word has one of these letters twice running: the engine could not tell its tone and gave both."""
_ONE_AS_L = re.compile(r"(?<![^\W\d_])l(?=\d)|(?<=\d)l(?![^\W_])")


def _plain(read: str) -> str:
    """A word in NFC; the letter Eth that engines read for Đ, or beside it, is Đ (two Đ are two: `QLĐĐ`); an l among digits is
    1; a vowel read twice with two tones is one.
    """
    word = _TWICE.sub(lambda twice: twice.group()[0], unicodedata.normalize("NFC", read))
    return _ONE_AS_L.sub("1", re.sub("ĐÐ|ÐĐ|Ð", "Đ", word))


def page_of(found: Recognised, number: int) -> Page:
    """A recognised page as text with words: one line of text for each printed line, boxes as fractions."""
    height, width = found.page.size
    words: list[Word] = []
    lines: list[str] = []
    at = 0
    for line in found.lines:
        texts = [_plain(token.text) for token in line.words]
        for token, text in zip(line.words, texts, strict=True):
            box = Box(token.left / width, token.top / height, token.right / width, token.bottom / height)
            words.append(Word(at, at + len(text), box, token.confidence))
            at += len(text) + 1
        lines.append(" ".join(texts))
    return Page(number, "ocr", mended("\n".join(lines)), tuple(words), found.rotation, found.confidence)
