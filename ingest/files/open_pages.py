"""Pages of a file, one at a time: each as an image to be recognised, or as text that is sound already.

It parses foreign input, so it runs in a child (ingest.sandbox.child).
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from corpus.config import Settings
from corpus.errors import Problem
from corpus.file_types import DOC, DOCX, EDXML, EML, JPEG, MARKDOWN, ODT, PDF, PNG, RTF, TIFF, TXT
from ingest.files import doc, docx, edxml, image, mail, odt, pdf, plain_text, rtf
from ingest.files.added_kinds import added_kinds, open_added
from ingest.files.page import RawFile, RawPage

_OPENERS: dict[str, Callable[[Path, str, Settings, int | None], RawFile]] = {
    PDF: pdf.open_pdf,
    TIFF: image.open_image,
    PNG: image.open_image,
    JPEG: image.open_image,
    DOCX: docx.open_docx,
    DOC: doc.open_doc,
    RTF: rtf.open_rtf,
    ODT: odt.open_odt,
    EML: mail.open_mail,
    TXT: plain_text.open_text,
    MARKDOWN: plain_text.open_text,
}


def open_pages(path: Path, name: str, media_type: str, settings: Settings, only: int | None = None) -> RawFile:
    """Open a file after checking its outer limits; its pages are read lazily.

    only: number of the one page wanted; no other is decoded.

    Raises Problem: unknown_type, truncated, encrypted, no_pages, too_many_pages, too_many_pixels, unsafe_content.
    """
    if media_type == EDXML:
        return _open_message(path, name, settings, only)
    opener = _OPENERS.get(media_type)
    if opener is None:
        reader = next((one for one in added_kinds(settings) if one.media_type == media_type), None)
        if reader is not None:
            return open_added(path, name, reader, settings.max_pages)
        raise Problem("unknown_type", name=name)
    return opener(path, name, settings, only)


def _open_message(path: Path, name: str, settings: Settings, only: int | None) -> RawFile:
    """The paper of an edXML message with the message's header; without a paper, the header as a page of text.

    Raises Problem: unsafe_xml, not_edxml, and as the paper's own kind does.
    """
    parts = edxml.parts_of(path, name)
    others = tuple((one.name, one.data) for one in parts.others)
    if parts.paper is None:
        file = plain_text.text_file([edxml.header_text(parts.envelope)], name)
        return replace(file, envelope=parts.envelope, has_paper=False, enclosed=others)
    folder = tempfile.TemporaryDirectory()
    paper = edxml.written(parts.paper, Path(folder.name))
    file = open_pages(paper.path, paper.name, paper.media_type, settings, only)
    return replace(
        file,
        pages=_while_kept(file.pages, folder, parts.envelope.subject),
        envelope=parts.envelope,
        enclosed=(*file.enclosed, *others),
    )


def _while_kept(
    pages: Iterator[RawPage], folder: tempfile.TemporaryDirectory[str], subject: str
) -> Iterator[RawPage]:
    """The pages, their file kept until the last; the gate sees the message's subject on the first."""
    with folder:
        for page in pages:
            yield replace(page, noted=(*page.noted, subject)) if page.number == 1 else page
