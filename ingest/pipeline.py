"""Pipeline from a file to a Reading: sniff, pages, secrecy gate, recognition, layout, fields, citations.

A page that fails is a warning on the Reading and the rest goes on; a file that can't be read at all is a Problem.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from importlib import import_module
from pathlib import Path

from corpus import plugins
from corpus.config import Settings
from corpus.document import Citation, Field, Fields, Reading, Signature, SourceFile, Statement, unread_pages
from corpus.errors import Problem
from corpus.file_types import EDXML, PDF
from corpus.lifecycle.reread import Earlier, joined
from ingest.citations.doubt import weighed
from ingest.citations.find import find_citations
from ingest.fields.added_rules import with_added_rules
from ingest.fields.date_contradictions import held_against
from ingest.fields.edxml import message_citations, message_fields, message_warnings
from ingest.fields.mail import mail_fields
from ingest.fields.record import FieldEvidence, layout_of, read_fields
from ingest.files.added_kinds import added_kinds
from ingest.files.edxml import paper_of
from ingest.files.media_type import sniff
from ingest.files.open_pages import open_pages
from ingest.files.page import RawFile
from ingest.handwriting.digit_net import DigitReader
from ingest.handwriting.reading import HandwrittenFields
from ingest.ocr.engines import preload
from ingest.ocr.tone_marks import correct_tone_marks
from ingest.page_reading import Gate, PageReading, Readers, pass_enclosed, read_pages, warnings_of
from ingest.sandbox.child import Limits, Progress, run_in_child
from ingest.signatures import read_signatures
from ingest.text.document_text import Text

_HEAD = 65_536
_MOST_TRIED_AGAIN = 20
"""Failed pages that are tried once more; a file with more of them is damaged rather than unlucky."""


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
    """Call `read` in a child with limits, and try failed pages once more by themselves. Raises Problem."""
    with path.open("rb") as stream:
        sniff(stream.read(_HEAD), name, added_kinds(settings))
    plugins.demand(settings.plugins)
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
        # The first result is worth more than the failure of the second try.
        return reading


@cache
def _warm(ocr_engine: str) -> None:
    """Load once, before forking, all that every child needs, per process and engine.

    One thread per library, since pages run in parallel.
    """
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
    correct_tone_marks(text.value)
    read_fields(text, layout_of(text), FieldEvidence())
    _citations_of(text, Fields())


_TABLES_ASKED = (
    "Căn cứ Luật Lưu trữ số 01/2011/QH13 của Quốc hội; thực hiện chỉ đạo của Ủy ban nhân dân tỉnh.\n" * 30
)
"""Words that touch every table (numbers, laws, bodies, provinces, tones), long enough to count as a long text."""


def read(
    path: Path,
    name: str,
    settings: Settings,
    use_name: bool = False,
    released: bool = False,
    earlier: Earlier | None = None,
    progress: Progress | None = None,
) -> Reading:
    """Read one file; runs in a child, since it parses foreign input. Raises Problem.

    released: a person has decided that the file is not secret; a mark becomes a warning. earlier: a reading of
    which only some pages are read again; all pages pass the gate again.
    """
    data_hash, size, media_type = _identity(path, name, settings)
    opened = open_pages(path, name, media_type, settings)
    gate, readers = Gate(name, released), Readers(settings)
    pages = read_pages(opened, gate, readers, earlier, progress or _silent)
    enclosed = pass_enclosed(opened, gate, readers)
    text = Text.of_pages(tuple(one.page for one in pages))
    # The header of a mail is page 1: a document in its text begins after it.
    printed = text if opened.mail is None else Text.of_pages(text.pages[1:])
    layout = layout_of(printed)
    fields, doubts = read_fields(printed, layout, _witnesses(pages, opened, name if use_name else None))
    if opened.mail is not None:
        fields, doubts = mail_fields((fields, doubts), opened.mail)
    signatures: tuple[Signature, ...] = ()
    if media_type == PDF or (media_type == EDXML and opened.has_paper):
        maps = {one.page.number: one.place for one in pages if one.place is not None}
        with paper_of(path, name, media_type) as paper:
            if paper.media_type == PDF:
                found = read_signatures(paper.path, settings.signature_roots, text, layout, fields, maps)
                signatures, fields, spoiled = found
                doubts += spoiled
    if opened.envelope is not None:
        fields, doubts = message_fields((fields, doubts), opened.envelope, has_paper=opened.has_paper)
        doubts += message_warnings(opened.envelope)
    warnings = warnings_of(pages, enclosed)
    source = SourceFile(name, data_hash, media_type, opened.count, size)
    reading = Reading(source, text.pages, fields, warnings=(*opened.cautions, *warnings, *doubts))
    reading = joined(earlier, reading) if earlier is not None else reading
    # The header of a mail names its attachments, which is no citation.
    body = None if opened.mail is None else ((*text.starts, len(text.value))[1], len(text.value))
    citations, statements = _citations_of(text, reading.fields, body)
    if opened.envelope is not None:
        citations, statements = message_citations((citations, statements), opened.envelope)
    fields, late = held_against(reading.fields, citations)
    reading = replace(
        reading,
        fields=fields,
        citations=citations,
        statements=statements,
        signatures=signatures,
        warnings=(*reading.warnings, *(one for one in late if one not in reading.warnings)),
    )
    return with_added_rules(reading, settings)


def _witnesses(pages: Sequence[PageReading], opened: RawFile, name: str | None) -> FieldEvidence:
    """Evidence for the fields other than the text."""
    hand = next((one.hand for one in pages if one.hand is not None), HandwrittenFields())
    stamped = tuple(words for one in pages for words in one.stamped)
    drawn = tuple((one.page.number, word) for one in pages for word in one.drawn)
    unlaid = tuple((one.page.number, box) for one in pages for box in one.unlaid)
    block = next((one.block for one in pages if one.block is not None), None)
    return FieldEvidence(hand, stamped, opened.signed_at, name, drawn, block, unlaid)


def _silent(_stage: str, _page: int, _pages: int) -> None:
    """Ignore the progress, if the caller asked for none."""


def _identity(path: Path, name: str, settings: Settings) -> tuple[str, int, str]:
    """SHA-256, size in bytes and media type of the file."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
        digest.update(head)
        while chunk := stream.read(1 << 20):
            digest.update(chunk)
        size = stream.tell()
    return digest.hexdigest(), size, sniff(head, name, added_kinds(settings))


def _citations_of(
    text: Text, fields: Fields, body: tuple[int, int] | None = None
) -> tuple[tuple[Citation, ...], tuple[Statement, ...]]:
    """Citations, with relative names completed by the citing document's own fields."""

    def said(value: Field | None) -> str | None:
        return value.value if value else None

    citations, statements = find_citations(
        text,
        issuer=said(fields.issuer),
        place=said(fields.place),
        doc_type=said(fields.doc_type),
        number=said(fields.number),
        date=said(fields.date),
        body=body,
    )
    return weighed(citations, text, said(fields.date)), statements
