"""Text of an OpenDocument text (ODT), read from its XML.

Headers, body with list numbers and text boxes, notes, footers.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.config import Settings
from corpus.document import Warning
from corpus.errors import Problem
from ingest.cautions import make_warning
from ingest.files.docx_shown import patches_from
from ingest.files.odt_text import OdtText, Styles, styles_of
from ingest.files.office_package import Package, check_dtd, opened
from ingest.files.page import RawFile
from ingest.files.plain_text import text_file
from ingest.files.scanned_pages import MOST_PICTURES, SCANS_BELOW, may_be_pages, with_scans
from ingest.sandbox.child import deadline

if TYPE_CHECKING:
    from lxml.etree import _Element

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_SECONDS = 60.0
_HEADS = (f"{_STYLE}header", f"{_STYLE}header-first")
_FEET = (f"{_STYLE}footer", f"{_STYLE}footer-first")


def open_odt(path: Path, name: str, settings: Settings, only: int | None = None) -> RawFile:
    """Pages of text, split at its page breaks; pictures as pages when the document only wraps scans.

    Raises Problem("truncated"), Problem("unsafe_content"), Problem("encrypted"), Problem("no_pages").
    """
    with deadline(_SECONDS), opened(path, name) as package:
        _check(package)
        content = package.root("content.xml")
        look = package.root("styles.xml") if "styles.xml" in package.entries else None
        pictures = [package.read(part) for part in package.pictures("Pictures/")[:MOST_PICTURES]]
        cautions = tuple(_warnings(package))
        read = _text(content, look, styles_of(root for root in (content, look) if root is not None))
    patches = patches_from(pictures, settings.max_pixels)
    cautions += (make_warning("tracked_changes"),) if read.changed else ()
    cautions += (make_warning("hidden_text", 1),) if read.hidden else ()
    if sum(map(len, read.pages)) < SCANS_BELOW and (scans := may_be_pages(pictures)):
        file = with_scans(read.pages, scans, name, settings, cautions)
        patches = tuple(replace(patch, paged=True) for patch in patches)
    else:
        file = text_file(read.pages, name, cautions)
    noted = tuple(dict.fromkeys(read.noted))
    first = (replace(page, noted=noted, patches=patches) if page.number == 1 else page for page in file.pages)
    return replace(file, pages=first)


def _text(content: _Element, look: _Element | None, styles: Styles) -> OdtText:
    """Text in the order on paper: headers of the page styles, body, notes, footers."""
    read = OdtText(styles)
    edges = [] if look is None else list(look.iter(*_HEADS, *_FEET))
    for edge in edges:
        if edge.tag in _HEADS:
            read.add_edge(edge)
    for body in content.iter(f"{_OFFICE}text"):
        read.add(body)
    read.add_notes()
    for edge in edges:
        if edge.tag in _FEET:
            read.add_edge(edge)
    return read


def _check(package: Package) -> None:
    """Check for encryption and harmful content. Raises Problem."""
    if "content.xml" not in package.entries:
        raise Problem("truncated", name=package.name)
    manifest = package.find("META-INF/manifest.xml")
    if manifest is not None and b"encryption-data" in package.read(manifest):
        raise Problem("encrypted", name=package.name)
    for part, entry in package.entries.items():
        # The manifest had a document type in the format's first years (OpenOffice.org 2); it is never parsed.
        if part.endswith(".xml") and part != manifest:
            with package.archive.open(entry) as stream:
                check_dtd(stream.read(4096), package.name)


def _warnings(package: Package) -> list[Warning]:
    """Warnings about scripts and embedded programs; nothing is run, and nothing outside the file is fetched."""
    found = []
    if any(part.startswith(("Basic/", "Scripts/")) and not part.endswith("/") for part in package.entries):
        found.append(make_warning("active_content", what="macro"))
    if any(part.startswith(("Object ", "ObjectReplacements/")) for part in package.entries):
        found.append(make_warning("active_content", what="OLE"))
    return found
