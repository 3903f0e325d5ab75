"""Text of a Word document (DOCX), read from its XML: paragraphs, tables, text boxes, tracked changes as accepted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import error as Inflation

from corpus.config import Settings
from corpus.document import Warning
from corpus.errors import Problem
from ingest.cautions import caution
from ingest.files import docx_shown, image
from ingest.files.docx_text import PageText, changed, hidden, read_part
from ingest.files.page import Patch, RawFile, RawPage
from ingest.files.plain_text import text_file
from ingest.sandbox.child import deadline

if TYPE_CHECKING:
    from lxml.etree import _Element

_MAIN = "word/document.xml"
_MOST_PARTS = 5000
_MOST_UNPACKED = 209_715_200
_MOST_XML = 67_108_864
"""Bytes of one part; what is read into a tree needs twenty times its size."""
_RATIO, _RATIO_COUNTS_FROM = 200, 10 << 20
_SECONDS = 60.0
_EDGES = re.compile(r"word/(?:header|footnotes|footer)\d*\.xml")
_PICTURES = re.compile(r"word/media/[^/]+\.(?:png|jpe?g|tiff?)", re.IGNORECASE)
_SHOWN = re.compile(r"word/(?:endnotes\d*|diagrams/\w+|charts/\w+)\.xml")
_SCANS_BELOW = 400
"""Letters; a document with fewer and with pictures is an envelope for scans."""
_SCAN_PIXELS = 600_000
_MOST_PICTURES = 200
_LINKED = re.compile(rb'<[^>]*Type="[^"]*/(?!hyperlink")(\w+)"[^>]*>')
_DAMAGE = (zipfile.BadZipFile, KeyError, OSError, Inflation, NotImplementedError, UnicodeDecodeError, EOFError)


def open_docx(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text, parted where Word broke them; pictures of pages when the document is but an envelope for scans.

    Raises Problem("truncated"), Problem("unsafe_content"), Problem("encrypted"), Problem("no_pages").
    """
    try:
        with deadline(_SECONDS), zipfile.ZipFile(path) as package:
            cautions = _checked(package, name)
            roots = {part: _parsed(package.read(part), name) for part in _parts(package)}
            pictures = _pictures(package)
            noted = docx_shown.lines_of(roots.values(), _unread(package, roots, name))
            patches = docx_shown.patches_of(package, settings.max_pixels)
    except _DAMAGE as error:
        raise Problem("truncated", name=name) from error
    except RuntimeError as error:
        raise Problem("encrypted", name=name) from error
    read = PageText()
    for root in roots.values():
        read_part(root, read)
    cautions += tuple(_oddities(roots[_MAIN], read))
    if sum(map(len, read.pages)) < _SCANS_BELOW and pictures:
        file = _with_pictures(read, pictures, name, settings, cautions)
    else:
        file = text_file(read.pages, name, cautions)
    return replace(file, pages=_showing(file.pages, noted, patches))


def _unread(package: zipfile.ZipFile, roots: dict[str, _Element], name: str) -> Iterator[_Element]:
    """The roots of the parts that show words and are not read as text: diagrams, charts and end notes."""
    for part in package.namelist():
        if part not in roots and _SHOWN.fullmatch(part):
            yield _parsed(package.read(part), name)


def _showing(pages: Iterator[RawPage], noted: tuple[str, ...], patches: tuple[Patch, ...]) -> Iterator[RawPage]:
    """The pages, with the first what is shown outside the text of any: its place is not known."""
    for page in pages:
        yield replace(page, noted=noted, patches=patches) if page.number == 1 else page


def _parts(package: zipfile.ZipFile) -> list[str]:
    """Headers first, then the body, then footnotes and footers: the order on paper."""
    edges = sorted(part for part in package.namelist() if _EDGES.fullmatch(part))
    heads = [part for part in edges if "header" in part]
    return [*heads, _MAIN, *(part for part in edges if part not in heads)]


def _oddities(body: _Element, read: PageText) -> Iterator[Warning]:
    if read.encoding:
        yield caution("text_repaired", 1, encoding=read.encoding)
    if changed(body):
        yield caution("tracked_changes")
    if hidden(body):
        yield caution("hidden_text", 1)


def _checked(package: zipfile.ZipFile, name: str) -> tuple[Warning, ...]:
    """Refuses what could harm; tells what is odd. Nothing that lies outside the file is ever fetched."""
    entries = package.infolist()
    names = [entry.filename for entry in entries]
    if names.count(_MAIN) != 1 or len(entries) > _MOST_PARTS:
        raise Problem("truncated", name=name)
    if len(set(names)) != len(names):
        raise Problem("unsafe_content", name=name, what="phần trùng tên")
    if any(part.lower().endswith(("vbaproject.bin", "vbadata.xml")) for part in names):
        raise Problem("unsafe_content", name=name, what="macro")
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    large = max(entry.file_size for entry in entries if entry.filename.endswith((".xml", ".rels")))
    bomb = unpacked > _RATIO_COUNTS_FROM and unpacked > _RATIO * packed
    if bomb or unpacked > _MOST_UNPACKED or large > _MOST_XML:
        raise Problem("unsafe_content", name=name, what="bom nén")
    return tuple(_warnings(package, names, name))


def _warnings(package: zipfile.ZipFile, names: list[str], name: str) -> Iterator[Warning]:
    for part in names:
        if part.endswith((".xml", ".rels")) and part != _MAIN:
            with package.open(part) as stream:
                _check_dtd(stream.read(4096), name)
    if any("/embeddings/" in part or "/activeX/" in part for part in names):
        yield caution("active_content", what="OLE")
    outside = {
        match[1].decode("ascii", "replace")
        for part in names
        if part.endswith(".rels")
        for match in _LINKED.finditer(package.read(part))
        if b'TargetMode="External"' in match[0]
    }
    if outside:
        yield caution("external_reference", what=", ".join(sorted(outside)))


def _check_dtd(head: bytes, name: str) -> None:
    """No program that writes DOCX makes a document type; one that is there was put there to do harm."""
    if b"<!DOCTYPE" in head.replace(b"\x00", b"").upper() or b"<!ENTITY" in head.replace(b"\x00", b"").upper():
        raise Problem("unsafe_content", name=name, what="DTD")


def _parsed(data: bytes, name: str) -> _Element:
    from lxml import etree

    _check_dtd(data[:65_536], name)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Problem("truncated", name=name) from error
    if root.getroottree().docinfo.doctype:
        raise Problem("unsafe_content", name=name, what="DTD")
    return root


def _pictures(package: zipfile.ZipFile) -> list[bytes]:
    """The files of pictures large enough for a page, in the order of their numbers."""
    entries = [entry for entry in package.infolist() if _PICTURES.fullmatch(entry.filename)][:_MOST_PICTURES]
    entries.sort(key=lambda entry: [int(digits) for digits in re.findall(r"\d+", entry.filename)])
    return [package.read(entry) for entry in entries if entry.file_size > 10_000]


def _with_pictures(
    read: PageText, pictures: list[bytes], name: str, settings: Settings, cautions: tuple[Warning, ...]
) -> RawFile:
    """The few words there are as one page, and each picture that is as large as a page as another."""
    sizes = [image.size_of(data) for data in pictures]
    scans = [
        data for data, (w, h) in zip(pictures, sizes, strict=True) if _SCAN_PIXELS <= w * h <= settings.max_pixels
    ]
    if not any(page.strip() for page in read.pages) and scans:
        return RawFile(len(scans), _scans(scans, 1), cautions)
    text = text_file(["\n".join(read.pages)], name, cautions)
    return RawFile(1 + len(scans), _chained(text, _scans(scans, 2)), cautions)


def _chained(text: RawFile, scans: Iterator[RawPage]) -> Iterator[RawPage]:
    yield from text.pages
    yield from scans


def _scans(scans: list[bytes], first: int) -> Iterator[RawPage]:
    for number, data in enumerate(scans, start=first):
        yield image.page_of(io.BytesIO(data), number)
