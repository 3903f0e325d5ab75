"""Text of a Word document (DOCX), read from its XML.

Paragraphs, tables, text boxes and notes; tracked changes count as accepted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Warning
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files import docx_shown
from ingest.files.docx_numbers import numbers_of
from ingest.files.docx_text import DocxText, changed, hidden, read_notes, read_part
from ingest.files.office_package import Package, check_dtd, opened
from ingest.files.page import Patch, RawFile, RawPage
from ingest.files.plain_text import text_file
from ingest.files.scanned_pages import MOST_PICTURES, SCANS_BELOW, may_be_pages, with_scans
from ingest.sandbox.child import deadline

if TYPE_CHECKING:
    from lxml.etree import _Element

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MAIN = "word/document.xml"
_SECONDS = 60.0
_EDGES = re.compile(r"word/(?:header|footer)\d*\.xml")
_NOTES = re.compile(r"word/(?:footnotes|endnotes)\d*\.xml")
_SHOWN = re.compile(r"word/(?:comments\w*|diagrams/\w+|charts/\w+)\.xml")
_LINKED = re.compile(rb'<[^>]*Type="[^"]*/(?!hyperlink")(\w+)"[^>]*>')


@dataclass(frozen=True, slots=True)
class _DocxParts:
    """XML roots: of the parts read as text, in the order on paper, and of the parts that are only shown."""

    heads: tuple[_Element, ...]
    main: _Element
    notes: tuple[_Element, ...]
    feet: tuple[_Element, ...]
    shown: tuple[_Element, ...]
    numbering: _Element | None
    styles: _Element | None

    @property
    def read(self) -> tuple[_Element, ...]:
        return *self.heads, self.main, *self.notes, *self.feet


def open_docx(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text, split at Word's page breaks; pictures as pages when the document only wraps scans.

    Raises Problem("truncated"), Problem("unsafe_content"), Problem("encrypted"), Problem("no_pages").
    """
    with deadline(_SECONDS), opened(path, name) as package:
        cautions = tuple(_warnings(package))
        parts = _parts(package)
        pictures = _pictures(package)
        noted = docx_shown.lines_of(parts.read, (*parts.shown, *parts.notes))
        patches = docx_shown.patches_of(package, settings.max_pixels)
    read = _text(parts)
    cautions += tuple(_oddities(parts, read))
    if sum(map(len, read.pages)) < SCANS_BELOW and pictures:
        file = with_scans(read.pages, pictures, name, settings, cautions)
        patches = tuple(replace(patch, paged=True) for patch in patches)
    else:
        file = text_file(read.pages, name, cautions)
    return replace(file, pages=_with_shown(file.pages, noted, patches))


def _text(parts: _DocxParts) -> DocxText:
    """Text in the order on paper: headers, body, notes, footers."""
    read = DocxText(numbers=numbers_of(parts.numbering, parts.styles))
    for root in (*parts.heads, parts.main):
        read_part(root, read)
    read_notes(parts.main, parts.notes, read)
    for root in parts.feet:
        read_part(root, read)
    return read


def _with_shown(pages: Iterator[RawPage], noted: tuple[str, ...], patches: tuple[Patch, ...]) -> Iterator[RawPage]:
    """Attach words and pictures outside the running text to page 1, since their page is unknown."""
    for page in pages:
        yield replace(page, noted=noted, patches=patches) if page.number == 1 else page


def _parts(package: Package) -> _DocxParts:
    """Find the parts by their relationships, since programs name them freely (Word online: `document2.xml`).

    Parts that no relationship leads to are found by their usual names, so that the secrecy gate sees them all.
    """
    main = next((part for kind, part in package.related("") if kind == "officeDocument"), package.find(_MAIN))
    if main is None:
        raise Problem("truncated", name=package.name)
    root = package.root(main)
    if root.tag != f"{_W}document":
        raise Problem("type_mismatch", name=package.name, extension=".docx", found="loại khác")
    kinds: dict[str, str] = {part: kind for kind, part in package.related(main)}
    usual = {part for part in package.entries if _EDGES.fullmatch(part) or _NOTES.fullmatch(part)}
    named = {part: re.sub(r"\W.*|\d.*", "", part.rpartition("/")[2]) for part in usual}
    kinds = named | kinds

    def roots(*wanted: str) -> tuple[_Element, ...]:
        return tuple(package.root(part) for part, kind in sorted(kinds.items()) if kind in wanted)

    shown = tuple(package.root(part) for part in package.entries if _SHOWN.fullmatch(part))
    numbering, styles = roots("numbering"), roots("styles")
    return _DocxParts(
        roots("header"), root, roots("footnotes", "endnotes"), roots("footer"), shown,
        numbering[0] if numbering else None, styles[0] if styles else None,
    )  # fmt: skip


def _oddities(parts: _DocxParts, read: DocxText) -> Iterator[Warning]:
    if read.encoding:
        yield make_warning("text_repaired", 1, encoding=read.encoding)
    if any(map(changed, parts.read)):
        yield make_warning("tracked_changes")
    if any(map(hidden, parts.read)):
        yield make_warning("hidden_text", 1)


def _warnings(package: Package) -> Iterator[Warning]:
    """Warnings about odd content; raises Problem for harmful content. Nothing outside the file is ever fetched."""
    if any(part.lower().endswith(("vbaproject.bin", "vbadata.xml")) for part in package.entries):
        raise Problem("unsafe_content", name=package.name, what="macro")
    for part, entry in package.entries.items():
        if part.endswith((".xml", ".rels")):
            with package.archive.open(entry) as stream:
                check_dtd(stream.read(4096), package.name)
    if any("/embeddings/" in part or "/activeX/" in part for part in package.entries):
        yield make_warning("active_content", what="OLE")
    outside = {
        match[1].decode("ascii", "replace")
        for part in package.entries
        if part.endswith(".rels")
        for match in _LINKED.finditer(package.read(part))
        if b'TargetMode="External"' in match[0]
    }
    if outside:
        yield make_warning("external_reference", what=", ".join(sorted(outside)))


def _pictures(package: Package) -> list[bytes]:
    """Picture files large enough to be pages, in the order of the numbers in their names."""
    parts = [part for part in package.pictures("media/") if not part.lower().endswith((".gif", ".bmp"))]
    parts.sort(key=lambda part: [int(digits) for digits in re.findall(r"\d+", part)])
    return may_be_pages([package.read(part) for part in parts[:MOST_PICTURES]])
